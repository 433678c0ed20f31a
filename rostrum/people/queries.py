"""What others may ask about people: who holds a role today, who stands in, who may do what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from django.db.models import Q, QuerySet

from rostrum.core import clock
from rostrum.core.reading import going_on, once
from rostrum.core.text import fold
from rostrum.people.grants import GRANTS, ROLES_NEEDING_SECOND_FACTOR
from rostrum.people.models import Appointment, Person, StandIn, Unit


def division() -> Unit | None:
    """The root of the tree, or None in an empty database."""
    return once("division", lambda: Unit.objects.filter(parent=None).first())


def subtree(unit: Unit) -> QuerySet[Unit]:
    """The unit and everything beneath it."""
    return Unit.objects.filter(path__startswith=unit.path)


def open_units(on: date | None = None) -> QuerySet[Unit]:
    """Units that are not closed on that day."""
    return Unit.objects.filter(Q(closed_on=None) | Q(closed_on__gt=on or clock.today()))


def school_of(unit: Unit) -> Unit:
    """The nearest school or department at or above the unit, else the unit itself."""
    above = {u.pk: u for u in Unit.objects.filter(pk__in=unit.ancestor_ids)}
    for pk in unit.ancestor_ids:
        if above[pk].kind in {"school", "department", "division"}:
            return above[pk]
    return unit


def in_force(on: date | None = None) -> Q:
    """The condition that an appointment holds on a day (both ends included)."""
    day = on or clock.today()
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def appointments_of(person: Person, on: date | None = None) -> QuerySet[Appointment]:
    """The roles that a person holds on a day, with their units."""
    return Appointment.objects.filter(in_force(on), person=person).select_related("unit")


def _acting(person: Person, on: date) -> list[tuple[str, Unit]]:
    """(role, unit) pairs that a person may act in on a day: own appointments, and those they stand in for."""
    own = [(a.role, a.unit) for a in appointments_of(person, on)]
    stands = StandIn.objects.filter(
        person=person, cancelled_at=None, starts_on__lte=on, ends_on__gte=on
    ).select_related("appointment__unit")
    # An ended appointment lends nobody a role.
    lent = [
        (s.appointment.role, s.appointment.unit)
        for s in stands
        if s.appointment.starts_on <= on and (s.appointment.ends_on is None or s.appointment.ends_on >= on)
    ]
    return own + lent


def roles_of(person: Person, on: date | None = None) -> set[str]:
    """Role keys a person may act in today anywhere, stand-ins included. Remembered for the life of the object."""
    day = on or clock.today()
    cached: dict[date, list[tuple[str, Unit]]] = person.__dict__.setdefault("_acting_on", {})
    if day not in cached:
        cached[day] = _acting(person, day) if person.is_active else []
    return {role for role, _unit in cached[day]}


def has_stepped_down(person: Person, on: date | None = None) -> bool:
    """Whether a person has left, or every role they ever held has ended. Who never held one has not stepped down."""
    day = on or clock.today()
    if not person.is_active:
        return True
    return person.appointments.filter(ends_on__lt=day).exists() and not roles_of(person, day)


def capacities(person: Person, unit: Unit | None, relations: Iterable[str] = (), on: date | None = None) -> set[str]:
    """Every capacity of a person towards a unit: relations given, and roles held at the unit or above it."""
    if not person.is_active:
        return set()
    day = on or clock.today()
    found = {"anyone", *relations}
    roles_of(person, day)
    acting: list[tuple[str, Unit]] = person.__dict__["_acting_on"][day]
    for role, at in acting:
        if unit is None or unit.path.startswith(at.path):
            found.add(role)
    return found


def may(
    person: Person, permission: str, unit: Unit | None = None, relations: Iterable[str] = (), on: date | None = None
) -> bool:
    """Whether a person may do an act at a unit. With no unit: whether they may do it anywhere at all."""
    return any(permission in GRANTS[c] for c in capacities(person, unit, relations, on))


def seen_units(person: Person, permission: str) -> QuerySet[Unit] | None:
    """Units where a role grants the permission; None means all of them. Relations are the asker's business."""
    day = clock.today()
    roles_of(person, day)
    acting: list[tuple[str, Unit]] = person.__dict__.get("_acting_on", {}).get(day, [])
    granting = [unit for role, unit in acting if permission in GRANTS[role]]
    if any(unit.parent_id is None for unit in granting):
        return None
    condition = Q(pk__in=())
    for unit in granting:
        condition |= Q(path__startswith=unit.path)
    return Unit.objects.filter(condition)


def needs_second_factor(person: Person) -> bool:
    """Whether a person holds a role that approves or sees consents, and so needs a second factor."""
    return bool(roles_of(person) & ROLES_NEEDING_SECOND_FACTOR)


@dataclass(frozen=True)
class Turn:
    """Whose turn it is: the people, at which unit, in which role, and every detour taken to find them.

    A detour is (code, unit name, person name): code is own_request, vacant, away, stand_in or already_acted.
    """

    people: tuple[Person, ...]
    unit: Unit | None
    role: str
    detours: tuple[tuple[str, str, str], ...] = field(default=())


_Held = tuple[dict[int, Unit], list[Appointment], dict[int, StandIn]]


def _held(ids: Collection[int], day: date) -> _Held:
    """The units, who holds a role at one of them on a day, and who stands in for whom."""
    holders = list(
        Appointment.objects.filter(in_force(day), unit_id__in=ids, person__is_active=True)
        .select_related("person")
        .order_by("starts_on", "pk")
    )
    away = StandIn.objects.filter(
        appointment__in=[h.pk for h in holders], cancelled_at=None, starts_on__lte=day, ends_on__gte=day
    ).select_related("person")
    return {u.pk: u for u in Unit.objects.filter(pk__in=ids)}, holders, {s.appointment_id: s for s in away}


