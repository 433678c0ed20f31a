"""The one screen of a review: the questions with the account beside them, kept as they are answered, and the end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from rostrum.core import clock, evidence
from rostrum.core.dates import hour
from rostrum.core.errors import Invalid
from rostrum.policies.queries import text
from rostrum.reviews import reviewing
from rostrum.reviews.conflicts import conflict, conflict_words
from rostrum.reviews.facts import LABELS, facts_of
from rostrum.reviews.models import Review, ReviewEvidence
from rostrum.reviews.reviewing import Progress, answered, finish, items_of, missing
from rostrum.reviews.states import FINISH, Answer, ReviewState
from rostrum.templatetags.rostrum import first_id
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.record import profile_line, public_url
from rostrum.web.accounts.wording import Places
from rostrum.web.answers import wants_json
from rostrum.web.keys.access import unlogged
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture
from rostrum.web.reviews.access import not_now, not_yours, pointing_to, review_url, the_review
from rostrum.web.reviews.sheet import PARTS, Sheet, kept_answers
from rostrum.web.reviews.wording import due_line, review_badge

BESIDE = ("_go", "_key", "seen", "csrfmiddlewaretoken")


def _check(request: StaffRequest, it: Review) -> None:
    """Say no before anything is typed: not the reviewer, tied to the account meanwhile, or not under way."""
    if it.reviewer_id != request.user.pk:
        raise not_yours(it)
    if it.state != ReviewState.UNDER_WAY:
        raise not_now(it.get_state_display())
    if tie := conflict(request.user, it.account):
        refusal = not_yours(it)
        refusal.message = conflict_words(tie, request.user.name)
        refusal.way_forward = _("Leave the review to somebody else: “I should not do this one”.")
        raise refusal


def live_facts(it: Review) -> dict[str, dict[str, str]]:
    """Every fact that a question may ask to see, with its label, as the register has it at this moment."""
    place = Places([it.account.unit]).of(it.account.unit)
    known = {
        **facts_of(it.account),
        "profile_line": profile_line(it.account, place),
        "public_page": public_url(it.account),
    }
    return {key: {"label": str(LABELS[key]), "value": value} for key, value in known.items()}


def _bar(progress: Progress) -> str:
    return render_to_string("web/reviews/_progress.html", {"progress": progress, "words": progress_words(progress)})


def progress_words(progress: Progress) -> str:
    """How far a review is: "5 of 12 questions answered"."""
    return ngettext("%(n)d of %(of)d question answered", "%(n)d of %(of)d questions answered", progress.of) % {
        "n": progress.answered,
        "of": progress.of,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def check(request: StaffRequest, ref: str) -> HttpResponse:
    """The checklist of a review under way (AP 193 1.5, 1.10). What is typed is kept at once, finished or not."""
    it = the_review(request.user, ref)
    items = items_of(it)
    with pointing_to(review_url(it)):
        _check(request, it)
        if request.method != "POST":
            sheet = Sheet(None, items, kept_answers(it), clock.today())
            if "missing" in request.GET:
                sheet.show_problems(missing(it, items))
            return _page(request, it, sheet, problems=_lacking(sheet))
        sheet = Sheet(request.POST, items, kept_answers(it), clock.today())
        _refuse_unknown(request, sheet)
        progress = reviewing.keep_answers(it, sheet.said(), by=request.user)
        problems = {**progress.problems, **sheet.wrong_days()}
        if wants_json(request):
            saved = _("Kept at %(time)s.") % {"time": hour(clock.now())}
            if problems:
                saved = _("Something could not be kept: %(what)s") % {"what": next(iter(problems.values()))[0]}
            return JsonResponse({"saved": saved, "help": {"progress": _bar(progress)}})
        problems |= _attach(request, it, [one.key for one in items.items.questions])
        if problems:
            sheet.show_problems(problems)
            return _page(request, it, sheet, status=422)
        go = request.POST.get("_go", "")
        if go == "end":
            return HttpResponseRedirect(reverse("web:review_end", args=[it.ref]))
        if go.startswith("picture-") and items.items.question(go.removeprefix("picture-")):
            return HttpResponseRedirect(f"{request.path}#question-{go.removeprefix('picture-')}")
        messages.success(request, _("Kept. %(progress)s. You can go on later, on another device too.")
                         % {"progress": progress_words(progress)})  # fmt: skip
        return HttpResponseRedirect(review_url(it))


def _refuse_unknown(request: StaffRequest, sheet: Sheet) -> None:
    # A browser sends a file field that was left empty among the texts.
    beside = {f"{part}-{one.key}" for one in sheet.items.items.questions for part in ("caption", "picture")}
    unknown = sorted(set(request.POST) - set(sheet.fields) - beside - set(BESIDE))
    if unknown:
        names = ", ".join(name[:40] for name in unknown[:5])
        raise Invalid(_("This form has no such fields: %(names)s.") % {"names": names})


def _attach(request: StaffRequest, it: Review, questions: list[str]) -> dict[str, list[str]]:
    """Keep every picture that was sent along; what could not be kept, by field."""
    problems: dict[str, list[str]] = {}
    for key in questions:
        upload = request.FILES.get(f"picture-{key}")
        if upload is None:
            continue
        try:
            kept = evidence.keep_file(upload, field="picture")
            reviewing.attach(it, kept, question=key, caption=request.POST.get(f"caption-{key}", ""), by=request.user)
        except Invalid as refusal:
            said = [one for found in refusal.fields.values() for one in found] or [refusal.message]
            problems[f"answer-{key}"] = said
    return problems


def pictures_of(it: Review) -> dict[str, list[ReviewEvidence]]:
    """The pictures of a review, by question; what was taken out is not among them."""
    found: dict[str, list[ReviewEvidence]] = {}
    for one in ReviewEvidence.objects.filter(review=it, withdrawn_at=None).select_related("added_by"):
        found.setdefault(one.question, []).append(one)
    return found


def _lacking(sheet: Sheet) -> list[dict[str, str]]:
    """What is missing before the end, each with its question and a way there: what was kept, not what was just sent."""
    return [
        {"message": row["words"] if part == "answer" else f"{row['words']} {problem}", "anchor": first_id(row[part])}
        for row in sheet.questions()
        for part in PARTS
        for problem in row[part].errors
    ]


def _page(
    request: StaffRequest, it: Review, sheet: Sheet, status: int = 200, problems: Iterable[dict[str, str]] = ()
) -> HttpResponse:
    facts, pictures = live_facts(it), pictures_of(it)
    questions = sheet.questions()
    for row in questions:
        row["facts"] = [facts[key] for key in row["it"].facts if facts[key]["value"]]
        row["pictures"] = pictures.get(row["it"].key, [])
        row["open"] = bool(row["note"].errors) or f"picture-{row['it'].key}" in request.FILES
    progress = Progress(answered(it), len(questions), {})
    context: dict[str, Any] = {
        "it": it, "form": sheet, "questions": questions, "icon": picture(it.account.platform),
        "place": Places([it.account.unit]).of(it.account.unit), "back": review_url(it), "minutes": sheet.items.items.minutes,
        "note": sheet.items.note, "general": sheet.items.general, "progress": progress, "words": progress_words(progress),
        "due": due_line(it.due_on) if it.due_on else "", "limit": evidence.MOST_BYTES,
        "problems": list(problems), "day_help": sheet.day_help,
    }  # fmt: skip
    return render(request, "web/reviews/check.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def end(request: StaffRequest, ref: str) -> HttpResponse:
    """End a review: what becomes a finding, who is told, a word to all (AP 193 1.5, 1.10)."""
    it = the_review(request.user, ref)
    items, back = items_of(it), reverse("web:review_check", args=[it.ref])
    summary = request.POST.get("summary", "")

    def act() -> str:
        finish(it, by=request.user, summary=summary, seen=seen_version(request.POST))
        messages.success(request, str(FINISH.done))
        return review_url(it)

    problems: list[dict[str, str]] = []
    status = 200
    with pointing_to(review_url(it), (_("A word to the managers"), summary)):
        _check(request, it)
        lacking = missing(it, items)
        if lacking:
            return HttpResponseRedirect(f"{back}?missing=1")
        if request.method == "POST":
            try:
                return perform(request, act)
            except Invalid as refusal:
                said = [one for found in refusal.fields.values() for one in found] or [refusal.message]
                problems, status = [{"message": one, "anchor": "summary"} for one in said], 422
    given, days = kept_answers(it), items.due_days(clock.today())
    bad = [
        {"question": text(q.question), "it": given[q.key], "severity": items.severity_words(given[q.key].severity),
         "due": given[q.key].due_on or days.get(given[q.key].severity)}
        for q in items.items.questions
        if q.key in given and given[q.key].answer == Answer.NOT_IN_ORDER
    ]  # fmt: skip
    context: dict[str, Any] = {
        "it": it, "back": back, "bad": bad, "problems": problems, "badge": review_badge(it), "effect": FINISH.effect,
        "summary": "" if status == 422 and problems else summary, "key": new_key(),
        "seen": request.POST.get("seen", "")[:12] or it.version, "second": it.first_id is not None,
        "unseen": sum(1 for one in given.values() if one.answer == Answer.COULD_NOT_SEE),
    }  # fmt: skip
    return render(request, "web/reviews/end.html", context, status=status)
