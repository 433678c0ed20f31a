"""Each reminder once: over a whole year with outages, for series that end, and for two runs at the same moment."""

from __future__ import annotations

import threading
from datetime import date, datetime, time, timedelta
from typing import Literal

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rostrum.core import clock
from rostrum.people.actions import add_unit
from rostrum.people.models import Unit
from rostrum.schoolyear.models import Reminder
from rostrum.schoolyear.queries import Calendar
from rostrum.schoolyear.series import Series, due_period, once

FIRST = date(2026, 9, 1)
YEAR = [FIRST + timedelta(days=n) for n in range(365)]


@pytest.fixture
def subject(db: None) -> Unit:
    """Something to be reminded of."""
    return add_unit(kind="division", name="A division", parent=None, by=None)


def nightly(series: Series, subject: Unit, calendar: Calendar, up: list[date], runs: int = 2) -> dict[date, date]:
    """What was given when, if the job ran on these days only: period -> day. Fails on a second time."""
    given_on: dict[date, date] = {}
    for day in up:
        with clock.standing_at(datetime.combine(day, time(3), tzinfo=timezone.get_default_timezone())):
            for _run in range(runs):
                period = due_period(series, subject, calendar)
                if period is not None and once(series.key, subject, period):
                    assert period not in given_on
                    given_on[period] = day
    return given_on


def test_a_year_without_outages_gives_every_period_on_its_day(subject: Unit, year: Calendar) -> None:
    series = Series("keys.reset", date(2026, 8, 31), 1, "months")
    assert nightly(series, subject, year, YEAR) == {
        (period := series.planned(n)): max(period, FIRST) for n in range(13) if series.planned(n) <= YEAR[-1]
    }
    assert Reminder.objects.count() == 13 - (series.planned(12) > YEAR[-1])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    every=st.integers(1, 60), outages=st.lists(st.tuples(st.integers(0, 364), st.integers(1, 45)), max_size=6),
    heavy=st.booleans(), end=st.one_of(st.none(), st.integers(0, 364)), unit=st.sampled_from(["days", "months"]),
)  # fmt: skip
def test_each_reminder_once_whatever_fails(
    subject: Unit, year: Calendar, every: int, outages: list[tuple[int, int]], heavy: bool, end: int | None,
    unit: Literal["days", "months"],
) -> None:  # fmt: skip
    Reminder.objects.all().delete()
    down = {start + n for start, length in outages for n in range(length)}
    up = [day for n, day in enumerate(YEAR) if n not in down]
    ends_on = None if end is None else YEAR[end]
    series = Series("walk", FIRST, every, unit, ends_on=ends_on, heavy=heavy)
    got = nightly(series, subject, year, up)
    # The plain account of it: each day that ran, the newest period whose day had come, if it was not given before.
    expected: dict[date, date] = {}
    fires = {p: year.calm_day(p) if heavy else p for n in range(366) if (p := series.planned(n)) <= YEAR[-1]}
    for day in up:
        if ends_on is not None and day > ends_on:
            break
        come = [period for period, when in fires.items() if when <= day]
        if come and max(come) not in expected:
            expected[max(come)] = day
    assert got == expected
    assert len(set(got.values())) == len(got)  # one a day, never a burst
    if heavy:
        assert all(year.calm(fires[period]) for period in got)


def test_an_older_period_is_not_given_after_a_newer_one(subject: Unit) -> None:
    assert once("walk", subject, date(2026, 10, 1))
    assert not once("walk", subject, date(2026, 9, 1))
    assert not once("walk", subject, date(2026, 10, 1))
    assert once("other", subject, date(2026, 9, 1))


@pytest.mark.parametrize(
    ("first", "every", "n", "expected"),
    [
        (date(2027, 1, 31), 1, 1, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, 1, date(2029, 2, 28)),
        (date(2028, 2, 29), 12, 4, date(2032, 2, 29)),
        (date(2026, 11, 30), 3, 1, date(2027, 2, 28)),
    ],
)
def test_short_months_and_leap_days(first: date, every: int, n: int, expected: date) -> None:
    assert Series("x", first, every, "months").planned(n) == expected


def test_a_series_that_stands_still_is_refused() -> None:
    with pytest.raises(ValueError, match="one day"):
        Series("x", FIRST, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_runs_at_the_same_moment_one_gives_it(transactional_db: None) -> None:
    subject = add_unit(kind="division", name="A division", parent=None, by=None)
    for n in range(10):
        gate, out = threading.Barrier(2), list[object]()

        def run(period: date, gate: threading.Barrier = gate, out: list[object] = out) -> None:
            try:
                gate.wait(timeout=10)
                out.append(once("walk", subject, period))
            except Exception as error:  # brought to the test's own thread below
                out.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=(FIRST + timedelta(days=n),)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert sorted(map(str, out)) == ["False", "True"]
    assert Reminder.objects.count() == 10
