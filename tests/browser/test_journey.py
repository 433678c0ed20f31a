"""The main job from end to end in a real browser: a teacher asks, four people decide, a parent finds and checks it.

Once with a pointer in English, once in French, once with nothing but the keyboard, once with scripts switched off.
Every letter goes to a real mail server on this machine, and every act is in the log under its clauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from rostrum.audit.queries import search as search_log
from rostrum.jobs.actions import work_off
from rostrum.people.models import Person
from rostrum.registry.models import Account, AccountRequest
from tests.browser.conftest import DESKTOP, PHONE, Opener, axe, shot
from tests.browser.hands import Keys, Pointer, word
from tests.cast import PASSWORD, Cast
from tests.notices.conftest import Catcher, catcher

__all__ = ["catcher"]
pytestmark = pytest.mark.browser
ADDRESS = "https://rendellpark-grade-four.wordpress.com"
NAME = "Rendell Park School Grade 4"
MAILBOX = "grade4.rendellpark@lpsd.ca"
# The deliberate narrowest page: 320 CSS pixels is 1280 at a zoom of 400 % (WCAG 2.2, 1.4.10).
NARROW = {"width": 320, "height": 640}


@dataclass
class Journey:
    """One walk through the main job. `look` is called on every page of it."""

    cast: Cast
    open_as: Opener
    catcher: Catcher
    lang: str = "en"
    keys: bool = False
    scripts: bool = True
    looked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def hand(self, person: Person | None, *, phone: bool = False) -> Pointer:
        """Somebody at a page, signed in unless they are nobody."""
        page = self.open_as(person, phone=phone, scripts=self.scripts, lang=self.lang)
        return Keys(page) if self.keys else Pointer(page)

    def word(self, message: str) -> str:
        return word(message, self.lang)

    def look(self, page: Page, name: str) -> None:
        """Language, one heading, a title; with scripts also axe at both widths and no sideways scrolling."""
        self.looked.append(name)
        if page.locator("html").get_attribute("lang") != f"{self.lang}-CA":
            self.faults.append(f"{name}: not in {self.lang}")
        if page.locator("h1").count() != 1 or not page.title().strip():
            self.faults.append(f"{name}: not one heading and a title")
        if self.keys or not self.scripts:
            return
        was = page.viewport_size
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            self.faults += axe(page)
            shot(page, f"{self.lang}-{len(self.looked):02d}-{name}-{size['width']}")
        page.set_viewport_size(NARROW)
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        if wide > NARROW["width"]:
            self.faults.append(f"{name}: {wide} px wide at 320")
        if was:
            page.set_viewport_size(was)

    def letters(self) -> list[tuple[str, str, str]]:
        """Run the delivery job; (to, subject, text) of what the mail server got since the last time."""
        work_off()
        found = []
        for to, letter in zip(self.catcher.to, self.catcher.letters, strict=True):
            plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
            assert plain is not None
            assert html is not None
            found.append((to[0], str(letter["Subject"]), plain.get_content()))
        self.catcher.to.clear()
        self.catcher.letters.clear()
        return found

    def next(self, hand: Pointer) -> None:
        hand.press(hand.page.get_by_role("button", name=self.word("Next"), exact=True))

    # --- the acts

    def sign_in(self) -> Pointer:
        """The teacher comes to the public page, signs in with a password, and is at Today."""
        hand = self.hand(None)
        hand.page.goto("/")
        self.look(hand.page, "home")
        hand.press(hand.page.get_by_role("link", name=self.word("Sign in"), exact=True).first)
        self.look(hand.page, "sign-in")
        hand.write("login", self.cast.teacher.email)
        hand.write("password", PASSWORD)
        hand.press(hand.page.locator("main").get_by_role("button", name=self.word("Sign in"), exact=True))
        assert hand.page.url.endswith("/staff/")
        self.look(hand.page, "today-empty")
        return hand

    def ask(self, hand: Pointer) -> AccountRequest:
        """Form 193-1 for a Grade 4 classroom blog, step by step, then sent."""
        page = hand.page
        hand.press(page.locator('main a[href="/staff/requests/new"]').first)
        self.look(page, "form-purpose")
        hand.pick("unit", "rendell-gr4")
        hand.choose("entity_kind", "classroom")
        hand.choose("existing", "new")
        hand.write("purpose", "Families see what the class is learning.")
        hand.tick("audience", "families")
        hand.choose("ages", "under_13")
        self.next(hand)
        self.look(page, "form-account")
        hand.choose("platform", "blog")
        hand.choose("page_kind", "blog")
        hand.write("name", NAME)
        hand.write("handle", ADDRESS)
        hand.write("mailbox", MAILBOX)
        self.next(hand)
        self.look(page, "form-managers")
        hand.write("second_manager", self.cast.colleague.email)
        hand.choose("update_plan", "weekly")
        self.next(hand)
        self.look(page, "form-promises")
        hand.choose("parents_told", "yes")
        for name in ("permission_promise", "terms_read", "rules_accepted"):
            hand.tick(name, "yes")
        self.next(hand)
        self.look(page, "form-check")
        assert page.locator(".fact-wrong").count() == 0
        hand.press(page.locator("main form[data-once] .btn-primary"))
        self.look(page, "request-sent")
        request = AccountRequest.objects.get()
        assert page.url.endswith(f"/staff/requests/{request.ref}/")
        assert request.state == "submitted"
        assert request.name == NAME
        return request

    def decide(self, hand: Pointer, path: str, comment: str, name: str) -> None:
        """From Today to the decision, in as many presses as a person on a phone needs."""
        page = hand.page
        page.goto("/staff/")
        self.look(page, f"{name}-today")
        hand.press(page.locator(f'main a[href="{path}"]').first)
        self.look(page, name)
        hand.write("reason", comment)
        hand.press(page.locator("main form .acts .btn-primary"))
        self.look(page, f"{name}-done")
        assert page.locator("h1").is_visible()

    def register(self, hand: Pointer, request: AccountRequest) -> None:
        """The teacher made the blog and fills in the Registration Form."""
        page = hand.page
        page.goto("/staff/")
        self.look(page, "register-today")
        hand.press(page.locator(f'main a[href="/staff/requests/{request.ref}/registration/"]').first)
        self.look(page, "registration-account")
        hand.write("address", ADDRESS)
        hand.write("name", NAME)
        hand.choose("visibility", "public")
        hand.choose("comment_mode", "moderated")
        hand.choose("logo_permission", "none")
        self.next(hand)
        self.look(page, "registration-mailbox")
        hand.write("mailbox", MAILBOX)
        hand.choose("recovery", "shared_mailbox")
        hand.choose("second_factor", "yes")
        hand.write("custody", "Office vault, entry 14")
        self.next(hand)
        self.look(page, "registration-people")
        for row, person in enumerate((self.cast.teacher, self.cast.colleague)):
            hand.write("managers", person.email, row)
            hand.write("access", person.email, row)
            hand.pick("access__role", ("owner", "editor")[row], row)
        self.next(hand)
        self.look(page, "registration-directory")
        hand.choose("directory_link", "no")
        hand.tick("no_personal_address", "yes")
        hand.tick("correct", "yes")
        self.next(hand)
        self.look(page, "registration-check")
        assert page.locator(".fact-wrong").count() == 0
        hand.press(page.locator("main form[data-once] .btn-primary"))
        self.look(page, "registration-sent")

    def accept(self, hand: Pointer, request: AccountRequest) -> None:
        """The second manager takes it on, on a phone."""
        page = hand.page
        page.goto("/staff/")
        hand.press(page.locator(f'main a[href="/staff/requests/{request.ref}/designation/"]').first)
        self.look(page, "designation")
        hand.press(page.get_by_role("button", name=self.word("Accept"), exact=True))
        self.look(page, "designation-done")

    def check(self, account: Account) -> None:
        """A parent, not signed in, searches without accents or capitals, and then checks the address itself."""
        hand = self.hand(None, phone=True)
        page = hand.page
        page.goto("/")
        hand.write("q", "rendell GRADE 4")
        hand.press(page.get_by_role("search").get_by_role("button", name=self.word("Search")).first)
        self.look(page, "directory-found")
        hand.press(page.get_by_role("link", name=NAME).first)
        assert page.url.endswith(f"/accounts/{account.public_id}")
        assert page.locator(".answer-good").count() == 1
        body = page.locator("body").inner_text()
        assert self.cast.teacher.name not in body
        assert self.cast.teacher.email not in body
        self.look(page, "directory-account")
        page.goto("/verify")
        self.look(page, "verify")
        hand.write("url", ADDRESS.removeprefix("https://").upper())
        hand.press(page.locator("main").get_by_role("button", name=self.word("Check"), exact=True))
        self.look(page, "verify-official")
        assert page.locator(".answer-good").count() == 1
        assert page.locator(f'main a[href="/accounts/{account.public_id}"]').count() >= 1
        page.goto("/verify?url=https://rendellpark-grade-f0ur.wordpress.com")
        assert page.locator(".answer-stop").count() == 1
        self.look(page, "verify-look-alike")
        assert page.context.cookies("/".join(page.url.split("/")[:3])) == [
            cookie for cookie in page.context.cookies() if cookie["name"] == "language"
        ]


def to(letters: list[tuple[str, str, str]], person: Person) -> tuple[str, str]:
    """The one letter to a person: subject and text."""
    found = [(subject, text) for address, subject, text in letters if address == person.email]
    assert len(found) == 1, (person.email, letters)
    return found[0]


def walk(journey: Journey) -> Account:
    """The whole of it. Each step is mailed to whoever must act and to whoever had a part."""
    cast = journey.cast
    teacher = journey.sign_in()
    request = journey.ask(teacher)
    subject, text = to(journey.letters(), cast.principal)
    assert NAME in subject
    assert f"/staff/requests/{request.ref}/" in text
    assert "3.1" in text

    comment = "The name matches the class. – « Très bien »"
    principal = journey.hand(cast.principal, phone=True)
    journey.decide(principal, f"/staff/requests/{request.ref}/endorse/", comment, "endorse")
    letters = journey.letters()
    for person in (cast.communications, cast.communications2, cast.teacher):
        assert comment in to(letters, person)[1]

    communications = journey.hand(cast.communications)
    approval = "A good plan for updates."
    journey.decide(communications, f"/staff/requests/{request.ref}/approve/", approval, "approve")
    letters = journey.letters()
    for person in (cast.teacher, cast.principal):
        assert approval in to(letters, person)[1]

    journey.register(teacher, request)
    letters = journey.letters()
    assert NAME in to(letters, cast.colleague)[0]
    assert NAME in to(letters, cast.communications)[0]  # AP 193 3.4 asks for one manager; a second is wished for
    journey.accept(journey.hand(cast.colleague, phone=True), request)
    assert cast.colleague.name in to(journey.letters(), cast.teacher)[1]
    assert not Account.objects.exists()
    journey.decide(
        communications, f"/staff/requests/{request.ref}/registration/move/confirm", "All is there.", "confirm"
    )
    account = Account.objects.get()
    letters = journey.letters()
    for person in (cast.teacher, cast.colleague, cast.principal):
        assert account.public_id in to(letters, person)[1]
    journey.check(account)

    teacher.page.goto(f"/staff/requests/{request.ref}/")
    journey.look(teacher.page, "request-official")
    teacher.page.goto(f"/staff/accounts/{account.public_id}/")
    journey.look(teacher.page, "account-record")
    assert journey.faults == []
    return account


@pytest.fixture
def live(
    live_cast: Cast, open_as: Opener, catcher: Catcher, live_server: LiveServer, settings: Any
) -> Iterator[Journey]:
    """The cast before a browser, with a mail server beside it."""
    settings.SITE_URL = live_server.url
    return Journey(live_cast, open_as, catcher)


def cited(act: str) -> set[str]:
    """The clauses under which the log holds an act, whoever did it."""
    return {c.rpartition("#")[2] for entry in search_log(act=act).entries for c in entry.citations}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_request_becomes_an_official_account_that_anyone_can_check(live: Journey, lang: str) -> None:
    live.lang = lang
    Person.objects.update(language=f"{lang}-ca")
    walk(live)
    for act, clause in {
        "accountrequest:submit": "3.1", "accountrequest:endorse": "3.1", "accountrequest:approve": "3.1",
        "registration:send": "3.2", "designation:accept": "1.7", "registration:confirm": "3.2",
    }.items():  # fmt: skip
        assert clause in cited(act), (act, cited(act))


def test_with_nothing_but_the_keyboard(live: Journey) -> None:
    live.keys = True
    walk(live)


def test_with_scripts_switched_off(live: Journey) -> None:
    live.scripts = False
    walk(live)


def test_no_page_says_anything_of_a_clause_that_is_not_there(live: Journey) -> None:
    """Every "Why we ask" of the form leads to a clause on the public page of the procedure."""
    hand = live.hand(live.cast.teacher)
    hand.page.goto("/staff/requests/new")
    links = {a.get_attribute("href") or "" for a in hand.page.locator("main a.clause").all()}
    assert links
    hand.page.goto("/procedure")
    for link in links:
        anchor = re.sub(r".*#", "", link)
        assert hand.page.locator(f"[id='{anchor}']").count() == 1, link
