"""Every write to the ledger of work: asking for a run, attempting it, trying a dead one again.

The engine (django-q2) only delivers numbers of rows. What may happen, how often and what happened is decided
here, so that a job that kills its worker is not redelivered for ever, and so that another engine could take
its place.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django_q.models import Schedule
from django_q.tasks import async_task

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import WrongState
from rostrum.jobs.models import JobRun
from rostrum.jobs.registry import JOBS, Job

State = JobRun.State
RUN = "rostrum.jobs.actions.run"
TICK = "rostrum.jobs.actions.tick"
LOST = "The worker stopped in the middle of this job."
logger = logging.getLogger("rostrum.jobs")
_kept_back: ContextVar[bool] = ContextVar("kept_back", default=False)


class JobFailed(Exception):
    """Tells the engine that an attempt failed and may be delivered again."""


@dataclass
class Counts:
    """What `run_due` did: runs done, attempts that failed and will be tried again, runs given up."""

    done: int = 0
    failed: int = 0
    dead: int = 0

    def as_dict(self) -> dict[str, int]:
        """The form that `jobs run --once --json` writes."""
        return {"done": self.done, "failed": self.failed, "dead": self.dead}


@contextmanager
def kept_back() -> Iterator[None]:
    """Nothing asked for inside goes to the engine: the caller does it with `work_off`. For the demo's past."""
    token = _kept_back.set(True)
    try:
        yield
    finally:
        _kept_back.reset(token)


def _deliver(run_: JobRun) -> None:
    """Puts the row's number on the engine's queue, in the same database and so in the same transaction."""
    if _kept_back.get():
        return
    if run_.not_before is not None and run_.not_before > clock.now():
        once = {"schedule_type": Schedule.ONCE, "next_run": run_.not_before}
        Schedule.objects.create(name=f"run {run_.pk}", func=RUN, args=str(run_.pk), **once)
    else:
        async_task(RUN, run_.pk)


@transaction.atomic
def enqueue(name: str, *, key: str | None = None, not_before: datetime | None = None, **args: Any) -> JobRun:
    """Asks for one run of a declared job, in the caller's transaction: a rollback takes the request back.

    With a `key` (at most 200 characters, naming the effect), the second request for the same effect returns
    the first run, in whatever state it is. `args` must be JSON values. Raises KeyError for a job that nobody
    declared.
    """
    JOBS[name]
    values = {"name": name, "args": args, "queued_at": clock.now(), "not_before": not_before}
    if key is None:
        run_, created = JobRun.objects.create(**values), True
    else:
        run_, created = JobRun.objects.get_or_create(effect_key=key, defaults=values)
    if created:
        _deliver(run_)
    return run_


@transaction.atomic
def enqueue_each(name: str, runs: Iterable[tuple[str, dict[str, Any]]]) -> list[JobRun]:
    """Asks for many runs of a declared job at once, each with a key of its own that nobody used before; see `enqueue`.

    Raises KeyError for a job that nobody declared, IntegrityError for a key that is taken.
    """
    JOBS[name]
    now = clock.now()
    made = JobRun.objects.bulk_create(
        (JobRun(name=name, args=args, queued_at=now, effect_key=key) for key, args in runs), batch_size=500
    )
    for one in made:
        _deliver(one)
    return made


def _stale(now: datetime) -> datetime:
    """A run started before this moment and not finished has lost its worker.

    The engine kills it at `timeout`.
    """
    seconds = cast(int, settings.Q_CLUSTER["retry"])
    return now - timedelta(seconds=seconds)


def _claim(run_: JobRun, job: Job) -> bool:
    """Takes the turn.

    Counts the attempt, committed before the body starts. False when it is not ours to run.
    """
    now = clock.now()
    mine = JobRun.objects.filter(
        Q(state=State.QUEUED) | Q(state=State.RUNNING, started_at__lt=_stale(now)),
        Q(not_before=None) | Q(not_before__lte=now),
        pk=run_.pk,
        attempts__lt=job.max_attempts,
    )
    return bool(mine.update(state=State.RUNNING, attempts=F("attempts") + 1, started_at=now))


