"""Form 193-1 on pages: step by step, saved as typed, two windows, hostile input, sent once (AP 193 3.1)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from rostrum.people.models import Person
from rostrum.registry.models import AccountRequest
from tests.cast import Cast, drafted, submitted, typed_request

pytestmark = pytest.mark.django_db
STEPS = ("purpose", "account", "managers", "promises")


def as_(person: Person) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def part(cast: Cast, step: str, **changes: object) -> dict[str, Any]:
    """What the form of one step sends."""
    keys = {
        "purpose": ("unit", "entity_kind", "existing", "purpose", "audience", "ages", "why_new"),
        "account": ("platform", "page_kind", "name", "handle", "mailbox", "launch_date"),
        "managers": ("primary_manager", "second_manager", "update_plan"),
        "promises": ("parents_told", "permission_promise", "terms_read", "rules_accepted"),
    }[step]
    typed = typed_request(cast, **changes)
    return {key: typed[key] for key in keys if key in typed}


def url(request: AccountRequest, step: str = "account") -> str:
    """The address of a step."""
    return f"/staff/requests/{request.ref}/form/{step}"


def test_ap193_3_1_a_teacher_fills_in_and_sends_the_form_without_scripts(cast: Cast) -> None:
    browser = as_(cast.teacher)
    page = browser.get("/staff/requests/new")
    assert page.status_code == 200
    assert AccountRequest.objects.count() == 0, "reading makes nothing"
    answer = browser.post("/staff/requests/new", {**part(cast, "purpose"), "_key": "k1"})
    request = AccountRequest.objects.get()
    assert answer.headers["Location"] == url(request, "account")
    for step, following in zip(STEPS[1:], [*STEPS[2:], "check"], strict=True):
        page = browser.get(url(request, step))
        assert page.status_code == 200
        request.refresh_from_db()
        answer = browser.post(url(request, step), {**part(cast, step), "seen": request.version})
        assert answer.headers["Location"] == url(request, following)
    assert b"Everything is filled in" in browser.get(url(request, "check")).content
    request.refresh_from_db()
    answer = browser.post(url(request, "check"), {"seen": request.version, "_key": "k2"}, follow=True)
    assert "Your request is on its way. Waiting for A. Petrova." in answer.content.decode()
    request.refresh_from_db()
    assert request.state == "submitted"


def test_a_new_form_knows_the_persons_school_and_suggests_them_as_manager(cast: Cast) -> None:
    browser = as_(cast.teacher)
    assert '<option value="rendell" selected>' in browser.get("/staff/requests/new").content.decode()
    browser.post("/staff/requests/new", part(cast, "purpose"))
    request = AccountRequest.objects.get()
    assert request.answers["primary_manager"] == ["Sofia Nguyen <s.nguyen@lpsd.ca>"]


@pytest.mark.parametrize(
    "typed",
    [
        "Grade\x004",
        "Grade \u202e4",
        "Ｌ.Ｐ.Ｓ.Ｄ.",
        "<script>alert(1)</script>",
        "n" * 3000,
        "Gr\u200bade",
        "\"'><b>",
    ],
)
def test_what_was_typed_stays_as_typed_even_when_it_is_wrong(cast: Cast, typed: str) -> None:
    request, browser = drafted(cast), as_(cast.teacher)
    answer = browser.post(url(request), {**part(cast, "account", name=typed), "mailbox": "not an address"})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/account?problems=1")
    page = browser.get(answer.headers["Location"]).content.decode()
    assert escape(typed.replace("\x00", "\ufffd")) in page
    assert "not an address" in page
    assert "<title>Error:" in page
    assert 'class="problems"' in page
    request.refresh_from_db()
    assert request.state == "draft"


def test_a_wrong_step_can_be_left_for_later(cast: Cast) -> None:
    request, browser = drafted(cast), as_(cast.teacher)
    sent = {**part(cast, "account", name=""), "_go": "skip"}
    assert browser.post(url(request), sent).headers["Location"] == url(request, "managers")


@pytest.mark.parametrize(
    ("go", "to"), [("back", "purpose"), ("promises", "promises"), ("check", "check"), ("x", "managers")]
)
def test_every_way_out_of_a_step_saves_it(cast: Cast, go: str, to: str) -> None:
    request, browser = drafted(cast), as_(cast.teacher)
    answer = browser.post(url(request), {**part(cast, "account", name="Rendell Park Choir"), "_go": go})
    assert answer.headers["Location"] == url(request, to)
    request.refresh_from_db()
    assert request.answers["name"] == ["Rendell Park Choir"]


def test_stopping_leads_to_the_record_page_and_says_that_it_is_saved(cast: Cast) -> None:
    request, browser = drafted(cast), as_(cast.teacher)
    page = browser.post(url(request), {**part(cast, "account"), "_go": "later"}, follow=True)
    assert page.redirect_chain[-1][0] == f"/staff/requests/{request.ref}/"
    assert "on another device too" in page.content.decode()


def test_an_unticked_box_is_an_answer(cast: Cast) -> None:
    request, browser = drafted(cast), as_(cast.teacher)
    browser.post(url(request, "promises"), {"parents_told": "yes", "_go": "skip"})
    request.refresh_from_db()
    assert request.answers["rules_accepted"] == []


@pytest.mark.parametrize("field", ["state", "endorsed_by", "requester", "ref", "version"])
def test_a_field_that_the_form_does_not_have_is_refused_and_nothing_changes(cast: Cast, field: str) -> None:
    request, browser = drafted(cast), as_(cast.teacher)
    before = request.answers
    answer = browser.post(url(request), {**part(cast, "account", name="Another name"), field: "approved"})
    request.refresh_from_db()
    assert answer.status_code == 422
    assert f"This form has no field called {field}" in answer.content.decode()
    assert "Another name" in answer.content.decode(), "what was typed is still there"
    assert request.answers == before


def test_an_endless_answer_is_refused_beside_its_field(cast: Cast) -> None:
    request, browser = drafted(cast), as_(cast.teacher)
    answer = browser.post(url(request, "purpose"), {**part(cast, "purpose"), "purpose": "a" * 20_000})
    assert answer.status_code == 422
    assert "Use at most 4000 characters here." in answer.content.decode()
    assert "a" * 20_000 in answer.content.decode()


def test_ten_megabytes_are_refused_clearly(cast: Cast) -> None:
    request, browser = drafted(cast), as_(cast.teacher)
    answer = browser.post(url(request, "purpose"), {"purpose": "a" * 10_000_000})
    assert answer.status_code == 413
    assert "too large" in answer.content.decode()
    request.refresh_from_db()
    assert request.version == 1


def test_two_windows_the_later_one_sees_both_answers_and_loses_nothing(cast: Cast) -> None:
    request, browser = drafted(cast), as_(cast.teacher)
    browser.post(url(request), {**part(cast, "account", name="The other window"), "seen": 1})
    answer = browser.post(url(request), {**part(cast, "account", name="My window"), "seen": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The other window" in page
    assert "My window" in page
    assert 'name="seen" value="2"' in page, "sending it again keeps mine"
    request.refresh_from_db()
    assert request.name == "The other window"
    assert (
        browser.post(url(request), {**part(cast, "account", name="My window"), "seen": 2}).status_code == 302
    )
    request.refresh_from_db()
    assert request.name == "My window"


def test_the_same_answers_saved_a_moment_before_are_no_conflict(cast: Cast) -> None:
    request, browser = drafted(cast), as_(cast.teacher)
    sent = part(cast, "account", name="The same")
    browser.post(url(request), {**sent, "seen": 1})
    assert browser.post(url(request), {**sent, "seen": 1}).headers["Location"] == url(request, "managers")


def test_a_step_saves_itself_quietly_and_says_what_it_understood(cast: Cast) -> None:
    request, browser = drafted(cast, platform="", handle=""), as_(cast.teacher)
    sent = part(
        cast,
        "account",
        handle="https://www.instagram.com/rendellparkgr4/",
        name="LPSD News",
        mailbox="someone@gmail.com",
    )
    sent.pop("platform", None)
    answer = browser.post(url(request), {**sent, "seen": 1}, headers={"Accept": "application/json"})
    said = answer.json()
    assert said["version"] == 2
    assert said["saved"].startswith("Saved at ")
    assert said["choose"] == {"platform": "instagram"}
    assert "https://www.instagram.com/rendellparkgr4/" in said["help"]["handle"]
    assert "A person will look at this." in said["help"]["name"]
    assert "AP 193, 1.3" in said["help"]["name"]
    assert "gmail.com" in said["help"]["mailbox"]
    request.refresh_from_db()
    assert request.platform == "instagram"
    late = browser.post(url(request), {**sent, "seen": 1}, headers={"Accept": "application/json"})
    assert late.status_code == 409
    assert late.headers["Content-Type"] == "application/problem+json"
    assert json.loads(late.content)["type"].endswith("/too-late")


def test_help_on_a_form_that_nobody_has_saved_makes_no_draft(cast: Cast) -> None:
    sent = part(cast, "purpose")
    answer = as_(cast.teacher).post("/staff/requests/new", sent, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert AccountRequest.objects.count() == 0


def test_starting_twice_with_one_key_starts_once_and_other_content_is_refused(cast: Cast) -> None:
    browser, sent = as_(cast.teacher), part(cast, "purpose")
    first = browser.post("/staff/requests/new", {**sent, "_key": "one"})
    again = browser.post("/staff/requests/new", {**sent, "_key": "one"})
    assert first.headers["Location"] == again.headers["Location"]
    other = browser.post("/staff/requests/new", {**sent, "purpose": "Another purpose", "_key": "one"})
    assert other.status_code == 422
    assert "already sent with other content" in other.content.decode()
    assert "Another purpose" in other.content.decode()
    assert AccountRequest.objects.count() == 1


def test_sending_twice_with_one_key_sends_once(cast: Cast) -> None:
    request, browser = drafted(cast), as_(cast.teacher)
    for _n in range(2):
        answer = browser.post(url(request, "check"), {"seen": 1, "_key": "send"})
        assert answer.headers["Location"] == f"/staff/requests/{request.ref}/"
    request.refresh_from_db()
    assert (request.state, request.version) == ("submitted", 2)


def test_sending_an_unfinished_form_lists_what_is_missing_with_the_way_to_it(cast: Cast) -> None:
    request, browser = drafted(cast, name="", rules_accepted="no"), as_(cast.teacher)
    answer = browser.post(url(request, "check"), {"seen": 1})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There are 2 problems" in page
    assert f"{url(request, 'account')}?problems=1#id_name" in page
    assert "<title>Error:" in page
    request.refresh_from_db()
    assert request.state == "draft"


def test_the_check_shows_what_a_person_will_look_at_with_its_clause(cast: Cast) -> None:
    request = drafted(cast, name="LPSD Official")
    page = as_(cast.teacher).get(url(request, "check")).content.decode()
    assert "A person will look at this." in page
    assert "AP 193, 1.3" in page


def test_a_form_that_was_sent_answers_too_late_with_what_was_typed(cast: Cast) -> None:
    request, browser = submitted(cast), as_(cast.teacher)
    answer = browser.post(url(request), {**part(cast, "account", name="Typed too late"), "seen": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "already sent" in page
    assert f"/staff/requests/{request.ref}/" in page
    assert "Typed too late" in page
    assert browser.get(url(request)).status_code == 409


def test_somebody_elses_draft_is_not_there_and_a_sent_form_is_not_theirs_to_change(cast: Cast) -> None:
    draft, sent = drafted(cast), submitted(cast)
    for person in (cast.principal, cast.communications, cast.charlie):
        assert as_(person).get(url(draft)).status_code == 404
        assert as_(person).post(url(draft), part(cast, "account")).status_code == 404
    assert as_(cast.principal).get(url(sent)).status_code == 403
    assert as_(cast.principal).post(url(sent), part(cast, "account")).status_code == 403
    assert as_(cast.charlie).get(url(sent)).status_code == 404


def test_a_stranger_signs_in_first(cast: Cast) -> None:
    request = drafted(cast)
    for path in ("/staff/requests/", "/staff/requests/new", url(request), f"/staff/requests/{request.ref}/"):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert "/me/login/" in answer.headers["Location"]


def test_a_step_that_does_not_exist_is_not_there(cast: Cast) -> None:
    request, browser = drafted(cast), as_(cast.teacher)
    assert browser.get(url(request, "nothing")).status_code == 404
    assert browser.get("/staff/requests/2026-9999/form/account").status_code == 404
    assert browser.post(url(request), {**part(cast, "account"), "seen": "x; drop"}).status_code == 422


def test_a_form_without_its_token_changes_nothing(cast: Cast) -> None:
    request = drafted(cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.teacher)
    assert client.post(url(request), part(cast, "account", name="Forged")).status_code == 403
    request.refresh_from_db()
    assert request.name != "Forged"


def test_a_field_that_depends_on_an_answer_says_so_without_scripts(cast: Cast) -> None:
    page = as_(cast.teacher).get("/staff/requests/new").content.decode()
    assert "Answer this only if you chose “Classroom”" in page
    assert 'data-show-when="entity_kind=classroom"' in page
    club = drafted(cast, entity_kind="club")
    assert (
        "Do the families of this class know?"
        not in as_(cast.teacher).get(url(club, "promises")).content.decode()
    )


def test_going_on_leads_to_the_first_step_with_something_missing(cast: Cast) -> None:
    request = drafted(cast, primary_manager="")
    answer = as_(cast.teacher).get(f"/staff/requests/{request.ref}/form/")
    assert answer.headers["Location"] == url(request, "managers")


def test_the_form_in_french(cast: Cast) -> None:
    Person.objects.filter(pk=cast.teacher.pk).update(language="fr-ca")
    page = as_(cast.teacher).get("/staff/requests/new").content.decode()
    assert "Quoi et pour qui" in page
    assert "Au nom de qui le compte parlera-t-il?" in page
