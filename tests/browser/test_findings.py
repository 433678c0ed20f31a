"""A day's queue of findings cleared by keyboard, and a caption that is mended as one types, in a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import expect

from rostrum.monitoring.jobs import look_at_accounts
from rostrum.monitoring.models import Finding
from rostrum.registry.models import Account
from tests.browser.conftest import Opener, axe
from tests.cast import Cast, official
from tests.monitoring.reached import kept

pytestmark = pytest.mark.browser
MANY = 12


def test_a_queue_is_cleared_by_keyboard(live_cast: Cast, open_as: Opener) -> None:
    account = official(live_cast)
    for n in range(MANY):
        kept(live_cast, f"Text Coach Kim at 306-967-{3000 + n}.", account=account)
    assert Finding.objects.filter(state="open").count() == MANY
    page = open_as(live_cast.communications)
    page.goto("/staff/findings/")
    assert axe(page) == []
    page.get_by_role("link", name="Go through them").click()
    expect(page.locator("mark")).to_be_hidden()  # the words are veiled until somebody asks for them
    page.wait_for_load_state("networkidle")
    page.keyboard.press("b")
    expect(page.locator("mark")).to_be_visible()
    assert axe(page) == []
    for n in range(MANY - 1):
        before = page.url
        page.keyboard.press(str(1 + n % 4))
        page.wait_for_url(lambda url, before=before: url.split("?")[0] != before.split("?")[0])
        expect(page.locator("mark")).to_be_visible()  # once asked for, the words stay shown in this tab
    with page.expect_navigation():
        page.keyboard.press("u")
    assert Finding.objects.filter(state="open").count() == 2
    left = Finding.objects.filter(state="open").order_by("pk").last()
    assert left is not None
    page.goto(f"/staff/findings/{left.pk}/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("c")
    page.keyboard.type("Use the office number.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: f"/{left.pk}/" not in url)
    left.refresh_from_db()
    assert (left.state, left.task, left.comment) == ("confirmed", "take_down", "Use the office number.")


DAY = 50
LETTERS = (
    "Text Coach Kim at 306-967-{0}.", "Meet at 4911 57 Avenue, ask for Jo at 780-871-{0}.", "Sign up: https://bit.ly/3x{0}",
    "You are such a loser if you miss game {0}.", "Write to grade.{0}@gmail.com by Friday.",
)  # fmt: skip


def a_day(cast: Cast) -> int:
    """A day's queue over four accounts: what the night found on them, and the posts that were kept."""
    accounts = [official(cast) for _n in range(4)]
    Account.objects.filter(pk=accounts[0].pk).update(mailbox="grade4@gmail.com")
    accounts[1].registration.designations.filter(person=cast.colleague).update(accepted_at=None)
    look_at_accounts()
    for n in count():
        waiting = Finding.objects.filter(state="open").count()
        if waiting >= DAY:
            return waiting
        kept(cast, LETTERS[n % len(LETTERS)].format(2000 + n), account=accounts[n % 4])
    raise AssertionError


def test_a_day_of_fifty_findings_is_cleared_within_five_minutes_with_keys_alone(
    live_cast: Cast, open_as: Opener, record_property: Callable[[str, object], None]
) -> None:
    """Every tenth is confirmed with a sentence for the manager; the person needs a second of her own for each."""
    waiting = a_day(live_cast)
    assert Finding.objects.filter(state="open", post=None).count() >= 5
    page = open_as(live_cast.communications)
    page.goto("/staff/findings/")
    page.wait_for_load_state("networkidle")
    began, presses, letters = time.monotonic(), 0, 0

    def press(*keys: str) -> None:
        nonlocal presses
        for key in keys:
            page.keyboard.press(key)
            presses += 1

    press("n")
    page.wait_for_url("**/staff/findings/*/**")
    page.locator("body[data-keys]").wait_for()
    press("b")
    for n in range(waiting):
        before = page.url.split("?")[0]
        if n % 10 == 9:
            press("c")
            page.keyboard.type("Use the office number.")
            letters += len("Use the office number.")
            press("Control+Enter")
        else:
            press(str(1 + n % 4))
        page.wait_for_url(lambda url, before=before: url.split("?")[0] != before, wait_until="domcontentloaded")
        if n < waiting - 1:
            page.locator("body[data-keys]").wait_for()
    took = time.monotonic() - began
    states = Finding.objects.values_list("state", flat=True)
    assert sorted(set(states)) == ["confirmed", "dismissed"]
    assert len(states) == waiting
    expect(page.get_by_text("Nothing waits for a look")).to_be_visible()
    record_property("seconds", round(took, 1))
    record_property("keys for each finding", round(presses / waiting, 2))
    print(f"{waiting} findings: {took:.1f} s, {presses} key presses and {letters} letters typed")  # noqa: T201 - a figure
    assert took < 300 - waiting, "a second of thought for each must fit as well"
    assert presses <= 1.2 * waiting


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_teacher_sees_in_one_look_what_to_change(live_cast: Cast, open_as: Opener, phone: bool) -> None:
    page = open_as(live_cast.teacher, phone=phone)
    page.goto("/staff/check/")
    page.get_by_label("Your text").fill("Text Coach Kim at 306-967-3058 😀 you are such a loser")
    page.get_by_text("2 places to look at.").wait_for()
    assert axe(page) == []
    page.locator("#ck-1").click()
    box = "document.getElementById('text')"
    chosen = page.evaluate(f"{box}.value.slice({box}.selectionStart, {box}.selectionEnd)")
    assert chosen == "306-967-3058"
    page.get_by_label("Your text").fill("Text Coach Kim at the office.")
    page.get_by_text("Nothing was found in this text.").wait_for()


def test_it_works_without_scripts(live_cast: Cast, open_as: Opener) -> None:
    page = open_as(live_cast.teacher, scripts=False)
    page.goto("/staff/check/")
    page.get_by_label("Your text").fill("Text Coach Kim at 306-967-3058")
    page.get_by_role("button", name="Check").click()
    assert page.get_by_text("One place to look at.").is_visible()
