"""Believable moments: working days counted back from today, and the hours at which people do such things."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

FIRST = 268  # working days that the demonstration reaches back: about fourteen months


def _quiet(day: date, today: date) -> bool:
    """Weekends, the turn of the year and high summer, when nobody fills in forms (unless that is now)."""
    if day.weekday() >= 5 or (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 2):
        return True
    return (7, 10) <= (day.month, day.day) <= (8, 20) and (today - day).days > 30


class Calendar:
    """Working days counted back from today: number 1 is the last one before today."""

    def __init__(self, today: date) -> None:
        self._days = [today]
        day = today
        while len(self._days) <= FIRST + 1:
            day -= timedelta(days=1)
            if not _quiet(day, today):
                self._days.append(day)

    def day(self, back: int) -> date:
        """The working day that lies this many back."""
        return self._days[max(1, min(back, FIRST + 1))]

    def moment(self, back: int, hour: int, minute: int) -> datetime:
        """A local time on that day."""
        return timezone.make_aware(datetime.combine(self.day(back), time(hour, minute)))


class Steps:
    """The moments of one story, each after the one before: `next(2)` is two working days on, at some hour.

    The same story has the same hours at every seeding.
    """

    def __init__(self, calendar: Calendar, start: int, seed: str) -> None:
        self._calendar, self._back, self._dice = calendar, start, Random(seed)  # noqa: S311 - hours of a story, no secret
        self._last: datetime | None = None

    def next(self, days: int = 0) -> datetime:
        """The moment this many working days later; never later than the last working day."""
        self._back = max(1, self._back - days)
        return self._at(self._back)

    def on(self, back: int) -> datetime:
        """A moment on the working day that lies this many back, or soon after the last one."""
        self._back = max(1, min(self._back, back))
        return self._at(self._back)

    def some(self, least: int, most: int) -> int:
        """How many days somebody takes."""
        return self._dice.randint(least, most)

    def one_of(self, choices: tuple[str, ...]) -> str:
        """One of several words, the same at every seeding."""
        return self._dice.choice(choices)

    def _at(self, back: int) -> datetime:
        moment = self._calendar.moment(back, self._dice.randint(8, 14), self._dice.randint(0, 59))
        if self._last is not None and moment <= self._last:
            moment = self._last + timedelta(minutes=self._dice.randint(4, 25))
        self._last = moment
        return moment