class Roster:
    """Who holds which role on one day, read at the first question for any number of units: three queries in all.

    A page that asks only who acts for the whole division shares one roster of it, however many units are given.
    """

    def __init__(self, units: Iterable[Unit], on: date | None = None) -> None:
        self._day = on or clock.today()
        self._ids = frozenset(pk for unit in units for pk in unit.ancestor_ids)
        self._holding: dict[frozenset[str], frozenset[int]] = {}

    @cached_property
    def _held(self) -> _Held:
        return once(("roster", self._ids, self._day), lambda: _held(self._ids, self._day))

    def _only_of(self, unit: Unit) -> Roster | None:
        """The roster of the division alone, which one reading shares; None where the units are read anyway."""
        if unit.parent_id is not None or not going_on() or "_held" in self.__dict__ or self._ids == {unit.pk}:
            return None
        return once(("roster of the division", unit.pk, self._day), lambda: Roster([unit], self._day))

    def holding(self, roles: Collection[str]) -> frozenset[int]:
        """Ids of everyone who holds one of these roles at one of the units, or stands in for who does."""
        kept = frozenset(roles)
        if kept not in self._holding:
            _units, holders, away = self._held
            here = [one for one in holders if one.role in kept]
            stand = {away[one.pk].person_id for one in here if one.pk in away}
            self._holding[kept] = frozenset({one.person_id for one in here} | {pk for pk in stand if pk is not None})
        return self._holding[kept]

    @cached_property
    def _at(self) -> dict[int, list[Appointment]]:
        found: dict[int, list[Appointment]] = {}
        for one in self._held[1]:
            found.setdefault(one.unit_id, []).append(one)
        return found

    def root(self, unit: Unit) -> Unit:
        """The division that a unit belongs to."""
        top = division() if going_on() else None
        return top if top is not None and top.pk == unit.ancestor_ids[-1] else self._held[0][unit.ancestor_ids[-1]]

    def turn(self, unit: Unit, steps: Sequence[Collection[str]], *, apart: Collection[int] = ()) -> Turn:
        """Who must act for a unit: the nearest holder of a role, the stand-in of one who is away, else upward.

        `steps` is a list of role sets tried in order from the unit up to the division (first the roles that the
        procedure names, then the fall-back). People whose ids are in `apart` are passed over: nobody decides on
        their own request, and nobody decides twice (AP 193 3.1). Returns an empty Turn when nobody is left.
        """
        alone = self._only_of(unit)
        if alone is not None:
            return alone.turn(unit, steps, apart=apart)
        units, _holders, away = self._held
        detours: list[tuple[str, str, str]] = []
        for roles in steps:
            for pk in unit.ancestor_ids:
                place = units[pk]
                here = [h for h in self._at.get(pk, ()) if h.role in roles]
                if not here and place.kind in {"school", "department"}:
                    detours.append(("vacant", place.name, ""))
                found: dict[int, Person] = {}
                for holder in here:
                    stand = away.get(holder.pk)
                    if holder.person_id in apart:
                        detours.append(("own_request", place.name, holder.person.name))
                    elif stand is None:
                        found[holder.person_id] = holder.person
                    elif stand.person and stand.person.is_active and stand.person_id not in apart:
                        detours.append(("stand_in", holder.person.name, stand.person.name))
                        found[stand.person.pk] = stand.person
                    else:
                        detours.append(("away", place.name, holder.person.name))
                if found:
                    return Turn(tuple(found.values()), place, here[0].role, tuple(detours))
        return Turn((), None, "", tuple(detours))


def in_turn(
    unit: Unit, steps: Sequence[Collection[str]], *, apart: Collection[int] = (), on: date | None = None
) -> Turn:
    """Whose turn it is for one unit; see Roster.turn."""
    return Roster([unit], on).turn(unit, steps, apart=apart)


def active_people() -> QuerySet[Person]:
    """Everyone who can sign in today."""
    return Person.objects.filter(is_active=True)


def by_email(address: str) -> Person | None:
    """The active person of a work e-mail, in any letter case."""
    return Person.objects.filter(email__iexact=address.strip(), is_active=True).first()


# Names are few (a division has hundreds), and both databases compare accents in their own way: folding here gives
# the same answer on both, and a process folds each name once.
_folded = lru_cache(maxsize=20_000)(fold)


def _words(typed: str) -> list[str]:
    return fold(typed[:200]).split()[:8]


def people_named(typed: str, among: QuerySet[Person]) -> list[int]:
    """Ids of those people whose name, work e-mail or title holds every typed word, by name.

    Accents and case do not matter, neither in the words nor in the order. Nothing typed finds everyone.
    """
    words = _words(typed)
    rows = among.order_by().values_list("pk", "name", "email", "title")
    found = [
        (_folded(texts[0]), pk)
        for pk, *texts in rows
        if all(any(word in _folded(text) for text in texts) for word in words)
    ]
    return [pk for _name, pk in sorted(found)]


def units_named(typed: str, among: Iterable[Unit]) -> list[Unit]:
    """Those units whose name, code or town holds every typed word; accents and case do not matter."""
    words = _words(typed)
    return [
        unit
        for unit in among
        if all(any(word in _folded(text) for text in (unit.name, unit.code, unit.town)) for word in words)
    ]
