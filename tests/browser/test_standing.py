"""A crisis hold from the desk to a manager's phone and back, and closing an account with its checklist; axe throughout."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from rostrum.core import clock
from rostrum.orders.hold_models import HoldTold
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
        shot(page, f"standing-{name}-{size['width']}")
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            faults.append(f"{name} is wider than {size['width']}")
    if before:
        page.set_viewport_size(before)
    return faults


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_crisis_hold_reaches_a_phone_and_is_lifted(live_cast: Cast, open_as: Opener, scripts: bool) -> None:
    cast, account = live_cast, official(live_cast)
    see = look if scripts else lambda page, name: []
    keeper = open_as(cast.communications, scripts=scripts)
    keeper.goto("/staff/")
    with keeper.expect_navigation():
        keeper.get_by_role("link", name="Crisis hold").click()
    faults = see(keeper, "new")
    keeper.locator("[name=reason]").fill("A threat is being looked into.")
    press(keeper, "See what it stops")
    assert keeper.locator("h1").inner_text() == "Stop one account?"
    assert not HoldTold.objects.exists()
    faults += see(keeper, "confirm")
    press(keeper, "Stop one account now")
    assert "0 of 2 people have stopped." in keeper.locator("main").inner_text()
    faults += see(keeper, "hold")

    manager = open_as(cast.teacher, phone=True, scripts=scripts)
    manager.goto("/staff/")
    faults += see(manager, "today")
    with manager.expect_navigation():
        manager.get_by_role("link", name="I have stopped posting").click()
    faults += see(manager, "asked")
    press(manager, "I have stopped posting")
    assert "You said on" in manager.locator("main").inner_text()
    if scripts:  # the open page says so by itself
        keeper.get_by_text("1 of 2 people have stopped.").wait_for(timeout=15_000)
    keeper.goto(f"/staff/accounts/{account.public_id}/")
    assert "Crisis hold: nobody posts here" in keeper.locator("main").inner_text()
    faults += see(keeper, "record")
    with keeper.expect_navigation():
        keeper.get_by_role("link", name="See the hold").click()
    with keeper.expect_navigation():
        keeper.get_by_role("link", name="Lift the hold").click()
    keeper.locator("[name=reason]").fill("All clear.")
    press(keeper, "Lift the hold")
    assert "Posting goes on as before." in keeper.locator("main").inner_text()
    assert faults == []


def test_an_account_is_closed_with_its_checklist(live_cast: Cast, open_as: Opener) -> None:
    cast, account = live_cast, official(live_cast)
    manager = open_as(cast.teacher)
    manager.goto(f"/staff/accounts/{account.public_id}/closing/")
    faults = look(manager, "start")
    manager.locator("[name=reason]").fill("The class has ended.")
    press(manager, "Start the checklist")
    faults += look(manager, "checklist")
    day = (clock.today() + timedelta(days=90)).isoformat()
    for item, answer, line in (
        ("told", "told", "Families, in the newsletter."), ("archive", "taken", "Office drive."),
        ("keys", "recovered", "Office vault, entry 14."), ("handle", "parked", ""), ("notice", "shown", "Thank you."),
    ):  # fmt: skip
        card = manager.locator(f"#{item}")
        card.locator(f"[name=answer][value={answer}]").check()
        if item == "handle":
            card.locator("[name=day]").fill(day)
        if line:
            card.locator("[name=detail]").fill(line)
        with manager.expect_navigation():
            card.get_by_role("button", name="Keep").click()
    assert "5 of 5 answered" in manager.locator("main").inner_text()
    faults += look(manager, "answered")
    with manager.expect_navigation():
        manager.get_by_role("link", name="Ask Communications to retire it").click()
    press(manager, "Ask Communications to retire it")
    keeper = open_as(cast.communications)
    keeper.goto("/staff/closings/")
    with keeper.expect_navigation():
        keeper.get_by_role("link", name=account.name).click()
    with keeper.expect_navigation():
        keeper.get_by_role("link", name="Retire the account").click()
    faults += look(keeper, "retire")
    press(keeper, "Retire the account")
    assert Account.objects.get(pk=account.pk).state == "retired"
    keeper.goto(f"/accounts/{account.public_id}")
    assert "We keep its name" in keeper.locator("main").inner_text()
    faults += look(keeper, "public")
    assert faults == []
