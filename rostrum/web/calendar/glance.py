"""A school year as months of days, each day with what it is: for the page, the phone and the printer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from rostrum.core.dates import day
from rostrum.schoolyear.models import DayKind, NamedDays, SchoolYear
from rostrum.schoolyear.queries import Calendar

DAY = timedelta(days=1)
# What a day looks like: the strongest of what lies on it.
STRENGTH = (DayKind.HOLIDAY, DayKind.BREAK, DayKind.STAFF_DAY, DayKind.EXAMS)
CLASSES = {"holiday": "cal-holiday", "break": "cal-break", "staff_day": "cal-staff", "exams": "cal-exams"}
LEGEND = (
    ("cal-school", _("School day")),
    ("cal-holiday", _("Holiday")),
    ("cal-break", _("Break")),
    ("cal-staff", _("No school for students")),
    ("cal-exams", _("Exams")),
)


@dataclass(frozen=True)
class Cell:
    """One day in a month, or nothing before its first and after its last."""

    number: int = 0
    css: str = ""
    words: str = ""  # what a screen reader says beside the number; nothing on a school day


@dataclass(frozen=True)
class Month:
    """One month: its name and year, how many school days it has, its weeks from Monday on."""

    name: str
    school_days: int
    weeks: list[list[Cell]]


def months_of(year: SchoolYear, days: Iterable[NamedDays], calendar: Calendar, today: date) -> list[Month]:
    """Every month that the year touches, whole."""
    named = sorted(days, key=lambda one: STRENGTH.index(DayKind(one.kind)) if one.kind in STRENGTH else 9)
    by_day: dict[date, NamedDays] = {}
    for one in named:
        if one.kind in CLASSES:
            for n in range((one.ends_on - one.starts_on).days + 1):
                by_day.setdefault(one.starts_on + n * DAY, one)
    first, found = year.starts_on.replace(day=1), []
    while first <= year.ends_on:
        after = (first + 31 * DAY).replace(day=1)
        cells = [Cell()] * first.weekday()
        cells += [_cell(first + n * DAY, year, by_day, calendar, today) for n in range((after - first).days)]
        cells += [Cell()] * (-len(cells) % 7)
        weeks = [cells[n : n + 7] for n in range(0, len(cells), 7)]
        start, end = max(first, year.starts_on), min(after - DAY, year.ends_on)
        found.append(
            Month(f"{MONTHS[first.month]} {first.year}", calendar.school_days_between(start - DAY, end), weeks)
        )
        first = after
    return found


def _cell(on: date, year: SchoolYear, by_day: dict[date, NamedDays], calendar: Calendar, today: date) -> Cell:
    css, words = "cal-out", ""
    if year.starts_on <= on <= year.ends_on:
        one = by_day.get(on)
        if one is not None and (on.weekday() < 5 or one.kind != DayKind.EXAMS):
            css, words = CLASSES[one.kind], one.name
        else:
            css = "cal-school" if calendar.is_school_day(on) else "cal-weekend"
    if on == today:
        css += " cal-today"
    return Cell(on.day, css, words)


def weekdays() -> list[tuple[str, str]]:
    """The heads of a month's columns: short, and whole for a screen reader."""
    return [(str(WEEKDAYS_ABBR[n])[:2], str(WEEKDAYS[n])) for n in range(7)]


def span_words(one: NamedDays) -> str:
    """From when until when, as short as it can be said."""
    return day(one.starts_on) if one.starts_on == one.ends_on else f"{day(one.starts_on)} – {day(one.ends_on)}"


def rows_of(days: Iterable[NamedDays], calendar: Calendar) -> list[dict[str, Any]]:
    """Every entry for the list beneath: what, when, how many school days it has or takes away."""
    found = []
    for one in days:
        weekdays_in = sum(
            (one.starts_on + n * DAY).weekday() < 5 for n in range((one.ends_on - one.starts_on).days + 1)
        )
        in_school = calendar.school_days_between(one.starts_on - DAY, one.ends_on)
        counts = in_school if one.kind in {DayKind.TERM, DayKind.EXAMS} else weekdays_in
        found.append({
            "it": one, "css": CLASSES.get(one.kind, "cal-school"), "kind": one.get_kind_display(),
            "span": span_words(one), "days": counts, "school": one.kind in {DayKind.TERM, DayKind.EXAMS},
        })  # fmt: skip
    return found
