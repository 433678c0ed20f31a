"""What the shell of every page needs: the division's name and colours, the reader's entries, languages."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rostrum.core.errors import WrongState
from rostrum.notices import queries as notices
from rostrum.people import queries as people
from rostrum.people.models import Person
from rostrum.policies import rolewords
from rostrum.policies.queries import current, text
from rostrum.policies.schema import Document, Words
from rostrum.web import brand
from rostrum.web.access import KEEPERS

NAME_IS_FRESH_SECONDS = 60.0
T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """One entry of a menu. Shown when its page exists and the person has any of `needs` (none: everyone).

    `covers` names the pages that lie elsewhere but belong under it: the entry is marked there too. Whoever has any of
    `unless` finds the page elsewhere (the procedure stands in the workshop), so that nobody has more than five.
    """

    page: str
    label: str | Promise
    icon: str
    needs: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


# Five at the most for any role; nothing that the role cannot use.
NAV = (
    Entry("web:today", pgettext_lazy("menu", "Today"), icon="sun"),
    Entry("web:accounts", _("Accounts"), icon="address-book", covers=("web:known_list", "web:account_changes")),
    Entry("web:requests", _("Requests"), icon="clipboard-list"),
    Entry("web:oversight", pgettext_lazy("menu", "Reviews"), icon="eye-search",
          covers=("web:calendar", "web:certifications", "web:quiet", "web:resets", "web:reviews", "web:findings",
                  "web:cases", "web:decisions", "web:appeals", "web:orders", "web:closings", "web:custody_tonight",
                  "web:custody_list", "web:custody_mine", "web:handover_campaigns", "web:departures", "web:holds",
                  "web:parked_list", "web:guidance_read", "web:posts")),
    Entry("web:procedure", _("Procedure"), icon="book-2", unless=KEEPERS),
    Entry(
        "web:workshop",
        _("Workshop"),
        icon="tools",
        needs=KEEPERS,
        covers=("web:procedure", "web:units", "web:people", "web:imports", "web:settings", "web:log", "web:mail",
                "web:jobs", "web:grants", "web:webhooks", "directory:export"),
    ),
)
ME = (
    Entry("web:notices", _("My notices"), icon="bell"),
    Entry("web:preferences", _("Preferences"), icon="adjustments"),
    Entry("mfa_index", _("Second factor"), icon="shield-lock"),
    Entry("account_change_password", _("Password"), icon="key"),
)
PUBLIC_NAV = (
    Entry("directory:home", _("Directory"), icon="list"),
    Entry("directory:verify", _("Is this account ours?"), icon="zoom-check"),
    Entry("directory:procedure", _("The procedure"), icon="book-2"),
)
LANGUAGE_NAMES = {"en-ca": "English", "fr-ca": "Français"}  # each in its own language, never translated


@dataclass(frozen=True)
class Item:
    """A menu entry as drawn."""

    label: str | Promise
    url: str
    icon: str
    current: bool = False
    count: int = 0
    count_words: str | Promise = ""


@lru_cache(maxsize=512)
def _url_of(page: str, fallback: str, urlconf: str, prefix: str) -> str:
    """Sixty of them stand on every page, and they change with the installation alone."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return fallback


