"""The questions of a review and the scale of its findings: the edition's own, else a general list that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from rostrum.policies.models import Edition
from rostrum.policies.queries import content, settings_states, text
from rostrum.policies.schema import Document, ReviewFact, ReviewList, ReviewQuestion, ReviewSeverity, Words
from rostrum.reviews.states import Answer
from rostrum.schoolyear.counting import counting

# For a procedure whose file holds no checklist: the same questions to everybody, under the clause of AP 193 that
# each is drawn from, as far as the other procedure says which clause of its own does the same.
_GENERAL: tuple[tuple[str, str, Promise | str, tuple[ReviewFact, ...]], ...] = (
    ("name", "1.3", gettext_lazy("Does the name say which school, program, club or class this is?"), ("name", "unit")),
    ("profile", "1.2", gettext_lazy("Does the profile text say whom the account speaks for?"), ("unit", "purpose")),
    ("contact", "1.6", gettext_lazy("Is every contact shown a work contact?"), ("mailbox",)),
    ("privacy", "3.4", gettext_lazy("Are the privacy settings as they were registered?"), ("visibility", "comments")),
    ("posts", "1.7", gettext_lazy("Is every post that you see fit to be seen by anyone?"), ("managers",)),
    ("last_post", "1.7", gettext_lazy("Is it updated as its managers said it would be?"), ("last_post", "update_plan")),
)  # fmt: skip
_SCALE = (
    ("note", gettext_lazy("Note"), gettext_lazy("Worth knowing. Nothing breaks the procedure.")),
    ("minor", gettext_lazy("Minor"), gettext_lazy("It should be put right, and nobody is harmed by it.")),
    ("serious", gettext_lazy("Serious"), gettext_lazy("It breaks a clause, or the public may be misled by it.")),
    ("urgent", gettext_lazy("Urgent"), gettext_lazy("Somebody may come to harm by it today.")),
)  # fmt: skip


def _words(message: object) -> Words:
    found = {}
    for short, code in (("en", "en-ca"), ("fr", "fr-ca")):
        with override(code):
            found[short] = str(message)
    return Words(**found)


def _general(document: Document) -> ReviewList:
    """The general list under the clauses of a procedure; a question whose duty it lacks stands under its first clause."""
    fallback = document.clauses[0].number
    return ReviewList(
        note=_words(
            gettext_lazy("This procedure has no checklist of its own. These are Rostrum’s general questions.")
        ),
        severities=tuple(
            ReviewSeverity(key=key, label=_words(label), help=_words(said), urgent=key == "urgent")
            for key, label, said in _SCALE
        ),
        questions=tuple(
            ReviewQuestion(
                key=key, clause=document.own_number(clause) or fallback, question=_words(asked),
                help=_words(gettext_lazy("Look at the account as a stranger sees it.")), facts=facts,
            )
            for key, clause, asked, facts in _GENERAL
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Checklist:
    """What a review asks under one edition. `general` where the edition has no list of its own."""

    edition: Edition
    items: ReviewList
    general: bool

    @property
    def note(self) -> str:
        """Whose words the questions are."""
        return text(self.items.note)

    def clauses(self) -> list[tuple[str, str]]:
        """The clauses that a finding may stand on: those that do not concern personal use, as (number, title)."""
        document = content(self.edition)
        return [
            (one.number, f"{one.number} {text(one.title)}") for one in document.clauses if one.scope != "personal_use"
        ]

    def severity_words(self, key: str) -> str:
        """What a severity is called; its key where the list has none of that name."""
        found = self.items.severity(key)
        return text(found.label) if found else key

    def rank(self, key: str) -> int:
        """How grave a severity is: 0 for the lightest."""
        keys = [one.key for one in self.items.severities]
        return keys.index(key) if key in keys else 0

    def grave(self, key: str) -> bool:
        """Whether a severity counts as serious: in the upper half of the scale."""
        return self.rank(key) >= (len(self.items.severities) + 1) // 2

    def urgent(self, key: str) -> bool:
        """Whether a severity is to be dealt with today."""
        found = self.items.severity(key)
        return bool(found and found.urgent)

    def due_days(self, on: date) -> dict[str, date | None]:
        """The last day to put a finding right, by severity; None where the division set no number of days."""
        chosen = {one.setting.key: one.value for one in settings_states()}
        counted = counting()
        found: dict[str, date | None] = {}
        for one in self.items.severities:
            days = chosen.get(one.days_setting or "")
            found[one.key] = None
            if isinstance(days, int) and not isinstance(days, bool) and days > 0:
                found[one.key] = counted.due(on, days).on
        return found


def checklist(edition: Edition) -> Checklist:
    """What a review asks under an edition."""
    document = content(edition)
    if document.review is not None:
        return Checklist(edition, document.review, general=False)
    return Checklist(edition, _general(document), general=True)


def answer_words(answer: str) -> str:
    """An answer as people read it; that there is none yet."""
    return str(Answer(answer).label) if answer else _("Not answered yet")
