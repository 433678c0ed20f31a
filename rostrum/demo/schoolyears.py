"""The school calendar of the invented division: last year by hand, this year copied forward and checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from rostrum.core import clock
from rostrum.demo.days import FIRST, Calendar
from rostrum.demo.play import Cast
from rostrum.people.models import Unit
from rostrum.schoolyear.actions import Entry, add_days, add_year, change_days
from rostrum.schoolyear.forward import next_span, suggest
from rostrum.schoolyear.holidays import Kept, easter, holidays
from rostrum.schoolyear.queries import calendar as entered

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def school_year(on: date) -> int:
    """The calendar year in which the school year of a day began; August belongs to the one that comes."""
    return on.year if on.month >= 8 else on.year - 1


def span(year: int) -> tuple[date, date]:
    """A prairie division's first and last day: the first Tuesday to Friday of September, a weekday at the end of June."""
    first, last = date(year, 9, 1), date(year + 1, 6, 29)
    while first.weekday() in {0, 5, 6}:
        first += DAY
    while last.weekday() > 4:
        last -= DAY
    return first, last


def entries(year: int) -> list[Entry]:
    """What lies in such a year: two semesters, holidays, breaks, exams, days of the staff."""
    first, last = span(year)
    good_friday = easter(year + 1) - 2 * DAY
    family = next(one.on for one in holidays(date(year + 1, 2, 1), date(year + 1, 2, 28)) if one.kept == Kept.BOTH)
    winter = date(year, 12, 20)
    winter += (5 - winter.weekday()) % 7 * DAY  # from a Saturday
    january = date(year + 1, 1, 29)
    january -= max(0, january.weekday() - 4) * DAY
    found = [
        Entry("term", "First semester", first, january),
        Entry("term", "Second semester", january + DAY, last),
        Entry("break", "Winter break", winter, winter + 15 * DAY),
        Entry("break", "February break", family + DAY, family + 4 * DAY),
        Entry("break", "Easter break", good_friday + DAY, good_friday + 9 * DAY),
        Entry("exams", "January exams", january - WEEK - DAY, january - DAY),
        Entry("exams", "June exams", last - 12 * DAY, last - DAY),
        Entry("staff_day", "Semester turnaround", january, january),
    ]
    found += [Entry("holiday", str(one.name), one.on, one.on) for one in holidays(first, last)
              if one.kept == Kept.BOTH or one.on == date(year, 9, 30)]  # fmt: skip
    friday = date(year, 10, 1)
    friday += (4 - friday.weekday()) % 7 * DAY
    closed = [(one.starts_on, one.ends_on) for one in found if one.kind in {"holiday", "break"}]
    fridays = [friday + n * WEEK for n in (0, 7, 18, 30)]
    found += [Entry("staff_day", "Professional development", on, on) for on in fridays
              if not any(start <= on <= end for start, end in closed)]  # fmt: skip
    return found


def kept_years(cast: Cast, _units: dict[str, Unit], calendar: Calendar) -> Iterator[datetime]:
    """Last year is entered when the division starts; in May, this year is made from it, and one day is moved."""
    now = school_year(clock.today())
    yield calendar.moment(FIRST - 2, 10, 5)
    before = add_year(*span(now - 1), by=cast["m.laurent"], entries=entries(now - 1))
    back = next((n for n in range(1, FIRST) if calendar.day(n) <= date(now, 5, 20)), FIRST - 3)
    yield calendar.moment(back, 11, 15)
    first, last = next_span(before)
    found = suggest(before, list(entered().days), first, last)
    made = add_year(first, last, by=cast["t.boyko"], entries=[one.entry for one in found])
    yield calendar.moment(back, 11, 40)
    missing = [Entry("holiday", str(one.name), one.on, one.on) for one in holidays(first, last) if one.kept == Kept.BOTH]
    have = {one.starts_on for one in entered().days if one.year_id == made.pk and one.kind == "holiday"}
    add_days(made, [one for one in missing if one.starts_on not in have], by=cast["t.boyko"])
    yield calendar.moment(back - 1, 9, 30)
    day = next(one for one in entered().days if one.year_id == made.pk and one.name == "Professional development")
    moved = day.starts_on + WEEK
    change_days(day, Entry(day.kind, day.name, moved, moved), by=cast["m.laurent"])

