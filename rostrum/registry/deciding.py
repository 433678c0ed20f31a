"""Whose decision requests wait for: worked out on light rows, however many there are, and fetched only where shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from rostrum.core.reading import once
from rostrum.people.models import Person, Unit
from rostrum.people.queries import Roster, division, roles_of
from rostrum.policies.models import Edition
from rostrum.policies.queries import content, in_force
from rostrum.registry.approval import roles_of_step
from rostrum.registry.models import AccountRequest, Designation
from rostrum.registry.states import RegistrationState, RequestState
from rostrum.registry.statewords import in_own_words
from rostrum.registry.turns import AT_THE_UNIT, UPWARD, Turns

WAITING = Q(state__in=[RequestState.SUBMITTED, RequestState.ENDORSED]) | Q(
    state=RequestState.APPROVED, registration__state=RegistrationState.SENT
)


@dataclass(frozen=True)
class InTurn:
    """One request whose decision waits for a person: which, at what step, since when.

    `ready` is false for a Registration Form that too few managers have accepted: it cannot be confirmed yet.
    """

    pk: int
    state: str
    since: datetime
    retroactive: bool
    ready: bool


def requests() -> QuerySet[AccountRequest]:
    """All requests with the rows that every page about them needs."""
    return (
        AccountRequest.objects.select_related(
            "unit", "requester", "endorsed_by", "approved_by", "edition__procedure", "registration"
        )
        .defer("edition__source")  # 70 kB in every row, and read once in each process anyway
        .prefetch_related("registration__designations__person")
    )


def fetched(found: Iterable[InTurn]) -> list[AccountRequest]:
    """Those requests, in the same order."""
    numbers = [one.pk for one in found]
    rows = {row.pk: row for row in requests().filter(pk__in=numbers)} if numbers else {}
    return [rows[pk] for pk in numbers if pk in rows]


def deciding(person: Person) -> list[AccountRequest]:
    """Requests whose decision waits for this person today, oldest first."""
    return fetched(in_turn(person))


def in_turn(person: Person) -> list[InTurn]:
    """What waits for this person's decision today, oldest first. A few queries and no models, however much it is."""
    return once(("in turn", person.pk), lambda: _in_turn(person)) if roles_of(person) else []


def _in_turn(person: Person) -> list[InTurn]:
    found = list(_rows())
    editions = _editions({row["edition"] for row in found})
    steps = _Steps(editions.values())
    held = roles_of(person)
    rows = [row for row in found if held & (steps.roles(row) | UPWARD)]
    if not rows:
        return []
    units = _units(rows, steps)
    roster = Roster(units.values())
    alike: dict[tuple[Any, ...], AccountRequest] = {}
    keys = []
    for row in rows:
        key = _key(row, steps, roster)
        keys.append(key)
        if key not in alike:
            alike[key] = _standing_for(row, units, editions)
    turns = Turns(alike.values(), roster)
    mine = {key for key, request in alike.items() if _is_mine(person, request, turns)}
    return [
        InTurn(
            row["pk"], row["state"], row["since"], row["retroactive"],
            row["state"] != RequestState.APPROVED or row["accepted"] >= turns.managers_min,
        )
        for row, key in zip(rows, keys, strict=True) if key in mine
    ]  # fmt: skip


def _rows() -> Iterable[Mapping[str, Any]]:
    standing = Designation.objects.filter(
        registration=OuterRef("registration"), accepted_at__isnull=False, released_at=None, person__is_active=True
    )
    accepted = standing.order_by().values("registration").annotate(n=Count("pk")).values("n")
    return (
        AccountRequest.objects.filter(WAITING, unit__isnull=False)
        .annotate(accepted=Coalesce(Subquery(accepted), 0), since=Coalesce("registration__sent_at", "moved_at"))
        .order_by("moved_at", "pk")
        .values("pk", "state", "steps_given", "requester", "endorsed_by", "unit", "edition", "since", "retroactive",
                "accepted")
    )  # fmt: skip


def _editions(numbers: set[int]) -> dict[int, Edition]:
    """The editions of some requests; the one in force is known already on most pages."""
    if not numbers:
        return {}
    now = in_force()
    older = numbers - {now.pk}
    found = Edition.objects.select_related("procedure").defer("source").in_bulk(older) if older else {}
    return {**found, now.pk: now}


class _Steps:
    """Which roles may give the step at which a request is, by its edition."""

    def __init__(self, editions: Iterable[Edition]) -> None:
        self._roles: dict[tuple[int, bool], frozenset[str]] = {}
        self._own = set()
        for edition in editions:
            roles = [roles_of_step(one) for one in content(edition).approval.steps]
            first, last = roles[0], roles[-1]
            if in_own_words(content(edition).approval.steps):
                self._own.add(edition.pk)
                first = last = frozenset().union(*roles)
            self._roles[edition.pk, True], self._roles[edition.pk, False] = first, last

    def roles(self, row: Mapping[str, Any]) -> frozenset[str]:
        """The roles of the step; where the edition names its own steps, those of any of them."""
        return self._roles[row["edition"], row["state"] == RequestState.SUBMITTED]

    def own(self, row: Mapping[str, Any]) -> bool:
        """Whether the edition names its own steps, so that each request must be looked at by itself."""
        return row["edition"] in self._own


def _units(rows: list[Mapping[str, Any]], steps: _Steps) -> dict[int, Unit]:
    """Where the steps are sought, by the unit's id; 0 is the division, where those are sought that no unit gives."""
    numbers = {row["unit"] for row in rows if steps.own(row) or steps.roles(row) & AT_THE_UNIT}
    found = {one.pk: one for one in Unit.objects.filter(pk__in=numbers)} if numbers else {}
    root = division()
    return found | ({0: root} if root is not None else {})


def _key(row: Mapping[str, Any], steps: _Steps, roster: Roster) -> tuple[Any, ...]:
    """What requests have in common whose turn is the same: the step, where it is sought, the people kept apart.

    Who cannot give the step anyway keeps nobody apart. Where an edition names its own steps, each stands for itself.
    """
    if steps.own(row):
        return (row["pk"],)
    roles = steps.roles(row)
    who = roster.holding(roles | UPWARD)
    apart = tuple(pk for pk in (row["requester"], row["endorsed_by"]) if pk in who)
    return row["state"], row["edition"], row["unit"] if roles & AT_THE_UNIT else 0, apart


def _standing_for(row: Mapping[str, Any], units: dict[int, Unit], editions: dict[int, Edition]) -> AccountRequest:
    """A request as far as a turn needs it."""
    return AccountRequest(
        pk=row["pk"], state=row["state"], steps_given=row["steps_given"], unit=units.get(row["unit"]) or units[0],
        edition=editions[row["edition"]], requester_id=row["requester"], endorsed_by_id=row["endorsed_by"],
    )  # fmt: skip


def _is_mine(person: Person, request: AccountRequest, turns: Turns) -> bool:
    turn = turns.endorsers(request) if request.state == RequestState.SUBMITTED else turns.approvers(request)
    return any(one.pk == person.pk for one in turn.people)
