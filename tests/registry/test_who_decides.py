"""Who may decide on a request today: rank is not enough, nobody decides twice, and every detour is said (AP 193 3.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rostrum.core import clock
from rostrum.core.errors import NotAllowed
from rostrum.people.actions import appoint, end_appointment, name_stand_in, note_departure
from rostrum.people.models import Appointment, Person
from rostrum.registry import actions, queries, registering
from rostrum.registry.models import AccountRequest, Registration
from rostrum.registry.turns import Turns
from tests.cast import Cast, approved, drafted, endorsed, sent_registration, submitted
from tests.registry.seeing import nothing_changes, watching


def away(person: Person, stand_in: Person | None, days: int = 5) -> None:
    """The holder of a role is away from today, with or without someone acting for them."""
    today = clock.today()
    name_stand_in(
        Appointment.objects.get(person=person, ends_on=None),
        person=stand_in,
        starts_on=today,
        ends_on=today + timedelta(days=days),
        reason="Course",
        by=None,
    )


def leaves(person: Person) -> None:
    note_departure(person, by=None)


def endorsers(request: AccountRequest) -> list[Person]:
    return list(Turns([request]).endorsers(request).people)


def approvers(request: AccountRequest) -> list[Person]:
    return list(Turns([request]).approvers(request).people)


def detours(request: AccountRequest) -> str:
    turn = Turns([request]).of(request, Registration.objects.filter(request=request).first())
    assert turn is not None
    return " ".join(queries.detour_words(turn))


def test_the_requester_never_decides_even_as_principal_and_communications_at_once(cast: Cast) -> None:
    appoint(cast.principal, role="communications", unit=cast.division, by=None)
    request = submitted(cast, cast.principal)
    assert endorsers(request) == [cast.superintendent]
    for act in (actions.endorse, actions.approve):
        with nothing_changes(), pytest.raises(NotAllowed) as refused:
            act(request, by=cast.principal)
        assert "You asked for this account" in refused.value.message
        assert "R. Okafor" in refused.value.message
    actions.endorse(request, by=cast.superintendent)
    assert approvers(request) == [cast.communications, cast.communications2]
    with nothing_changes(), pytest.raises(NotAllowed):
        actions.approve(request, by=cast.principal)


def test_a_principals_own_request_goes_to_the_superintendent_and_says_so(cast: Cast) -> None:
    with watching() as seen:
        request = submitted(cast, cast.principal)
    assert seen.told(cast)["superintendent"] == "request.endorse_asked"
    assert "A. Petrova" in detours(request) or "Ana Petrova" in detours(request)
    actions.endorse(request, by=cast.superintendent, reason="Wanted.")
    assert request.endorsed_by == cast.superintendent


def test_the_superintendents_own_request_goes_to_the_director(cast: Cast) -> None:
    request = submitted(cast, cast.superintendent, unit=cast.school.code, entity_kind="school")
    assert endorsers(request) == [cast.principal]
    leaves(cast.principal)
    assert endorsers(request) == [cast.director]


def test_two_heads_of_a_school_may_both_endorse_and_one_suffices(cast: Cast) -> None:
    appoint(cast.colleague, role="administrator", unit=cast.school, by=None)
    request = submitted(cast)
    assert set(endorsers(request)) == {cast.principal, cast.colleague}
    actions.endorse(request, by=cast.colleague)
    assert request.endorsed_by == cast.colleague


def test_the_endorser_cannot_approve_even_with_the_role(cast: Cast) -> None:
    appoint(cast.principal, role="communications", unit=cast.division, by=None)
    request = endorsed(cast)
    assert approvers(request) == [cast.communications, cast.communications2]
    with nothing_changes(), pytest.raises(NotAllowed) as refused:
        actions.approve(request, by=cast.principal)
    assert "M. Laurent" in refused.value.message


def test_the_log_names_the_role_in_which_someone_acted_not_another_they_hold(cast: Cast) -> None:
    appoint(cast.communications, role="administrator", unit=cast.school, by=None)
    request = endorsed(cast)
    with watching() as seen:
        actions.approve(request, by=cast.communications)
    assert [event[2] for event in seen.events] == ["communications"]


def test_a_vacant_school_goes_upward_and_says_so(cast: Cast) -> None:
    end_appointment(Appointment.objects.get(person=cast.principal), by=None, on=clock.today() - timedelta(days=0))
    leaves(cast.principal)
    request = submitted(cast)
    assert endorsers(request) == [cast.superintendent]
    assert "Rendell Park School has nobody in this role today" in detours(request)
    assert queries.status_of(request).word == "Waiting for R. Okafor"


def test_an_absent_principal_with_a_stand_in(cast: Cast) -> None:
    request = submitted(cast)
    away(cast.principal, cast.colleague)
    assert endorsers(request) == [cast.colleague]
    assert "stands in for Ana Petrova" in detours(request)
    with nothing_changes(), pytest.raises(NotAllowed) as refused:
        actions.endorse(request, by=cast.principal)
    assert "O. Clarke" in refused.value.message
    colleague = Person.objects.get(pk=cast.colleague.pk)
    with watching() as seen:
        actions.endorse(request, by=colleague)
    assert seen.events[0][1:3] == (colleague.pk, "administrator")


def test_an_absent_principal_without_a_stand_in_goes_upward_until_back(cast: Cast) -> None:
    request = submitted(cast)
    away(cast.principal, None, days=3)
    assert endorsers(request) == [cast.superintendent]
    assert "is away and nobody stands in" in detours(request)
    with clock.standing_at(clock.now() + timedelta(days=4)):
        assert endorsers(request) == [cast.principal]


def test_nobody_stands_in_on_their_own_request(cast: Cast) -> None:
    away(cast.principal, cast.teacher)
    request = submitted(cast)
    assert endorsers(request) == [cast.superintendent]
    with nothing_changes(), pytest.raises(NotAllowed):
        actions.endorse(request, by=Person.objects.get(pk=cast.teacher.pk))


def test_a_stand_in_of_the_requesting_principal_does_not_decide_for_them(cast: Cast) -> None:
    away(cast.principal, cast.colleague)
    request = submitted(cast, cast.principal)
    assert endorsers(request) == [cast.superintendent]


def test_whoever_endorsed_as_a_stand_in_cannot_approve_as_one(cast: Cast) -> None:
    request = submitted(cast)
    away(cast.principal, cast.colleague)
    away(cast.communications, cast.colleague)
    away(cast.communications2, cast.colleague)
    colleague = Person.objects.get(pk=cast.colleague.pk)
    actions.endorse(request, by=colleague)
    assert approvers(request) == [cast.director]
    with nothing_changes(), pytest.raises(NotAllowed):
        actions.approve(request, by=colleague)


def test_absent_communications_goes_to_the_other_then_to_the_director(cast: Cast) -> None:
    request = endorsed(cast)
    away(cast.communications, None)
    assert approvers(request) == [cast.communications2]
    away(cast.communications2, None)
    assert approvers(request) == [cast.director]
    with watching() as seen:
        actions.approve(request, by=cast.director)
    assert seen.events[0][2] == "director"


def test_a_request_by_communications_is_approved_by_the_other(cast: Cast) -> None:
    request = submitted(cast, cast.communications)
    actions.endorse(request, by=cast.principal)
    assert approvers(request) == [cast.communications2]
    leaves(cast.communications2)
    assert approvers(request) == [cast.director]


def test_when_nobody_is_left_everyone_is_told_so(cast: Cast) -> None:
    for person in (cast.principal, cast.superintendent, cast.director):
        leaves(person)
    with watching() as seen:
        request = submitted(cast)
    assert seen.told(cast) == {"teacher": "request.submitted"}
    status = queries.status_of(request, cast.teacher)
    assert (status.word, status.tone) == ("Waiting: nobody holds the role", "stop")
    assert "appoint someone or name a stand-in" in status.next_step
    with pytest.raises(NotAllowed) as refused:
        actions.endorse(request, by=cast.colleague)
    assert refused.value.message == "It is not your turn to decide on this."


def test_nobody_left_to_approve_leaves_the_request_where_it_is(cast: Cast) -> None:
    request = submitted(cast, unit=cast.school.code, entity_kind="school")
    for person in (cast.principal, cast.superintendent, cast.communications, cast.communications2):
        leaves(person)
    actions.endorse(request, by=cast.director)
    assert approvers(request) == []
    with nothing_changes(), pytest.raises(NotAllowed):
        actions.approve(request, by=cast.director)
    appoint(cast.colleague, role="communications", unit=cast.division, by=None)
    assert approvers(request) == [cast.colleague]


def test_the_director_confirms_when_communications_is_away_and_the_log_says_as_whom(cast: Cast) -> None:
    registration = sent_registration(cast)
    away(cast.communications, None)
    away(cast.communications2, None)
    with watching() as seen:
        registering.confirm(registration, by=cast.director)
    assert {event[2] for event in seen.events} == {"director"}


def test_whoever_has_left_can_do_nothing(cast: Cast) -> None:
    draft, request, registration = drafted(cast), endorsed(cast), Registration.objects.get(request=approved(cast))
    for person in (cast.teacher, cast.communications):
        leaves(person)
    for act in (
        lambda: actions.draft(cast.teacher),
        lambda: actions.save_draft(draft, {}, by=cast.teacher),
        lambda: actions.submit(draft, by=cast.teacher),
        lambda: actions.withdraw(draft, by=cast.teacher),
        lambda: registering.save(registration, {}, by=cast.teacher),
        lambda: registering.send(Registration.objects.get(pk=registration.pk), by=cast.teacher),
        lambda: actions.approve(request, by=cast.communications),
    ):
        with nothing_changes(), pytest.raises(NotAllowed):
            act()
    assert list(queries.visible_to(cast.teacher)) == []
