"""School days, deadlines at the end of the local day, calm days, and what is said where nobody entered a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rostrum.core import clock
from rostrum.people.actions import cancel_stand_in, name_stand_in
from rostrum.people.models import Appointment
from rostrum.schoolyear.queries import Calendar, Unit, end_of_day, leave_of
from rostrum.schoolyear.words import assumed_words, by_words
from tests.cast import Cast

DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
# The calendar is pure and never changed, so that one may serve all examples.
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_weekends_holidays_breaks_and_staff_days_have_no_school(year: Calendar) -> None:
    assert year.is_school_day(date(2026, 10, 9))
    assert not year.is_school_day(date(2026, 10, 10))
    assert not year.is_school_day(date(2026, 10, 12))
    assert not year.is_school_day(date(2026, 12, 23))
    assert not year.is_school_day(date(2027, 1, 29))
    assert year.is_school_day(date(2027, 1, 20))  # exams are school


def test_school_days_are_counted_over_a_break(year: Calendar) -> None:
    assert year.add_school_days(date(2026, 12, 17), 2) == date(2027, 1, 4)
    assert year.school_days_between(date(2026, 12, 17), date(2027, 1, 4)) == 2
    assert year.add_school_days(date(2026, 10, 10), 0) == date(2026, 10, 13)


@SHARED
@given(start=DAYS, count=st.integers(1, 400))
def test_adding_and_counting_agree(year: Calendar, start: date, count: int) -> None:
    end = year.add_school_days(start, count)
    assert year.is_school_day(end)
    assert year.school_days_between(start, end) == count
    assert sum(year.is_school_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1)) == count


@SHARED
@given(start=DAYS, count=st.integers(0, 400), unit=st.sampled_from(Unit))
def test_a_deadline_is_the_end_of_a_school_day_and_never_early(
    year: Calendar, start: date, count: int, unit: Unit
) -> None:
    due = year.deadline(start, count, unit)
    assert year.is_school_day(due.on)
    assert due.on >= start + timedelta(days=count)
    assert due.at == end_of_day(due.on)
    assert due.assumed == (not (year.covers(start) and year.covers(due.on)))


@pytest.mark.parametrize(
    ("on", "utc"),
    [
        (date(2025, 11, 1), datetime(2025, 11, 2, 5, 59, 59, tzinfo=UTC)),
        (date(2025, 11, 2), datetime(2025, 11, 3, 6, 59, 59, tzinfo=UTC)),  # 25 hours long
        (date(2026, 3, 7), datetime(2026, 3, 8, 6, 59, 59, tzinfo=UTC)),
        (date(2026, 3, 8), datetime(2026, 3, 9, 5, 59, 59, tzinfo=UTC)),  # 23 hours long
        (date(2026, 11, 1), datetime(2026, 11, 2, 5, 59, 59, tzinfo=UTC)),  # Alberta changes its clocks no more
        (date(2024, 2, 29), datetime(2024, 3, 1, 6, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_end_of_a_day_is_local_when_clocks_change_and_in_leap_years(on: date, utc: datetime) -> None:
    assert end_of_day(on) == utc


def test_a_moment_counts_by_its_local_day(year: Calendar) -> None:
    late = datetime(2026, 10, 7, 5, 30, tzinfo=UTC)  # still 6 October in Lloydminster
    assert year.deadline(late, 1).on == date(2026, 10, 7)


def test_without_a_calendar_monday_to_friday_count_and_it_is_said() -> None:
    due = Calendar().deadline(date(2026, 12, 24), 1, Unit.SCHOOL_DAYS)
    assert (due.on, due.assumed) == (date(2026, 12, 25), True)
    assert "Monday to Friday" in assumed_words(due)


def test_a_deadline_that_the_calendar_knows_needs_no_remark(year: Calendar) -> None:
    assert assumed_words(year.deadline(date(2026, 10, 5), 3)) == ""


@pytest.mark.parametrize("count", [-1, 3661])
def test_a_deadline_before_its_beginning_or_beyond_ten_years_is_refused(year: Calendar, count: int) -> None:
    with pytest.raises(ValueError, match="ahead"):
        year.deadline(date(2026, 10, 5), count)


def test_the_first_week_and_exams_are_kept_free_of_heavy_work(year: Calendar) -> None:
    assert not year.calm(date(2026, 9, 7))
    assert year.calm(date(2026, 9, 8))
    assert not year.calm(date(2027, 1, 20))
    assert year.calm_day(date(2027, 1, 20)) == date(2027, 2, 1)


@pytest.mark.django_db
def test_a_deadline_waits_for_the_person_to_be_back(cast: Cast, year: Calendar) -> None:
    appointment = Appointment.objects.get(person=cast.principal)
    first = clock.today() + timedelta(days=2)
    stand = name_stand_in(
        appointment, person=None, starts_on=first, ends_on=first + timedelta(days=20), reason="Leave.",
        by=cast.principal,
    )  # fmt: skip
    away = leave_of(cast.principal, clock.today())
    assert away == [(first, stand.ends_on)]
    assert Calendar().deadline(clock.today(), 4, away=away).on > stand.ends_on
    cancel_stand_in(stand, by=cast.principal)
    assert leave_of(cast.principal, clock.today()) == []


def test_a_deadline_is_said_as_people_say_it() -> None:
    today = date(2025, 9, 1)
    with translation.override("en-ca"):
        assert by_words(date(2025, 9, 12), today=today) == "by Friday 12 September"
        assert by_words(date(2026, 9, 11), today=today) == "by Friday 11 September 2026"
