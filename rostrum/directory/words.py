"""What the public pages need on every request and what hardly changes: schools, kinds, platforms, in both languages."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from rostrum.connectors import PLATFORMS
from rostrum.core.errors import WrongState
from rostrum.people.models import Unit, UnitKind
from rostrum.people.queries import division
from rostrum.policies.queries import current, text
from rostrum.registry.states import Standing
from rostrum.templatetags.rostrum import badge, icon

FRESH_SECONDS = 0.0 if settings.TESTING else 30.0
CODE = re.compile(r"[\w.-]{1,40}")
# Where a name is written with an at sign; elsewhere it stands alone.
AT_SIGN = frozenset({"x", "instagram", "threads", "tiktok", "youtube", "pinterest"})
# The icon of each platform; what is not listed gets the globe. Written so that the build finds the names.
ICONS = {
    "blog": {"icon": "rss"}, "facebook": {"icon": "brand-facebook"}, "flickr": {"icon": "brand-flickr"},
    "instagram": {"icon": "brand-instagram"}, "linkedin": {"icon": "brand-linkedin"},
    "pinterest": {"icon": "brand-pinterest"}, "x": {"icon": "brand-x"}, "youtube": {"icon": "brand-youtube"},
    "threads": {"icon": "brand-threads"}, "tiktok": {"icon": "brand-tiktok"}, "mastodon": {"icon": "brand-mastodon"},
    "bluesky": {"icon": "brand-bluesky"}, "googleplus": {"icon": "brand-google"},
}  # fmt: skip
GLOBE = {"icon": "world"}


@dataclass(frozen=True)
class Words:
    """One language's labels and the choices of the filters, ready to be drawn."""

    schools: dict[str, str]
    kinds: dict[str, str]
    platforms: dict[str, str]
    icons: dict[str, SafeString]
    badges: dict[str, SafeString]
    contact_email: str
    _options: dict[str, str] = field(default_factory=dict)

    def options(self, name: str, chosen: str) -> SafeString:
        """The options of a filter with the chosen one selected. Drawn once, as a division has many schools."""
        html = self._options.get(name)
        if html is None:
            choices: dict[str, str] = getattr(self, name)
            html = self._options[name] = format_html_join("", '<option value="{}">{}</option>', choices.items())
        mark = format_html('value="{}"', chosen)
        return mark_safe(html.replace(mark, f"{mark} selected", 1) if chosen else html)


_kept: dict[str, tuple[float, Words]] = {}


def words() -> Words:
    """The words of the reader's language, at most thirty seconds old."""
    lang = translation.get_language() or "en-ca"
    known = _kept.get(lang)
    now = time.monotonic()
    if known and now - known[0] < FRESH_SECONDS:
        return known[1]
    made = _read()
    _kept[lang] = (now, made)
    return made


def _read() -> Words:
    try:
        document = current()
        kinds = {kind.key: text(kind.label) for kind in document.entity_kinds}
        platforms = {platform.key: text(platform.label) for platform in document.platforms}
    except WrongState:  # before a procedure is loaded the public pages still answer
        kinds = {str(value): str(label) for value, label in UnitKind.choices}
        platforms = {key: platform.label for key, platform in PLATFORMS.items()}
    schools = Unit.objects.filter(Q(kind="school") | Q(kind="department"), closed_on=None).order_by("kind", "name")
    root = division()
    return Words(
        schools={s.code: s.name for s in sorted(schools, key=lambda s: (s.kind != "school", s.name))},
        kinds=kinds, platforms=platforms,
        icons={key: icon(ICONS.get(key, GLOBE)["icon"]) for key in platforms},
        badges=_badges(), contact_email=settings.CONTACT_EMAIL or (root.email if root else ""),
    )  # fmt: skip


# How each state reads in the directory: colour, word and shape.
TONES = {"official": "good", "suspended": "stop", "retired": "over"}


def _badges() -> dict[str, SafeString]:
    from django.utils.translation import gettext as _

    by_standing = {
        "official": badge("good", _("Official"), "rosette-discount-check"),
        "suspended": badge("stop", _("Do not rely on it for now"), "hand-stop"),
        "retired": badge("over", _("Retired"), "archive"),
    }
    read = {
        Standing.RECOGNISED.value: "official", Standing.REVIEW.value: "official",
        Standing.SUSPENDED.value: "suspended", Standing.RETIRED.value: "retired",
    }  # fmt: skip
    return {**by_standing, **{state: by_standing[standing] for state, standing in read.items()}}


def name_there(platform: str, handle: str) -> str:
    """A handle as people write it on that platform."""
    return f"@{handle}" if platform in AT_SIGN and not set("@./") & set(handle[:1]) else handle


def choose(keys: Iterable[str], typed: str) -> str:
    """A filter's value when it is one of the choices, else nothing: a filter nobody offers filters nothing."""
    return typed if typed in keys else ""


def unit_of(code: str) -> Unit | None:
    """The unit of a code; None for an unknown or impossible one."""
    return Unit.objects.filter(code=code).first() if CODE.fullmatch(code) else None
