"""Whose turn it is on a request or registration today, and how a person is related to it (AP 193 3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache

from rostrum.people.models import Person, Unit
from rostrum.people.queries import Roster, Turn
from rostrum.policies.queries import content, setting
from rostrum.registry.models import AccountRequest, Registration
from rostrum.registry.states import RegistrationState, RequestState

UPWARD = frozenset({"director"})


@lru_cache(maxsize=32)
def _endorsing_roles(roles: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    return (frozenset(roles), UPWARD)


def endorsing_steps(request: AccountRequest) -> tuple[frozenset[str], ...]:
    """Role sets that may endorse, in order: those that the edition names for its first step, then the Director."""
    step = content(request.edition).approval.steps[0]
    roles = {*step.role_by_kind.values(), step.role_outside_school or "", step.role or ""} - {""}
    return _endorsing_roles(tuple(sorted(roles)))


def approving_steps(request: AccountRequest) -> tuple[frozenset[str], ...]:
    """Role sets that may approve and confirm: those of the edition's last step, then the Director."""
    step = content(request.edition).approval.steps[-1]
    return (frozenset({step.role or "communications"}), UPWARD)


class Turns:
    """Whose turn it is for any number of requests, with a constant number of queries."""

    def __init__(self, requests: Iterable[AccountRequest]) -> None:
        units = [r.unit for r in requests if r.unit is not None]
        self._roster = Roster(units)
        root_ids = {unit.ancestor_ids[-1] for unit in units}
        self._roots = {u.pk: u for u in Unit.objects.filter(pk__in=root_ids)}

    @cached_property
    def managers_min(self) -> int:
        """How many managers must have accepted before an account is official (at least one). Read once."""
        found = setting("managers_min")
        return found if isinstance(found, int) and found > 0 else 1

    def endorsers(self, request: AccountRequest) -> Turn:
        """Who must endorse: the nearest administrator or supervisor who is not the requester."""
        if request.unit is None:
            return Turn((), None, "")
        return self._roster.turn(request.unit, endorsing_steps(request), apart={request.requester_id})

    def approvers(self, request: AccountRequest) -> Turn:
        """Who must approve: Communications, apart from the requester and from whoever endorsed."""
        if request.unit is None:
            return Turn((), None, "")
        root = self._roots[request.unit.ancestor_ids[-1]]
        apart = {request.requester_id, *([request.endorsed_by_id] if request.endorsed_by_id else [])}
        return self._roster.turn(root, approving_steps(request), apart=apart)

    def of(self, request: AccountRequest, registration: Registration | None = None) -> Turn | None:
        """Whoever must act now; None when it is the requester's own turn or nothing is open."""
        if request.state == RequestState.SUBMITTED:
            return self.endorsers(request)
        if request.state == RequestState.ENDORSED:
            return self.approvers(request)
        if request.state == RequestState.APPROVED and registration and registration.state == RegistrationState.SENT:
            return self.approvers(request)
        return None


def relations(person: Person, request: AccountRequest, turns: Turns | None = None) -> frozenset[str]:
    """How a person stands to a request: requester, endorser (in turn), approver (in turn), named."""
    turns = turns or Turns([request])
    found = set()
    if person.pk == request.requester_id:
        found.add("requester")
    if request.unit is not None:
        if any(p.pk == person.pk for p in turns.endorsers(request).people):
            found.add("endorser")
        if any(p.pk == person.pk for p in turns.approvers(request).people):
            found.add("approver")
    registration = Registration.objects.filter(request=request).first()
    if registration and (
        registration.designations.filter(person=person, released_at=None).exists()
        or registration.access_holders.filter(person=person, until=None).exists()
    ):
        found.add("named")
    return frozenset(found)
