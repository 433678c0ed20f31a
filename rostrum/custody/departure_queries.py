"""What others may ask about departures: those open, those I may read, what is confirmed, what is mine to confirm."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from rostrum.core import clock
from rostrum.custody.departure_models import Departure, DepartureItem
from rostrum.custody.departure_states import OPEN_DEPARTURES, DepartureState, ItemState
from rostrum.custody.queries import LIVING
from rostrum.people.models import Person
from rostrum.people.queries import may, seen_units
from rostrum.policies.queries import setting
from rostrum.registry.models import Account, Designation
from rostrum.registry.queries import has_posts
from rostrum.registry.states import LIVE
from rostrum.schoolyear.queries import Calendar, calendar

STEPS = ("hand_over", "removal", "reset")


def departures() -> QuerySet[Departure]:
    """All departures with the rows that every page about them needs."""
    return Departure.objects.select_related("person__home_unit", "noted_by")


def items() -> QuerySet[DepartureItem]:
    """All accounts of departures with the rows that every page about them needs."""
    return DepartureItem.objects.select_related(
        "departure__person__home_unit", "account__unit", "account__registration", "handed_by", "removed_by", "reset_by"
    )


def _managed(person: Person) -> Any:
    return Designation.objects.filter(LIVING, person=person).values("registration")


def items_visible_to(person: Person) -> QuerySet[DepartureItem]:
    """The accounts of departures that a person may read: by role at the account's unit, or as its living manager.

    Whoever keeps the list of people reads all of them.
    """
    if not person.is_active:
        return items().none()
    units = seen_units(person, "departure:view")
    if units is None:
        return items()
    return items().filter(Q(account__unit__in=units) | Q(account__registration__in=_managed(person)))


def departures_visible_to(person: Person) -> QuerySet[Departure]:
    """The departures that a person may read: of the people of their units, and those that touch accounts they may read."""
    if not person.is_active:
        return departures().none()
    units = seen_units(person, "departure:view")
    if units is None:
        return departures()
    mine = items_visible_to(person).order_by().values("departure")
    return departures().filter(Q(pk__in=mine) | Q(person__home_unit__in=units))


def open_departure(person: Person) -> Departure | None:
    """The departure of a person that is known beforehand or not handed over yet; None where there is none."""
    return departures().filter(person=person, state__in=OPEN_DEPARTURES).first()


def open_items(accounts: Collection[Account]) -> dict[int, list[DepartureItem]]:
    """What of these accounts still waits to be confirmed after somebody left, by account. One query."""
    found: dict[int, list[DepartureItem]] = {one.pk: [] for one in accounts}
    for one in items().filter(account__in=accounts, state=ItemState.OPEN):
        found[one.account_id].append(one)
    return found


def waiting_for(person: Person) -> list[DepartureItem]:
    """The accounts whose hand-over a person may confirm as a living manager, earliest departure first."""
    if not has_posts(person):
        return []
    found = items().filter(state=ItemState.OPEN, account__registration__in=_managed(person))
    return list(found.exclude(departure__person=person).order_by("departure__last_day", "account__name", "pk"))


def counts_from(item: DepartureItem) -> datetime | None:
    """The moment after which a reset keeps the leaver out: when they left, or when their access was taken away.

    None while they can still get in: they would know whatever is chosen now.
    """
    return min((one for one in (item.removed_at, item.departure.since) if one is not None), default=None)


class DueDays:
    """By which school day accounts are to be handed over. What the division set, and its calendar, are read once."""

    @cached_property
    def _days(self) -> int | None:
        found = setting("handover_days")
        return found if isinstance(found, int) else None

    @cached_property
    def _school(self) -> Calendar:
        return calendar()

    def of(self, departure: Departure) -> date | None:
        """The day of one departure; None where the division set no number of days."""
        return None if self._days is None else self._school.deadline(departure.last_day, self._days).on


def due_day(departure: Departure) -> date | None:
    """The school day by which the accounts are to be handed over; None where the division set no number of days."""
    return DueDays().of(departure)


def done_steps(item: DepartureItem) -> dict[str, tuple[Person, datetime] | None]:
    """Each of the three confirmations with who gave it and when; None while it is open."""
    pairs = {
        "hand_over": (item.handed_by, item.handed_at), "removal": (item.removed_by, item.removed_at),
        "reset": (item.reset_by, item.reset_at),
    }  # fmt: skip
    return {step: (who, at) if who is not None and at is not None else None for step, (who, at) in pairs.items()}


@dataclass(frozen=True)
class Progress:
    """How far a departure has come: confirmed of all confirmations, and accounts done of all accounts."""

    confirmed: int
    needed: int
    done: int
    accounts: int


def progress(rows: Iterable[DepartureItem]) -> Progress:
    """How far these accounts have come. What was dropped counts for nothing."""
    kept = [one for one in rows if one.state != ItemState.DROPPED]
    confirmed = sum(found is not None for one in kept for found in done_steps(one).values())
    done = sum(one.state == ItemState.DONE for one in kept)
    return Progress(confirmed, len(STEPS) * len(kept), done, len(kept))


def may_plan(reader: Person, person: Person) -> bool:
    """Whether somebody may note a person's last day beforehand: who leads where they work, or keeps the list."""
    return may(reader, "person:manage") or (
        person.home_unit is not None and may(reader, "departure:plan", person.home_unit)
    )


def open_rows(departures_: Iterable[Departure]) -> dict[int, list[DepartureItem]]:
    """The accounts of each of these departures that still wait, by name, with what letters need. One query."""
    many = {one.pk: one for one in departures_}
    found: dict[int, list[DepartureItem]] = {pk: [] for pk in many}
    rows = DepartureItem.objects.filter(departure__in=many, state=ItemState.OPEN)
    for one in rows.select_related("account__unit", "account__registration").order_by("account__name", "pk"):
        one.departure = many[one.departure_id]
        found[one.departure_id].append(one)
    return found


def with_nothing_to_wait_for() -> QuerySet[Departure]:
    """Open departures with an account that was retired since, or with none that waits: the night looks at these."""
    waits = DepartureItem.objects.filter(departure=OuterRef("pk"), state=ItemState.OPEN)
    retired = waits.exclude(account__state__in=LIVE)
    return departures().filter(Exists(retired) | ~Exists(waits), state=DepartureState.OPEN)


def ahead(today: date | None = None) -> QuerySet[Departure]:
    """Departures whose last day is over and that have not become real yet."""
    return departures().filter(state=DepartureState.AHEAD, last_day__lt=today or clock.today())
