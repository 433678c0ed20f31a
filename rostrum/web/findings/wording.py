"""A finding in words: what its rule says, how serious it is, where it is, and the place in the text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.monitoring.catalogue import RuleWords, words_for
from rostrum.monitoring.models import Finding
from rostrum.monitoring.states import LIVE_FINDINGS, FindingState

TONES = {
    FindingState.OPEN: "act", FindingState.ESCALATED: "stop", FindingState.CONFIRMED: "moving",
    FindingState.ANSWERED: "act", FindingState.DISMISSED: "over", FindingState.RESOLVED: "good",
}  # fmt: skip
LEVELS = {
    "block": ("stop", {"icon": "alert-triangle"}), "review": ("act", {"icon": "eye-search"}),
    "note": ("over", {"icon": "info-circle"}),
}  # fmt: skip
AROUND = 120  # characters of a text shown before and after what was found


def state_badge(finding: Finding) -> dict[str, str]:
    """The state as a badge; the same word as in mail and export."""
    return {"tone": TONES[FindingState(finding.state)], "word": str(finding.get_state_display())}


def level_badge(finding: Finding) -> dict[str, str]:
    """How serious it is, as a badge."""
    tone, icon = LEVELS[finding.severity]
    return {"tone": tone, "word": str(finding.get_severity_display()), **icon}


def facts_words(finding: Finding) -> str:
    """What the rule counted, in one sentence; empty where it counted nothing."""
    facts = finding.facts
    if "since" in facts:
        since = date.fromisoformat(facts["since"])
        days = (_until(finding) - since).days
        words = ngettext("Nothing for one day, since %(since)s.", "Nothing for %(days)d days, since %(since)s.", days)
        return words % {"days": days, "since": day(since)}
    if "due" in facts:
        return _("It was due on %(day)s.") % {"day": day(date.fromisoformat(facts["due"]))}
    if "wanted" in facts:
        return _("It has %(have)d; the division warns below %(wanted)d.") % {
            "have": facts["managers"], "wanted": facts["wanted"],
        }  # fmt: skip
    if "unread" in facts:
        return ngettext("One manager.", "%(count)d managers.", facts["unread"]) % {"count": facts["unread"]}
    return ""


def _until(finding: Finding) -> date:
    """The day up to which a finding counts: today, and once it is settled the day of that."""
    return clock.today() if finding.state in LIVE_FINDINGS else timezone.localdate(finding.moved_at)


def excerpt(finding: Finding) -> dict[str, str]:
    """The words around what was found, in three parts; empty for a finding without a place."""
    if finding.seen_in is None:
        return {}
    text = finding.seen_in.text
    if finding.start is None or finding.end is None or finding.end > len(text):
        return {"before": text[: 2 * AROUND], "found": "", "after": "…" if len(text) > 2 * AROUND else ""}
    first, last = max(0, finding.start - AROUND), min(len(text), finding.end + AROUND)
    return {
        "before": ("…" if first else "") + text[first : finding.start], "found": text[finding.start : finding.end],
        "after": text[finding.end : last] + ("…" if last < len(text) else ""),
    }  # fmt: skip


def finding_rows(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as lists show them, with their rules' words in one go."""
    findings = list(found)
    words = words_for(one.rule for one in findings)
    return [
        {"it": one, "rule": words[one.rule], "badge": state_badge(one), "level": level_badge(one),
         "facts": facts_words(one)}
        for one in findings
    ]  # fmt: skip


def words_of(finding: Finding) -> RuleWords:
    """The words of one finding's rule."""
    return words_for([finding.rule])[finding.rule]