def url_of(page: str, fallback: str = "") -> str:
    """Where a page is, or the fallback when this installation has no such page."""
    return _url_of(page, fallback, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


def _remembered(seconds: float, read: Callable[[], T]) -> Callable[[], T]:
    """One value per process, read again after some seconds: a renamed division shows up without a restart."""
    kept: list[tuple[float, T]] = []

    def value() -> T:
        if not kept or time.monotonic() - kept[0][0] > seconds:
            kept[:] = [(time.monotonic(), read())]
        return kept[0][1]

    return value


def _read_division() -> str:
    unit = people.division()
    return unit.name if unit else settings.SITE_NAME


division_name = _remembered(0.0 if settings.TESTING else NAME_IS_FRESH_SECONDS, _read_division)


def _read_procedure() -> Words | None:
    try:
        return current().procedure.short
    except WrongState:
        return None


_procedure_short = _remembered(0.0 if settings.TESTING else NAME_IS_FRESH_SECONDS, _read_procedure)


def procedure_name() -> str:
    """The short name of the procedure in force, for the foot of every page, in the reader's language."""
    return text(_procedure_short()) or "AP 193"


class Site:
    """The shell of one request. All is worked out when a template first asks, so that feeds pay nothing."""

    name = settings.SITE_NAME
    brand = settings.BRAND
    demo = settings.DEMO
    contact_email = settings.CONTACT_EMAIL

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def division(self) -> str:
        return settings.DIVISION_NAME or division_name()

    @cached_property
    def title(self) -> str:
        """What a page's title ends with: the desk is Rostrum's, the public side the division's."""
        return self.name if self.request.path.startswith(("/staff/", "/me/")) else self.division

    @cached_property
    def procedure(self) -> Document | None:
        """What the procedure in force says; None before one is loaded. Read once for a page, when it is asked."""
        try:
            return current()
        except WrongState:
            return None

    @cached_property
    def procedure_name(self) -> str:
        """What the procedure in force calls itself in short: "AP 193"."""
        return procedure_name()

    @cached_property
    def lang(self) -> str:
        return "fr-CA" if (translation.get_language() or "").startswith("fr") else "en-CA"

    @cached_property
    def path(self) -> str:
        """Where a switch of language comes back to: this page, unless it was the answer to something sent."""
        if self.request.method in {"GET", "HEAD"}:
            return self.request.get_full_path()
        return self.request.path

    @cached_property
    def query(self) -> str:
        """What stands in the search box: on the results page, the words searched for."""
        return self.request.GET.get("q", "")[:200] if self.request.path == self.urls["search"] else ""

    @cached_property
    def languages(self) -> list[dict[str, Any]]:
        active = self.lang.lower()
        return [
            {"code": code, "name": name, "lang": code[:2], "current": code == active}
            for code, name in LANGUAGE_NAMES.items()
        ]

    @cached_property
    def urls(self) -> dict[str, str]:
        login = url_of("account_login", settings.LOGIN_URL)
        back = self.request.path
        if back.startswith("/staff/"):
            login += "?" + urlencode({"next": self.path})
        return {
            "home": url_of("directory:home", "/"),
            "verify": url_of("directory:verify", "/verify"),
            "procedure": url_of("directory:procedure", "/procedure"),
            "check": url_of("public-check", "/check"),
            "api": url_of("api:docs", "/api/docs"),
            "json": url_of("directory:json", "/directory.json"),
            "csv": url_of("directory:csv", "/directory.csv"),
            "atom": url_of("directory:atom", "/directory.atom"),
            "trust": url_of("directory:trust", "/trust.txt"),
            "desk": url_of("web:today", "/staff/"),
            "search": url_of("web:search"),
            "login": login,
            "logout": url_of("account_logout", "/me/logout/"),
            "language": url_of("language", "/language"),
        }

    @cached_property
    def brand_css(self) -> str:
        return f"{url_of('brand-css', '/brand.css')}?v={brand.version()}"

    @cached_property
    def favicon(self) -> str:
        return f"{url_of('favicon', '/favicon.svg')}?v={brand.version()}"

    @cached_property
    def person(self) -> Person | None:
        """The reader when signed in. Without a session cookie nobody is looked up."""
        if settings.SESSION_COOKIE_NAME not in self.request.COOKIES:
            return None
        user = getattr(self.request, "user", None)
        return user if isinstance(user, Person) else None

    @cached_property
    def keeper(self) -> str:
        """Who keeps the register, as the procedure calls that role within a sentence."""
        return rolewords.keeper()

    @cached_property
    def approver(self) -> str:
        """Who gives the last yes to a request."""
        return rolewords.approver()

    @property
    def signed_in(self) -> bool:
        return self.person is not None

    @cached_property
    def initials(self) -> str:
        words = (self.person.name if self.person else "").split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

    @cached_property
    def unread(self) -> int:
        return notices.unread(self.person) if self.person else 0

    def _has(self, any_of: tuple[str, ...]) -> bool:
        return self.person is not None and any(people.may(self.person, one) for one in any_of)

    def _items(self, entries: tuple[Entry, ...]) -> list[Item]:
        path, found = self.request.path, []
        for entry in entries:
            url = url_of(entry.page)
            if not url:
                continue
            if entry.needs and not self._has(entry.needs):
                continue
            if entry.unless and self._has(entry.unless):
                continue
            found.append((entry, url))
        # The deepest entry that the address lies under: /staff/ itself is not current on /staff/accounts/.
        places = [
            (place, url)
            for entry, url in found
            for place in (url, *(url_of(page) for page in entry.covers))
            if place and (path == place or (place != "/" and path.startswith(place.rstrip("/") + "/")))
        ]
        here = max(places, key=lambda place: len(place[0]), default=("", ""))[1]
        return [Item(entry.label, url, entry.icon, current=url == here) for entry, url in found]

    @cached_property
    def nav(self) -> list[Item]:
        return self._items(NAV) if self.person else []

    @cached_property
    def me(self) -> list[Item]:
        return [
            Item(item.label, item.url, item.icon, count=self.unread if item.icon == "bell" else 0)
            for item in self._items(ME)
        ]

    @cached_property
    def public_nav(self) -> list[Item]:
        return self._items(PUBLIC_NAV)

    @cached_property
    def demo_roles(self) -> list[Any]:
        """Who can sign in with one click, in demo mode only; the demo package is found by its name."""
        provider = getattr(settings, "DEMO_ROLES_PROVIDER", "")
        if not settings.DEMO or not provider:
            return []
        try:
            return list(import_string(provider)())
        except ImportError:
            return []


def site(request: HttpRequest) -> dict[str, Site]:
    """Context processor: `site` in every template, and again under a name that no view takes."""
    mine = Site(request)
    return {"site": mine, "own_site": mine}
