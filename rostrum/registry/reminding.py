"""What the register reminds of each morning: owed checklists, parked handles, suspensions whose day has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from django.db import models, transaction
from django.utils import timezone

from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.registry import closing_notices as N
from rostrum.registry.closing_models import Closing, ParkedHandle
from rostrum.registry.closing_queries import owed, to_renew
from rostrum.registry.ended import ended_suspensions
from rostrum.registry.known_queries import keepers
from rostrum.registry.models import Designation
from rostrum.schoolyear.queries import calendar
from rostrum.schoolyear.series import Series, newest_given, once

# Rostrum's own rhythm: what asks somebody to act asks again each week until it is done.
EVERY_DAYS = 7
Row = TypeVar("Row", bound=models.Model)


def _due(series: str, rows: Iterable[Row], first: Callable[[Row], date]) -> list[tuple[Row, date]]:
    """Those rows of which the present period was not given yet, each with it. Few queries for any number."""
    found, year, today = list(rows), calendar(), clock.today()
    if not found:
        return []
    given = newest_given(series, type(found[0]), [one.pk for one in found])
    due = ((one, Series(series, first(one), EVERY_DAYS).newest(today, year)) for one in found)
    return [(one, period) for one, period in due if period is not None and given.get(one.pk, date.min) < period]


def _each(series: str, due: list[tuple[Row, date]], tell: Callable[[Row], None]) -> int:
    count = 0
    for one, period in due:
        with transaction.atomic():
            if once(series, one, period):
                tell(one)
                count += 1
    return count


def checklists() -> int:
    """Remind of owed checklists from the day that they are due, or a week after the retirement where none is set."""

    def first(one: Closing) -> date:
        retired = timezone.localdate(one.retired_at or one.started_at)
        return one.due_on or date.fromordinal(retired.toordinal() + EVERY_DAYS)

    due = _due("closing.owed", owed(), first)
    people = _managers({one.account.registration_id for one, _period in due})
    keep = keepers() if due else []

    def tell(one: Closing) -> None:
        mine = people.get(one.account.registration_id, [])
        N.tell_closing([*mine, *([one.retired_by] if one.retired_by else []), *keep], N.OWED, one, None)

    return _each("closing.owed", due, tell)


def handles() -> int:
    """Ask Communications, and whoever parked it, to look after parked handles whose day has come."""

    def first(one: ParkedHandle) -> date:
        return one.renew_on or clock.today()

    # A handle that was renewed starts a new series: its period is named by its own day.
    due = _due("parking.renew", to_renew(), first)
    keep = keepers() if due else []
    return _each("parking.renew", due, lambda one: N.tell_handle([*keep, *([one.by] if one.by else [])], one))


def suspensions() -> int:
    """Ask Communications whether suspensions end whose day has come. Nothing ends by itself."""
    due = _due("standing.ended", ended_suspensions(), lambda one: one.ends_on or clock.today())
    keep = keepers() if due else []
    return _each("standing.ended", due, lambda one: N.tell_ended(keep, one))


def _managers(registrations: set[int]) -> dict[int, list[Person]]:
    """Who looks after accounts, by registration."""
    found: dict[int, list[Person]] = {}
    rows = Designation.objects.filter(
        registration__in=registrations, accepted_at__isnull=False, released_at=None, person__is_active=True
    ).select_related("person")
    for row in rows:
        found.setdefault(row.registration_id, []).append(row.person)
    return found
