"""What the school calendar says: school days, deadlines in local time, calm days, who is away, what is missing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.utils import timezone

from rostrum.core.reading import once
from rostrum.people.models import Person, StandIn
from rostrum.schoolyear.models import NO_SCHOOL, DayKind, NamedDays, SchoolYear

FIRST_WEEK = timedelta(days=7)
LONGEST = 3660  # days that a deadline may lie ahead: ten years
DAY = timedelta(days=1)
Span = tuple[date, date]


class Unit(StrEnum):
    """What a deadline counts."""

    DAYS = "days"
    SCHOOL_DAYS = "school days"


@dataclass(frozen=True)
class Due:
    """When something is due: the local day, the last second of it, and whether a calendar said so.

    `assumed` means that some of the days counted lie outside every school year that was entered, so that Monday to
    Friday stood in for school days.
    """

    on: date
    at: datetime
    assumed: bool


def end_of_day(on: date) -> datetime:
    """The last second of a local day, aware: 23:59:59 by the division's clock, however long the day was."""
    return datetime.combine(on, time(23, 59, 59), tzinfo=timezone.get_default_timezone())


class Calendar:
    """The entered school years, read once, for any number of questions. Pure: it asks neither clock nor database."""

    def __init__(self, years: Iterable[SchoolYear] = (), days: Iterable[NamedDays] = ()) -> None:
        self.years = sorted(years, key=lambda year: year.starts_on)
        self.days = sorted(days, key=lambda one: (one.starts_on, one.ends_on))
        closed = {day for one in self.days if one.kind in NO_SCHOOL for day in _each(one.starts_on, one.ends_on)}
        self._school_days = sorted({
            day for year in self.years for day in _each(year.starts_on, year.ends_on)
            if day.weekday() < 5 and day not in closed
        })  # fmt: skip
        self._set = frozenset(self._school_days)
        self._exams = [(one.starts_on, one.ends_on) for one in self.days if one.kind == DayKind.EXAMS]

    @property
    def entered(self) -> bool:
        """Whether any school year was entered."""
        return bool(self.years)

    def year_of(self, on: date) -> SchoolYear | None:
        """The school year that a day lies in; None in summer and where nobody entered one."""
        return next((year for year in self.years if year.starts_on <= on <= year.ends_on), None)

    def covers(self, on: date) -> bool:
        """Whether the calendar knows about a day. The summer between two entered years is known: no school."""
        return bool(self.years) and self.years[0].starts_on <= on <= max(year.ends_on for year in self.years)

    def is_school_day(self, on: date) -> bool:
        """Whether there is school. Where no year was entered, Monday to Friday count (`covers` tells)."""
        return on in self._set if self.covers(on) else on.weekday() < 5

    def next_school_day(self, on: date, *, away: Iterable[Span] = ()) -> date:
        """The day itself if there is school (and nobody is away), else the first such day after it."""
        gone = list(away)
        for step in range(LONGEST):
            day = on + step * DAY
            if self.is_school_day(day) and not any(first <= day <= last for first, last in gone):
                return day
        return on  # ten years without school: the day as it was is the only honest answer

    def add_school_days(self, start: date, count: int) -> date:
        """The school day that comes `count` school days after a day; the day itself is not counted.

        Zero gives the day itself or the next school day. Raises ValueError for a count below zero or beyond ten
        years.
        """
        _check(count)
        if count == 0:
            return self.next_school_day(start)
        day, left = start, count
        while left:
            nxt = day + DAY
            if self.covers(nxt):  # inside the entered years by position, outside them day by day
                at = bisect_left(self._school_days, nxt)
                if at + left <= len(self._school_days):
                    return self._school_days[at + left - 1]
                left -= len(self._school_days) - at
                day = max(year.ends_on for year in self.years)
                continue
            day = nxt
            left -= day.weekday() < 5
        return day

    def school_days_between(self, first: date, last: date) -> int:
        """How many school days lie after `first` up to and including `last`; 0 if `last` is not after `first`."""
        if last <= first:
            return 0
        if self.covers(first + DAY) and self.covers(last):
            return bisect_right(self._school_days, last) - bisect_right(self._school_days, first)
        return sum(self.is_school_day(day) for day in _each(first + DAY, last))

    def deadline(self, start: date | datetime, count: int, unit: Unit = Unit.DAYS, *, away: Iterable[Span] = ()) -> Due:
        """When something is due that was asked for on `start`: `count` days or school days later, at local day's end.

        The day it was asked on is not counted. A deadline never falls on a day without school, nor on one of the days
        in `away`: it moves on to the next. Raises ValueError for a count below zero or beyond ten years.
        """
        _check(count)
        begun = timezone.localtime(start).date() if isinstance(start, datetime) else start
        day = self.add_school_days(begun, count) if unit == Unit.SCHOOL_DAYS else begun + count * DAY
        on = self.next_school_day(day, away=away)
        return Due(on, end_of_day(on), not (self.covers(begun) and self.covers(on)))

    def calm(self, on: date) -> bool:
        """Whether heavy work may be asked of schools: not in the first week of a year, nor while exams are written."""
        opening = any(year.starts_on <= on < year.starts_on + FIRST_WEEK for year in self.years)
        return not opening and not any(first <= on <= last for first, last in self._exams)

    def calm_day(self, on: date) -> date:
        """The day itself if it is a calm school day, else the first one after it."""
        for step in range(LONGEST):
            day = on + step * DAY
            if self.calm(day) and self.is_school_day(day):
                return day
        return on


def calendar() -> Calendar:
    """The division's calendar as entered, in two queries."""
    return once("calendar", lambda: Calendar(SchoolYear.objects.all(), NamedDays.objects.all()))


def last_day_entered() -> date | None:
    """The last day of the last school year that is entered; None where there is none."""
    return SchoolYear.objects.order_by("-ends_on").values_list("ends_on", flat=True).first()


def year_called(label: str) -> SchoolYear | None:
    """A school year by its name, for example "2026-2027"."""
    return SchoolYear.objects.filter(label=label).first()


def leave_of(person: Person, since: date) -> list[Span]:
    """The days from `since` on that a person is away, as their stand-ins say.

    A person's absence is written down once, with the role that it leaves open (people.StandIn); there is no second
    list. Whoever holds no role has no absence on record.
    """
    rows = StandIn.objects.filter(appointment__person=person, cancelled_at=None, ends_on__gte=since)
    return list(rows.order_by("starts_on").values_list("starts_on", "ends_on"))


def _each(first: date, last: date) -> Iterable[date]:
    return (first + n * DAY for n in range((last - first).days + 1))


def _check(count: int) -> None:
    if not 0 <= count <= LONGEST:
        raise ValueError(f"A deadline lies 0 to {LONGEST} days ahead, not {count}.")