def _bury_lost(run_: JobRun, job: Job) -> None:
    """A run whose last allowed attempt took its worker down is dead; nobody else can say so."""
    now = clock.now()
    lost = JobRun.objects.filter(
        Q(state=State.QUEUED) | Q(state=State.RUNNING, started_at__lt=_stale(now)),
        pk=run_.pk,
        attempts__gte=job.max_attempts,
    )
    if lost.update(state=State.DEAD, finished_at=now, last_error=LOST):
        logger.error("Job %s (run %s) took its worker down %s times.", run_.name, run_.pk, job.max_attempts)


def _close(run_: JobRun, job: Job, error: BaseException) -> None:
    """Notes a failed attempt; the run waits for the next one or, after the last, is dead."""
    attempts = JobRun.objects.values_list("attempts", flat=True).get(pk=run_.pk)
    dead = attempts >= job.max_attempts
    JobRun.objects.filter(pk=run_.pk, state=State.RUNNING).update(
        state=State.DEAD if dead else State.QUEUED,
        finished_at=clock.now() if dead else None,
        last_error=f"{type(error).__name__}: {error}".replace("\x00", "")[:500],
    )
    logger.log(
        logging.ERROR if dead else logging.WARNING,
        "Job %s (run %s) failed in attempt %s of %s.",
        run_.name, run_.pk, attempts, job.max_attempts,
        exc_info=error,
    )  # fmt: skip


def attempt(pk: int) -> str:
    """Attempts one run if its turn has come; says "done", "failed", "dead" or "skipped".

    Skipped are runs that are finished, being run elsewhere, not due, or gone. A failure of the body is kept
    in the ledger and in the process's log. What ends the process (the engine's time limit, an interrupt) is
    noted and raised again.
    """
    run_ = JobRun.objects.filter(pk=pk).first()
    if run_ is None:
        return "skipped"
    job = JOBS.get(run_.name)
    if job is None:
        JobRun.objects.filter(pk=pk).exclude(state=State.DONE).update(
            state=State.DEAD, finished_at=clock.now(), last_error="No job of this name exists any more."
        )
        return "dead"
    if not _claim(run_, job):
        _bury_lost(run_, job)
        return "skipped"
    try:
        job.body(**run_.args)
    except BaseException as error:  # the boundary: whatever a body raises must end in the ledger
        _close(run_, job, error)
        if not isinstance(error, Exception):
            raise
        return str(JobRun.objects.values_list("state", flat=True).get(pk=pk)).replace("queued", "failed")
    JobRun.objects.filter(pk=pk, state=State.RUNNING).update(
        state=State.DONE, finished_at=clock.now(), last_error=""
    )
    return "done"


def run(pk: int) -> None:
    """What the engine calls. Raises JobFailed when another attempt should be delivered."""
    if attempt(pk) == "failed":
        raise JobFailed(f"run {pk}")


def tick(name: str, now: datetime | None = None) -> JobRun | None:
    """Enqueues a periodic job for the period that lies at `now`, once, however many clocks strike.

    After an outage the present period is run once and the missed ones are not made up: every periodic job
    looks at what is due, not at how often it was called. None for a job that is no longer declared.
    """
    job = JOBS.get(name)
    if job is None or not job.periodic:
        return None
    period = job.period(now or clock.now())
    return enqueue(name, key=f"{name}@{period:%Y-%m-%dT%H:%M}Z")


