"""Background work: asked for once, in the asker's transaction; tried so often; fired once per period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, OperationalError
from django_q.models import OrmQ, Schedule

from rostrum.audit import queries as log
from rostrum.core.errors import WrongState
from rostrum.jobs import actions, queries
from rostrum.jobs.actions import attempt, enqueue, run, run_due, sweep, sync_schedules, tick
from rostrum.jobs.models import JobRun
from rostrum.jobs.registry import JOBS, Job, job
from rostrum.people.actions import add_person

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 12, 12, 7, 30, tzinfo=UTC)


class Ended(SystemExit):
    """What the engine raises inside a job that runs too long."""


@pytest.fixture(autouse=True)
def seen() -> Iterator[list[Any]]:
    """A house with a few jobs of its own; what their bodies saw."""
    calls: list[Any] = []
    known = dict(JOBS)
    JOBS.clear()

    def well(**args: Any) -> None:
        calls.append(args)

    def ill(**args: Any) -> None:
        calls.append(args)
        raise LookupError("no such thing \x00 here")

    def endless() -> None:
        calls.append("endless")
        raise Ended(1)

    for name, body, more in (
        ("test.well", well, {}),
        ("test.ill", ill, {}),
        ("test.endless", endless, {}),
        ("test.stubborn", ill, {"max_attempts": 5}),
    ):
        JOBS[name] = Job(name, body, None, None, more.get("max_attempts", 3))
    yield calls
    JOBS.clear()
    JOBS.update(known)


def periodic(name: str, calls: list[Any], every: timedelta | None = None, cron: str | None = None) -> None:
    """Declares a job that the clock starts."""
    JOBS[name] = Job(name, lambda: calls.append(name), every, cron, 3)


def state(run_: JobRun) -> str:
    run_.refresh_from_db()
    return run_.state


def age(run_: JobRun, by: timedelta) -> None:
    """Makes a run look as if it had started (and been asked for) that much earlier."""
    values: dict[str, Any] = {"queued_at": run_.queued_at - by}
    run_.refresh_from_db()
    if run_.started_at:
        values["started_at"] = run_.started_at - by
    JobRun.objects.filter(pk=run_.pk).update(**values)


def test_a_job_runs_once_with_its_arguments(seen: list[Any]) -> None:
    asked = enqueue("test.well", notice=7)
    assert OrmQ.objects.count() == 1
    run(asked.pk)
    run(asked.pk)  # the engine delivers at least once
    assert seen == [{"notice": 7}]
    assert state(asked) == "done"
    assert (asked.attempts, asked.last_error) == (1, "")
    assert asked.finished_at is not None


def test_a_rollback_takes_the_request_back() -> None:
    with transaction.atomic():
        enqueue("test.well")
        transaction.set_rollback(True)
    assert not JobRun.objects.exists()
    assert not OrmQ.objects.exists()


def test_a_job_that_nobody_declared_cannot_be_asked_for() -> None:
    with pytest.raises(KeyError):
        enqueue("test.nobody")


def test_the_same_effect_is_asked_for_once(seen: list[Any]) -> None:
    first = enqueue("test.well", key="notice:7", notice=7)
    again = enqueue("test.well", key="notice:7", notice=7)
    other = enqueue("test.well", key="notice:8", notice=8)
    assert first.pk == again.pk != other.pk
    assert OrmQ.objects.count() == 2
    run_due()
    assert enqueue("test.well", key="notice:7", notice=7).state == "done"
    run_due()
    assert seen == [{"notice": 7}, {"notice": 8}]


def test_an_effect_asked_for_after_a_rollback_is_asked_for_anew(seen: list[Any]) -> None:
    with transaction.atomic():
        enqueue("test.well", key="notice:7")
        transaction.set_rollback(True)
    enqueue("test.well", key="notice:7")
    run_due()
    assert len(seen) == 1


@pytest.mark.parametrize(("name", "attempts"), [("test.ill", 3), ("test.stubborn", 5)])
def test_a_failing_job_is_tried_so_often_and_then_dead(seen: list[Any], name: str, attempts: int) -> None:
    asked = enqueue(name)
    for _n in range(attempts - 1):
        with pytest.raises(actions.JobFailed):
            run(asked.pk)
        assert state(asked) == "queued"
        assert asked.last_error == "LookupError: no such thing  here"
    run(asked.pk)  # the last one tells the engine nothing: nothing shall be delivered again
    assert state(asked) == "dead"
    run(asked.pk)
    assert len(seen) == attempts
    assert list(queries.failing()) == [asked]


def test_a_job_that_the_engine_ends_counts_as_an_attempt(seen: list[Any]) -> None:
    asked = enqueue("test.endless")
    for _n in range(3):
        with pytest.raises(Ended):
            run(asked.pk)
    assert state(asked) == "dead"
    assert seen == ["endless"] * 3


def test_a_poison_job_that_kills_its_worker_ends_dead() -> None:
    asked = enqueue("test.well")
    job_ = JOBS["test.well"]
    for n in range(3):
        assert actions._claim(asked, job_)  # and then the worker is gone, without a word
        assert attempt(asked.pk) == "skipped"  # too early: it may still be running
        assert state(asked) == "running"
        assert asked.attempts == n + 1
        age(asked, timedelta(hours=1))
    assert attempt(asked.pk) == "skipped"
    assert state(asked) == "dead"
    assert asked.last_error == actions.LOST


def test_a_turn_belongs_to_whoever_counts_the_attempt_first() -> None:
    asked = enqueue("test.well")
    assert actions._claim(asked, JOBS["test.well"])
    assert not actions._claim(asked, JOBS["test.well"])


def test_a_retired_job_that_still_waits_is_dead() -> None:
    asked = enqueue("test.well")
    del JOBS["test.well"]
    assert attempt(asked.pk) == "dead"
    assert state(asked) == "dead"


def test_a_run_that_is_gone_is_skipped() -> None:
    assert attempt(12345) == "skipped"


def test_not_before_waits_for_its_time(seen: list[Any]) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    asked = enqueue("test.well", not_before=later)
    assert not OrmQ.objects.exists()
    once = Schedule.objects.get()
    assert (once.next_run, once.schedule_type) == (later, Schedule.ONCE)
    assert run_due().done == 0
    assert attempt(asked.pk) == "skipped"
    JobRun.objects.filter(pk=asked.pk).update(not_before=later - timedelta(hours=2))
    assert run_due().done == 1
    assert len(seen) == 1


def test_periods_are_the_same_on_every_clock() -> None:
    quarter = Job("a", print, timedelta(minutes=15), None, 3)
    assert quarter.period(NOON) == datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
    assert quarter.period(datetime(2026, 11, 12, 12, 15, tzinfo=UTC)) == datetime(
        2026, 11, 12, 12, 15, tzinfo=UTC
    )
    morning = Job("b", print, None, "30 6 * * *", 3)  # 6:30 in Lloydminster is 12:30 in UTC
    assert morning.period(NOON) == datetime(2026, 11, 11, 12, 30, tzinfo=UTC)
    at = datetime(2026, 11, 12, 12, 30, tzinfo=UTC)
    assert morning.period(at) == at
    assert morning.period(at + timedelta(hours=23)) == at


def test_a_periodic_job_fires_once_per_period_however_often_the_clock_strikes(seen: list[Any]) -> None:
    periodic("test.quarter", seen, timedelta(minutes=15))
    for seconds in (0, 1, 60, 400):
        tick("test.quarter", NOON + timedelta(seconds=seconds))
    run_due(NOON)
    assert seen == ["test.quarter"]
    tick("test.quarter", NOON + timedelta(minutes=15))
    tick("test.quarter", NOON + timedelta(minutes=16))
    run_due(NOON + timedelta(minutes=16))
    assert seen == ["test.quarter"] * 2


def test_an_outage_is_not_made_up_for(seen: list[Any]) -> None:
    periodic("test.quarter", seen, timedelta(minutes=15))
    run_due(NOON)
    run_due(NOON + timedelta(days=3))
    assert seen == ["test.quarter"] * 2


def test_tick_of_a_job_without_a_clock_or_of_none_does_nothing() -> None:
    assert tick("test.well") is None
    assert tick("test.nobody") is None
    assert not JobRun.objects.exists()


def test_the_schedule_says_what_the_declarations_say(seen: list[Any]) -> None:
    periodic("test.quarter", seen, timedelta(minutes=15))
    periodic("test.morning", seen, cron="30 6 * * *")
    Schedule.objects.create(name="mine", func="somebody.elses", schedule_type=Schedule.ONCE)
    assert sync_schedules(NOON) == 2
    assert sync_schedules(NOON + timedelta(minutes=20)) == 0
    quarter = Schedule.objects.get(name="test.quarter")
    assert (quarter.func, quarter.minutes) == ("rostrum.jobs.actions.tick", 15)
    assert quarter.next_run == datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
    assert Schedule.objects.get(name="test.morning").cron == "30 6 * * *"
    periodic("test.quarter", seen, timedelta(minutes=30))
    del JOBS["test.morning"]
    assert sync_schedules(NOON) == 2
    assert set(Schedule.objects.values_list("name", flat=True)) == {"test.quarter", "mine"}
    assert Schedule.objects.get(name="test.quarter").minutes == 30


def test_the_engines_own_clock_makes_our_ticks(seen: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from django_q.brokers import get_broker
    from django_q.scheduler import scheduler
    from django_q.signing import SignedPackage

    monkeypatch.setattr("django_q.scheduler.close_old_django_connections", lambda: None)
    periodic("test.quarter", seen, timedelta(minutes=15))
    sync_schedules()
    scheduler(get_broker())
    scheduler(get_broker())  # a second clock in the same minute
    task = SignedPackage.loads(OrmQ.objects.get().payload)
    assert (task["func"], tuple(task["args"])) == ("rostrum.jobs.actions.tick", ("test.quarter",))
    due = Schedule.objects.get(name="test.quarter").next_run
    assert due > datetime.now(UTC)
    assert due.minute % 15 == due.second == 0


def test_run_due_runs_everything_due_and_says_how_it_went(seen: list[Any]) -> None:
    periodic("test.quarter", seen, timedelta(minutes=15))
    enqueue("test.well", n=1)
    enqueue("test.ill")
    JOBS["test.chain"] = Job("test.chain", lambda: enqueue("test.well", n=2) and None, None, None, 3)
    enqueue("test.chain")
    assert run_due().as_dict() == {"done": 4, "failed": 1, "dead": 0}
    assert seen == [{"n": 1}, {}, "test.quarter", {"n": 2}]
    assert run_due().as_dict() == {"done": 0, "failed": 1, "dead": 0}
    assert run_due().as_dict() == {"done": 0, "failed": 0, "dead": 1}


def test_a_dead_job_can_be_tried_again_and_the_log_says_by_whom(seen: list[Any]) -> None:
    person = add_person(email="t.abara@lpsd.ca", name="Tobi Abara", by=None)
    asked = enqueue("test.ill")
    for _n in range(3):
        run_due()
    assert state(asked) == "dead"
    actions.retry(asked, person, note="The mail server is back")
    assert (state(asked), asked.attempts) == ("queued", 0)
    entry = log.history(asked)[-1]
    assert (entry.act, entry.who, entry.note) == ("job:retry", "Tobi Abara", "The mail server is back")
    with pytest.raises(WrongState):
        actions.retry(asked, person)
    assert run_due().failed == 1


def test_the_sweep_delivers_lost_work_again_and_forgets_old_runs(seen: list[Any]) -> None:
    periodic("test.quarter", seen, timedelta(minutes=15))
    run_due(NOON)
    run_due(NOON + timedelta(minutes=15))
    stuck, fresh, gone = enqueue("test.well"), enqueue("test.well"), enqueue("test.well")
    actions._claim(gone, JOBS["test.well"])
    age(stuck, timedelta(hours=1))
    age(gone, timedelta(hours=1))
    OrmQ.objects.all().delete()
    sweep()
    assert OrmQ.objects.count() == 2
    run_due()
    assert {state(stuck), state(fresh), state(gone)} == {"done"}
    now = datetime.now(UTC)
    sweep(now + timedelta(days=8))
    assert JobRun.objects.filter(name="test.quarter").count() == 1  # the last one holds its period's key
    assert JobRun.objects.filter(name="test.well").count() == 3
    sweep(now + timedelta(days=91))
    assert not JobRun.objects.filter(name="test.well").exists()
    assert JobRun.objects.filter(name="test.quarter").count() == 1


def test_a_declaration_that_cannot_work_is_refused() -> None:
    for more in (
        {"every": timedelta(seconds=30)},
        {"every": timedelta(seconds=90)},
        {"cron": "61 * * * *"},
        {"every": timedelta(hours=1), "cron": "0 * * * *"},
        {"max_attempts": 0},
    ):
        with pytest.raises(ValueError, match=r"test\.bad"):
            job("test.bad", **more)(lambda: None)
    with pytest.raises(ValueError, match="two jobs"):
        job("test.well")(lambda: None)


def test_overview_counts_and_measures_the_lag(seen: list[Any]) -> None:
    asked = enqueue("test.well")
    enqueue("test.well", not_before=datetime.now(UTC) + timedelta(hours=1))
    age(asked, timedelta(minutes=7))
    told = queries.overview()
    assert (told.waiting, told.running, told.done, told.dead) == (2, 0, 0, 0)
    assert timedelta(minutes=7) <= told.lag < timedelta(minutes=8)
    assert queries.lines()[-1].name == "test.well"


def test_ready_means_written_migrated_and_moving(seen: list[Any]) -> None:
    assert queries.readiness()["checks"]["queue"] != "ok"  # nothing has ever moved here
    periodic("test.quarter", seen, timedelta(minutes=15))
    run_due()
    assert queries.readiness() == {
        "ready": True,
        "checks": {"migrations": "ok", "write": "ok", "queue": "ok", "log": "ok"},
        "dead_jobs": 0,
    }
    assert not queries.readiness(datetime.now(UTC) + timedelta(hours=1))["ready"]
    age(enqueue("test.well"), timedelta(minutes=6))
    assert queries.readiness()["checks"]["queue"] == "no worker has moved the queue lately"


def test_a_database_that_cannot_be_written_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> bool:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(queries, "_can_write", full)
    answer = queries.readiness()
    assert not answer["ready"]
    assert "cannot be written" in answer["checks"]["write"]


@pytest.mark.django_db
def test_many_runs_are_asked_for_together(django_assert_max_num_queries: Any) -> None:
    name = next(iter(sorted(JOBS)))
    with actions.kept_back(), django_assert_max_num_queries(3):
        made = actions.enqueue_each(name, ((f"many-{n}", {"n": n}) for n in range(40)))
    assert [(one.effect_key, one.args) for one in JobRun.objects.order_by("pk")] == [
        (one.effect_key, one.args) for one in made
    ]
    assert not OrmQ.objects.exists()
    actions.enqueue_each(name, [("one-more", {})])
    assert OrmQ.objects.count() == 1


@pytest.mark.django_db
def test_a_key_that_is_taken_refuses_them_all() -> None:
    name = next(iter(sorted(JOBS)))
    actions.enqueue_each(name, [("taken", {})])
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.enqueue_each(name, [("free", {}), ("taken", {})])
    assert [one.effect_key for one in JobRun.objects.all()] == ["taken"]
    with pytest.raises(KeyError):
        actions.enqueue_each("nobody.declared", [("key", {})])
