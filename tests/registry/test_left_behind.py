"""An approval whose requester is gone is not forgotten (AP 193 3.2): Communications is told, and the record says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed
from rostrum.notices.models import Notice
from rostrum.people.actions import appoint, end_appointment, note_departure
from rostrum.people.models import Appointment, Person
from rostrum.people.queries import has_stepped_down
from rostrum.registry import actions
from rostrum.registry.jobs import chase
from rostrum.registry.models import AccountRequest, Registration
from rostrum.registry.queries import allowed_moves, status_of
from rostrum.registry.states import OPEN
from tests.cast import Cast, approved, endorsed
from tests.registry.seeing import cited, nothing_changes, watching


def _told(kind: str) -> set[Person]:
    return {notice.person for notice in Notice.objects.filter(kind=kind)}


def test_communications_is_told_instead_of_whoever_left(cast: Cast) -> None:
    request = approved(cast)
    note_departure(cast.teacher, by=cast.sysadmin)
    with clock.standing_at(timezone.now() + timedelta(days=8)):
        chase()
        chase()
    assert cast.communications in _told("request.nobody_registers")
    assert Notice.objects.filter(kind="request.nobody_registers", person=cast.communications).count() == 1
    assert not _told("request.register_reminder")
    request.refresh_from_db()
    request.requester.refresh_from_db()
    said = status_of(request, cast.communications)
    assert said.word == f"Approved, but {request.requester.short_name} has left"
    assert "This was told to Communications." in said.next_step
    with override("fr-ca"):
        assert "n’est plus en poste" in status_of(request, cast.communications).word


def test_whoever_is_still_here_is_chased_alone(cast: Cast) -> None:
    request = approved(cast)
    with clock.standing_at(timezone.now() + timedelta(days=8)):
        chase()
    assert _told("request.register_reminder") == {cast.teacher}
    assert not _told("request.nobody_registers")
    assert status_of(request, cast.teacher).word == "Approved, register it now"


def test_whoever_holds_no_role_any_more_is_chased_and_communications_told(cast: Cast) -> None:
    approved(cast)
    appoint(cast.teacher, role="supervisor", unit=cast.classroom, by=cast.sysadmin)
    ended = Appointment.objects.get(person=cast.teacher)
    assert not has_stepped_down(cast.teacher)
    end_appointment(ended, on=clock.today(), by=cast.sysadmin)
    with clock.standing_at(timezone.now() + timedelta(days=8)):
        teacher = Person.objects.get(pk=cast.teacher.pk)
        assert has_stepped_down(teacher)
        chase()
    assert _told("request.register_reminder") == {cast.teacher}
    assert cast.communications in _told("request.nobody_registers")


def _left_behind(cast: Cast) -> AccountRequest:
    request = approved(cast)
    note_departure(cast.teacher, by=cast.sysadmin)
    return AccountRequest.objects.get(pk=request.pk)


def test_an_approval_left_behind_is_withdrawn_by_whoever_approves_and_everyone_is_told(cast: Cast) -> None:
    request = _left_behind(cast)
    with watching() as seen:
        actions.withdraw(request, by=cast.communications2, reason="She has left.", seen=request.version)
    assert request.state == "withdrawn"
    assert seen.events == [
        ("accountrequest:withdraw", cast.communications2.pk, "communications", cited("3.1"), "She has left.")
    ]
    assert seen.told(cast) == dict.fromkeys(("principal", "communications"), "request.withdrawn")
    assert Registration.objects.get(request=request).state == "dropped"
    assert request.state not in OPEN  # its handle is free again


def test_it_is_withdrawn_only_with_a_reason(cast: Cast) -> None:
    request = _left_behind(cast)
    with nothing_changes(), pytest.raises(Invalid):
        actions.withdraw(request, by=cast.communications, reason=" ")
    offered = next(m for m in allowed_moves(cast.communications, request) if m.name == "withdraw")
    assert offered.reason_required


@pytest.mark.parametrize("who", ["principal", "superintendent", "director", "privacy", "auditor", "sysadmin", "charlie"])
def test_nobody_else_withdraws_it_and_learns_who_does(who: str, cast: Cast) -> None:
    request = _left_behind(cast)
    with nothing_changes(), pytest.raises(NotAllowed) as refused:
        actions.withdraw(request, by=getattr(cast, who), reason="Why")
    assert "Sofia Nguyen has left" in refused.value.message
    assert "M. Laurent" in refused.value.message
    assert "withdraw" not in {move.name for move in allowed_moves(getattr(cast, who), request)}


def test_while_the_requester_is_here_nobody_withdraws_for_them(cast: Cast) -> None:
    request = approved(cast)
    with nothing_changes(), pytest.raises(NotAllowed) as refused:
        actions.withdraw(request, by=cast.communications, reason="Why")
    assert refused.value.message == "Only Sofia Nguyen can withdraw this request."
    assert "withdraw" not in {move.name for move in allowed_moves(cast.communications, request)}


def test_before_it_is_approved_it_is_declined_and_not_withdrawn(cast: Cast) -> None:
    """The trap: a request that still waits for a yes has a no already; it needs no second way to end."""
    request = endorsed(cast)
    note_departure(cast.teacher, by=cast.sysadmin)
    request = AccountRequest.objects.get(pk=request.pk)
    with nothing_changes(), pytest.raises(NotAllowed):
        actions.withdraw(request, by=cast.communications, reason="Why")
    actions.decline(request, by=cast.communications, reason="She has left.")


def test_the_page_offers_it_with_a_reason_and_says_who_is_told(cast: Cast) -> None:
    request = _left_behind(cast)
    client = Client()
    client.force_login(cast.communications)
    assert f"/staff/requests/{request.ref}/withdraw/" in client.get(f"/staff/requests/{request.ref}/").content.decode()
    page = client.get(f"/staff/requests/{request.ref}/withdraw/").content.decode()
    assert "because Sofia Nguyen has left" in page
    assert "Ana Petrova" in page
    sent = {"seen": request.version, "reason": ""}
    assert client.post(f"/staff/requests/{request.ref}/withdraw/", sent).status_code == 422
    answer = client.post(f"/staff/requests/{request.ref}/withdraw/", {**sent, "reason": "She has left."}, follow=True)
    assert "You withdrew the request." in answer.content.decode()
