"""Keeping the calendar: who may, what cannot be, who was faster, what looks wrong, and next year from this one."""

from __future__ import annotations

from datetime import date

import pytest

from rostrum.audit.models import Event
from rostrum.core.errors import Invalid, NotAllowed, Overtaken
from rostrum.schoolyear import actions
from rostrum.schoolyear.actions import Entry
from rostrum.schoolyear.forward import next_span, suggest
from rostrum.schoolyear.holidays import Kept, easter, holidays
from rostrum.schoolyear.models import DayKind, NamedDays, SchoolYear
from rostrum.schoolyear.queries import Calendar, calendar
from rostrum.schoolyear.warnings import warnings_of
from tests.cast import Cast
from tests.schoolyear.conftest import STRETCHES

FIRST, LAST = date(2026, 9, 1), date(2027, 6, 29)


def entered(cast: Cast, *entries: Entry) -> SchoolYear:
    return actions.add_year(FIRST, LAST, by=cast.communications, entries=entries)


def one_day(kind: str, name: str, on: date) -> Entry:
    return Entry(kind, name, on, on)


def whole() -> list[Entry]:
    return [Entry(kind, name, first, last) for kind, name, first, last in STRETCHES]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["communications", "sysadmin"])
def test_who_keeps_the_calendar_enters_changes_and_removes(cast: Cast, who: str) -> None:
    by = getattr(cast, who)
    year = actions.add_year(FIRST, LAST, by=by)
    assert (year.label, year.version) == ("2026-2027", 1)
    made = actions.add_days(year, [one_day("holiday", " Thanksgiving ", date(2026, 10, 12))], by=by, seen=1)
    assert made[0].name == "Thanksgiving"
    assert not calendar().is_school_day(date(2026, 10, 12))
    actions.change_days(made[0], one_day("staff_day", "Staff day", date(2026, 10, 13)), by=by, seen=2)
    assert calendar().is_school_day(date(2026, 10, 12))
    actions.change_year(year, FIRST, date(2027, 6, 25), by=by, seen=3)
    actions.remove_days(made[0], by=by, seen=4)
    actions.remove_year(year, by=by, seen=5)
    assert not SchoolYear.objects.exists()
    assert not NamedDays.objects.exists()
    acts = Event.objects.filter(subject_type="schoolyear").order_by("seq").values_list("act", flat=True)
    assert [act.split(":")[1] for act in acts] == ["add", "add_days", "change_days", "change", "remove_days", "remove"]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["teacher", "principal", "superintendent", "privacy", "director", "auditor", "charlie"])
def test_nobody_else_keeps_it(cast: Cast, who: str) -> None:
    year, by = entered(cast, one_day("break", "Break", date(2026, 11, 9))), getattr(cast, who)
    days = year.days.get()
    for act in (
        lambda: actions.add_year(date(2027, 9, 1), date(2028, 6, 28), by=by),
        lambda: actions.change_year(year, FIRST, LAST, by=by),
        lambda: actions.remove_year(year, by=by),
        lambda: actions.add_days(year, [one_day("break", "Other", date(2026, 11, 10))], by=by),
        lambda: actions.change_days(days, one_day("break", "Other", date(2026, 11, 10)), by=by),
        lambda: actions.remove_days(days, by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 9, 1), date(2026, 9, 2), "ends_on"),
        (date(2026, 9, 1), date(2026, 8, 1), "ends_on"),
        (date(2026, 9, 1), date(2028, 9, 1), "ends_on"),
        (date(2027, 6, 29), date(2028, 6, 29), "starts_on"),  # a day of the year before
        (date(2025, 9, 1), date(2026, 9, 1), "starts_on"),
        (date(2026, 1, 1), date(2027, 1, 1), "starts_on"),
    ],
)
def test_a_year_that_cannot_be_is_refused(cast: Cast, first: date, last: date, field: str) -> None:
    entered(cast)
    with pytest.raises(Invalid) as refused:
        actions.add_year(first, last, by=cast.communications)
    assert list(refused.value.fields) == [field]
    assert SchoolYear.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (one_day("party", "Party", date(2026, 10, 1)), "kind"),
        (one_day("break", "  ", date(2026, 10, 1)), "name"),
        (one_day("break", "a\u202eb", date(2026, 10, 1)), "name"),
        (one_day("break", "x" * 81, date(2026, 10, 1)), "name"),
        (Entry("break", "Back", date(2026, 10, 2), date(2026, 10, 1)), "ends_on"),
        (one_day("break", "Early", date(2026, 8, 31)), "starts_on"),
        (Entry("break", "Late", date(2027, 6, 1), date(2027, 6, 30)), "ends_on"),
    ],
)
def test_days_that_cannot_be_are_refused_and_nothing_of_the_rest_is_kept(cast: Cast, entry: Entry, field: str) -> None:
    year = entered(cast)
    good = one_day("holiday", "Good", date(2026, 10, 12))
    with pytest.raises(Invalid) as refused:
        actions.add_days(year, [good, entry], by=cast.communications)
    assert list(refused.value.fields) == [field]
    assert not NamedDays.objects.exists()
    year.refresh_from_db()
    assert year.version == 1


