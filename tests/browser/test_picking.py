"""Picking one of many: a long list finds while one types, by keys alone, on a phone, and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from rostrum.people.models import Unit, UnitKind
from tests.browser.conftest import Opener, axe, shot
from tests.browser.hands import Keys
from tests.cast import Cast, drafted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
NEW = "/staff/requests/new"


@pytest.fixture
def many_units(live_cast: Cast) -> Cast:
    """A division with so many clubs that nobody wants to scroll through them."""
    school = Unit.objects.get(code="rendell")
    for n in range(16):
        club = Unit(code=f"club-{n}", name=f"Club {n}", kind=UnitKind.CLUB, parent=school)
        if n == 7:
            club.name = "École d’été"
        club.path = f"{school.path}new{n}/"
        club.save()
        Unit.objects.filter(pk=club.pk).update(path=f"{school.path}{club.pk}/")
    return live_cast


@pytest.mark.parametrize("phone", [False, True])
def test_a_unit_is_found_by_any_of_its_words_with_keys_alone(many_units: Cast, open_as: Opener, phone: bool) -> None:
    page = open_as(many_units.teacher, phone=phone)
    page.goto(NEW)
    box, sent = page.get_by_role("combobox", name="Who will the account speak for?"), page.locator("[name=unit]")
    Keys(page).reach(box)
    page.keyboard.type("rendell ete ECOLE")
    options = page.get_by_role("option")
    expect(options).to_have_text(["École d’été"])
    expect(page.get_by_role("listbox").get_by_role("group")).to_have_count(1)
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "-")
    assert axe(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    shot(page, f"pick-{'phone' if phone else 'desk'}")
    page.keyboard.press("Enter")
    expect(sent).to_have_value("club-7")
    expect(page.get_by_role("listbox")).to_have_count(0)
    assert page.url.endswith(NEW)  # Enter took the choice and sent nothing
    assert axe(page) == []


def test_what_fits_nothing_changes_nothing_and_escape_goes_back(many_units: Cast, open_as: Opener) -> None:
    page = open_as(many_units.teacher)
    page.goto(NEW)
    box, sent = page.locator("[role=combobox]").first, page.locator("[name=unit]")
    before, words = sent.input_value(), box.input_value()
    box.focus()
    page.keyboard.type("zzz")
    expect(page.get_by_text("Nothing fits. Try fewer letters.").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_have_value(words)
    page.keyboard.type("club")  # many fit: leaving by a click elsewhere takes none of them
    page.locator("h1").click()
    expect(box).to_have_value(words)
    assert sent.input_value() == before
    box.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert sent.input_value() != before


def test_without_scripts_the_list_is_the_browsers_own(many_units: Cast, open_as: Opener) -> None:
    page = open_as(many_units.teacher, scripts=False)
    page.goto(NEW)
    expect(page.locator("select#id_unit")).to_be_visible()
    page.locator("select#id_unit").select_option("club-3")
    expect(page.locator("[role=combobox]")).to_have_count(0)


def test_a_person_is_suggested_and_taken_with_keys(live_cast: Cast, open_as: Opener) -> None:
    request = drafted(live_cast)
    page = open_as(live_cast.teacher)
    page.goto(f"/staff/requests/{request.ref}/form/managers")
    box = page.locator("#id_second_manager")
    box.fill("")
    box.press_sequentially("cla")
    expect(page.get_by_role("option")).to_have_count(1)
    assert axe(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value(re.compile("<.+@.+>$"))


def test_filters_fold_on_a_phone_and_lie_open_at_a_desk(live_cast: Cast, open_as: Opener) -> None:
    for person, path in ((None, "/?platform=x"), (live_cast.communications, "/staff/accounts/?tab=all&platform=x")):
        phone, desk = open_as(person, phone=True), open_as(person)
        for page in (phone, desk):
            page.goto(path)
        expect(phone.get_by_text("Filter: 1 on")).to_be_visible()
        expect(phone.locator(".fold .filter").first).to_be_hidden()
        phone.get_by_text("Filter: 1 on").press("Enter")
        expect(phone.locator(".fold .filter").first).to_be_visible()
        assert axe(phone) == []
        expect(desk.locator(".fold .filter").first).to_be_visible()
        expect(desk.get_by_text("Filter: 1 on")).to_be_hidden()
        assert axe(desk) == []
