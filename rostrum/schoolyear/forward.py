"""Next year from this one: suggested dates for every entry, to be checked by a person before anything is entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from rostrum.schoolyear.actions import Entry
from rostrum.schoolyear.holidays import holidays
from rostrum.schoolyear.models import DayKind, NamedDays, SchoolYear

WEEKS = timedelta(weeks=52)  # a year later on the same weekday: Friday stays Friday
BESIDE = 8  # days between a holiday and the break that goes with it


@dataclass(frozen=True)
class Suggestion:
    """One entry of next year as it may be, and why it is suggested so."""

    entry: Entry
    why: str


def next_span(year: SchoolYear) -> tuple[date, date]:
    """The first and last day of the year after: the same weekdays, 52 weeks later.

    A first day in September stays one: where 52 weeks lead into August, the first weekday of September is suggested.
    """
    first, last = year.starts_on + WEEKS, year.ends_on + WEEKS
    if first.month != year.starts_on.month:
        first = (first + timedelta(days=15)).replace(day=1)
        while first.weekday() > 4:
            first += timedelta(days=1)
    return first, last


def suggest(year: SchoolYear, days: list[NamedDays], first: date, last: date) -> list[Suggestion]:
    """Every entry moved into the year from `first` to `last`, in order.

    A statutory holiday gets its own date of that year, found by its name or by its day. A break beside a holiday moves
    with it (Easter wanders by weeks). Everything else keeps its weekday, 52 weeks on; what lies at an edge of the year
    follows the edge.
    """
    moved = _holidays(days, first)
    found: list[Suggestion] = []
    for one in days:
        if (one.kind, one.starts_on) in moved:
            on = moved[one.kind, one.starts_on]
            entry, why = Entry(one.kind, one.name, on, on), _("The date of this holiday in that year")
        else:
            shift, why = WEEKS, _("The same weekday, a year later")
            beside = min(
                (key for key in moved if one.kind == DayKind.BREAK and abs((key[1] - one.starts_on).days) <= BESIDE),
                key=lambda key: abs((key[1] - one.starts_on).days), default=None,
            )  # fmt: skip
            if beside is not None:
                shift = timedelta(weeks=round((moved[beside] - beside[1]).days / 7))
                why = _("Beside the holiday, as this year")
            start, end = one.starts_on + shift, one.ends_on + shift
            if one.starts_on == year.starts_on:
                start, why = first, _("The first day of the year")
            if one.ends_on == year.ends_on:
                end, why = last, _("Up to the last day of the year")
            entry = Entry(one.kind, one.name, max(start, first), min(end, last))
        if first <= entry.starts_on <= entry.ends_on <= last:
            found.append(Suggestion(entry, why))
    return sorted(found, key=lambda one: (one.entry.starts_on, one.entry.ends_on))


def _holidays(days: list[NamedDays], first: date) -> dict[tuple[str, date], date]:
    """The new dates of the statutory holidays among the entries, by kind and old day."""
    around = timedelta(days=31)
    ahead = holidays(first - around, first + WEEKS + around)
    named = {str(one.name).casefold(): one.on for one in reversed(ahead)}
    found: dict[tuple[str, date], date] = {}
    for one in days:
        if one.kind != DayKind.HOLIDAY or one.starts_on != one.ends_on:
            continue
        today = {str(h.name).casefold() for h in holidays(one.starts_on, one.starts_on)}
        on = named.get(one.name.casefold()) or next((named[name] for name in today if name in named), None)
        if on is not None:
            found[one.kind, one.starts_on] = on
    return found