@pytest.mark.django_db
def test_the_same_days_twice_change_nothing_and_a_second_of_a_kind_on_a_day_is_refused(cast: Cast) -> None:
    year = entered(cast, *whole())
    assert actions.add_days(year, whole(), by=cast.communications) == []
    with pytest.raises(Invalid):
        actions.add_days(year, [one_day("holiday", "Other", date(2026, 10, 12))], by=cast.communications)


@pytest.mark.django_db
def test_whoever_looked_at_an_older_calendar_is_too_late(cast: Cast) -> None:
    year = entered(cast, one_day("break", "Break", date(2026, 11, 9)))
    days = year.days.get()
    actions.add_days(year, [one_day("holiday", "Day", date(2026, 10, 12))], by=cast.sysadmin, seen=1)
    for act in (
        lambda: actions.add_days(year, [one_day("break", "X", date(2026, 11, 1))], by=cast.communications, seen=1),
        lambda: actions.change_year(year, FIRST, LAST, by=cast.communications, seen=1),
        lambda: actions.change_days(days, one_day("break", "X", date(2026, 11, 1)), by=cast.communications, seen=1),
        lambda: actions.remove_days(days, by=cast.communications, seen=1),
        lambda: actions.remove_year(year, by=cast.communications, seen=1),
    ):
        with pytest.raises(Overtaken):
            act()
    actions.remove_year(SchoolYear.objects.get(), by=cast.communications, seen=2)
    with pytest.raises(Overtaken):
        actions.remove_year(year, by=cast.communications, seen=2)


@pytest.mark.django_db
def test_a_year_cannot_shrink_past_what_lies_in_it(cast: Cast) -> None:
    year = entered(cast, Entry("exams", "June exams", date(2027, 6, 16), date(2027, 6, 28)))
    with pytest.raises(Invalid, match="June exams"):
        actions.change_year(year, FIRST, date(2027, 6, 20), by=cast.communications)


def test_holidays_of_both_provinces_of_a_year() -> None:
    found = {str(one.name): (one.on, one.kept) for one in holidays(date(2026, 9, 1), date(2027, 8, 31))}
    assert found["Labour Day"] == (date(2026, 9, 7), Kept.BOTH)
    assert found["Thanksgiving Day"] == (date(2026, 10, 12), Kept.BOTH)
    assert found["Family Day"] == (date(2027, 2, 15), Kept.BOTH)
    assert found["Good Friday"] == (date(2027, 3, 26), Kept.BOTH)
    assert found["Victoria Day"] == (date(2027, 5, 24), Kept.BOTH)
    assert found["Saskatchewan Day"] == (date(2027, 8, 2), Kept.SASKATCHEWAN)
    assert found["National Day for Truth and Reconciliation"] == (date(2026, 9, 30), Kept.SCHOOLS)


def test_a_holiday_on_a_sunday_brings_its_monday_where_a_province_keeps_it() -> None:
    remembrance = holidays(date(2029, 11, 1), date(2029, 11, 30))
    assert [(one.on.day, one.kept) for one in remembrance] == [(11, Kept.BOTH), (12, Kept.SASKATCHEWAN)]
    canada = [(one.on.day, one.kept) for one in holidays(date(2029, 7, 1), date(2029, 7, 31))]
    assert canada == [(1, Kept.BOTH), (2, Kept.BOTH)]


@pytest.mark.parametrize(
    ("year", "on"),
    [(1961, date(1961, 4, 2)), (2000, date(2000, 4, 23)), (2008, date(2008, 3, 23)), (2024, date(2024, 3, 31)),
     (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25)), (2285, date(2285, 3, 22))],
)  # fmt: skip
def test_easter(year: int, on: date) -> None:
    assert easter(year) == on


