"""From the office's list to the register, in a real browser: import, mend, decide on a phone, approve, register."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from rostrum.registry.models import Account
from tests.browser.conftest import DESKTOP, PHONE, Opener, axe, shot
from tests.cast import Cast

pytestmark = pytest.mark.browser
LIST = """School,Link,Account name,Who runs it,Email
Rendell Prk School,https://www.instagram.com/rendellpuppets,Rendell Park Puppets,Sofia Nguyen,puppets@lpsd.ca
Rendell Park School,https://x.com/rendellgrads19,Rendell Park Grads 2019,,
Rendell Park School,ask the office,Rendell Park Choir,,
"""


def look(page: Page, name: str) -> list[str]:
    """axe at both widths, and nothing wider than the screen."""
    faults = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        faults += axe(page)
        shot(page, f"known-{name}-{size['width']}")
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            faults.append(f"{name} is wider than {size['width']}")
    page.set_viewport_size(DESKTOP)
    return faults


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_list_becomes_official_step_by_step(live_cast: Cast, open_as: Opener, scripts: bool) -> None:
    cast = live_cast
    faults: list[str] = []
    see = look if scripts else lambda page, name: []
    keeper = open_as(cast.communications, scripts=scripts)
    keeper.goto("/staff/known/")
    faults += see(keeper, "list-empty")
    keeper.goto("/staff/known/import/")
    faults += see(keeper, "import")
    file = {"name": "accounts.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    keeper.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]  # a plain dictionary will do
    with keeper.expect_navigation():
        keeper.get_by_role("button", name="Look at it").click()
    assert "2 rows cannot be used yet" in keeper.locator(".lead").inner_text()
    faults += see(keeper, "staged")
    with keeper.expect_navigation():
        keeper.get_by_role("button", name="Rendell Park School", exact=True).first.click()
    with keeper.expect_navigation():
        keeper.locator("#row-4 button", has_text="Skip this row").click()
    with keeper.expect_navigation():
        keeper.get_by_role("button", name="Take 2 accounts in").click()
    assert "0 of 2 decided" in keeper.locator("main").inner_text()
    faults += see(keeper, "schools")

    principal = open_as(cast.principal, phone=True, scripts=scripts)
    principal.goto("/staff/")
    with principal.expect_navigation():
        principal.get_by_role("link", name="Decide").click()
    first = principal.locator(".claim", has_text="Puppets")
    first.get_by_text("Ours", exact=True).click()
    second = principal.locator(".claim", has_text="Grads")
    second.get_by_text("Ours, nobody can reach it").click()
    with principal.expect_navigation():
        principal.get_by_role("button", name="Send your answers").click()
    assert principal.locator(".problems").is_visible()  # nobody said why
    assert first.locator("[value=ours]").is_checked()
    faults += see(principal, "decide-problem")
    second.locator("input[name^=reason]").fill("The teacher who made it has left.")
    principal.get_by_label("has no other accounts").check()
    with principal.expect_navigation():
        principal.get_by_role("button", name="Send your answers").click()
    assert "2 of 2 decided" in principal.locator("main").inner_text()
    assert "no others" in principal.locator("main").inner_text()

    keeper.goto("/staff/known/approve/")
    keeper.locator("[name=tick]").check()
    faults += see(keeper, "approve")
    with keeper.expect_navigation():
        keeper.get_by_role("button", name="Approve those ticked").click()
    assert not Account.objects.exists()

    teacher = open_as(cast.teacher, scripts=scripts)
    teacher.goto("/staff/")
    with teacher.expect_navigation():
        teacher.get_by_role("link", name="Register it").click()
    assert teacher.locator("[name=address]").input_value() == "https://www.instagram.com/rendellpuppets/"
    faults += see(teacher, "register")
    asked = ({"visibility": "public", "comment_mode": "moderated", "logo_permission": "none"},
             {"recovery": "shared_mailbox", "second_factor": "yes"}, {},
             {"directory_link": "yes", "no_personal_address": "yes", "correct": "yes"})  # fmt: skip
    for step in asked:  # what nobody else can know; the rest stands there
        for name, value in step.items():
            teacher.locator(f'main [name={name}][value="{value}"]').check()
        with teacher.expect_navigation():
            teacher.locator(".acts [name=_go][value=next]").click()
    with teacher.expect_navigation():
        teacher.locator("main form[data-once] .btn-primary").click()
    keeper.goto("/staff/")
    with keeper.expect_navigation():
        keeper.get_by_role("link", name="Confirm").first.click()
    with keeper.expect_navigation():
        keeper.locator("main form button[type=submit]").last.click()
    account = Account.objects.get()
    assert account.name == "Rendell Park Puppets"
    keeper.goto("/staff/known/?q=puppets")
    assert "It is official" in keeper.locator("main").inner_text()
    with keeper.expect_navigation():
        keeper.get_by_role("link", name="Rendell Park Puppets").click()
    faults += see(keeper, "record")
    keeper.goto("/staff/known/found/")
    faults += see(keeper, "found")
    assert faults == []
