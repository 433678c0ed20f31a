"""How cases, decisions and appeals are told on pages: states as words with colours, measures, evidence, days."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rostrum.cases import sources
from rostrum.cases.appeal_models import Appeal
from rostrum.cases.composing import Section
from rostrum.cases.decision_models import Decision, Measure, Strike
from rostrum.cases.models import Case, CaseEvidence
from rostrum.cases.states import AppealState, CaseState, DecisionState
from rostrum.core.dates import day
from rostrum.core.evidence import PICTURES
from rostrum.people.models import Person
from rostrum.registry import closing_queries as closings
from rostrum.registry.closing_states import ClosingItem, ClosingState
from rostrum.registry.models import Account
from rostrum.schoolyear.words import long_day

CASE_TONES = {
    CaseState.OPEN.value: "act", CaseState.ESCALATED.value: "act", CaseState.DECIDED.value: "good",
    CaseState.CLOSED.value: "over",
}  # fmt: skip
DECISION_TONES = {
    DecisionState.STANDS.value: "moving", DecisionState.SUPERSEDED.value: "over", DecisionState.OVERTURNED.value: "over",
}  # fmt: skip
APPEAL_TONES = {
    AppealState.LODGED.value: "act", AppealState.UPHELD.value: "over", AppealState.VARIED.value: "moving",
    AppealState.OVERTURNED.value: "good", AppealState.WITHDRAWN.value: "over",
}  # fmt: skip
ICONS = {
    "decide": "gavel", "supersede": "pencil", "escalate": "arrow-up", "hand_back": "arrow-back-up", "close": "folder-check",
    "overturn": "rotate", "vary": "pencil", "uphold": "scale", "withdraw": "arrow-back-up",
}  # fmt: skip


def case_badge(it: Case) -> dict[str, str]:
    """The state of a case as a word with a colour."""
    return {"tone": CASE_TONES.get(it.state, "over"), "word": it.get_state_display()}


def decision_badge(it: Decision) -> dict[str, str]:
    """Whether a decision stands, as a word with a colour."""
    return {"tone": DECISION_TONES.get(it.state, "over"), "word": it.get_state_display()}


def appeal_badge(it: Appeal) -> dict[str, str]:
    """The state of an appeal as a word with a colour."""
    return {"tone": APPEAL_TONES.get(it.state, "over"), "word": it.get_state_display()}


def measures_words(measures: Iterable[str]) -> str:
    """The measures of a decision in a few words: "A warning that counts, training"."""
    return ", ".join(str(Measure(one).label) for one in measures if one in Measure.values)


def closing_of(me: Person, account: Account) -> dict[str, Any] | None:
    """How far the checklist is that a decision to close owes, for whoever may read it: words, tone, page, by when."""
    it = closings.visible_to(me).filter(account=account, state__in=[ClosingState.OWED, ClosingState.DONE]).first()
    if it is None:
        return None
    owed, of = len(closings.missing(it)), len(ClosingItem.values)
    done = it.state == ClosingState.DONE
    words = (
        _("The closing checklist is complete.")
        if done
        else _("The closing checklist is owed: %(n)d of %(of)d answered.") % {"n": of - owed, "of": of}
    )
    return {
        "words": words, "tone": "success" if done else "warning", "url": reverse("web:closing", args=[it.pk]),
        "due": it.due_on if not done else None,
    }  # fmt: skip


def no_student() -> str:
    """Said plainly wherever somebody writes or adds a picture: no program can tell whether a text names a student."""
    return _(
        "Name no student, and show none in a picture. Rostrum cannot tell whether a text names one: read it once more "
        "before you send it."
    )


def evidence_rows(rows: Iterable[CaseEvidence], me: Person, case: Case) -> list[dict[str, Any]]:
    """What a case rests on, each with the page or the file behind it where the reader may open it."""
    found = []
    for one in rows:
        url = ""
        if one.file_hash:
            url = reverse("web:case_file", args=[case.pk, one.pk])
        elif one.ref:
            url = source_url(one, me)
        found.append(
            {"one": one, "kind": sources.label_of(one.kind), "url": url, "picture": one.file_type in PICTURES}
        )
    return found


def source_url(one: CaseEvidence, me: Person) -> str:
    """The page of what evidence names elsewhere in Rostrum; nothing where the reader may not open it."""
    there = sources.find(me, one.kind, one.ref)
    if there is None:
        return ""
    try:
        return reverse(there.route, args=[there.route_arg])
    except NoReverseMatch:
        return ""


def strike_words(one: Strike) -> str:
    """A warning and until when it counts: "Since Tue 3 Nov 2026, until Friday 12 September"."""
    if one.until is None:
        return _("since %(since)s, without an end") % {"since": day(one.since)}
    return _("since %(since)s, until %(until)s") % {"since": day(one.since), "until": long_day(one.until)}


def appeal_by_words(it: Decision) -> str:
    """By which day a decision can be appealed; says so where nobody set one."""
    if it.final:
        return _("Made on appeal: there is no second one")
    if it.appeal_until is None:
        return _("No last day: neither the procedure nor the division has set one")
    return _("until the end of %(day)s") % {"day": long_day(it.appeal_until)}


def sections_of(letter: dict[str, list[Section]], asked: str = "") -> tuple[str, list[Section]]:
    """A letter as kept, in the asked language or the reader's: its language, its sections."""
    short = asked if asked in {"en", "fr"} else "fr" if (get_language() or "en").startswith("fr") else "en"
    return short, letter.get(short) or letter.get("en") or []
