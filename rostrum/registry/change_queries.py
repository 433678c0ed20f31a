"""What others may ask about changes to accounts: those I may read, those that wait for me, what it was called when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Manager, Q, QuerySet

from rostrum.core.rows import where_any
from rostrum.people.models import Person, Unit
from rostrum.people.queries import Roster, Turn, may
from rostrum.policies.queries import content, in_force
from rostrum.registry.approval import roles_of_step
from rostrum.registry.change_models import AccountChange, FormerDetails
from rostrum.registry.change_states import APPROVE, CHANGE_MOVES, MERGE, OPEN_CHANGES, ChangeState
from rostrum.registry.models import Account
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.turns import AT_THE_UNIT, UPWARD
from rostrum.registry.turns import relations as of_request
from rostrum.workflow.moves import Move

# What a change may touch, in the order of the form.
PARTS = ("into", "name", "address", "number", "unit")
# A unit in which whoever leads it is asked; what lies in one (a class, a club) goes with it.
LED = frozenset({"school", "department", "division"})


class ChangeTurns:
    """Whose turn it is for any number of changes: the roles of the edition's first step, then of its last.

    A change takes the same two yeses as the account did (AP 193 3.1): of the school it will speak for, then of
    Communications. From one school to another the school that gives it says yes before. Nobody gives both, and nobody
    approves what they proposed. Where nobody at a school or above it leads, Communications says yes for it.
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        self._roster = Roster(units)
        steps = content(in_force()).approval.steps
        self._first, self._last = roles_of_step(steps[0]), roles_of_step(steps[-1])

    def _at(self, unit: Unit, roles: frozenset[str], apart: set[int]) -> Turn:
        start = unit if roles & AT_THE_UNIT else self._roster.root(unit)
        return self._roster.turn(start, (roles, UPWARD), apart=apart)

    def agreers(self, unit: Unit, apart: Iterable[int] = ()) -> Turn:
        """Who says for a unit that a change is wanted: the nearest administrator or supervisor, else upward."""
        turn = self._at(unit, self._first, set(apart))
        if turn.people:
            return turn
        return self._roster.turn(self._roster.root(unit), (self._last,), apart=set(apart))

    def approvers(self, change: AccountChange) -> Turn:
        """Who approves a change: Communications, apart from whoever proposed it and whoever agreed."""
        apart = {change.proposed_by_id, change.agreed_by_id or 0, change.given_by_id or 0}
        return self._at(change.unit, self._last, apart)

    def of(self, change: AccountChange) -> Turn | None:
        """Whoever must act now; None when nothing is open."""
        if change.state == ChangeState.OFFERED and change.gives is not None:
            return self.agreers(change.gives, {change.proposed_by_id})
        if change.state == ChangeState.PROPOSED:
            return self.agreers(change.unit, {change.proposed_by_id})
        return self.approvers(change) if change.state == ChangeState.AGREED else None


def units_of(change: AccountChange) -> list[Unit]:
    """The units whose leaders a change asks: the one it will speak for and, between two schools, the one that gives."""
    return [change.unit, *([change.gives] if change.gives is not None else [])]


def turns_of(change: AccountChange) -> ChangeTurns:
    """Whose turn it is for one change."""
    return ChangeTurns(units_of(change))


_IN_TURN = {ChangeState.OFFERED.value: "giver", ChangeState.PROPOSED.value: "endorser", ChangeState.AGREED.value: "approver"}


def relations(person: Person, change: AccountChange, turns: ChangeTurns | None = None) -> frozenset[str]:
    """How a person stands to a change: its proposer, or in turn to give, to agree (endorser) or to approve."""
    found = {"proposer"} if person.pk == change.proposed_by_id else set()
    turn = (turns or turns_of(change)).of(change)
    if turn is not None and any(one.pk == person.pk for one in turn.people):
        found.add(_IN_TURN[change.state])
    return frozenset(found)


def led(unit: Unit) -> int:
    """The primary key of the school, department or division that a unit is or lies in: whoever leads it is asked."""
    kinds = dict(Unit.objects.filter(pk__in=unit.ancestor_ids).values_list("pk", "kind"))
    return next((pk for pk in unit.ancestor_ids if kinds.get(pk) in LED), unit.pk)


