"""Decisions on requests and registrations: who may, when, once, and what is said (AP 193 1.2, 3.1, 3.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from rostrum.core import clock
from rostrum.people.actions import name_stand_in
from rostrum.people.models import Appointment, Person
from rostrum.registry import actions
from rostrum.registry.models import Account, AccountRequest, Designation, Registration
from tests.cast import Cast, approved, drafted, endorsed, sent_registration, submitted

pytestmark = pytest.mark.django_db


def as_(person: Person) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def url(request: AccountRequest, move: str = "") -> str:
    """The address of a request, or of a decision on it."""
    return f"/staff/requests/{request.ref}/{move}/" if move else f"/staff/requests/{request.ref}/"


def fresh(request: AccountRequest) -> AccountRequest:
    """The request as it is kept now."""
    return AccountRequest.objects.get(pk=request.pk)


def test_ap193_3_1_the_principal_endorses_from_the_record_page_in_two_taps(cast: Cast) -> None:
    request, browser = submitted(cast), as_(cast.principal)
    record = browser.get(url(request)).content.decode()
    assert f'href="{url(request, "endorse")}"' in record
    page = browser.get(url(request, "endorse")).content.decode()
    assert "You are about to endorse this request: Blog account for Grade 4, Rendell Park School." in page
    assert "Marc Laurent" in page, "says who is told"
    assert "(optional)" in page, "a yes needs no words"
    answer = browser.post(
        url(request, "endorse"), {"seen": request.version, "_key": "k", "reason": ""}, follow=True
    )
    said = answer.content.decode()
    assert "You endorsed it, and Communications was told." in said
    assert "Waiting for M. Laurent, J. Gagnon" in said
    assert fresh(request).state == "endorsed"


def test_ap193_1_2_communications_approves_after_the_principal(cast: Cast) -> None:
    request = endorsed(cast)
    answer = as_(cast.communications).post(
        url(request, "approve"), {"seen": request.version, "reason": "Go on."}, follow=True
    )
    assert "You approved it." in answer.content.decode()
    assert "It is not official before its Registration Form is confirmed." in answer.content.decode()
    assert fresh(request).approved_by == cast.communications


@pytest.mark.parametrize("move", ["return", "decline"])
def test_a_no_needs_its_reason_and_loses_nothing(cast: Cast, move: str) -> None:
    request, browser = submitted(cast), as_(cast.principal)
    answer = browser.post(url(request, move), {"seen": request.version, "reason": "  "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say why, so that the other person knows what to do." in page
    assert "<title>Error:" in page
    assert 'href="#id_reason"' in page
    assert fresh(request).state == "submitted"
    answer = browser.post(
        url(request, move), {"seen": request.version, "reason": "Name the class."}, follow=True
    )
    assert answer.status_code == 200
    assert fresh(request).last_comment == "Name the class."


@pytest.mark.parametrize("reason", ["a\x07b", "Good \u202e", "x" * 2001])
def test_a_comment_that_cannot_be_kept_is_shown_again_as_typed(cast: Cast, reason: str) -> None:
    request = submitted(cast)
    answer = as_(cast.principal).post(url(request, "endorse"), {"seen": request.version, "reason": reason})
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert fresh(request).state == "submitted"


def test_not_you_is_told_apart_from_not_now_and_too_late(cast: Cast) -> None:
    request = submitted(cast)
    for person in (cast.teacher, cast.communications, cast.superintendent):
        for answer in (
            as_(person).get(url(request, "endorse")),
            as_(person).post(url(request, "endorse"), {"seen": 2}),
        ):
            assert answer.status_code == 403
            assert "It is waiting for A. Petrova." in answer.content.decode()
    assert as_(cast.charlie).post(url(request, "endorse"), {"seen": 2}).status_code == 404
    actions.endorse(request, by=cast.principal)
    now = as_(cast.principal).post(url(request, "endorse"), {"seen": fresh(request).version})
    assert now.status_code == 409
    assert "Waiting for approval" in now.content.decode()
    late = as_(cast.principal).post(
        url(request, "endorse"), {"seen": 2, "reason": "A comment typed too late"}
    )
    page = late.content.decode()
    assert late.status_code == 409
    assert "someone else acted on this" in page
    assert "Ana Petrova endorsed it." in page, "says what happened"
    assert "A comment typed too late" in page, "gives back what was typed"
    assert f'href="{url(request)}"' in page, "leads to the thing as it stands"
    assert fresh(request).version == 3


def test_two_officers_act_at_once_one_wins_and_the_other_is_told(cast: Cast) -> None:
    request = endorsed(cast)
    seen = request.version
    first = as_(cast.communications).post(url(request, "approve"), {"seen": seen, "reason": ""})
    second = as_(cast.communications2).post(url(request, "decline"), {"seen": seen, "reason": "Not needed."})
    assert first.status_code == 302
    assert second.status_code in {403, 409}
    assert "Not needed." in second.content.decode()
    assert fresh(request).state == "approved"


def test_one_key_decides_once_and_other_content_under_it_is_refused(cast: Cast) -> None:
    request, browser = submitted(cast), as_(cast.principal)
    sent = {"seen": request.version, "reason": "Fine", "_key": "one"}
    for _n in range(2):
        assert browser.post(url(request, "endorse"), sent).headers["Location"] == url(request)
    other = browser.post(url(request, "endorse"), {**sent, "reason": "Another comment"})
    assert other.status_code == 422
    assert "already sent with other content" in other.content.decode()
    assert fresh(request).version == request.version + 1


def test_reading_a_decision_page_decides_nothing(cast: Cast) -> None:
    request = submitted(cast)
    for move in ("endorse", "return", "decline"):
        assert as_(cast.principal).get(url(request, move)).status_code == 200
    assert as_(cast.principal).put(url(request, "endorse")).status_code == 405
    assert fresh(request).version == request.version


@pytest.mark.parametrize("move", ["submit", "lapse", "register", "official", "approve-all"])
def test_a_move_that_no_page_makes_is_not_there(cast: Cast, move: str) -> None:
    request = submitted(cast)
    assert as_(cast.principal).post(url(request, move), {}).status_code == 404


def test_ap193_3_1_a_principals_own_request_goes_to_the_supervisor_and_says_so(cast: Cast) -> None:
    request = submitted(cast, cast.principal)
    assert as_(cast.principal).post(url(request, "endorse"), {}).status_code == 403
    page = as_(cast.superintendent).get(url(request, "endorse")).content.decode()
    assert "Ana Petrova asked for this account or has decided on it already, so someone else decides now." in page
    assert (
        as_(cast.superintendent).post(url(request, "endorse"), {"seen": request.version}).status_code == 302
    )


def test_a_stand_in_decides_while_the_principal_is_away_and_everyone_reads_why(cast: Cast) -> None:
    request = submitted(cast)
    post = Appointment.objects.get(person=cast.principal)
    name_stand_in(
        post,
        person=cast.colleague,
        starts_on=clock.today(),
        ends_on=clock.today(),
        reason="At a course",
        by=None,
    )
    assert "Owen Clarke stands in for Ana Petrova." in as_(cast.teacher).get(url(request)).content.decode()
    assert as_(cast.colleague).post(url(request, "endorse"), {"seen": request.version}).status_code == 302


def test_a_vacant_post_hands_the_request_upward_and_the_page_says_so(cast: Cast) -> None:
    request = submitted(cast)
    Appointment.objects.filter(person=cast.principal).update(
        ends_on=clock.today() - timedelta(days=1), starts_on=clock.today() - timedelta(days=9)
    )
    page = as_(cast.teacher).get(url(request)).content.decode()
    assert "Rendell Park School has nobody in this role today" in page


def test_the_requester_withdraws_and_nobody_else_does(cast: Cast) -> None:
    request = submitted(cast)
    assert as_(cast.principal).post(url(request, "withdraw"), {}).status_code == 403
    answer = as_(cast.teacher).post(url(request, "withdraw"), {"seen": request.version}, follow=True)
    assert "You withdrew the request." in answer.content.decode()
    draft = drafted(cast)
    assert as_(cast.teacher).post(url(draft, "withdraw"), {"seen": draft.version}).status_code == 302


def designation_of(registration: Registration, person: Person) -> Designation:
    """A person's naming in a registration."""
    return Designation.objects.get(registration=registration, person=person)


