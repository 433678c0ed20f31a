"""What must agree inside the checklist of reviews: keys once, severities and settings that exist, answers that can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from django.utils.translation import gettext as _

from rostrum.policies.formchecks import repeated
from rostrum.policies.locate import Path
from rostrum.policies.schema import Document

Finding = tuple[Path, str]


def check_review(document: Document) -> Iterator[Finding]:
    """What is wrong with the checklist of reviews; nothing where the file has none (it may leave it out)."""
    review = document.review
    if review is None:
        return
    settings = {one.key: one for one in document.settings}
    scale = [one.key for one in review.severities]
    personal = {one.number for one in document.clauses if one.scope == "personal_use"}
    yield from repeated((("review", "severities", at, "key"), one) for at, one in enumerate(scale))
    yield from repeated((("review", "questions", at, "key"), one.key) for at, one in enumerate(review.questions))
    for at, severity in enumerate(review.severities):
        place: Path = ("review", "severities", at, "days_setting")
        key = severity.days_setting
        if key is None:
            continue
        if key not in settings:
            yield place, _("“%(key)s” is not a setting of this file.") % {"key": key} + _near(key, settings)
        elif settings[key].type != "number" or settings[key].unit != "days":
            yield place, _("“%(key)s” is not a number of days.") % {"key": key}
    for at, question in enumerate(review.questions):
        base: Path = ("review", "questions", at)
        yield from repeated(((*base, "answers", i), one) for i, one in enumerate(question.answers))
        if not {"in_order", "not_in_order"} <= set(question.answers):
            yield (*base, "answers"), _("Every question can be answered with in_order and with not_in_order.")
        if question.clause in personal:
            yield (
                (*base, "clause"),
                _("Clause %(number)s speaks of personal use, which is guidance: no account is reviewed under it.")
                % {"number": question.clause},
            )
        if question.severity is not None and question.severity not in scale:
            yield (
                (*base, "severity"),
                _("“%(key)s” is not a severity of this file.") % {"key": question.severity}
                + _near(question.severity, scale),
            )


def _near(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return " " + _("Did you mean “%(word)s”?") % {"word": near[0]} if near else ""