def outsiders(change: AccountChange) -> list[Person]:
    """Those who look after an account and do not belong to the school that takes it over; nobody within one school."""
    if change.gives is None:
        return []
    there = led(change.unit)
    standing = change.account.registration.designations.filter(accepted_at__isnull=False, released_at=None)
    people = [one.person for one in standing.select_related("person__home_unit").order_by("kind", "pk")]
    return [one for one in people if one.home_unit is None or there not in one.home_unit.ancestor_ids]


def may_propose(person: Person, account: Account) -> bool:
    """Whether a person may propose a change to an account at all: its people, its administrators, Communications."""
    return may(person, "change:propose", account.unit, of_request(person, account.registration.request))


def allowed(person: Person, change: AccountChange) -> list[Move]:
    """The moves on a change that a person could make now."""
    if change.state not in OPEN_CHANGES:
        return []
    mine = relations(person, change)
    other = APPROVE if change.into_id else MERGE
    return [
        m for m in CHANGE_MOVES
        if m is not other and change.state in m.sources and may(person, m.permission, change.unit, mine)
    ]  # fmt: skip


def changes() -> QuerySet[AccountChange]:
    """All changes with the rows that every page about them needs."""
    return AccountChange.objects.select_related(
        "account__unit__parent", "account__registration__request", "unit__parent", "gives__parent",
        "into__unit__parent", "into__registration", "proposed_by", "given_by", "agreed_by", "decided_by", "replaced",
    )  # fmt: skip


def readable(person: Person, change: AccountChange) -> bool:
    """Whether a person may read a change: whoever may read the account, and whoever has a part in the change."""
    if accounts_visible_to(person).filter(pk__in=[change.account_id, change.into_id or 0]).exists():
        return True
    parts_in_it = {change.proposed_by_id, change.given_by_id, change.agreed_by_id, change.decided_by_id}
    return person.pk in parts_in_it or bool(relations(person, change))


def open_change(account: Account) -> AccountChange | None:
    """The change of an account that is on its way, or the merge of another one into it, if there is one."""
    return changes().filter(Q(account=account) | Q(into=account), state__in=OPEN_CHANGES).first()


def waiting_for(person: Person) -> list[AccountChange]:
    """The changes that a person must decide on today, oldest first. The queries do not grow with them."""
    found = where_any(changes().filter(state__in=OPEN_CHANGES).order_by("moved_at", "pk"))
    if not found:
        return []
    turns = ChangeTurns(unit for one in found for unit in units_of(one))
    return [one for one in found if relations(person, one, turns) - {"proposer"}]


def former(account: Account) -> QuerySet[FormerDetails]:
    """What an account was called before, newest first."""
    return account.former_details.select_related("unit__parent", "change")


def told(found: Manager[FormerDetails] | QuerySet[FormerDetails]) -> QuerySet[FormerDetails]:
    """Without what the public never read otherwise: stretches that ended by a new number of the platform alone."""
    return found.exclude(
        name=F("change__name"), handle=F("change__handle"), address=F("change__address"), unit=F("change__unit")
    )


def called_on(moment: datetime, accounts: Iterable[int] | None = None) -> dict[int, FormerDetails]:
    """What accounts were called just before a moment, by primary key; only of those that are called otherwise since."""
    found = FormerDetails.objects.filter(since__lt=moment, until__gte=moment)
    if accounts is not None:
        found = found.filter(account__in=list(accounts))
    return {one.account_id: one for one in found.select_related("unit__parent").order_by("since", "pk")}


def as_called(then: FormerDetails) -> dict[str, Any]:
    """What an account was called then, under the names that rows of the directory have."""
    unit, above = then.unit, then.unit.parent
    return {
        "name": then.name, "handle": then.handle, "address": then.address, "unit__name": unit.name,
        "unit__code": unit.code, "unit__kind": unit.kind, "unit__parent__name": above.name if above else None,
        "unit__parent__kind": above.kind if above else None,
    }  # fmt: skip


def parts(change: AccountChange) -> list[tuple[str, str, str]]:
    """What a change touches, as (part, before, after). Part is into (of a merge), name, address, number or unit."""
    if change.into is not None:
        return [("into", change.account.name, change.into.name)]
    old = getattr(change, "replaced", None) or change.account
    pairs = {
        "into": ("", ""),
        "name": (old.name, change.name),
        "address": (old.address, change.address),
        "number": (old.platform_id or "–", change.platform_id or "–"),
        "unit": (old.unit.name, change.unit.name) if old.unit_id != change.unit_id else ("", ""),
    }
    return [(part, *pairs[part]) for part in PARTS if pairs[part][0] != pairs[part][1]]
