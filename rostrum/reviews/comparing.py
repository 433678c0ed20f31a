"""Reading pairs of reviews side by side: which pairs a person may compare, and how far the two agree."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from rostrum.people.models import Person
from rostrum.people.queries import seen_units
from rostrum.reviews.agreement import Agreement, Pair, agreement
from rostrum.reviews.models import Review, ReviewAnswer
from rostrum.reviews.queries import COMPARES, reviews
from rostrum.reviews.states import ReviewState


def pairs_for(person: Person) -> QuerySet[Review]:
    """Second reviews of pairs that have both ended and that a person may compare: their own, or all by their role."""
    done = reviews().filter(state=ReviewState.DONE, first__state=ReviewState.DONE)
    mine = Q(reviewer=person) | Q(first__reviewer=person)
    units = seen_units(person, COMPARES)
    found = done if units is None else done.filter(mine | Q(account__unit__in=units))
    return found.select_related("first__reviewer").order_by("-finished_at", "-pk")


@dataclass(frozen=True)
class Compared:
    """How far two reviewers agree: over all questions, and question by question."""

    overall: Agreement
    by_question: dict[str, Agreement]


def compare(seconds: QuerySet[Review]) -> Compared:
    """How far the pairs of these second reviews agree. Two queries, for any number of pairs.

    A question that only one of the two was asked (they worked under different editions) counts for nothing.
    """
    first_of = dict(seconds.order_by().values_list("pk", "first_id"))
    answers: dict[int, dict[str, str]] = defaultdict(dict)
    wanted = [*first_of, *first_of.values()]
    rows = ReviewAnswer.objects.filter(review__in=wanted).exclude(answer="").order_by()
    for review, question, answer in rows.values_list("review", "question", "answer"):
        answers[review][question] = answer
    by_question: dict[str, list[Pair]] = defaultdict(list)
    for second, first in first_of.items():
        for question, answer in answers[second].items():
            if question in answers[first]:
                by_question[question].append((answers[first][question], answer))
    overall = agreement(pair for pairs in by_question.values() for pair in pairs)
    return Compared(overall, {question: agreement(pairs) for question, pairs in by_question.items()})
