"""How reviews, findings and samples are told on pages: states as words with a colour, days, tabs above the lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.dates import day, due_words
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.reviews.checklist import Checklist
from rostrum.reviews.comparing import pairs_for
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review, ReviewSample
from rostrum.reviews.states import OPEN_REVIEWS, Answer, FindingState, Outcome, ReviewState, SampleState

REVIEW_TONES = {
    ReviewState.PLANNED.value: "moving", ReviewState.UNDER_WAY.value: "moving", ReviewState.DONE.value: "good",
    ReviewState.DROPPED.value: "over",
}  # fmt: skip
FINDING_TONES = {
    FindingState.OPEN.value: "act", FindingState.FIXED.value: "moving", FindingState.CONTESTED.value: "moving",
    FindingState.SETTLED.value: "good", FindingState.TAKEN_BACK.value: "over", FindingState.SAME.value: "over",
}  # fmt: skip
ANSWER_TONES = {
    Answer.IN_ORDER.value: "good", Answer.NOT_IN_ORDER.value: "stop", Answer.NOT_APPLICABLE.value: "over",
    Answer.COULD_NOT_SEE.value: "act",
}  # fmt: skip


def review_badge(it: Review, *, inside: bool = True, still: int | None = None) -> dict[str, str]:
    """The state of a review as a word with a colour; of one that is done its outcome, where the reader may know it.

    `still` is how many of its findings are open: where none is any more, nobody has to act.
    """
    if it.state in OPEN_REVIEWS and it.reviewer_id is None:
        return {"tone": "stop", "word": _("Nobody named")}
    if it.state in OPEN_REVIEWS and it.due_on is not None and it.due_on < clock.today():
        return {"tone": "stop", "word": _("Late")}
    if it.state == ReviewState.DONE and inside:
        if it.outcome == Outcome.FINDINGS and still == 0:
            return {"tone": "good", "word": _("Findings settled")}
        tone = "good" if it.outcome == Outcome.IN_ORDER else "act"
        return {"tone": tone, "word": it.get_outcome_display()}
    return {"tone": REVIEW_TONES[it.state], "word": it.get_state_display()}


def finding_badge(it: ReviewFinding) -> dict[str, str]:
    """The state of a finding as a word with a colour; one whose day has passed says so."""
    if it.late(clock.today()):
        return {"tone": "stop", "word": _("Late")}
    return {"tone": FINDING_TONES[it.state], "word": it.get_state_display()}


def sample_badge(it: ReviewSample) -> dict[str, str]:
    """The state of a sample as a word with a colour."""
    tone = "good" if it.state == SampleState.DRAWN else "over"
    return {"tone": tone, "word": it.get_state_display()}


def answer_badge(answer: str) -> dict[str, str]:
    """An answer to a question as a word with a colour."""
    if not answer:
        return {"tone": "draft", "word": _("Not answered yet")}
    return {"tone": ANSWER_TONES[answer], "word": str(Answer(answer).label)}


def severity_badge(items: Checklist, key: str) -> dict[str, str]:
    """How grave a finding is, as a word with a colour."""
    tone = "stop" if items.urgent(key) else "act" if items.grave(key) else "over"
    return {"tone": tone, "word": items.severity_words(key), "icon": "flag"}


def due_line(on: date | None) -> str:
    """By when, as a sentence; that nobody set a day where that is so."""
    if on is None:
        return _("No day is set: the procedure gives none, and the division has not chosen one.")
    return _("By %(day)s (%(when)s).") % {"day": day(on), "when": due_words(on)}


def tabs(person: Person, current: str) -> list[dict[str, Any]]:
    """The pages of reviews that a person may open."""
    found = [
        ("reviews", _("Reviews"), reverse("web:reviews")),
        ("findings", _("Findings"), reverse("web:review_findings")),
    ]
    if may(person, "review:view"):
        found.append(("samples", _("Samples"), reverse("web:review_samples")))
    if may(person, "review:compare") or pairs_for(person).exists():
        found.append(("agreement", _("Two reviewers"), reverse("web:review_agreement")))
    return [{"label": label, "url": url, "current": key == current} for key, label, url in found]
