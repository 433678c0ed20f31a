"""A merge from the record to a principal's phone and to Communications, and what the public reads then; axe throughout."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from rostrum.registry.models import Account
from tests.browser.conftest import DESKTOP, PHONE, Opener, axe, shot
from tests.cast import Cast, official

pytestmark = pytest.mark.browser


def look(page: Page, name: str) -> list[str]:
    """axe at both widths, and nothing wider than the screen."""
    faults, before = [], page.viewport_size
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # plain dictionaries are what it takes
        faults += axe(page)
        shot(page, f"merging-{name}-{size['width']}")
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            faults.append(f"{name} is wider than {size['width']}")
    if before:
        page.set_viewport_size(before)
    return faults


def follow(page: Page, name: str) -> None:
    """Open the first link of that name."""
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=name).first.click()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


@pytest.mark.timeout(240)  # three people and eight looks at two widths, on a machine that does other things as well
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_two_accounts_become_one(live_cast: Cast, open_as: Opener, scripts: bool) -> None:
    cast, gone, stays = live_cast, official(live_cast), official(live_cast)
    see = look if scripts else lambda page, name: []
    manager = open_as(cast.teacher, scripts=scripts)
    manager.goto(f"/staff/accounts/{gone.public_id}/")
    manager.locator("summary", has_text="More").click()
    follow(manager, "Merge into another account")
    faults = see(manager, "choose")
    manager.locator("[name=address]").fill("https://www.instagram.com/somebody.else")
    press(manager, "See both side by side")
    assert "No live account of ours is at this address." in manager.locator("main").inner_text()
    follow(manager, stays.name)
    assert manager.locator("h1").inner_text() == "Merge these two?"
    faults += see(manager, "both")
    press(manager, "Propose the merge")
    assert manager.title().startswith("Error:")
    manager.locator("[name=reason]").fill("Both classes post together now.")
    press(manager, "Propose the merge")

    principal = open_as(cast.principal, phone=True, scripts=scripts)
    principal.goto("/staff/")
    follow(principal, "Agree or not")
    follow(principal, "Agree")
    faults += see(principal, "agree")
    press(principal, "Agree")

    keeper = open_as(cast.communications, scripts=scripts)
    keeper.goto("/staff/")
    follow(keeper, "Approve or not")
    assert "Ana Petrova" in keeper.locator("main").inner_text()
    follow(keeper, "Approve the merge")
    faults += see(keeper, "approve")
    press(keeper, "Approve the merge")
    faults += see(keeper, "merged")
    assert Account.objects.get(pk=gone.pk).merged_into == stays

    keeper.goto(f"/verify?url={gone.address}")
    assert f"It is now part of {stays.name}." in keeper.locator("main").inner_text()
    keeper.goto(f"/staff/accounts/{stays.public_id}/")
    assert "Merged into this account on" in keeper.locator("main").inner_text()
    faults += see(keeper, "record")
    manager.goto(f"/staff/accounts/{stays.public_id}/split/")
    faults += see(manager, "split")
    assert faults == []
