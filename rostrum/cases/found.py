"""Findings as evidence: what a review found and what a rule found, once a person stands behind it (AP 193 1.5, 1.10)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.cases.sources import Found, Source, declare
from rostrum.monitoring.catalogue import words_for
from rostrum.monitoring.queries import visible_to
from rostrum.monitoring.states import SHOWN_TO_MANAGERS
from rostrum.people.models import Person
from rostrum.reviews.queries import findings_visible_to
from rostrum.reviews.states import OPEN_FINDINGS, FindingState
from rostrum.schoolyear.words import long_day

# What was taken back, or stands under another number already, is nothing that a case may rest on.
RESTS = OPEN_FINDINGS | {FindingState.SETTLED.value}


def _of_review(person: Person, pk: int) -> Found | None:
    """What a review found, in its reviewer's words, while it counts. Its pictures stay on its own page, veiled there."""
    it = findings_visible_to(person).filter(pk=pk, state__in=RESTS).first()
    return Found(it.account, it.found, "web:review_finding", it.ref) if it else None


def _of_rule(person: Person, pk: int) -> Found | None:
    """What a rule found and a person confirmed: the rule and the day. The words of the post stay on the finding's page.

    They may name a student, and a letter travels: a case holds only what whoever opens it writes.
    """
    it = visible_to(person).filter(pk=pk, state__in=SHOWN_TO_MANAGERS, decided_by__isnull=False).first()
    if it is None:
        return None
    on = timezone.localdate(it.decided_at or it.found_at)
    rule = words_for([it.rule])[it.rule].title
    words = _("%(rule)s: confirmed on %(day)s.") % {"rule": rule, "day": long_day(on)}
    return Found(it.account, words, "web:finding", str(it.pk))


REVIEW_FINDING = declare(Source("reviewfinding", gettext_lazy("Finding of a review"), _of_review))
FINDING = declare(Source("finding", gettext_lazy("Finding of a rule"), _of_rule))
