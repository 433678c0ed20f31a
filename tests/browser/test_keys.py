"""Resets in a real browser, on a phone: an alarm in four taps, a statement, its return, its confirmation, a campaign."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from rostrum.core import clock
from rostrum.keys.models import PARTS, Reset, ResetCall
from tests.browser.conftest import DESKTOP, PHONE, Opener, axe, shot
from tests.cast import Cast, official
from tests.keys.made import ENTRY

pytestmark = pytest.mark.browser
KITE = "pw: Winter2026!"


def look(page: Page, name: str) -> list[str]:
    """axe at both widths, and nothing wider than the screen."""
    faults = []
    was = page.viewport_size
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        faults += [f"{name}: {one}" for one in axe(page)]
        shot(page, f"keys-{name}-{size['width']}")
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            faults.append(f"{name} is wider than {size['width']}")
    page.set_viewport_size(was or DESKTOP)
    return faults


def send(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def follow(page: Page, link: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=link, exact=True).first.click()


def said(page: Page) -> str:
    return page.locator("main").inner_text()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_lost_phone_is_said_reset_and_confirmed_on_a_phone(live_cast: Cast, open_as: Opener, scripts: bool) -> None:
    cast, faults = live_cast, list[str]()
    see = look if scripts else lambda page, name: []
    account = official(cast)
    teacher = open_as(cast.teacher, phone=True, scripts=scripts)
    teacher.goto(f"/staff/accounts/{account.public_id}/")
    teacher.locator("summary", has_text="More").click()
    follow(teacher, "Somebody else may get in")
    faults += see(teacher, "ask")
    teacher.get_by_text("Lost or stolen phone").click()
    send(teacher, "Send it now")
    assert ResetCall.objects.get().trigger == "lost_phone"
    faults += see(teacher, "call")

    keeper = open_as(cast.communications, scripts=scripts)
    keeper.goto("/staff/")
    assert "Lost or stolen phone" in said(keeper)
    keeper.goto("/staff/resets/")
    faults += see(keeper, "list")

    follow(teacher, "State the reset")
    faults += see(teacher, "state")
    for part in PARTS[:-1]:
        teacher.locator(f'[name="{part}"][value="done"]').check()
    teacher.locator('[name="second_factor"][value="not_offered"]').check()
    teacher.locator('[name="vault"][value="done"]').check()
    entry = teacher.locator('[name="vault_entry"]')
    assert entry.input_value() == ENTRY, "as the register has it"
    entry.fill(KITE)
    send(teacher, "Send the statement")
    assert "This looks like a password" in said(teacher)
    assert teacher.locator('[name="vault_entry"]').input_value() == ""
    assert teacher.locator('[name="apps"][value="done"]').is_checked(), "nothing else that was typed is lost"
    faults += see(teacher, "state-problem")
    assert teacher.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])").find("Winter") < 0
    teacher.locator('[name="vault_entry"]').fill(ENTRY)
    teacher.locator('[name="second_factor_why"]').fill("This blog offers none.")
    send(teacher, "Send the statement")
    assert "It is waiting for Owen Clarke." in said(teacher)
    faults += see(teacher, "waits")

    colleague = open_as(cast.colleague, phone=True, scripts=scripts)
    colleague.goto("/staff/")
    with colleague.expect_navigation():
        colleague.get_by_role("link", name="Confirm or return it").click()
    assert "This blog offers none." in said(colleague)
    colleague.locator("summary", has_text="More").click()
    follow(colleague, "Return it")
    faults += see(colleague, "return")
    colleague.get_by_label("Why").fill("The old phone is still on the list.")
    send(colleague, "Return it")

    teacher.goto("/staff/")
    with teacher.expect_navigation():
        teacher.get_by_role("link", name="Put it right").click()
    follow(teacher, "Make the statement again")
    faults += see(teacher, "again")
    send(teacher, "Send the statement")

    colleague.goto("/staff/")
    with colleague.expect_navigation():
        colleague.get_by_role("link", name="Confirm or return it").click()
    follow(colleague, "Confirm the reset")
    faults += see(colleague, "confirm")
    send(colleague, "Confirm the reset")
    assert Reset.objects.get().state == "confirmed"
    assert ResetCall.objects.get().state == "answered"
    keeper.goto(f"/staff/accounts/{account.public_id}/")
    assert "By Sofia Nguyen, confirmed by Owen Clarke." in said(keeper)
    faults += see(keeper, "record")
    keeper.goto("/staff/resets/statements/")
    faults += see(keeper, "statements")
    assert faults == [], "\n".join(faults)


def test_a_campaign_is_started_reminded_and_printed(live_cast: Cast, open_as: Opener) -> None:
    cast, faults = live_cast, list[str]()
    official(cast)
    keeper = open_as(cast.communications)
    keeper.goto("/staff/resets/campaigns/")
    faults += look(keeper, "campaigns-empty")
    keeper.get_by_role("link", name="Start a campaign").first.click()
    faults += look(keeper, "start")
    keeper.get_by_label("Name of the campaign").fill("Back to school")
    keeper.get_by_label("By which day").fill((clock.today() + timedelta(days=14)).isoformat())
    send(keeper, "Start it")
    assert "Say why" in said(keeper)
    faults += look(keeper, "start-problem")
    keeper.get_by_label("Why").fill("Every September.")
    send(keeper, "Start it")
    assert "0 of 1 account confirmed, 1 missing" in said(keeper)
    faults += look(keeper, "campaign")
    follow(keeper, "Remind those who are missing")
    faults += look(keeper, "nudge")
    send(keeper, "Remind those who are missing")
    assert "You can remind them again from" in said(keeper)
    keeper.emulate_media(media="print")
    shot(keeper, "keys-campaign-print")
    keeper.emulate_media(media="screen")
    keeper.goto("/staff/resets/campaigns/")
    faults += look(keeper, "campaigns")
    teacher = open_as(cast.teacher, phone=True, lang="fr")
    teacher.goto("/staff/resets/alarm/")
    faults += look(teacher, "alarm-fr")
    assert faults == [], "\n".join(faults)
