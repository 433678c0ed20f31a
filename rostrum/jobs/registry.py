"""What work exists: `@job(...)` beside a function declares it; nothing else needs to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from croniter import croniter
from django.utils import timezone

Body = TypeVar("Body", bound=Callable[..., Any])


@dataclass(frozen=True)
class Job:
    """A declared job. With `every` or `cron` it fires by itself, once per period; otherwise when enqueued."""

    name: str
    body: Callable[..., Any]
    every: timedelta | None
    cron: str | None
    max_attempts: int

    @property
    def periodic(self) -> bool:
        """Whether the clock starts it."""
        return self.every is not None or self.cron is not None

    def period(self, at: datetime) -> datetime:
        """The start of the period that `at` lies in; the same answer on every machine.

        Periods of `every` are counted from the epoch, those of `cron` in the division's local time.
        """
        if self.every is not None:
            step = int(self.every.total_seconds())
            return datetime.fromtimestamp(int(at.timestamp()) // step * step, UTC)
        # croniter's "previous" excludes the very moment, which belongs to the period that it starts.
        local = timezone.localtime(at) + timedelta(microseconds=1)
        start: datetime = croniter(self.cron, local).get_prev(datetime)
        return start.astimezone(UTC)


JOBS: dict[str, Job] = {}


def job(
    name: str, *, every: timedelta | None = None, cron: str | None = None, max_attempts: int = 3
) -> Callable[[Body], Body]:
    """Declares the function beneath as a job called `name` (`package.verb`).

    `every` is a whole number of minutes, at least one; `cron` has five fields in local time; give at most
    one. The body takes JSON values only, must bear being run twice (delivery is at least once), and is tried
    at most `max_attempts` times. Raises ValueError for a declaration that cannot work.
    """
    if every is not None and cron is not None:
        raise ValueError(f"The job {name} has two clocks.")
    if every is not None and (every < timedelta(minutes=1) or every.total_seconds() % 60):
        raise ValueError(f"The job {name} must fire every whole number of minutes.")
    if cron is not None and not croniter.is_valid(cron):
        raise ValueError(f"The job {name} has no valid cron line.")
    if max_attempts < 1:
        raise ValueError(f"The job {name} would never be tried.")

    def declare(body: Body) -> Body:
        known = JOBS.get(name)
        if known is not None and known.body.__qualname__ != body.__qualname__:
            raise ValueError(f"There are two jobs called {name}.")
        JOBS[name] = Job(name, body, every, cron, max_attempts)
        return body

    return declare
