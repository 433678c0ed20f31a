"""What the account's record page shows of its reviews: the last one, what was found and is open, what can be done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review
from rostrum.reviews.queries import findings_visible_to, may_ask, reads_answers, to_fix, visible_to
from rostrum.reviews.reviewing import items_of
from rostrum.reviews.states import OPEN_FINDINGS, OPEN_REVIEWS, ReviewState
from rostrum.web.reviews.wording import due_line, finding_badge, review_badge, severity_badge
from rostrum.web.shapes import Act, Panel

SHOWN = 6


def panels(person: Person, account: Account) -> list[Panel]:
    """The last review and its result, the one that is planned or under way, and what was found and is still open."""
    seen = list(visible_to(person).filter(account=account, first=None).order_by("-pk")[:20])
    last = next((one for one in seen if one.state == ReviewState.DONE), None)
    now = next((one for one in seen if one.state in OPEN_REVIEWS), None)
    open_now = list(
        findings_visible_to(person)
        .filter(account=account, state__in=OPEN_FINDINGS)
        .order_by("due_on", "pk")[: SHOWN + 1]
    )
    if not (seen or open_now) and not may(person, "review:view", account.unit):
        return []
    context = {
        "last": last, "last_badge": review_badge(last, inside=reads_answers(person, last)) if last else None,
        "now": now, "now_badge": review_badge(now) if now else None, "more": len(open_now) > SHOWN,
        "findings": [
            {"it": one, "badge": finding_badge(one), "due": due_line(one.due_on),
             "severity": severity_badge(items_of(one.review), one.severity)}
            for one in open_now[:SHOWN]
        ],
    }  # fmt: skip
    late = [one for one in open_now if one.late(clock.today())]
    warning, link = "", ""
    if late and account.state in LIVE:
        warning = ngettext(
            "Something that a review found should have been put right by now.",
            "%(n)d things that a review found should have been put right by now.", len(late),
        ) % {"n": len(late)}  # fmt: skip
        link = reverse("web:review_finding", args=[late[0].ref])
    return [Panel("web/reviews/panel.html", context, order=40, warning=warning, link=link,
                  link_words=_("See what was found") if link else "")]  # fmt: skip


def acts(person: Person, account: Account) -> list[Act]:
    """Put right what was found, go on with a review, ask for one: as far as this reader may, on a live account."""
    if account.state not in LIVE:
        return []
    found = []
    first = to_fix(person).filter(account=account).first()
    if first is not None:
        url = reverse("web:review_finding", args=[first.ref])
        found.append(Act(_("Answer what a review found"), url, "flag", primary=True))
    now = visible_to(person).filter(account=account, state__in=OPEN_REVIEWS).order_by("pk")
    mine = now.filter(reviewer=person).first()
    if mine is not None:
        found.append(Act(_("Do the review"), reverse("web:review", args=[mine.ref]), "checklist", primary=True))
    elif may_ask(person, account) and not now.filter(first=None).exists():
        found.append(Act(_("Ask for a review"), reverse("web:review_ask", args=[account.public_id]), "checklist"))
    return found


def subjects(account: Account) -> Iterable[QuerySet[Any]]:
    """The reviews and findings whose acts belong into the account's history. They tell no answer and no picture."""
    return (Review.objects.filter(account=account), ReviewFinding.objects.filter(account=account))
