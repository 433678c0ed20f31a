"""Lists and changes in a real browser: filter, keep, choose columns, take away; rename an account with two yeses."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from rostrum.registry.models import Account
from tests.browser.conftest import DESKTOP, PHONE, Opener, axe, shot
from tests.cast import Cast, official

pytestmark = pytest.mark.browser


def look(page: Page, name: str) -> list[str]:
    """axe at both widths, and nothing wider than the screen."""
    faults = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        faults += axe(page)
        shot(page, f"lists-{name}-{size['width']}")
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            faults.append(f"{name} is wider than {size['width']}")
    page.set_viewport_size(DESKTOP)
    return faults


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_list_is_filtered_kept_widened_and_taken_away(live_cast: Cast, open_as: Opener, scripts: bool) -> None:
    cast = live_cast
    account = official(cast)
    faults: list[str] = []
    see = look if scripts else lambda page, name: []
    page = open_as(cast.communications, scripts=scripts)
    page.goto("/staff/accounts/?platform=blog")
    page.locator("summary", has_text="Keep this filter").click()
    faults += see(page, "keep")
    page.get_by_label("Name of the filter").fill("Blogs")
    with page.expect_navigation():
        page.get_by_role("button", name="Keep", exact=True).click()
    assert page.get_by_role("link", name="Blogs", exact=True).get_attribute("aria-current") == "true"
    page.locator("summary", has_text="Columns").click()
    faults += see(page, "columns")
    page.get_by_label("Public id").check()
    with page.expect_navigation():
        page.locator(".menu-form").get_by_role("button", name="Show", exact=True).click()
    assert account.public_id in page.locator("table.list").inner_text()
    page.locator("summary", has_text="Take it away").click()
    faults += see(page, "take")
    with page.expect_download() as taken:
        page.get_by_role("link", name="As a spreadsheet (XLSX)").click()
    assert taken.value.suggested_filename.startswith("accounts-")
    assert taken.value.suggested_filename.endswith(".xlsx")
    with page.expect_navigation():
        page.get_by_role("link", name="Rename or delete “Blogs”").click()
    faults += see(page, "kept")
    with page.expect_navigation():
        page.get_by_role("link", name="Delete it").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Delete").click()
    assert page.get_by_role("link", name="Blogs", exact=True).count() == 0
    assert faults == []


def test_an_account_gets_another_name_with_two_yeses(live_cast: Cast, open_as: Opener) -> None:
    cast = live_cast
    account, faults = official(cast), []
    teacher = open_as(cast.teacher)
    teacher.goto(f"/staff/accounts/{account.public_id}/")
    teacher.locator("summary", has_text="More").click()
    with teacher.expect_navigation():
        teacher.get_by_role("link", name="Change name, address or school").click()
    faults += look(teacher, "propose")
    teacher.get_by_label("Name of the account").fill("Rendell Park School Grade 5")
    with teacher.expect_navigation():
        teacher.get_by_role("button", name="Send the proposal").click()
    assert "Say why" in teacher.locator("main").inner_text()
    assert teacher.get_by_label("Name of the account").input_value() == "Rendell Park School Grade 5"
    teacher.get_by_label("Why").fill("The class moved up.")
    with teacher.expect_navigation():
        teacher.get_by_role("button", name="Send the proposal").click()
    faults += look(teacher, "proposed")
    for person, step in ((cast.principal, "Agree"), (cast.communications, "Approve the change")):
        page = open_as(person, phone=True)
        page.goto("/staff/")
        with page.expect_navigation():
            page.get_by_role("link", name=account.name, exact=True).first.click()
        with page.expect_navigation():
            page.get_by_role("link", name=step, exact=True).click()
        faults += look(page, step.split()[0].lower())
        with page.expect_navigation():
            page.get_by_role("button", name=step, exact=True).click()
    account = Account.objects.get(pk=account.pk)
    assert account.name == "Rendell Park School Grade 5"
    anyone = open_as(None)
    anyone.goto(f"/accounts/{account.public_id}")
    assert "What it was called before" in anyone.locator("main").inner_text()
    faults += look(anyone, "public")
    assert faults == []
