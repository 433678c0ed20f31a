"""A real browser against a live server: signing in, failing on anything loaded from elsewhere, and axe."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from pytest_django.live_server_helper import LiveServer

from rostrum.people.models import Person
from tests.cast import Cast, build_cast
from tools.browser import find

AXE = settings.ROOT / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SHOTS = Path(os.environ.get("ROSTRUM_SHOTS", "")) if os.environ.get("ROSTRUM_SHOTS") else None


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_the_browser() -> None:
    """Playwright's synchronous interface runs a loop in this thread, which Django would otherwise refuse."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    path = find()
    with sync_playwright() as playwright:
        arguments = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ]
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def live_cast(transactional_db: None, live_server: LiveServer) -> Cast:
    """The cast, in the database that the live server sees."""
    return build_cast()


Opener = Callable[..., Page]


@pytest.fixture
def open_as(browser: Browser, live_server: LiveServer) -> Iterator[Opener]:
    """open_as(person or None, phone=False, scripts=True, lang="en") -> a page with that person signed in.

    A request to any other host fails the test, and so does a message in the console about the content policy.
    """
    contexts: list[BrowserContext] = []
    strays: list[str] = []
    host = urlsplit(live_server.url).netloc

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).netloc == host or route.request.url.startswith("data:"):
            route.continue_()
        else:
            strays.append(route.request.url)
            route.abort()

    def opened(person: Person | None = None, *, phone: bool = False, scripts: bool = True, lang: str = "en") -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=PHONE if phone else DESKTOP,
            java_script_enabled=scripts,
            locale="fr-CA" if lang == "fr" else "en-CA",
        )
        context.route("**/*", guard)
        cookies = [{"name": settings.LANGUAGE_COOKIE_NAME, "value": f"{lang}-ca", "url": live_server.url}]
        if person is not None:
            client = Client()
            client.force_login(person)
            cookies.append(
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                }
            )
        context.add_cookies(cookies)  # type: ignore[arg-type]  # plain dictionaries are what it takes
        page = context.new_page()
        page.on(
            "console",
            lambda message: strays.append(message.text) if "Content Security Policy" in message.text else None,
        )
        page.on("pageerror", lambda error: strays.append(str(error)))
        contexts.append(context)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert strays == []


def axe(page: Page) -> list[str]:
    """Every accessibility violation on the page, one line each: rule, impact, where."""
    # From the top: a bar that stays in sight would half hide some field, and that field would be called too small.
    page.evaluate("window.scrollTo(0, 0)")
    # Evaluated by the browser's debugger, so that the page's own strict policy stays untouched.
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "async (rules) => (await axe.run(document, {runOnly: {type: 'tag', values: rules}})).violations"
        ".map(v => ({id: v.id, impact: v.impact, nodes: v.nodes.map(n => n.html.slice(0, 160))}))",
        RULES,
    )
    return [f"{page.url} {item['id']} ({item['impact']}): {json.dumps(item['nodes'][:3])}" for item in found]


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page when ROSTRUM_SHOTS names a folder."""
    if SHOTS:
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)
