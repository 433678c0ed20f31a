"""Requests in a real browser: no axe violation, quiet saving, endorsing on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from rostrum.registry import actions
from rostrum.registry.models import AccountRequest
from tests.browser.conftest import Opener, axe, shot
from tests.cast import Cast, approved, drafted, endorsed, official, sent_registration, submitted

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
BASE = "/staff/requests/"


@pytest.mark.parametrize("phone", [False, True])
def test_no_page_of_requests_has_an_axe_violation_or_overflows(
    live_cast: Cast, open_as: Opener, phone: bool
) -> None:
    draft, wrong = drafted(live_cast), drafted(live_cast, name="LPSD News", mailbox="someone@gmail.com")
    waiting, passed, ready = submitted(live_cast), endorsed(live_cast), approved(live_cast)
    named, over, back = (
        sent_registration(live_cast).request,
        official(live_cast).registration.request,
        submitted(live_cast),
    )
    actions.return_to_requester(back, by=live_cast.principal, reason="Name the class.")
    form = [f"{wrong.ref}/form/{step}?problems=1" for step in ("purpose", "account", "managers", "promises")]
    register = [
        f"{ready.ref}/registration/{step}" for step in ("account", "mailbox", "people", "directory", "check")
    ]
    teacher = [
        "",
        "?q=nothing",
        "new",
        f"{draft.ref}/form/check",
        f"{wrong.ref}/form/check",
        f"{back.ref}/form/account",
    ]
    pages = {
        live_cast.teacher: [*teacher, *form, *register, f"{waiting.ref}/", f"{back.ref}/", f"{draft.ref}/"],
        live_cast.principal: [f"{waiting.ref}/", f"{waiting.ref}/endorse/", f"{waiting.ref}/decline/"],
        live_cast.communications: [
            f"{passed.ref}/approve/",
            f"{named.ref}/registration/move/confirm",
            f"{over.ref}/",
        ],
        live_cast.colleague: [f"{named.ref}/designation/", f"{named.ref}/"],
    }
    found = []
    for person, paths in pages.items():
        page = open_as(person, phone=phone)
        for path in paths:
            page.goto(BASE + path)
            found += axe(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{path} is wider than the screen")
    assert found == []


def test_a_step_saves_itself_and_says_what_it_understood(live_cast: Cast, open_as: Opener) -> None:
    request = drafted(live_cast, platform="", handle="")
    page = open_as(live_cast.teacher, phone=True)
    page.goto(f"{BASE}{request.ref}/form/account")
    page.locator("#id_handle").fill("instagram.com/rendellpark_choir")
    page.locator("#id_mailbox").focus()
    expect(page.locator("[data-help=handle]")).to_contain_text("https://www.instagram.com/rendellpark_choir/")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    expect(page.locator("[name=platform][value=instagram]")).to_be_checked()
    shot(page, "request-form-phone")
    page.locator("#id_name").fill("Rendell Park School Choir")
    page.locator("#id_name").press("Enter")
    page.wait_for_url(re.compile("/form/managers"))
    kept = AccountRequest.objects.get(pk=request.pk)
    assert (kept.name, kept.platform, kept.handle) == (
        "Rendell Park School Choir",
        "instagram",
        "rendellpark_choir",
    )
    page.locator("#id_second_manager").fill("")
    page.locator("#id_second_manager").press_sequentially("cla")
    expect(page.get_by_role("option")).to_have_count(1)


def test_a_question_that_depends_on_an_answer_comes_with_it(live_cast: Cast, open_as: Opener) -> None:
    page = open_as(live_cast.teacher)
    page.goto(f"{BASE}new")
    ages = page.locator("[data-show-when='entity_kind=classroom']")
    expect(ages).to_be_hidden()
    page.get_by_label("Classroom").check()
    expect(ages).to_be_visible()


def test_the_principal_endorses_on_a_phone_without_scripts(live_cast: Cast, open_as: Opener) -> None:
    request = submitted(live_cast)
    page = open_as(live_cast.principal, phone=True, scripts=False)
    page.goto(f"{BASE}{request.ref}/")
    page.get_by_role("link", name="Endorse").click()
    page.get_by_role("button", name="Endorse").click()
    expect(page.get_by_text("You endorsed it, and")).to_be_visible()
    assert AccountRequest.objects.get(pk=request.pk).state == "endorsed"
