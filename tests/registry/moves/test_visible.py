"""The one query that leaves the register agrees with the rule, written out for one request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rostrum.core import clock
from rostrum.people.actions import name_stand_in
from rostrum.people.models import Appointment, Person
from rostrum.registry import actions, queries
from rostrum.registry.models import AccessHolder, AccountRequest, Designation, Registration
from tests.cast import Cast, submitted
from tests.registry.reached import Reached

READING_ROLES = {"administrator", "supervisor", "communications", "privacy", "director", "auditor"}


def roles_over(person: Person, request: AccountRequest) -> set[str]:
    """Roles that a person holds, or stands in for, today at the request's unit or above it."""
    if request.unit is None:
        return set()
    today = clock.today()
    found = set()
    for appointment in Appointment.objects.select_related("unit"):
        if not appointment.starts_on <= today or (appointment.ends_on and appointment.ends_on < today):
            continue
        acting = {appointment.person_id} | {
            s.person_id for s in appointment.stand_ins.filter(cancelled_at=None) if s.starts_on <= today <= s.ends_on
        }
        if person.pk in acting and appointment.unit_id in request.unit.ancestor_ids:
            found.add(appointment.role)
    return found


def named_in(person: Person, request: AccountRequest) -> bool:
    registration = Registration.objects.filter(request=request).first()
    return registration is not None and (
        Designation.objects.filter(registration=registration, person=person, released_at=None).exists()
        or AccessHolder.objects.filter(registration=registration, person=person, until=None).exists()
    )


def may_read(person: Person, request: AccountRequest) -> bool:
    """The rule, in the plainest words: who asked, who is named, and who reads by role once it was sent."""
    if not person.is_active:
        return False
    if person.pk == request.requester_id or named_in(person, request):
        return True
    if request.submitted_at is None or request.state == "draft":
        return False
    return bool(roles_over(person, request) & READING_ROLES)


@pytest.fixture
def people(reached: Reached) -> list[Person]:
    """Things in every state, two more in another school and by the principal, and someone who stands in for Charlie."""
    cast, today = reached.cast, clock.today()
    submitted(cast, cast.charlie, unit=cast.other_school.code, entity_kind="school")
    submitted(cast, cast.principal)
    name_stand_in(Appointment.objects.get(person=cast.charlie), person=cast.colleague, starts_on=today,
                  ends_on=today + timedelta(days=2), reason="Course", by=None)
    return list(Person.objects.all())


def test_visible_to_agrees_with_the_rule_for_everyone_and_every_request(people: list[Person]) -> None:
    everything = list(AccountRequest.objects.select_related("unit"))
    assert len(everything) > 15
    for person in people:
        seen = set(queries.visible_to(person).values_list("pk", flat=True))
        assert seen == {r.pk for r in everything if may_read(person, r)}, person.name


def test_a_person_finds_a_request_by_number_exactly_when_they_may_read_it(people: list[Person]) -> None:
    for person in people[:3]:
        for request in AccountRequest.objects.select_related("unit").order_by("-pk")[:8]:
            assert (queries.find(person, request.ref or "") is not None) == may_read(person, request)


def test_nothing_is_listed_twice(people: list[Person]) -> None:
    for person in people:
        listed = list(queries.visible_to(person).values_list("pk", flat=True))
        assert len(listed) == len(set(listed))


def test_waiting_lists_each_thing_with_the_one_who_must_act(people: list[Person], cast: Cast) -> None:
    waits = {p.name: sorted({(w.act, w.request.state) for w in queries.waiting_for(p)}) for p in people}
    assert ("endorse", "submitted") in waits["Ana Petrova"]
    assert waits["Marc Laurent"] == waits["Julie Gagnon"]
    assert {act for act, _state in waits["Marc Laurent"]} == {"approve", "confirm"}
    assert {act for act, _state in waits["Sofia Nguyen"]} >= {"finish", "change", "register"}
    assert waits["Taras Boyko"] == []
    assert waits["Ruth Okafor"] == [("endorse", "submitted")]  # the principal's own request
    for person in people:
        since = [w.since for w in queries.waiting_for(person)]
        assert since == sorted(since)  # oldest first


def test_no_due_date_is_shown_while_the_procedure_sets_none(people: list[Person], cast: Cast) -> None:
    assert all(w.due is None for p in people for w in queries.waiting_for(p))




def test_a_draft_that_was_withdrawn_without_being_sent_stays_its_writers_alone(reached: Reached) -> None:
    cast, request = reached.cast, reached.request("draft")
    actions.withdraw(request, by=cast.teacher)
    assert request in queries.visible_to(cast.teacher)
    for who in (cast.principal, cast.communications, cast.director, cast.auditor):
        assert request not in queries.visible_to(who)
