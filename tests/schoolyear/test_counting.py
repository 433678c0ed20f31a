"""Which days a deadline counts: the three readings, there and back, and every deadline of the register by them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from rostrum.core import clock
from rostrum.notices.models import Notice
from rostrum.policies.actions import set_setting
from rostrum.registry import queries
from rostrum.registry.jobs import chase, lapse_overdue
from rostrum.schoolyear.actions import add_year
from rostrum.schoolyear.counting import MOVED, PLAIN, SCHOOL, Counting, counting
from rostrum.schoolyear.queries import Calendar
from rostrum.web.desk.today import _assumed
from tests.cast import Cast, approved, submitted
from tests.schoolyear.test_actions import FIRST, LAST, whole

MODES = (PLAIN, MOVED, SCHOOL)


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())


def choose(key: str, value: int | str | None) -> None:
    set_setting(key, value, by_name="Marc Laurent", reason="The board decided.")


@pytest.mark.parametrize(
    ("mode", "begun", "days", "due"),
    [
        (PLAIN, date(2026, 10, 9), 3, date(2026, 10, 12)),  # Thanksgiving: plain days do not mind
        (MOVED, date(2026, 10, 9), 3, date(2026, 10, 13)),
        (SCHOOL, date(2026, 10, 9), 3, date(2026, 10, 15)),
        (MOVED, date(2026, 12, 18), 5, date(2027, 1, 4)),  # the winter break
        (SCHOOL, date(2026, 12, 18), 5, date(2027, 1, 8)),
        (SCHOOL, date(2027, 6, 28), 1, date(2027, 6, 29)),  # the last day of the year
        (SCHOOL, date(2028, 2, 28), 1, date(2028, 2, 29)),  # a leap day, outside every year: Monday to Friday
    ],
)
def test_the_three_readings(year: Calendar, mode: str, begun: date, days: int, due: date) -> None:
    counted = Counting(mode, lambda: year)
    assert counted.due(begun, days).on == due
    assert counted.assumed(due) == (mode != PLAIN and not year.covers(due))


@settings(max_examples=150, deadline=None)
@given(begun=st.dates(date(2026, 7, 1), date(2027, 8, 31)), days=st.integers(1, 90), mode=st.sampled_from(MODES))
def test_back_is_the_other_way_round(begun: date, days: int, mode: str) -> None:
    counted = Counting(mode, lambda: _YEAR)
    on = counted.due(begun, days).on
    assert counted.back(on, days) >= begun
    assert counted.back(on - timedelta(days=1), days) < begun
    assert counted.due(counted.back(on, days), days).on <= on


def _a_year() -> Calendar:
    from rostrum.schoolyear.models import NamedDays, SchoolYear

    one = SchoolYear(label="2026-2027", starts_on=FIRST, ends_on=LAST)
    return Calendar([one], [NamedDays(year=one, **vars(entry)) for entry in whole()])


_YEAR = _a_year()


def test_an_unknown_value_counts_plain_days_and_reads_no_calendar() -> None:
    def never() -> Calendar:
        raise AssertionError("The calendar was read.")

    counted = Counting("fortnights", never)
    assert counted.due(date(2026, 10, 9), 3).on == date(2026, 10, 12)
    assert counted.back(date(2026, 10, 12), 3) == date(2026, 10, 9)
    assert counted.works(date(2026, 10, 11))


@pytest.fixture
def entered(cast: Cast) -> None:
    add_year(FIRST, LAST, by=cast.communications, entries=whole())


@pytest.mark.django_db
def test_3_1_a_decision_is_due_after_school_days_where_the_division_says_so(cast: Cast, entered: None) -> None:
    with clock.standing_at(at(date(2026, 10, 8))):
        submitted(cast)
    choose("decision_days.endorse", 3)
    assert queries.waiting_for(cast.principal)[0].due == date(2026, 10, 11)
    choose("deadline_days", "moved")
    assert queries.waiting_for(cast.principal)[0].due == date(2026, 10, 13)
    choose("deadline_days", "school")
    assert queries.waiting_for(cast.principal)[0].due == date(2026, 10, 14)
    choose("deadline_days", None)
    assert queries.waiting_for(cast.principal)[0].due == date(2026, 10, 11)


@pytest.mark.django_db
def test_3_2_reminders_to_register_rest_while_there_is_no_school(cast: Cast, entered: None) -> None:
    choose("deadline_days", "school")
    choose("registration_reminder_days", 5)
    with clock.standing_at(at(date(2026, 12, 14))):  # Monday; Friday is the last day before the break
        approved(cast)
    given_on = []
    for n in range(40):
        day = date(2026, 12, 14) + timedelta(days=n)
        before = Notice.objects.filter(kind="request.register_reminder").count()
        with clock.standing_at(at(day, 7)):
            chase()
        if Notice.objects.filter(kind="request.register_reminder").count() > before:
            given_on.append(day)
    assert given_on == [date(2027, 1, 4), date(2027, 1, 11), date(2027, 1, 18)]


@pytest.mark.django_db
def test_3_2_an_approval_lapses_when_its_school_days_are_over(cast: Cast, entered: None) -> None:
    choose("deadline_days", "school")
    choose("lapse_days", 5)
    with clock.standing_at(at(date(2026, 12, 14))):
        request = approved(cast)
    due = counting().due(date(2026, 12, 14), 5).on
    assert due == date(2027, 1, 4)
    for day, state in ((due - timedelta(days=1), "approved"), (due, "approved"), (due + timedelta(days=1), "lapsed")):
        with clock.standing_at(at(day, 1)):
            lapse_overdue()
        request.refresh_from_db()
        assert request.state == state, day


@pytest.mark.django_db
def test_a_deadline_that_no_calendar_knew_says_so(cast: Cast) -> None:
    choose("deadline_days", "school")
    assert "Monday to Friday" in _assumed([date(2026, 10, 9)])
    assert _assumed([None]) == ""
    add_year(FIRST, LAST, by=cast.communications)
    assert _assumed([date(2026, 10, 9)]) == ""