def test_ap193_1_7_a_named_manager_accepts_and_communications_confirms(cast: Cast) -> None:
    registration = sent_registration(cast)
    request = registration.request
    page = as_(cast.colleague).get(url(request, "designation")).content.decode()
    assert "What a content manager answers for" in page
    assert "AP 193, 1.7" in page
    assert "AP 193, 3.4" in page
    said = as_(cast.colleague).post(
        url(request, "designation"), {"answer": "accept", "_key": "a"}, follow=True
    )
    assert "You accepted being content manager." in said.content.decode()
    assert designation_of(registration, cast.colleague).accepted_at
    confirm = f"{url(request)}registration/move/confirm"
    assert (
        "You are about to make this account official"
        in as_(cast.communications).get(confirm).content.decode()
    )
    answer = as_(cast.communications).post(confirm, {"seen": registration.version, "_key": "c"}, follow=True)
    assert "The account is official now." in answer.content.decode()
    assert Account.objects.get(registration=registration).public_id in answer.content.decode()


def test_a_named_manager_declines_with_a_reason(cast: Cast) -> None:
    registration = sent_registration(cast)
    browser, address = as_(cast.colleague), url(registration.request, "designation")
    assert browser.post(address, {"answer": "decline", "reason": ""}).status_code == 422
    assert browser.post(address, {"answer": "maybe", "reason": "x"}).status_code == 422
    assert browser.post(address, {"answer": "decline", "reason": "I change schools."}).status_code == 302
    assert designation_of(registration, cast.colleague).reason == "I change schools."
    assert browser.get(address).status_code == 409, "answered already"
    assert browser.post(address, {"answer": "accept"}).status_code == 409


