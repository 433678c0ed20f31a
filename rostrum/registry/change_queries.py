"""What others may ask about changes to accounts: those I may read, those that wait for me, what it was called when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from rostrum.people.models import Person, Unit
from rostrum.people.queries import Roster, Turn, may
from rostrum.policies.queries import content, in_force
from rostrum.registry.approval import roles_of_step
from rostrum.registry.change_models import AccountChange, FormerDetails
from rostrum.registry.change_states import CHANGE_MOVES, OPEN_CHANGES, ChangeState
from rostrum.registry.models import Account
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.turns import AT_THE_UNIT, UPWARD
from rostrum.registry.turns import relations as of_request
from rostrum.workflow.moves import Move

# What a change may touch, in the order of the form.
PARTS = ("name", "address", "unit")


class ChangeTurns:
    """Whose turn it is for any number of changes: the roles of the edition's first step, then of its last.

    A change takes the same two yeses as the account did (AP 193 3.1): of the school it will speak for, then of
    Communications. Nobody gives both, and nobody approves what they proposed.
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        units = list(units)
        roots = {u.pk: u for u in Unit.objects.filter(pk__in={unit.ancestor_ids[-1] for unit in units})}
        self._roster, self._roots = Roster([*units, *roots.values()]), roots
        steps = content(in_force()).approval.steps
        self._first, self._last = roles_of_step(steps[0]), roles_of_step(steps[-1])

    def _at(self, unit: Unit, roles: frozenset[str], apart: set[int]) -> Turn:
        start = unit if roles & AT_THE_UNIT else self._roots[unit.ancestor_ids[-1]]
        return self._roster.turn(start, (roles, UPWARD), apart=apart)

    def agreers(self, unit: Unit, apart: Iterable[int] = ()) -> Turn:
        """Who says for a unit that a change is wanted: the nearest administrator or supervisor, else upward."""
        return self._at(unit, self._first, set(apart))

    def approvers(self, change: AccountChange) -> Turn:
        """Who approves a change: Communications, apart from whoever proposed it and whoever agreed."""
        return self._at(change.unit, self._last, {change.proposed_by_id, change.agreed_by_id or 0})

    def of(self, change: AccountChange) -> Turn | None:
        """Whoever must act now; None when nothing is open."""
        if change.state == ChangeState.PROPOSED:
            return self.agreers(change.unit, {change.proposed_by_id})
        return self.approvers(change) if change.state == ChangeState.AGREED else None


def relations(person: Person, change: AccountChange, turns: ChangeTurns | None = None) -> frozenset[str]:
    """How a person stands to a change: its proposer, its endorser (in turn to agree) or its approver (in turn)."""
    found = {"proposer"} if person.pk == change.proposed_by_id else set()
    turn = (turns or ChangeTurns([change.unit])).of(change)
    if turn is not None and any(one.pk == person.pk for one in turn.people):
        found.add("endorser" if change.state == ChangeState.PROPOSED else "approver")
    return frozenset(found)


def may_propose(person: Person, account: Account) -> bool:
    """Whether a person may propose a change to an account at all: its people, its administrators, Communications."""
    return may(person, "change:propose", account.unit, of_request(person, account.registration.request))


def allowed(person: Person, change: AccountChange) -> list[Move]:
    """The moves on a change that a person could make now."""
    if change.state not in OPEN_CHANGES:
        return []
    mine = relations(person, change)
    return [m for m in CHANGE_MOVES if change.state in m.sources and may(person, m.permission, change.unit, mine)]


def changes() -> QuerySet[AccountChange]:
    """All changes with the rows that every page about them needs."""
    return AccountChange.objects.select_related(
        "account__unit__parent", "account__registration__request", "unit__parent", "proposed_by", "agreed_by",
        "decided_by", "replaced",
    )  # fmt: skip


def readable(person: Person, change: AccountChange) -> bool:
    """Whether a person may read a change: whoever may read the account, and whoever has a part in the change."""
    if accounts_visible_to(person).filter(pk=change.account_id).exists():
        return True
    return person.pk in {change.proposed_by_id, change.agreed_by_id} or bool(relations(person, change))


def open_change(account: Account) -> AccountChange | None:
    """The change of an account that is on its way, if there is one."""
    return changes().filter(account=account, state__in=OPEN_CHANGES).first()


def waiting_for(person: Person) -> list[AccountChange]:
    """The changes that a person must decide on today, oldest first. The queries do not grow with them."""
    found = list(changes().filter(state__in=OPEN_CHANGES).order_by("moved_at", "pk"))
    if not found:
        return []
    turns = ChangeTurns(one.unit for one in found)
    return [one for one in found if relations(person, one, turns) & {"endorser", "approver"}]


def former(account: Account) -> QuerySet[FormerDetails]:
    """What an account was called before, newest first."""
    return account.former_details.select_related("unit__parent", "change")


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
    """What a change touches, as (part, before, after). Part is name, address or unit."""
    old = getattr(change, "replaced", None) or change.account
    pairs = {
        "name": (old.name, change.name),
        "address": (old.address, change.address),
        "unit": (old.unit.name, change.unit.name) if old.unit_id != change.unit_id else ("", ""),
    }
    return [(part, *pairs[part]) for part in PARTS if pairs[part][0] != pairs[part][1]]
