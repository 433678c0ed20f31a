"""Whose decision requests wait for: the light reckoning says what the turns say, for everyone, and fetches no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rostrum.core import clock
from rostrum.people.actions import appoint, name_stand_in
from rostrum.people.models import Appointment, Person
from rostrum.policies.actions import set_setting
from rostrum.registry import queries, registering
from rostrum.registry.deciding import WAITING, deciding, in_turn, requests
from rostrum.registry.models import AccountRequest
from rostrum.registry.turns import Turns
from tests.cast import Cast, approved, drafted, endorsed, official, sent_registration, submitted


def plainly(person: Person) -> list[int]:
    """The same question asked of each request by itself."""
    found = []
    for request in requests().filter(WAITING).order_by("moved_at", "pk"):
        turn = Turns([request]).of(request, queries.registration_of(request))
        if turn and any(one.pk == person.pk for one in turn.people):
            found.append(request.pk)
    return found


def everything(cast: Cast) -> None:
    for make in (submitted, endorsed, approved, sent_registration, official, drafted):
        make(cast)
    submitted(cast, requester=cast.principal)
    submitted(cast, requester=cast.communications)
    submitted(cast, requester=cast.charlie, unit=cast.other_school.code, entity_kind="school")


def agree(cast: Cast) -> None:
    for person in Person.objects.all():
        assert [one.pk for one in in_turn(person)] == plainly(person), person
        assert [one.pk for one in deciding(person)] == plainly(person), person


def test_everyone_is_asked_what_their_turn_is(cast: Cast) -> None:
    everything(cast)
    agree(cast)
    assert in_turn(cast.teacher) == []
    assert in_turn(cast.communications)


def test_also_with_stand_ins_absences_and_a_communications_person_who_leads_the_school(cast: Cast) -> None:
    everything(cast)
    appoint(cast.communications, role="administrator", unit=cast.school, by=None)
    agree(cast)
    endorsed(cast)
    today = clock.today()
    for who, stand in ((cast.principal, cast.colleague), (cast.communications2, None)):
        held = Appointment.objects.filter(person=who).first()
        assert held is not None
        name_stand_in(held, person=stand, starts_on=today, ends_on=today + timedelta(days=3), reason="Away.", by=who)
    agree(cast)


def test_also_where_nobody_of_communications_is_left_and_it_goes_upward(cast: Cast) -> None:
    everything(cast)
    yesterday = clock.today() - timedelta(days=1)
    Appointment.objects.filter(role="communications").update(starts_on=yesterday, ends_on=yesterday)
    agree(cast)
    upward = [one for one in Person.objects.all() if any(two.state == "endorsed" for two in in_turn(one))]
    assert upward, "somebody is asked although Communications is empty"


def test_a_form_is_ready_once_enough_managers_have_accepted(cast: Cast) -> None:
    set_setting("managers_min", 2, by_name="Marc Laurent", reason="Two are safer.")
    registration = sent_registration(cast)
    form = AccountRequest.objects.get(registration=registration)
    assert [(one.pk, one.ready) for one in in_turn(cast.communications)] == [(form.pk, False)]
    assert queries.waiting_for(cast.communications) == []
    for designation in registration.designations.filter(accepted_at=None):
        registering.answer_designation(designation, by=designation.person, accept=True)
    assert [(one.pk, one.ready) for one in in_turn(cast.communications)] == [(form.pk, True)]
    assert [one.act for one in queries.waiting_for(cast.communications)] == ["confirm"]


def test_a_page_gets_the_oldest_and_the_count_of_all(cast: Cast, django_assert_max_num_queries: Any) -> None:
    made = [endorsed(cast).pk for _n in range(5)]
    fresh = Person.objects.get(pk=cast.communications.pk)
    whole = queries.queue(fresh)
    part = queries.queue(fresh, 2)
    assert [one.request.pk for one in whole.things] == made
    assert [one.request.pk for one in part.things] == made[:2]
    assert part.count == whole.count == 5
    assert part.about == whole.about == frozenset(made)
    with django_assert_max_num_queries(14) as few:
        queries.queue(fresh, 2)
    for _n in range(4):
        endorsed(cast)
    with django_assert_max_num_queries(len(few)):
        assert queries.queue(fresh, 2).count == 9
