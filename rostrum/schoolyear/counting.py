"""Which days a deadline counts: what the division chose, and every deadline of the house worked out by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from rostrum.policies.queries import setting
from rostrum.schoolyear.queries import LONGEST, Calendar, Due, Span, Unit, calendar, end_of_day

KEY = "deadline_days"
PLAIN, MOVED, SCHOOL = "", "moved", "school"  # the setting's values; unset is PLAIN
DAY = timedelta(days=1)


class Counting:
    """How the division counts the days of its deadlines. The calendar is read once, and only when it is needed.

    Unset: calendar days, as they are. `moved`: calendar days, but nothing is due on a day without school. `school`:
    school days. Every setting in days keeps its number; this says what the number counts.
    """

    def __init__(self, mode: object, read: Callable[[], Calendar] = calendar) -> None:
        self.mode = mode if mode in {MOVED, SCHOOL} else PLAIN
        self._read = read

    @cached_property
    def calendar(self) -> Calendar:
        """The division's calendar."""
        return self._read()

    @property
    def unit(self) -> Unit:
        """Whether numbers mean days or school days."""
        return Unit.SCHOOL_DAYS if self.mode == SCHOOL else Unit.DAYS

    def due(self, begun: date | datetime, days: int, *, away: tuple[Span, ...] = ()) -> Due:
        """When something is due that began on a day. The day it began on is not counted."""
        if self.mode == PLAIN:
            on = (timezone.localdate(begun) if isinstance(begun, datetime) else begun) + days * DAY
            return Due(on, end_of_day(on), False)
        return self.calendar.deadline(begun, days, self.unit, away=away)

    def back(self, on: date, days: int) -> date:
        """The latest day on which something began that has had its days by the end of `on`.

        The other way round from `due`: what began on that day or before is due on `on` or before it.
        """
        if self.mode == PLAIN:
            return on - days * DAY
        last = on
        while not self.calendar.is_school_day(last) and (on - last).days < LONGEST:
            last -= DAY
        if self.mode == MOVED:
            return last - days * DAY
        day, left = last, days
        while left and (last - day).days < LONGEST:
            left -= self.calendar.is_school_day(day)
            day -= DAY
        return day

    def works(self, on: date) -> bool:
        """Whether people are reminded on a day: every day, unless the division goes by school days."""
        return self.mode == PLAIN or self.calendar.is_school_day(on)

    def assumed(self, on: date) -> bool:
        """Whether a deadline on a day rests on Monday to Friday because no school year is entered for it."""
        return self.mode != PLAIN and not self.calendar.covers(on)


def counting() -> Counting:
    """How the division counts days now."""
    return Counting(setting("deadline_days"))


def assumed_note() -> str:
    """What stands beside deadlines that no calendar knew."""
    return _("No school year is entered for all of these days, so Monday to Friday were counted.")
