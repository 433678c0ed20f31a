"""The one clock: every act and job takes its time from here, so that tests and the demo can say another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC; or the moment that `standing_at` says."""
    return _moment.get() or timezone.now()


def today() -> date:
    """The division's local date."""
    return timezone.localdate(now())


def midnight(day: date) -> datetime:
    """The moment at which a local day begins, aware: what a query compares moments with.

    A database that cut a moment down to its day would ask its own time zone tables, which may be older than ours:
    where a province has changed its clocks, the hour before midnight would fall on another day.
    """
    return timezone.make_aware(datetime.combine(day, time.min))


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let everything inside happen at another moment (aware). For tests and the demo; no page or job uses it."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
