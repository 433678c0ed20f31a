"""A checked text as a page shows it: marked pieces, and each finding in words with what to do."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rostrum.checks import Engine, Finding, Posting
from rostrum.checks.marking import WORST, pieces, utf16

LIMIT = 20_000  # characters; the longest posts of any platform are far below
SHOWN = 200  # findings drawn; the count tells of the rest
BADGES: dict[str, tuple[str, Promise, dict[str, str]]] = {
    "block": ("stop", _("Do not post this"), {"icon": "hand-stop"}),
    "review": ("act", _("Look at it again"), {"icon": "eye-search"}),
    "note": ("moving", _("Good to know"), {"icon": "info-circle"}),
}


def plain(typed: str) -> str:
    """What a form sent, with line ends of one character, so that places are those of the text itself."""
    return typed.replace("\r\n", "\n").replace("\r", "\n")


def _row(number: int, one: Finding, text: str, language: Any) -> dict[str, Any]:
    tone, word, icon = BADGES[one.rule.severity]
    words = "" if one.start is None or one.end is None else text[one.start : one.end]
    return {
        "number": number, "tone": tone, "word": word, "icon": icon["icon"], "severity": one.rule.severity,
        "title": one.rule.title.in_(language), "message": one.rule.message.in_(language),
        "advice": one.rule.advice.in_(language), "clauses": one.rule.clauses, "rule": one.rule.id,
        "suggests": one.rule.effect == "suggests", "words": words if len(words) <= 80 else words[:79] + "…",
        "from": None if one.start is None else utf16(text, one.start),
        "to": None if one.end is None else utf16(text, one.end),
    }  # fmt: skip


def summary(findings: list[Finding]) -> dict[str, Any]:
    """The answer in one sentence, with its colour and icon."""
    count = Counter(one.rule.severity for one in findings)
    if not findings:
        return {"tone": "good", "icon": "circle-check", "words": _("Nothing was found in this text.")}
    worst = min(count, key=WORST.__getitem__)
    words = ngettext("One place to look at.", "%(count)d places to look at.", len(findings)) % {"count": len(findings)}
    return {"tone": BADGES[worst][0], "icon": BADGES[worst][2]["icon"], "words": words}


def checked(engine: Engine, typed: str, posting: Posting) -> dict[str, Any]:
    """Everything that the page shows of one text. Nothing of it is kept."""
    text = plain(typed)
    found = engine.check(text, posting)
    french = (translation.get_language() or "").startswith("fr")
    shown = found[:SHOWN]
    return {
        "pieces": pieces(text, shown), "summary": summary(found), "more": len(found) - len(shown),
        "rows": [_row(number, one, text, "fr" if french else "en") for number, one in enumerate(shown, start=1)],
    }  # fmt: skip