@transaction.atomic
def sync_schedules(now: datetime | None = None) -> int:
    """Makes the engine's schedule say what the declarations say; returns how many rows changed.

    A row that is already right keeps its next turn. New rows start at the beginning of the present period, so
    they fire at once and then on the period's own boundary; the engine lets a new cron line wait.
    """
    now = now or clock.now()
    wanted = {name: job for name, job in JOBS.items() if job.periodic}
    changed: int = Schedule.objects.filter(func=TICK).exclude(name__in=wanted).delete()[0]
    present = {row.name: row for row in Schedule.objects.filter(func=TICK)}
    for name, job in wanted.items():
        minutes = int(job.every.total_seconds() // 60) if job.every else None
        values = {
            "args": f"{name!r},",
            "schedule_type": Schedule.CRON if job.cron else Schedule.MINUTES,
            "minutes": minutes,
            "cron": job.cron,
            "repeats": -1,
        }
        row = present.get(name)
        if row is None:
            Schedule.objects.create(name=name, func=TICK, next_run=job.period(now), **values)
        elif any(getattr(row, field) != value for field, value in values.items()):
            Schedule.objects.filter(pk=row.pk).update(next_run=job.period(now), **values)
        else:
            continue
        changed += 1
    return changed


def run_due(now: datetime | None = None) -> Counts:
    """Runs everything that is due, in this process, until nothing is left; each run gets one attempt.

    Safe beside a running worker: a turn belongs to whoever counts the attempt first.
    """
    for name in sorted(JOBS):
        tick(name, now)
    return work_off()


def work_off() -> Counts:
    """Runs what waits and is due, in this process, until nothing is left; each run gets one attempt."""
    counts = Counts()
    tried: set[int] = set()
    while True:
        due = JobRun.objects.filter(
            Q(state=State.QUEUED) | Q(state=State.RUNNING, started_at__lt=_stale(clock.now())),
            Q(not_before=None) | Q(not_before__lte=clock.now()),
        )
        oldest_first = due.order_by("queued_at", "pk").values_list("pk", flat=True)
        waiting = [pk for pk in oldest_first if pk not in tried]
        if not waiting:
            return counts
        for pk in waiting:
            tried.add(pk)
            outcome = attempt(pk)
            if outcome != "skipped":
                setattr(counts, outcome, getattr(counts, outcome) + 1)


@transaction.atomic
def retry(run_: JobRun, by: models.Model | None, *, note: str = "", role: str = "") -> JobRun:
    """Gives a dead run its attempts back, and records who did. The caller has checked that the person may.

    Raises WrongState when the run is not dead (any more).
    """
    revived = JobRun.objects.filter(pk=run_.pk, state=State.DEAD).update(
        state=State.QUEUED,
        attempts=0,
        started_at=None,
        finished_at=None,
        queued_at=clock.now(),
        not_before=None,
    )
    if not revived:
        raise WrongState("This job is not stopped any more. Look at the list again.")
    run_.refresh_from_db()
    record(by, "job:retry", run_, before=State.DEAD, after=State.QUEUED, note=note, role=role)
    _deliver(run_)
    return run_


def sweep(now: datetime | None = None) -> None:
    """Delivers again what the engine lost, and forgets finished runs.

    Delivered again: runs that wait longer than 10 minutes past their time, and runs whose worker is gone.
    Kept: the last run of every periodic job (it holds the period's key), dead runs (until someone looks),
    finished ones for 7 days when a clock started them, else 90 days.
    """
    now = now or clock.now()
    late = now - timedelta(minutes=10)
    lost = JobRun.objects.filter(
        Q(state=State.QUEUED, queued_at__lt=late) & (Q(not_before=None) | Q(not_before__lt=late))
        | Q(state=State.RUNNING, started_at__lt=_stale(now))
    )
    for run_ in lost[:500]:
        async_task(RUN, run_.pk)
    periodic = [name for name, job in JOBS.items() if job.periodic]
    done = JobRun.objects.filter(state=State.DONE)
    last = [
        pk for name in periodic
        if (pk := done.filter(name=name).order_by("-finished_at").values_list("pk", flat=True).first())
    ]  # fmt: skip
    done.filter(name__in=periodic, finished_at__lt=now - timedelta(days=7)).exclude(pk__in=last).delete()
    done.exclude(name__in=periodic).filter(finished_at__lt=now - timedelta(days=90)).delete()
