"""The public side in a real browser: no policy is broken, other sites can frame the list, code can be copied."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from rostrum.directory.export import files, write_folder
from rostrum.registry.models import Account
from tests.browser.conftest import Opener, axe, shot
from tests.cast import Cast, official

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@contextmanager
def another_site(page: str) -> Iterator[str]:
    """A school's website at an address of its own, with one page."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


@pytest.fixture
def account(live_cast: Cast, settings: Any, live_server: LiveServer) -> Account:
    """An official account; the site knows its own address."""
    settings.SITE_URL = live_server.url
    return official(live_cast, platform="instagram", handle="https://www.instagram.com/rendellpark_gr4/",
                    name="Rendell Park School Grade 4", page_kind="page")  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("phone", [False, True])
def test_every_page_holds_up(account: Account, live_cast: Cast, open_as: Opener, phone: bool, lang: str) -> None:
    page = open_as(None, phone=phone, lang=lang)
    addresses = {
        "unit": "/units/rendell", "division": "/units/lpsd", "website": "/units/rendell/website",
        "past": "/?on=2026-01-01", "bad-day": "/?on=2026-02-30", "account": f"/accounts/{account.public_id}",
        "home": "/", "embed": f"/embed/rendell?lang={lang}", "empty": "/units/winston",
    }  # fmt: skip
    for name, address in addresses.items():
        page.goto(address)
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
        shot(page, f"directory-{name}-{lang}-{'phone' if phone else 'desktop'}")
    desk = open_as(live_cast.communications, phone=phone, lang=lang)
    desk.goto("/staff/directory/")
    assert axe(desk) == []


def test_another_site_shows_the_list_and_nothing_else_of_ours(
    account: Account, browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{live_server.url}/units/rendell/website")
    code = page.locator("#frame").input_value()
    plain = f'<iframe src="{live_server.url}/units/rendell" name="ours"></iframe>'
    with another_site(f"<!doctype html><title>School</title><h1>School</h1>{code}{plain}") as address:
        page.goto(address)
        frame = page.frame_locator("iframe[sandbox]")
        link = frame.get_by_role("link", name="Rendell Park School Grade 4", exact=False).first
        expect(link).to_be_visible()
        assert link.get_attribute("href") == account.address
        # The style sheet reached it in spite of the sandbox: its bar in the division's colour is there.
        assert frame.locator("main").evaluate("e => getComputedStyle(e).borderTopWidth") == "4px"
        assert context.cookies() == []
        refused = page.frame(name="ours")
        assert refused is not None
        assert "Rendell" not in refused.content()
    context.close()


def test_code_is_copied_as_it_stands(account: Account, browser: Browser, live_server: LiveServer) -> None:
    Account.objects.filter(pk=account.pk).update(name="Grade 4 & friends")
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{live_server.url}/units/rendell/website")
    page.get_by_role("button", name="Copy the code").nth(1).click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert ">Grade 4 &amp; friends</a>" in copied
    assert f'href="{account.address}" rel="me"' in copied
    context.close()
    quiet = browser.new_context(java_script_enabled=False)
    still = quiet.new_page()
    still.goto(f"{live_server.url}/units/rendell/website")
    expect(still.locator("#pasted")).to_have_value(copied)
    assert still.get_by_role("button", name="Copy the code").count() == 0
    quiet.close()


def test_a_new_search_stays_on_the_past_day(account: Account, open_as: Opener) -> None:
    page = open_as(None)
    page.goto("/?on=2026-01-01")
    page.get_by_label("Find an account").fill("grade")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/*q=grade*")
    assert "on=2026-01-01" in page.url
    expect(page.get_by_text("This is the directory as it was at the end of Thu 1 Jan 2026")).to_be_visible()


def test_the_signed_copy_opens_from_a_folder(account: Account, browser: Browser, tmp_path: Path) -> None:
    write_folder(files(), tmp_path / "copy")
    context = browser.new_context()
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto((tmp_path / "copy" / "index.html").as_uri())
    page.get_by_role("link", name=account.name).click()
    expect(page.get_by_role("heading", name=account.name)).to_be_visible()
    expect(page.get_by_text("Official: it speaks for")).to_be_visible()
    page.get_by_role("link", name="Français").click()
    assert page.locator("html").get_attribute("lang") == "fr-CA"
    assert all(url.startswith("file:") for url in asked)
    assert said == []
    assert axe(page) == []
    context.close()