def test_only_the_named_person_answers(cast: Cast) -> None:
    address = url(sent_registration(cast).request, "designation")
    assert as_(cast.principal).get(address).status_code == 403
    assert as_(cast.principal).post(address, {"answer": "accept"}).status_code == 403
    assert as_(cast.charlie).get(address).status_code == 404


def test_communications_returns_a_registration_with_its_reason(cast: Cast) -> None:
    registration = sent_registration(cast)
    request = registration.request
    back = f"{url(request)}registration/move/return"
    sent: dict[str, Any] = {"seen": registration.version}
    assert as_(cast.communications).post(back, sent).status_code == 422
    assert as_(cast.teacher).post(back, {**sent, "reason": "x"}).status_code == 403
    answer = as_(cast.communications).post(back, {**sent, "reason": "The address is of another page."})
    assert answer.status_code == 302
    page = as_(cast.teacher).get(f"{url(request)}registration/account").content.decode()
    assert "The address is of another page." in page
    assert as_(cast.communications).post(f"{url(request)}registration/move/confirm", sent).status_code == 409


def test_a_registration_that_does_not_exist_yet_has_no_pages(cast: Cast) -> None:
    request = submitted(cast)
    for path in ("registration/", "registration/account", "registration/move/confirm", "designation/"):
        assert as_(cast.teacher).get(url(request) + path).status_code == 404


def test_an_approved_account_is_never_shown_as_official(cast: Cast) -> None:
    request = approved(cast)
    page = as_(cast.teacher).get(url(request)).content.decode()
    assert "Approved, register it now" in page
    assert "status-good" not in page
