"""Two ways of using a page: with a pointer, and with nothing but the keyboard."""

from __future__ import annotations

from django.utils.translation import gettext, override
from playwright.sync_api import Locator, Page

STEPS = 200  # more presses of Tab than any page here has things to reach


def word(message: str, lang: str) -> str:
    """A sentence of Rostrum in the language of the page."""
    with override(f"{lang}-ca"):
        return gettext(message)


class Pointer:
    """Clicks and types."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def field(self, name: str, value: str = "", row: int = 0) -> Locator:
        """A field of the page's form by its name; of a group, the one with that value."""
        wanted = f'[name="{name}"]' + (f'[value="{value}"]' if value else "")
        return self.page.locator(f"main {wanted}").nth(row)

    def press(self, target: Locator) -> None:
        """Open a link or press a button, and wait for the page that follows."""
        with self.page.expect_navigation():
            self.go(target)

    def go(self, target: Locator) -> None:
        target.click()

    def write(self, name: str, words: str, row: int = 0) -> None:
        """Replace what a text field holds."""
        self.field(name, row=row).fill(words)

    def choose(self, name: str, value: str) -> None:
        """Take one radio button of a group."""
        self.field(name, value).check()

    def tick(self, name: str, value: str) -> None:
        """Tick a box."""
        self.field(name, value).check()

    def pick(self, name: str, value: str, row: int = 0) -> None:
        """Take an option of a list."""
        field = self.field(name, row=row)
        if field.is_visible():
            field.select_option(value)
            return
        # A long list: its choice is found by its words (rostrum/static/pick.js).
        self.find(field, field.locator(f'option[value="{value}"]').inner_text())
        assert field.input_value() == value

    def find(self, field: Locator, words: str) -> None:
        """Type words into the box of a long list, and take what they find."""
        self.boxed(field).fill(words)
        self.page.get_by_role("option", name=words).first.click()

    def boxed(self, field: Locator) -> Locator:
        """The box in which a long list is searched."""
        wanted = str(field.get_attribute("id")).removesuffix("-native")
        return self.page.locator(f"#{wanted}")


class Keys(Pointer):
    """Tab, Space, Enter, arrows and letters: no pointer anywhere."""

    def reach(self, target: Locator) -> None:
        """Press Tab until the target has the focus, as a person would; fails when it cannot be reached so."""
        handle = target.element_handle()
        assert handle is not None
        for _step in range(STEPS):
            if self.page.evaluate("e => e === document.activeElement", handle):
                outline = (
                    "e => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' || s.boxShadow !== 'none' }"
                )
                seen = self.page.evaluate(outline, handle)
                assert seen, f"the focus cannot be seen on {self.page.url}: {target}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached with Tab on {self.page.url}")

    def go(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def write(self, name: str, words: str, row: int = 0) -> None:
        self.reach(self.field(name, row=row))
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(words)

    def choose(self, name: str, value: str) -> None:
        group = self.page.locator(f'main [name="{name}"]')
        checked = self.page.locator(f'main [name="{name}"]:checked')
        self.reach(checked if checked.count() else group.first)
        self.page.keyboard.press("Space")
        for _step in range(group.count()):
            if self.field(name, value).is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert self.field(name, value).is_checked()

    def tick(self, name: str, value: str) -> None:
        box = self.field(name, value)
        self.reach(box)
        if not box.is_checked():
            self.page.keyboard.press("Space")
        assert box.is_checked()

    def pick(self, name: str, value: str, row: int = 0) -> None:
        box = self.field(name, row=row)
        if not box.is_visible():
            super().pick(name, value, row)
            return
        self.reach(box)
        for _step in range(box.locator("option").count()):
            if box.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        assert box.input_value() == value

    def find(self, field: Locator, words: str) -> None:
        self.reach(self.boxed(field))
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")
