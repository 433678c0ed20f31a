"""One review as it stands: why, whose, how it ended, answers and pictures for those who may see them, what can be done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rostrum.audit.queries import history_many
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import text
from rostrum.registry.states import LIVE
from rostrum.reviews.checklist import Checklist
from rostrum.reviews.models import Review, ReviewEvidence, SamplePlace
from rostrum.reviews.queries import (
    allowed,
    blind_to,
    compares,
    findings_visible_to,
    may_ask,
    open_review,
    readable_account,
    reads_answers,
    the_evidence,
    twin,
)
from rostrum.reviews.reviewers import detour_words
from rostrum.reviews.reviewing import items_of, withdraw_picture
from rostrum.reviews.states import OPEN_REVIEWS, ReviewState
from rostrum.reviews.weights import reason_words
from rostrum.web.access import StaffRequest, perform, signed_in
from rostrum.web.accounts.record import allowed as standing_moves
from rostrum.web.accounts.wording import Places
from rostrum.web.evidence import evidence_file
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.reviews.access import pointing_to, review_url, the_review
from rostrum.web.reviews.checking import pictures_of
from rostrum.web.reviews.sheet import kept_answers
from rostrum.web.reviews.wording import answer_badge, due_line, finding_badge, review_badge, severity_badge

ICONS = {"assign": "user-check", "decline": "arrow-back-up", "start": "player-play", "finish": "check", "drop": "x"}


def acts_of(person: Person, it: Review) -> list[dict[str, Any]]:
    """What a person may do with a review now: the moves, going on with the checklist, a second reviewer, another look."""
    moves = {move.name: move for move in allowed(person, it)}
    found = []
    if it.state == ReviewState.UNDER_WAY and "finish" in moves:
        found.append({"label": _("Go on with the review"), "url": reverse("web:review_check", args=[it.ref]),
                      "icon": "checklist", "primary": True})  # fmt: skip
    for name, move in moves.items():
        if name == "finish":
            continue
        address = (
            reverse("web:review_assign", args=[it.ref])
            if name == "assign"
            else reverse("web:review_move", args=[it.ref, name])
        )
        found.append({"label": move.label, "url": address, "icon": ICONS[name], "danger": move.tone == "danger",
                      "primary": name == "start" or (name == "assign" and it.reviewer_id is None)})  # fmt: skip
    if it.state in OPEN_REVIEWS and it.first_id is None and not hasattr(it, "second") and may_ask(person, it.account):
        found.append(
            {"label": _("Ask a second reviewer"), "url": reverse("web:review_second", args=[it.ref]), "icon": "users"}
        )
    mine = it.reviewer_id == person.pk or may_ask(person, it.account)
    if (
        it.state == ReviewState.DONE
        and it.first_id is None
        and mine
        and it.account.state in LIVE
        and not open_review(it.account)
    ):
        found.append(
            {"label": _("Plan another look"), "url": reverse("web:review_again", args=[it.ref]), "icon": "repeat"}
        )
    if it.state == ReviewState.DONE:
        for move in standing_moves(person, it.account):
            if move.name in {"review", "clear", "suspend"}:
                found.append({"label": move.label, "url": reverse("web:account_move", args=[it.account.public_id, move.name]),
                              "icon": "eye-search", "danger": move.tone == "danger"})  # fmt: skip
    return found


def rows_of(it: Review, items: Checklist) -> list[dict[str, Any]]:
    """Every question with what was answered and its pictures."""
    given, pictures = kept_answers(it), pictures_of(it)
    return [
        {"question": text(q.question), "clause": q.clause, "it": given.get(q.key), "pictures": pictures.get(q.key, []),
         "badge": answer_badge(given[q.key].answer if q.key in given else "")}
        for q in items.items.questions
    ]  # fmt: skip


def why_words(it: Review) -> str:
    """Why an account is reviewed: the reason given, or the weight that it had in the draw."""
    if it.sample_id is not None:
        place = SamplePlace.objects.filter(sample=it.sample_id, account=it.account_id).first()
        if place is not None:
            keys = [one for one in place.reasons.split(",") if one]
            return _("Drawn by chance, with %(weight)d points: %(reasons)s.") % {
                "weight": place.weight, "reasons": reason_words(keys),
            }  # fmt: skip
    return it.reason


@require_safe
@signed_in
def review(request: StaffRequest, ref: str) -> HttpResponse:
    """A review: one page that also prints as its record. What a reader may not see yet is said, not hidden in silence."""
    me = request.user
    it = the_review(me, ref)
    inside, items, other = reads_answers(me, it), items_of(it), twin(it)
    acts = acts_of(me, it)
    found = findings_visible_to(me).filter(review=it).order_by("pk")
    context: dict[str, Any] = {
        "it": it, "badge": review_badge(it, inside=inside, still=sum(one.is_open for one in found)), "inside": inside,
        "icon": picture(it.account.platform),
        "place": Places([it.account.unit]).of(it.account.unit), "why": why_words(it), "detour": detour_words(it.detour),
        "rows": rows_of(it, items) if inside else [], "note": items.note, "blind": blind_to(me, it),
        "findings": [
            {"it": one, "badge": finding_badge(one), "severity": severity_badge(items, one.severity),
             "due": due_line(one.due_on)}
            for one in (found if it.state == ReviewState.DONE and not blind_to(me, it) else ())
        ],
        "primary": next((one for one in acts if one.get("primary")), None),
        "more": [one for one in acts if not one.get("primary")], "due": due_line(it.due_on) if it.state in OPEN_REVIEWS else "",
        "other": other if other is not None and may(me, "review:view") else None, "compares": compares(me, it),
        "open": it.state in OPEN_REVIEWS, "reads_account": readable_account(me, it.account),
        "entries": timeline(history_many([it, *(found if inside else ())])),
    }  # fmt: skip
    return render(request, "web/reviews/review.html", context)


@require_safe
@signed_in
def evidence(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A picture of a review, for whoever may read its answers: never run, never kept around (404 for everybody else)."""
    it = the_evidence(request.user, pk)
    if it is None:
        raise Http404
    return evidence_file(it.sha256, it.kind, f"review-{it.review_id}-{it.pk}")


@require_POST
@signed_in
def take_out(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a picture out of a review under way; its hash stays on record."""
    it = the_evidence(request.user, pk)
    if it is None:
        raise Http404
    found = ReviewEvidence.objects.select_related("review__account__unit", "review__reviewer").get(pk=it.pk)
    back = reverse("web:review_check", args=[found.review.ref])

    def act() -> str:
        withdraw_picture(found, by=request.user)
        messages.success(request, _("The picture is out of the review. Nobody sees it any more."))
        return f"{back}#question-{found.question}"

    with pointing_to(review_url(found.review)):
        return perform(request, act)
