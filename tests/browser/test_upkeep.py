"""Certification, last posts and the school calendar in a real browser: with and without scripts, with axe, on a phone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from rostrum.core import clock
from rostrum.policies.actions import set_setting
from rostrum.registry.models import Account
from rostrum.schoolyear.models import NamedDays, SchoolYear
from rostrum.upkeep import certifying, liveness
from rostrum.upkeep.liveness_models import Liveness
from rostrum.upkeep.models import Certification
from tests.browser.conftest import DESKTOP, PHONE, Opener, axe, shot
from tests.cast import Cast, official

pytestmark = pytest.mark.browser


def look(page: Page, name: str) -> list[str]:
    """axe at both widths, and nothing wider than the screen."""
    faults = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        faults += axe(page)
        shot(page, f"upkeep-{name}-{size['width']}")
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            faults.append(f"{name} is wider than {size['width']}")
    return faults


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_manager_certifies_many_and_opens_the_odd_one(live_cast: Cast, open_as: Opener, scripts: bool) -> None:
    cast, faults = live_cast, list[str]()
    see = look if scripts else lambda page, name: []
    for _n in range(3):
        certifying.ask(official(cast), by=cast.communications, reason="A new school year.")
    page = open_as(cast.teacher, scripts=scripts, phone=True)
    page.goto("/staff/")
    with page.expect_navigation():
        page.get_by_role("link", name="Look at them").first.click()
    faults += see(page, "mine")
    boxes = page.locator('input[name="tick"]')
    boxes.nth(0).check()
    boxes.nth(1).check()
    with page.expect_navigation():
        page.get_by_role("button", name="The ticked ones are still ours").click()
    assert "2 accounts are certified." in page.locator("main").inner_text()
    with page.expect_navigation():
        page.get_by_role("link", name="Something is not right").click()
    faults += see(page, "answer")
    for fact in ("name", "address", "unit", "purpose", "managers", "custody"):
        page.locator(f'input[name="{fact}"][value="right"]').check()
    page.locator('input[name="mailbox"][value="wrong"]').check()
    with page.expect_navigation():
        page.get_by_role("button", name="Send my answers").click()
    assert "This cannot be empty." in page.locator("main").inner_text()
    assert page.locator('input[name="name"][value="right"]').is_checked(), "nothing answered is lost"
    faults += see(page, "answer-again")
    page.locator('input[name="should_mailbox"]').fill("class4.rendellpark@lpsd.ca")
    with page.expect_navigation():
        page.get_by_role("button", name="Send my answers").click()
    assert "What is not right is on its way" in page.locator("main").inner_text()
    faults += see(page, "record")
    assert sorted(Certification.objects.values_list("state", flat=True)) == ["certified", "certified", "correcting"]
    office = open_as(cast.communications, scripts=scripts)
    office.goto("/staff/")
    with office.expect_navigation():
        office.get_by_role("link", name="Put right: Work e-mail").first.click()
    with office.expect_navigation():
        office.get_by_role("link", name="Put it right").click()
    faults += see(office, "decide")
    with office.expect_navigation():
        office.get_by_role("button", name="Put it right").click()
    office.goto("/staff/certifications/?state=certified")
    assert "3 accounts" in office.locator("main").inner_text()
    faults += see(office, "list")
    assert faults == []


def test_a_last_post_on_a_phone_and_the_ways_forward_of_a_quiet_account(live_cast: Cast, open_as: Opener) -> None:
    cast, faults = live_cast, list[str]()
    account = official(cast)
    Account.objects.filter(pk=account.pk).update(official_since=clock.now() - timedelta(days=300))
    set_setting("quiet_days", 90, by_name="Marc Laurent", reason="The board decided.")
    liveness.note_post(account, timezone.localdate() - timedelta(days=120), by=cast.teacher)
    office = open_as(cast.communications)
    office.goto("/staff/quiet/?state=quiet")
    faults += look(office, "quiet")
    with office.expect_navigation():
        office.get_by_role("link", name="Ways forward").click()
    faults += look(office, "forward")
    with office.expect_navigation():
        office.get_by_role("link", name="Pause it").click()
    faults += look(office, "pause")
    phone = open_as(cast.teacher, phone=True)
    phone.goto(f"/staff/accounts/{account.public_id}/")
    faults += look(phone, "account")
    phone.set_viewport_size(PHONE)
    with phone.expect_navigation():
        phone.get_by_role("link", name="Note the last post").last.click()
    faults += look(phone, "post")
    with phone.expect_navigation():
        phone.get_by_role("button", name="Note it").click()
    assert Liveness.objects.get().last_post_on == timezone.localdate()
    assert faults == []


def test_a_school_year_is_entered_filled_and_copied_forward(live_cast: Cast, open_as: Opener) -> None:
    cast, faults = live_cast, list[str]()
    page = open_as(cast.communications)
    page.goto("/staff/calendar/")
    faults += look(page, "calendar-empty")
    with page.expect_navigation():
        page.get_by_role("link", name="Enter a school year").click()
    page.get_by_label("First day of the school year").fill("2026-09-01")
    page.get_by_label("Last day of the school year").fill("2027-06-28")
    with page.expect_navigation():
        page.get_by_role("button", name="Enter it").click()
    page.set_viewport_size(DESKTOP)
    page.locator("summary", has_text="More").first.click()
    with page.expect_navigation():
        page.get_by_role("link", name="Holidays of both provinces").click()
    faults += look(page, "holidays")
    with page.expect_navigation():
        page.get_by_role("button", name="Enter the ticked ones").click()
    assert NamedDays.objects.filter(kind="holiday").count() == 8
    page.set_viewport_size(DESKTOP)
    with page.expect_navigation():
        page.get_by_role("link", name="Add days").click()
    faults += look(page, "days")
    page.get_by_label("Break", exact=True).check()
    page.get_by_label("Name").fill("Winter break")
    page.get_by_label("First day").fill("2026-12-19")
    page.get_by_label("Last day").fill("2027-01-03")
    with page.expect_navigation():
        page.get_by_role("button", name="Add").click()
    faults += look(page, "year")
    page.goto("/staff/calendar/2026-2027/next/")
    faults += look(page, "next")
    with page.expect_navigation():
        page.get_by_role("button", name="Enter the ticked rows").click()
    made = SchoolYear.objects.get(label="2027-2028")
    assert made.days.get(name="Winter break").starts_on == date(2027, 12, 18)
    assert faults == []
