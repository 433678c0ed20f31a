"""What reviews found: the list of findings, one finding as it stands, what managers answer and reviewers judge."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.audit.queries import history
from rostrum.core.errors import NotAllowed
from rostrum.people.models import Person, Unit
from rostrum.people.queries import subtree
from rostrum.policies.queries import in_force, text
from rostrum.registry.models import Account
from rostrum.registry.search import search
from rostrum.reviews.checklist import checklist
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.queries import (
    answerers,
    finding_moves,
    findings_visible_to,
    judges_of,
    late,
    readable_account,
    to_fix,
    visible_to,
)
from rostrum.reviews.reviewing import items_of
from rostrum.reviews.settling import ACTS, not_you
from rostrum.reviews.states import FINDING_MOVES, OPEN_FINDINGS, FindingState
from rostrum.web.access import StaffRequest, new_key, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.listing import typed
from rostrum.web.accounts.wording import OWN_PLACES, Places
from rostrum.web.cases.carrying import carry
from rostrum.web.keys.access import unlogged
from rostrum.web.listing import Column, Listing, Row, tools
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.reviews.access import not_now, pointing_to, the_finding, unkept
from rostrum.web.reviews.wording import due_line, finding_badge, severity_badge, tabs
from rostrum.web.submitting import sent
from rostrum.workflow.moves import Move

PER_PAGE, AT_ONCE = 25, 500
MOVES = {move.name: move for move in FINDING_MOVES}
ICONS = {"fix": "circle-check", "contest": "message-question", "settle": "circle-check", "send_back": "arrow-back-up",
         "uphold": "gavel", "take_back": "x", "extend": "calendar-plus"}  # fmt: skip
SENTENCES = {
    "fix": gettext_lazy("You are about to say that %(ref)s is put right: %(name)s."),
    "contest": gettext_lazy("You are about to say that you do not agree with %(ref)s: %(name)s."),
    "settle": gettext_lazy("You are about to confirm that %(ref)s is put right: %(name)s."),
    "send_back": gettext_lazy("You are about to say what is still missing in %(ref)s: %(name)s."),
    "uphold": gettext_lazy("You are about to say that %(ref)s stands: %(name)s."),
    "take_back": gettext_lazy("You are about to take %(ref)s back: %(name)s."),
    "extend": gettext_lazy("You are about to give %(ref)s another day: %(name)s."),
}
ASKED = {
    "fix": gettext_lazy("What you did, in a line"),
    "contest": gettext_lazy("Why you do not agree"),
    "settle": gettext_lazy("A comment"),
    "send_back": gettext_lazy("What is still missing"),
}


class Filter(forms.Form):
    """What narrows the list. Whatever cannot be understood narrows nothing."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    which = forms.ChoiceField(label=gettext_lazy("Which"), required=False)
    severity = forms.ChoiceField(label=gettext_lazy("How grave"), required=False)
    school = forms.ChoiceField(label=gettext_lazy("School"), required=False)

    def __init__(self, data: Any, schools: list[Unit]) -> None:
        super().__init__(data)
        scale = checklist(in_force()).items.severities
        which = [("mine", _("Mine to put right")), ("asks", _("Open")), ("late", _("Late")), *FindingState.choices]
        for name, choices in (
            ("which", which),
            ("severity", [(one.key, text(one.label)) for one in scale]),
            ("school", [(one.code, one.name) for one in schools]),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", _("All")), *choices]


def _narrowed(request: StaffRequest) -> tuple[Filter, dict[str, str], QuerySet[ReviewFinding]]:
    me = request.user
    schools = list(Unit.objects.filter(kind__in=OWN_PLACES).order_by("name"))
    form = Filter(request.GET, schools)
    form.is_valid()
    chosen: dict[str, str] = getattr(form, "cleaned_data", {})
    found, which = findings_visible_to(me), chosen.get("which", "")
    if which == "mine":
        found = found.filter(pk__in=to_fix(me).order_by().values("pk"))
    elif which == "asks":
        found = found.filter(state__in=OPEN_FINDINGS)
    elif which == "late":
        found = late(found)
    elif which:
        found = found.filter(state=which)
    if chosen.get("severity"):
        found = found.filter(severity=chosen["severity"])
    school = next((one for one in schools if one.code == chosen.get("school")), None)
    if school is not None:
        found = found.filter(account__unit__in=subtree(school).values("pk"))
    words = typed(chosen.get("q", ""))
    if words:
        here = Account.objects.filter(pk__in=found.order_by().values("account"))
        accounts = list(search(here, words).order_by().values_list("pk", flat=True))
        found = found.filter(account__in=accounts) | found.filter(ref__istartswith=words)
    first = Case(When(state__in=OPEN_FINDINGS, then=Value(0)), default=Value(1), output_field=IntegerField())
    return form, chosen, found.annotate(first=first).order_by("first", "due_on", "-raised_at", "-pk")


def rows_of(request: StaffRequest) -> Iterator[Row]:
    """Every finding that the filters leave, as plain cells."""
    _form, _chosen, found = _narrowed(request)
    left = found.iterator(chunk_size=AT_ONCE)
    while rows := list(islice(left, AT_ONCE)):
        places = Places(one.account.unit for one in rows)
        for one in rows:
            items = items_of(one.review)
            yield {
                "ref": one.ref, "account": one.account.name, "place": places.of(one.account.unit), "clause": one.clause,
                "severity": items.severity_words(one.severity), "found": one.found, "fix": one.fix, "due": one.due_on,
                "state": finding_badge(one)["word"], "raised": timezone.localdate(one.raised_at),
                "answer": one.answer,
            }  # fmt: skip


LISTING = Listing(
    "findings-of-reviews",
    gettext_lazy("Findings of reviews"),
    "web:review_findings",
    (
        Column("ref", gettext_lazy("Finding"), always=True),
        Column("account", gettext_lazy("Account"), always=True),
        Column("place", gettext_lazy("Speaks for")),
        Column("clause", gettext_lazy("Clause"), usual=False),
        Column("severity", gettext_lazy("How grave")),
        Column("found", gettext_lazy("What was found")),
        Column("fix", gettext_lazy("What is to be done"), usual=False),
        Column("due", gettext_lazy("By when")),
        Column("state", gettext_lazy("Status")),
        Column("raised", gettext_lazy("Found on"), usual=False),
        Column("answer", gettext_lazy("Answer"), usual=False),
    ),
    ("q", "which", "severity", "school"),
    rows_of,
    (),
)


@require_safe
@signed_in
def listing(request: StaffRequest) -> HttpResponse:
    """Findings that the reader may see: open ones first, by their day. Queries do not grow with them."""
    form, chosen, found = _narrowed(request)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places, count = Places(one.account.unit for one in rows), page.paginator.count
    filtered = any(chosen.get(name) for name in LISTING.narrows)
    context: dict[str, Any] = {
        "page": page, "form": form, "tabs": tabs(request.user, "findings"), "filtered": filtered,
        "rows": [
            {"it": one, "icon": picture(one.account.platform), "place": places.of(one.account.unit),
             "badge": finding_badge(one), "severity": severity_badge(items_of(one.review), one.severity)}
            for one in rows
        ],
        "tools": tools(LISTING, request, form), "reset": reverse("web:review_findings") if filtered else "",
        "count_words": ngettext("%(count)d finding", "%(count)d findings", count) % {"count": count},
    }  # fmt: skip
    return render(request, "web/reviews/findings.html", context)


@require_safe
@signed_in
def finding(request: StaffRequest, ref: str) -> HttpResponse:
    """One finding: what was seen, under which clause, what is to be done by when, what was answered."""
    it, me = the_finding(request.user, ref), request.user
    items = items_of(it.review)
    acts = [
        {"label": m.label, "url": reverse("web:review_finding_move", args=[it.ref, m.name]), "icon": ICONS[m.name],
         "danger": m.tone == "danger", "primary": m.tone == "primary"}
        for m in finding_moves(me, it)
    ]  # fmt: skip
    if (carried := carry(me, it.account, "reviewfinding", it.pk)) is not None:
        acts.append({"label": carried.label, "url": carried.url, "icon": carried.icon, "danger": False, "primary": False})
    asked = items.items.question(it.question)
    waiting = answerers(it.account) if it.state == FindingState.OPEN else judges_of(it) if it.is_open else []
    context: dict[str, Any] = {
        "it": it, "badge": finding_badge(it), "severity": severity_badge(items, it.severity),
        "icon": picture(it.account.platform), "place": Places([it.account.unit]).of(it.account.unit),
        "question": text(asked.question) if asked else "", "due": due_line(it.due_on) if it.state == FindingState.OPEN else "",
        "primary": next((one for one in acts if one["primary"]), None), "more": [one for one in acts if not one["primary"]],
        "waiting": ", ".join(one.name for one in waiting), "entries": timeline(history(it)),
        "reads_review": visible_to(me).filter(pk=it.review_id).exists(), "reads_account": readable_account(me, it.account),
        "answering": it.state == FindingState.OPEN, "retired": it.account.state == "retired",
    }  # fmt: skip
    return render(request, "web/reviews/finding.html", context)


class Another(Reason):
    """Another day, and why."""

    due_on = forms.DateField(
        label=gettext_lazy("By when"), widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("Choose the day by which it is to be put right."),
                        "invalid": gettext_lazy("Write the day as in 2026-09-30.")},
    )  # fmt: skip
    field_order = ("due_on", "reason")


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def move(request: StaffRequest, ref: str, move: str) -> HttpResponse:
    """Answer a finding, or judge what was answered (AP 193 1.5, 1.7, 1.10, 3.4)."""
    it = the_finding(request.user, ref)
    wanted = MOVES.get(move)
    if wanted is None:
        raise Http404
    form = (Another if move == "extend" else Reason)(sent(request))
    field = form.fields["reason"]
    field.required, field.label = wanted.reason_required, ASKED.get(move, _("Why"))
    field.help_text = _("It is read as you write it. Never name a student.")
    back = reverse("web:review_finding", args=[it.ref])

    def act() -> str:
        more = {"due_on": form.cleaned_data["due_on"]} if move == "extend" else {}
        ACTS[move](it, by=request.user, reason=form.cleaned_data["reason"], seen=seen_version(request.POST), **more)
        messages.success(request, str(wanted.done))
        return back

    with pointing_to(back, (str(field.label), request.POST.get("reason", ""))):
        if request.method != "POST" and wanted not in finding_moves(request.user, it):
            _say_no(request.user, it, wanted)
        context = {
            "it": it, "heading": wanted.label, "badge": finding_badge(it), "back": back, "finding": it,
            "sentence": SENTENCES[move] % {"ref": it.ref, "name": it.account.name}, "effect": wanted.effect,
            "clause": it.citation, "button": wanted.label, "told": _told(request.user, it, move),
            "tone": "danger" if wanted.tone == "danger" else "primary",
            "hidden": {"seen": request.POST.get("seen", "")[:12] or str(it.version), "_key": new_key()},
        }  # fmt: skip
        return unkept(request, form, act, "web/reviews/decide.html", context)


def _told(me: Person, it: ReviewFinding, name: str) -> list[str]:
    people = (
        judges_of(it)
        if name in {"fix", "contest"}
        else [*answerers(it.account), *([it.answered_by] if it.answered_by else [])]
    )
    return list(dict.fromkeys(one.name for one in people if one.pk != me.pk and one.is_active))


def _say_no(person: Person, it: ReviewFinding, wanted: Move) -> None:
    if it.state not in wanted.sources:
        raise not_now(it.get_state_display())
    raise NotAllowed(not_you(it, wanted, person))
