"""The Registration Form on pages (AP 193 3.2): step by step, people in rows, never a secret, sent once."""

from __future__ import annotations

import pytest
from django.test import Client

from rostrum.people.models import Person
from rostrum.registry.models import Registration
from tests.cast import Cast, approved, sent_registration, typed_registration

pytestmark = pytest.mark.django_db
PARTS = {
    "account": ("address", "name", "platform_id", "visibility", "comment_mode", "logo_permission"),
    "mailbox": ("mailbox", "recovery", "second_factor", "custody", "last_reset"),
    "people": ("managers", "access", "access__role"),
    "directory": ("directory_link", "no_personal_address", "correct"),
}


def as_(person: Person) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def open_form(cast: Cast) -> tuple[Registration, dict[str, list[str]]]:
    """The Registration Form of an approved request, and what a teacher types into it."""
    registration = Registration.objects.get(request=approved(cast))
    return registration, typed_registration(registration, cast)


def url(registration: Registration, step: str) -> str:
    """The address of a step."""
    return f"/staff/requests/{registration.request.ref}/registration/{step}"


def test_ap193_3_2_the_form_is_filled_in_and_sent_without_scripts(cast: Cast) -> None:
    registration, typed = open_form(cast)
    browser = as_(cast.teacher)
    start = browser.get(f"/staff/requests/{registration.request.ref}/registration/")
    assert start.headers["Location"] == url(registration, "account")
    following = [*list(PARTS)[1:], "check"]
    for (step, keys), then in zip(PARTS.items(), following, strict=True):
        assert browser.get(url(registration, step)).status_code == 200
        registration.refresh_from_db()
        sent = {key: typed[key] for key in keys if key in typed} | {"seen": registration.version}
        assert browser.post(url(registration, step), sent).headers["Location"] == url(registration, then)
    registration.refresh_from_db()
    for _n in range(2):  # sent twice with one key: done once
        answer = browser.post(url(registration, "check"), {"seen": registration.version, "_key": "s"})
        assert answer.status_code == 302
    registration.refresh_from_db()
    assert registration.state == "sent"
    assert registration.designations.count() == 2
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "Your Registration Form is on its way." in page
    assert "Waiting for M. Laurent, J. Gagnon" in page


def test_rows_of_people_come_and_go_without_scripts(cast: Cast) -> None:
    registration, typed = open_form(cast)
    browser, people = as_(cast.teacher), {key: typed[key] for key in PARTS["people"]}
    answer = browser.post(url(registration, "people"), {**people, "_add": "access"})
    assert answer.headers["Location"].startswith(url(registration, "people"))
    registration.refresh_from_db()
    assert registration.answers["access"] == [cast.teacher.email, cast.colleague.email, ""]
    assert registration.answers["access__role"] == ["owner", "editor", ""]
    page = browser.get(url(registration, "people")).content.decode()
    assert page.count('name="access"') == 3
    browser.post(url(registration, "people"), {**people, "_remove": "access:0"})
    registration.refresh_from_db()
    assert registration.answers["access"] == [cast.colleague.email]
    assert registration.answers["access__role"] == ["editor"]


def test_a_row_that_names_nobody_says_which_row(cast: Cast) -> None:
    registration, typed = open_form(cast)
    sent = {key: typed[key] for key in PARTS["people"]} | {"managers": [cast.teacher.email, "Nobody Here"]}
    answer = as_(cast.teacher).post(url(registration, "people"), sent, follow=True)
    page = answer.content.decode()
    assert "Row 2: Nobody here has this name or work e-mail." in page
    assert 'value="Nobody Here"' in page


@pytest.mark.parametrize("secret", ["hunter2!Xy9", "password: rosebud", "le mot de passe est rosebud"])
def test_ap193_3_4_a_field_that_looks_like_a_password_is_refused_on_sending(cast: Cast, secret: str) -> None:
    registration, typed = open_form(cast)
    sent = {key: typed[key] for key in PARTS["mailbox"] if key in typed} | {"custody": secret}
    page = as_(cast.teacher).post(url(registration, "mailbox"), sent, follow=True).content.decode()
    assert "This looks like a password, so Rostrum did not keep it." in page
    assert secret not in page
    assert as_(cast.teacher).post(url(registration, "check"), {}).status_code == 422


def test_two_windows_and_unknown_fields(cast: Cast) -> None:
    registration, typed = open_form(cast)
    browser, part = as_(cast.teacher), {key: typed[key] for key in PARTS["mailbox"] if key in typed}
    browser.post(url(registration, "mailbox"), {**part, "custody": "Office vault, entry 2", "seen": 1})
    answer = browser.post(
        url(registration, "mailbox"), {**part, "custody": "Office vault, entry 3", "seen": 1}
    )
    assert answer.status_code == 409
    assert "Office vault, entry 2" in answer.content.decode()
    assert "Office vault, entry 3" in answer.content.decode()
    refused = browser.post(url(registration, "mailbox"), {**part, "confirmed_by": "1", "seen": 2})
    assert refused.status_code == 422
    assert "This form has no field called confirmed_by" in refused.content.decode()


def test_only_the_requester_fills_it_in_and_only_until_it_is_sent(cast: Cast) -> None:
    registration, typed = open_form(cast)
    for person, status in ((cast.principal, 403), (cast.communications, 403), (cast.charlie, 404)):
        assert as_(person).get(url(registration, "account")).status_code == status
        assert (
            as_(person).post(url(registration, "account"), {"address": typed["address"]}).status_code
            == status
        )
        assert as_(person).post(url(registration, "check"), {}).status_code == status
    sent = sent_registration(cast)
    answer = as_(cast.teacher).post(url(sent, "mailbox"), {"custody": "Typed too late", "seen": 1})
    assert answer.status_code == 409
    assert "Typed too late" in answer.content.decode()
    assert as_(cast.teacher).post(url(sent, "check"), {"seen": 1}).status_code == 409


def test_an_address_on_another_platform_is_explained_on_leaving_the_field(cast: Cast) -> None:
    registration, typed = open_form(cast)
    sent = {key: typed[key] for key in PARTS["account"] if key in typed}
    answer = as_(cast.teacher).post(
        url(registration, "account"),
        {**sent, "address": "https://www.instagram.com/rendellparkgr4", "seen": 1},
        headers={"Accept": "application/json"},
    )
    assert "This is an address on Instagram, but you chose Blog." in answer.json()["help"]["address"]
