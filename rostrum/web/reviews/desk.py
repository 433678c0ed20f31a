"""What of the reviews stands on a person's desk: findings to put right, reviews to do, answers to judge."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.rows import where_any
from rostrum.people.models import Person
from rostrum.people.queries import roles_of
from rostrum.reviews.models import Review
from rostrum.reviews.queries import mine, to_fix, to_judge, without_reviewer
from rostrum.reviews.states import FindingState, ReviewState
from rostrum.web.shapes import DeskCard

SHOWN = 20  # of one kind: the rest is one click away on the list


def cards(person: Person) -> list[DeskCard]:
    """What waits for this person to act. In a number of queries that does not grow with what waits."""
    today = clock.today()
    found = [
        DeskCard(
            one.account.name, [_("To be put right: %(what)s") % {"what": one.found}, one.fix], one.moved_at,
            reverse("web:review_finding", args=[one.ref]), _("Answer it"), "flag", one.due_on, one.late(today),
        )
        for one in where_any(to_fix(person), SHOWN)
    ]  # fmt: skip
    found += [_to_do(one) for one in where_any(mine(person), SHOWN)]
    for one in to_judge(person)[:SHOWN]:
        said = _("Contested: %(why)s") if one.state == FindingState.CONTESTED else _("Said to be put right: %(why)s")
        found.append(
            DeskCard(
                one.account.name,
                [one.found, said % {"why": one.answer}],
                one.moved_at,
                reverse("web:review_finding", args=[one.ref]),
                _("Look at it"),
                "eye-search",
            )
        )
    if roles_of(person) & {"communications"}:
        found += [
            DeskCard(
                one.account.name,
                [_("Nobody who could review this account is free of ties to it.")],
                one.asked_at,
                reverse("web:review", args=[one.ref]),
                _("Name somebody"),
                "user-question",
            )
            for one in where_any(without_reviewer(), SHOWN)
        ]
    return found


def _to_do(one: Review) -> DeskCard:
    began = one.state == ReviewState.UNDER_WAY
    url = reverse("web:review_check" if began else "web:review", args=[one.ref])
    late = one.due_on is not None and one.due_on < clock.today()
    return DeskCard(
        one.account.name, [_("To review: %(why)s.") % {"why": one.get_kind_display()}, *([one.reason] if one.reason else [])],
        one.assigned_at or one.asked_at, url, _("Go on") if began else _("Review it"), "checklist", one.due_on, late,
    )  # fmt: skip
