"""Every read of the ledger of work: what failed, how long the queue is, and whether this place is ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Max, Min, Q, QuerySet
from django_q.models import Schedule

from rostrum.audit.checkpoints import fell_behind
from rostrum.core import clock
from rostrum.jobs.models import JobRun
from rostrum.jobs.registry import JOBS

State = JobRun.State
LAG_LIMIT = timedelta(minutes=5)
SILENCE_LIMIT = timedelta(minutes=15)


@dataclass(frozen=True)
class Overview:
    """The queue at a glance; `lag` is how long the oldest due run has waited."""

    waiting: int
    running: int
    done: int
    dead: int
    lag: timedelta
    last_finished: datetime | None
    next_tick: datetime | None  # of the jobs that fire at least every SILENCE_LIMIT: late means nobody ticks


@dataclass(frozen=True)
class JobLine:
    """One declared job for the staff page: its clock, its last good run and its dead runs."""

    name: str
    every: timedelta | None
    cron: str | None
    last_done: datetime | None
    dead: int


def failing() -> QuerySet[JobRun]:
    """Dead runs, newest first: each needs a person."""
    return JobRun.objects.filter(state=State.DEAD).order_by("-finished_at", "-pk")


def _quick_ticks() -> QuerySet[Schedule]:
    minutes = SILENCE_LIMIT // timedelta(minutes=1)
    found: QuerySet[Schedule] = Schedule.objects.filter(name__in=JOBS, minutes__lte=minutes)
    return found


def overview(now: datetime | None = None) -> Overview:
    """Counts and lag of the queue."""
    now = now or clock.now()
    counts = dict(JobRun.objects.values_list("state").annotate(count=Count("pk")))
    due = JobRun.objects.filter(Q(not_before=None) | Q(not_before__lte=now), state=State.QUEUED)
    oldest = due.aggregate(at=Min("queued_at"))["at"]
    return Overview(
        waiting=counts.get(State.QUEUED.value, 0),
        running=counts.get(State.RUNNING.value, 0),
        done=counts.get(State.DONE.value, 0),
        dead=counts.get(State.DEAD.value, 0),
        lag=max(now - oldest, timedelta(0)) if oldest else timedelta(0),
        last_finished=JobRun.objects.aggregate(at=Max("finished_at"))["at"],
        next_tick=_quick_ticks().aggregate(at=Min("next_run"))["at"],
    )


def lines() -> list[JobLine]:
    """Every declared job with how it fares."""
    nothing: dict[str, Any] = {}
    found = {
        row["name"]: dict(row)
        for row in JobRun.objects.values("name").annotate(
            last_done=Max("finished_at", filter=Q(state=State.DONE)),
            dead=Count("pk", filter=Q(state=State.DEAD)),
        )
    }
    return [
        JobLine(name, job.every, job.cron, row.get("last_done"), row.get("dead", 0))
        for name, job in sorted(JOBS.items())
        for row in [found.get(name, nothing)]
    ]


_migrated = False


def migrations_applied() -> bool:
    """Whether the database has every migration of this code.

    Remembered once true, as it cannot become untrue.
    """
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _can_write() -> bool:
    with transaction.atomic():
        JobRun.objects.filter(pk=-1).update(attempts=0)  # takes the write lock and changes nothing
    return True


def _queue_moves(now: datetime) -> bool:
    """The worker is alive: nothing due waits for long, and a clock has struck or a run has ended lately."""
    seen = overview(now)
    if seen.lag > LAG_LIMIT:
        return False
    ticking = seen.next_tick is not None and seen.next_tick > now - SILENCE_LIMIT
    return ticking or (seen.last_finished is not None and seen.last_finished > now - SILENCE_LIMIT)


def readiness(now: datetime | None = None) -> dict[str, Any]:
    """What /readyz answers.

    `ready`, and each check by name ("ok" or what is wrong, without details of the host).

    Dead runs are counted and do not make the place unready: a person must look, a load balancer need not.
    """
    now = now or clock.now()
    checks: dict[str, str] = {}
    dead = 0
    try:
        checks["migrations"] = "ok" if migrations_applied() else "the database awaits migrations"
        checks["write"] = "ok" if _can_write() else "the database cannot be written"
        checks["queue"] = "ok" if _queue_moves(now) else "no worker has moved the queue lately"
        checks["log"] = "the log is shorter than its last checkpoint" if fell_behind() else "ok"
        dead = failing().count()
    except DatabaseError:
        checks["write"] = "the database does not answer or cannot be written"
    return {"ready": set(checks.values()) == {"ok"}, "checks": checks, "dead_jobs": dead}