def said_of(*entries: Entry, drop: str = "") -> str:
    """What is said of the test year with these entries beside its own; `drop` leaves some of its own out."""
    year = SchoolYear(pk=1, label="2026-2027", starts_on=FIRST, ends_on=LAST)
    own = [one for one in whole() if not drop or drop not in one.name]
    days = [NamedDays(year=year, **vars(one)) for one in (*own, *entries)]
    return " | ".join(warnings_of(year, days, Calendar([year], days), date(2026, 10, 1)))


@pytest.mark.parametrize(
    ("entries", "drop", "words"),
    [
        ((), "term", "No term is entered."),
        ((), "Second term", "lie in no term"),
        ((Entry("term", "Extra", date(2027, 1, 25), date(2027, 2, 5)),), "", "“First term” and “Extra” overlap"),
        ((Entry("break", "More winter", date(2026, 12, 28), date(2027, 1, 5)),), "", "lie on the same days"),
        ((one_day("exams", "Sunday exam", date(2026, 10, 11)),), "", "“Sunday exam” has no school day in it."),
        ((one_day("staff_day", "Odd", date(2027, 1, 27)),), "", "“January exams” lies within “Odd” on some days."),
        ((one_day("staff_day", "Odd", date(2026, 12, 22)),), "", "where there is no school anyway"),
        ((), "Thanksgiving", "Thanksgiving Day, Monday 12 October, is a statutory holiday in both provinces"),
    ],
)
def test_what_looks_wrong_is_said(entries: tuple[Entry, ...], drop: str, words: str) -> None:
    assert words in said_of(*entries, drop=drop)


def test_a_year_that_is_whole_is_not_nagged_about() -> None:
    missing = [one_day("holiday", str(h.name), h.on) for h in holidays(FIRST, LAST) if h.kept == Kept.BOTH]
    days = [one for one in missing if one.name not in {"Thanksgiving Day", "Good Friday"}]
    said = said_of(*days)
    assert said == ""


def test_next_year_keeps_weekdays_and_gets_its_own_holidays() -> None:
    year = SchoolYear(pk=1, label="2026-2027", starts_on=FIRST, ends_on=LAST)
    first, last = next_span(year)
    assert (first, last) == (date(2027, 9, 1), date(2028, 6, 27))
    assert last.weekday() == LAST.weekday()
    days = [NamedDays(year=year, **vars(one)) for one in whole()]
    got = {one.entry.name: one.entry for one in suggest(year, days, first, last)}
    assert set(got) == {one.name for one in days}
    assert got["Thanksgiving Day"].starts_on == date(2027, 10, 11)
    assert got["First term"].starts_on == first
    assert got["Second term"].ends_on == last
    assert got["Winter break"].starts_on == date(2027, 12, 18)
    assert got["January exams"].starts_on.weekday() == date(2027, 1, 20).weekday()
    assert all(first <= one.starts_on <= one.ends_on <= last for one in got.values())


@pytest.mark.parametrize("start", [date(2027, 9, 1), date(2028, 9, 5), date(2024, 9, 3), date(2031, 8, 28)])
def test_the_first_day_stays_in_its_month_whatever_the_year(start: date) -> None:
    year = SchoolYear(starts_on=start, ends_on=start.replace(year=start.year + 1, month=6, day=28))
    first, last = next_span(year)
    assert first.month == start.month
    assert first.weekday() < 5
    assert first < last


def test_easter_takes_its_break_along() -> None:
    year = SchoolYear(pk=1, label="2026-2027", starts_on=FIRST, ends_on=LAST)
    good_friday = one_day("holiday", "Good Friday", date(2027, 3, 26))
    easter_break = Entry("break", "Easter break", date(2027, 3, 27), date(2027, 4, 4))
    days = [NamedDays(year=year, **vars(one)) for one in (good_friday, easter_break)]
    got = {one.entry.name: one.entry for one in suggest(year, days, *next_span(year))}
    assert got["Good Friday"].starts_on == date(2028, 4, 14)
    assert (got["Easter break"].starts_on, got["Easter break"].ends_on) == (date(2028, 4, 15), date(2028, 4, 23))


def test_kinds_are_those_of_the_table() -> None:
    assert {one.kind for one in whole()} == set(DayKind.values)
