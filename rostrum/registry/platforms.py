"""Platforms as the edition's catalogue names them, and what an address on one means."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext

from rostrum.connectors import Resolved, resolve
from rostrum.policies.queries import content, in_force, text
from rostrum.policies.schema import PlatformEntry
from rostrum.registry.models import Account


def catalogue() -> tuple[PlatformEntry, ...]:
    """Every platform of the edition in force."""
    return content(in_force()).platforms


def entry(key: str) -> PlatformEntry | None:
    """The catalogue's entry of a platform."""
    return next((p for p in catalogue() if p.key == key), None)


# Catalogue entries that name a kind of place and no brand: French says "Blogue pour ...", never "Compte Blogue".
PLACES = frozenset({"blog", "website", "newsletter", "podcast"})


def account_for(key: str, label: str, place: str) -> str:
    """What an account is called on pages: "Instagram account for Grade 4, Rendell Park School"."""
    words = {"platform": label, "place": place}
    if key in PLACES:
        return pgettext("a kind of place, not a brand", "%(platform)s account for %(place)s") % words
    return gettext("%(platform)s account for %(place)s") % words


def label_of(key: str) -> str:
    """The platform's name for people; the key itself when the catalogue has dropped it."""
    found = entry(key)
    return text(found.label) if found else key


class Names:
    """What accounts are called among others of their unit: "Rendell Park School (Instagram)". Each platform read once."""

    def __init__(self) -> None:
        self._labels: dict[str, str] = {}

    def of(self, account: Account) -> str:
        """The name, and the platform in the language that is active at the first question."""
        if account.platform not in self._labels:
            self._labels[account.platform] = label_of(account.platform)
        return f"{account.name} ({self._labels[account.platform]})"


def choices() -> list[tuple[str, str]]:
    """Platforms that may be asked for: neither refused nor retired."""
    return [(p.key, text(p.label)) for p in catalogue() if p.status not in {"refused", "retired"}]


def key_of(connector: str) -> str:
    """The catalogue key of what a connector read (a WordPress blog is a blog), empty when not listed."""
    for platform in catalogue():
        if connector == platform.connector or connector in platform.connectors:
            return platform.key
    return ""


def understand(typed: str, platform: str = "") -> Resolved:
    """What a pasted address or handle means; a bare handle needs the platform."""
    found = entry(platform)
    return resolve(typed, found.connector if found else platform or None)
