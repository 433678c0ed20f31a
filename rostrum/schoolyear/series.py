"""Reminders that come again: which period is due, and giving each once, however often or seldom the job runs."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.db import models, transaction

from rostrum.core import clock
from rostrum.schoolyear.models import Reminder
from rostrum.schoolyear.queries import Calendar


@dataclass(frozen=True)
class Series:
    """A reminder from a day on, again every so many days or months, until a day (inclusive) or for good.

    A period is named by the day it was planned for. `heavy` work is asked for on the next calm school day instead
    (Calendar.calm); the period keeps its name, so that it is still the same one reminder.
    """

    key: str
    first: date
    every: int
    unit: Literal["days", "months"] = "days"
    ends_on: date | None = None
    heavy: bool = False

    def __post_init__(self) -> None:
        """A series that stands still would be due for ever."""
        if self.every < 1:
            raise ValueError("A series comes again after one day or more.")

    def planned(self, n: int) -> date:
        """The day of period n, counted from 0. The 31st becomes a month's last day, and 29 February the 28th."""
        if self.unit == "days":
            return self.first + timedelta(days=n * self.every)
        years, month = divmod(self.first.month - 1 + n * self.every, 12)
        year = self.first.year + years
        return date(year, month + 1, min(self.first.day, months.monthrange(year, month + 1)[1]))

    def newest(self, on: date, calendar: Calendar) -> date | None:
        """The newest period that has come by a day; None before the first, and after the end."""
        if on < self.first or (self.ends_on is not None and on > self.ends_on):
            return None
        for period in self._back(on):
            if not self.heavy or calendar.calm_day(period) <= on:
                return period
        return None

    def _back(self, on: date) -> Iterator[date]:
        """The periods planned up to a day, newest first."""
        if self.unit == "days":
            n = (on - self.first).days // self.every
        else:
            n = ((on.year - self.first.year) * 12 + on.month - self.first.month) // self.every
            n -= self.planned(n) > on
        while n >= 0:
            yield self.planned(n)
            n -= 1


def once(series: str, subject: models.Model, period: date) -> bool:
    """True for the first who asks, and never again for this series, subject and period, nor for an older period.

    Call it in the transaction of what it guards: if that is undone, so is this, and the next run does both. Two runs
    at once are told apart by the database's own constraint.
    """
    about = {"series": series, "subject_type": subject._meta.model_name or "", "subject_id": str(subject.pk)}
    with transaction.atomic():
        if Reminder.objects.filter(**about, period__gt=period).exists():
            return False
        _row, first = Reminder.objects.get_or_create(**about, period=period, defaults={"fired_at": clock.now()})
    return first


def once_each(series: str, model: type[models.Model], ids: Iterable[int], period: date) -> set[int]:
    """Those of many things of one kind for which this is the first who asks; see `once`. A few queries for every 500.

    Call it in the transaction of what it guards. Of two runs at once, the database lets one through.
    """
    return once_in(series, model, dict.fromkeys(ids, period))


def once_in(series: str, model: type[models.Model], periods: Mapping[int, date]) -> set[int]:
    """As `once_each`, where each thing has a period of its own, given by its primary key."""
    given = newest_given(series, model, periods)
    fresh = {pk: period for pk, period in periods.items() if given.get(pk, date.min) < period}
    about, now = {"series": series, "subject_type": model._meta.model_name or ""}, clock.now()
    Reminder.objects.bulk_create(
        (Reminder(**about, subject_id=str(pk), period=period, fired_at=now) for pk, period in fresh.items()),
        batch_size=500,
    )
    return set(fresh)


def due_period(series: Series, subject: models.Model, calendar: Calendar, on: date | None = None) -> date | None:
    """The one period that is owed today: the newest not given yet. After an outage that is one, not a burst."""
    period = series.newest(on or clock.today(), calendar)
    if period is None:
        return None
    given = Reminder.objects.filter(
        series=series.key, subject_type=subject._meta.model_name, subject_id=str(subject.pk), period__gte=period
    )
    return None if given.exists() else period


def newest_given(series: str, model: type[models.Model], ids: Iterable[int]) -> dict[int, date]:
    """The newest period given of a series for many things of one kind, by primary key; a query for every 500.

    For a job over many things: it asks `once` only for those that this leaves.
    """
    wanted = [str(pk) for pk in ids]
    found: dict[int, date] = {}
    for start in range(0, len(wanted), 500):
        rows = Reminder.objects.filter(
            series=series, subject_type=model._meta.model_name or "", subject_id__in=wanted[start : start + 500]
        ).values_list("subject_id").annotate(newest=models.Max("period"))  # fmt: skip
        found |= {int(pk): newest for pk, newest in rows}
    return found
