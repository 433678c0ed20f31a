"""What a browser test asks of every page that it passes: no fault that axe sees, at both widths, and nothing too wide."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, axe, shot


def look(page: Page, area: str, name: str) -> list[str]:
    """axe at both widths, and nothing wider than the screen; a picture of each where ROSTRUM_SHOTS names a folder."""
    faults, before = [], page.viewport_size
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # plain dictionaries are what it takes
        faults += [f"{name}: {one}" for one in axe(page)]
        shot(page, f"{area}-{name}-{size['width']}")
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            faults.append(f"{name} is wider than {size['width']}")
    page.set_viewport_size(before or DESKTOP)  # type: ignore[arg-type]
    return faults


def send(page: Page, button: str) -> None:
    """Press a button by its words, and wait for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).first.click()


def follow(page: Page, link: str) -> None:
    """Open a link by its words."""
    with page.expect_navigation():
        page.locator("main a", has_text=link).first.click()


def more(page: Page, link: str) -> None:
    """Open an act of the menu "More"."""
    page.locator("summary", has_text="More").first.click()
    follow(page, link)


def said(page: Page) -> str:
    """What the page says."""
    return page.locator("main").inner_text()
