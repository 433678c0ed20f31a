"""Whose turn it is on a request or registration today, and how a person is related to it (AP 193 3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from rostrum.core.reading import once
from rostrum.people.models import Person
from rostrum.people.queries import Roster, Turn
from rostrum.policies.queries import setting
from rostrum.registry.approval import endorsing_position, in_own_words, roles_of_step, steps_of
from rostrum.registry.models import AccountRequest, Endorsement, Registration
from rostrum.registry.states import RegistrationState, RequestState

UPWARD = frozenset({"director"})


# Held at a school or department: sought from the unit upward. Every other role is the whole division's.
AT_THE_UNIT = frozenset({"administrator", "supervisor"})


class Turns:
    """Whose turn it is for any number of requests, with a constant number of queries."""

    def __init__(self, requests: Iterable[AccountRequest], roster: Roster | None = None) -> None:
        self._requests = list(requests)
        self._roster = roster or Roster(r.unit for r in self._requests if r.unit is not None)

    @cached_property
    def managers_min(self) -> int:
        """How many managers must have accepted before an account is official (at least one). Read once."""
        found = setting("managers_min")
        return found if isinstance(found, int) and found > 0 else 1

    @cached_property
    def _given(self) -> dict[int, dict[str, int]]:
        """Who gave which step, by request, where an edition asks for more than one endorsement. Read once."""
        several = [r.pk for r in self._requests if in_own_words(r)]
        given: dict[int, dict[str, int]] = {}
        if several:
            rows = Endorsement.objects.filter(request__in=several).values_list("request_id", "step", "person_id")
            for request, step, person in rows:
                given.setdefault(request, {})[step] = person
        return given

    def _apart(self, request: AccountRequest, position: int) -> set[int]:
        """Who may not give a step: whoever its edition keeps apart, never less than the requester and the endorser.

        The edition can add to that floor and not take from it: the database refuses an approval by either.
        """
        step = steps_of(request)[position]
        apart = {request.requester_id}
        if position == len(steps_of(request)) - 1 and request.endorsed_by_id:
            apart.add(request.endorsed_by_id)
        given = self._given.get(request.pk, {})
        return apart | {given[key] for key in step.apart_from if key in given}

    def at_step(self, request: AccountRequest, position: int) -> Turn:
        """Who may give one step: the nearest holder of a role that it names and apart from others, else upward."""
        if request.unit is None:
            return Turn((), None, "")
        roles = roles_of_step(steps_of(request)[position])
        start = request.unit if roles & AT_THE_UNIT else self._roster.root(request.unit)
        return self._roster.turn(start, (roles, UPWARD), apart=self._apart(request, position))

    def endorsers(self, request: AccountRequest) -> Turn:
        """Who must endorse next: the nearest holder of the role (AP 193: administrator or supervisor), not the requester."""
        return self.at_step(request, endorsing_position(request))

    def approvers(self, request: AccountRequest) -> Turn:
        """Who must approve: the role of the last step (AP 193: Communications), apart from requester and endorser."""
        return self.at_step(request, len(steps_of(request)) - 1)

    def was_endorser(self, person: Person, request: AccountRequest) -> bool:
        """Whether a person could have given an endorsing step that somebody has given since."""
        passed = range(request.steps_given if in_own_words(request) else 0)
        return any(person.pk == one.pk for at in passed for one in self.at_step(request, at).people)

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
    """How a person stands to a request: requester, endorser (in turn), approver (in turn), named, left_with.

    An approval whose requester has left is left with whoever must approve it today: they alone can end it.
    """
    question = ("relations", person.pk, request.pk, request.version)
    return once(question, lambda: _relations(person, request, turns or Turns([request])))


def _relations(person: Person, request: AccountRequest, turns: Turns) -> frozenset[str]:
    found = set()
    if person.pk == request.requester_id:
        found.add("requester")
    if request.unit is not None:
        if any(p.pk == person.pk for p in turns.endorsers(request).people):
            found.add("endorser")
        if any(p.pk == person.pk for p in turns.approvers(request).people):
            found.add("approver")
            if request.state == RequestState.APPROVED and not request.requester.is_active:
                found.add("left_with")
    here = Registration.objects.filter(request=request)
    named = here.filter(designations__person=person, designations__released_at=None)
    holding = here.filter(access_holders__person=person, access_holders__until=None)
    if named.order_by().union(holding.order_by(), all=True).exists():
        found.add("named")
    return frozenset(found)
