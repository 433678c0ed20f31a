"""Two reviewers beside each other: one pair question by question, and how far reviewers agree over all pairs."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rostrum.core.errors import NotAllowed
from rostrum.people.queries import may
from rostrum.policies.queries import in_force, text
from rostrum.policies.rolewords import worded
from rostrum.reviews.agreement import agreement
from rostrum.reviews.checklist import checklist
from rostrum.reviews.comparing import compare, pairs_for
from rostrum.reviews.models import Review
from rostrum.reviews.queries import COMPARES, compares, twin
from rostrum.reviews.reviewing import items_of
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.wording import Places
from rostrum.web.requests.wording import picture
from rostrum.web.reviews.access import the_review
from rostrum.web.reviews.sheet import kept_answers
from rostrum.web.reviews.wording import answer_badge, tabs

PER_PAGE = 25


@require_safe
@signed_in
def pair(request: StaffRequest, ref: str) -> HttpResponse:
    """Two reviews of one account side by side; for the two reviewers, the Director and the auditor, once both ended."""
    it = the_review(request.user, ref)
    other = twin(it)
    if other is None or not compares(request.user, it):
        raise Http404
    first, second = (it, other) if it.first_id is None else (other, it)
    mine, theirs = kept_answers(first), kept_answers(second)
    asked = [one for one in items_of(first).items.questions if one.key in mine and one.key in theirs]
    rows = [
        {"question": text(one.question), "clause": one.clause, "first": answer_badge(mine[one.key].answer),
         "second": answer_badge(theirs[one.key].answer), "same": mine[one.key].answer == theirs[one.key].answer}
        for one in asked
    ]  # fmt: skip
    context: dict[str, Any] = {
        "first": _with_reviewer(first), "second": _with_reviewer(second), "rows": rows, "account": it.account,
        "icon": picture(it.account.platform), "place": Places([it.account.unit]).of(it.account.unit),
        "overall": agreement((mine[one.key].answer, theirs[one.key].answer) for one in asked),
    }  # fmt: skip
    return render(request, "web/reviews/pair.html", context)


def _with_reviewer(it: Review) -> Review:
    return Review.objects.select_related("reviewer", "account").get(pk=it.pk)


@require_safe
@signed_in
def overall(request: StaffRequest) -> HttpResponse:
    """How far two reviewers agree, over all pairs that the reader may compare, and question by question."""
    me = request.user
    found = pairs_for(me)
    everybody = may(me, COMPARES)
    if not everybody and not found.exists():
        raise NotAllowed(worded(_("How far two reviewers agree is for the two, {director} and the auditor.")))
    compared = compare(found)
    known = {one.key: text(one.question) for one in checklist(in_force()).items.questions}
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places = Places(one.account.unit for one in rows)
    context: dict[str, Any] = {
        "tabs": tabs(me, "agreement"), "overall": compared.overall, "everybody": everybody, "page": page,
        "sure": any(one.kappa is not None for one in compared.by_question.values()),
        "questions": [
            {"question": known.get(key, key), "it": one}
            for key, one in sorted(compared.by_question.items(), key=lambda pair: (pair[1].percent, pair[0]))
        ],
        "pairs": [{"it": one, "place": places.of(one.account.unit), "icon": picture(one.account.platform)} for one in rows],
    }  # fmt: skip
    return render(request, "web/reviews/agreement.html", context)
