"""The machine of the year: every periodic job of the house at its own time, day after day, beside what people do."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count

from croniter import croniter
from django.utils import timezone

from rostrum.core import clock
from rostrum.jobs.actions import kept_back, tick, work_off
from rostrum.jobs.registry import JOBS

DAY = timedelta(days=1)
# Jobs that the clock starts every so many minutes mostly look and find nothing: here they strike after what people
# did, and at these hours of each day.
HOURS = (time(12, 0),)


def local(day: date, at: time) -> datetime:
    """A local moment."""
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())


def strikes(day: date) -> dict[time, list[str]]:
    """Which jobs the clock starts at which local time of a day, by their own cron lines, in order."""
    found: dict[time, list[str]] = {}
    for name, job in sorted(JOBS.items()):
        if job.cron is not None:
            line = croniter(job.cron, datetime.combine(day, time.min) - timedelta(seconds=1))
            at = line.get_next(datetime)
            while at.date() == day:
                found.setdefault(at.time(), []).append(name)
                at = line.get_next(datetime)
        elif job.every is not None:
            for hour in HOURS:
                found.setdefault(hour, []).append(name)
    return dict(sorted(found.items()))


@dataclass
class Year:
    """Days in order, acts of people at their moments, and the days on which the machine was down."""

    down: Collection[date] = ()
    twice: Collection[date] = ()
    _acts: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    failed: int = 0
    up: list[date] = field(default_factory=list)

    def at(self, day: date, act: Callable[[], object], hour: int = 10, minute: int = 0) -> None:
        """A person does something at a local time of a day."""
        heapq.heappush(self._acts, (local(day, time(hour, minute)), next(self._order), act))

    def live(self, first: date, last: date, skip: Callable[[date], bool] = lambda _day: False) -> None:
        """Live these days. Nothing that is asked for goes to the engine: it is worked off here, at its own moment."""
        with kept_back():
            day = first
            while day <= last:
                if day in self.down:
                    self._people(local(day + DAY, time.min), work=False)
                else:
                    self._day(day, skip(day))
                day += DAY

    def _day(self, day: date, quiet: bool) -> None:
        self.up.append(day)
        for at, names in () if quiet else strikes(day).items():
            moment = local(day, at)
            self._people(moment)
            for _again in range(2 if day in self.twice else 1):
                self._work(moment, names)
        self._people(local(day + DAY, time.min))

    def _people(self, until: datetime, *, work: bool = True) -> None:
        """What people do before a moment; a machine that is down works nothing off (they did it by another one)."""
        moment = None
        while self._acts and self._acts[0][0] < until:
            moment, _n, act = heapq.heappop(self._acts)
            with clock.standing_at(moment):
                act()
        if moment is not None and work:
            self._work(moment, [name for name, job in JOBS.items() if job.every is not None])

    def _work(self, moment: datetime, names: Collection[str]) -> None:
        with clock.standing_at(moment):
            for name in names:
                tick(name)
            counts = work_off()
        self.failed += counts.failed + counts.dead
