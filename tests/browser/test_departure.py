"""A departure on a Friday is fully handed over, in a real browser: noted, confirmed, reset and witnessed, green."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from rostrum.custody.departure_models import Departure
from rostrum.keys import stating
from rostrum.people.models import Person
from tests.browser.conftest import Opener, axe, shot
from tests.cast import Cast, official
from tests.custody.holding import third_manager
from tests.keys.made import statement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def press(page: Page, name: str) -> None:
    """Press the button of the page's form."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def test_a_departure_on_a_friday_is_fully_handed_over(live_cast: Cast, open_as: Opener) -> None:
    account = official(live_cast)
    third_manager(live_cast, account)
    office = open_as(live_cast.communications)
    office.goto(f"/staff/people/{live_cast.colleague.pk}/left/")
    office.get_by_label("Note for the log").fill("Moved to Edmonton.")
    press(office, "Note the departure")
    assert "Departure: Owen Clarke" in office.content()
    assert "0 of 3 things confirmed" in office.content()
    assert axe(office) == []
    it = Departure.objects.get()
    assert not Person.objects.get(pk=live_cast.colleague.pk).is_active

    phone = open_as(live_cast.teacher, phone=True)
    phone.goto("/staff/")
    with phone.expect_navigation():
        phone.get_by_role("link", name="See the checklist").first.click()
    assert axe(phone) == []
    shot(phone, "departure-phone")
    with phone.expect_navigation():
        phone.get_by_role("link", name="Confirm").first.click()
    assert axe(phone) == []
    phone.get_by_label("Handed over:").check()
    phone.get_by_label("Access taken away:").check()
    press(phone, "Confirm")
    assert "2 of 3 things confirmed" in phone.content()
    assert "No reset has been made and witnessed" in phone.content()

    made = stating.make(account, statement(), by=live_cast.teacher)
    second = open_as(live_cast.superintendent)
    second.goto(f"/staff/resets/{made.pk}/confirm/")
    with second.expect_navigation():
        second.locator("form.decision button.btn-primary, form button.btn-primary").first.click()
    made.refresh_from_db()
    assert made.state == "confirmed"

    phone.goto(f"/staff/departures/{it.pk}/")
    assert "Ruth Okafor witnessed it" in phone.content()
    with phone.expect_navigation():
        phone.get_by_role("link", name="Confirm").first.click()
    phone.get_by_label("Reset:").check()
    press(phone, "Confirm")
    assert "Every account is handed over, reset and cleared of their access." in phone.content()
    assert axe(phone) == []
    it.refresh_from_db()
    assert it.state == "done"


def test_tonight_is_one_screen_and_reads_well(live_cast: Cast, open_as: Opener) -> None:
    official(live_cast)
    for phone in (False, True):
        page = open_as(live_cast.principal, phone=phone)
        for path in ("/staff/tonight/", "/staff/tonight/?by=person", "/staff/hands/", "/staff/reading/"):
            page.goto(path)
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path


def test_tonight_is_printed_on_one_page_by_its_own_button(live_cast: Cast, open_as: Opener) -> None:
    """A principal finds it from Reviews, sees it whole on one screen, and one press prints one page of paper."""
    for _n in range(6):
        official(live_cast)
    page = open_as(live_cast.principal)
    page.goto("/staff/oversight/")
    with page.expect_navigation():
        page.get_by_role("link", name="Who can get into what tonight").first.click()
    assert page.locator("nav [aria-current=page]", has_text="Reviews").count() >= 1
    assert page.get_by_role("columnheader").all_inner_texts() == [
        "Account", "Content managers", "Can get in", "Recovery", "Last reset",
    ]  # fmt: skip
    pressed = "window.printed = 0; window.print = () => { window.printed += 1; }; true"
    page.evaluate(pressed)
    page.get_by_role("button", name="Print this page").click()
    assert page.evaluate("window.printed") == 1
    for path in ("/staff/tonight/", "/staff/tonight/?by=person"):
        page.goto(path)
        assert axe(page) == []
        paper = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) == 1, path
        page.emulate_media(media="print")
        assert not page.get_by_role("button", name="Print this page").is_visible()
        assert not page.locator("nav.tabs").is_visible()
        assert page.get_by_text("As noted in Rostrum.").is_visible()
        assert page.locator("[data-row]").count() >= 2
        # Nothing is cut off at the edge of the paper: landscape letter at 96 dots to the inch, less its margins.
        page.set_viewport_size({"width": 988, "height": 748})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        shot(page, "tonight-print")
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1280, "height": 900})


def test_without_scripts_no_button_promises_to_print(live_cast: Cast, open_as: Opener) -> None:
    official(live_cast)
    page = open_as(live_cast.principal, scripts=False)
    page.goto("/staff/tonight/")
    assert page.get_by_role("button", name="Print this page").count() == 0
