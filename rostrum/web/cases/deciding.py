"""Writing a decision, seeing its letter as it will be sent, sending it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rostrum.cases import deciding
from rostrum.cases.models import Case, DecisionDraft
from rostrum.cases.opening import not_yours
from rostrum.cases.parties import Parties, case_relations, managers
from rostrum.cases.states import DECIDE, SUPERSEDE, CaseState
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.cases.access import pointing_to, the_case
from rostrum.web.cases.wording import case_badge, evidence_rows, no_student, sections_of
from rostrum.web.cases.writing import as_query, beginning, ruling_form, ruling_of, suggested, typed_of
from rostrum.web.requests.access import seen_version
from rostrum.web.submitting import place, refuse_unknown


def fingerprint(draft: DecisionDraft) -> str:
    """A short print of what was typed: what is sent must be what was shown."""
    return hashlib.sha256(json.dumps(draft.typed, sort_keys=True).encode()).hexdigest()[:16]


def _draft_of(it: Case, me: Person) -> DecisionDraft | None:
    return it.drafts.filter(author=me).first()


def _check_may(request: StaffRequest, it: Case) -> None:
    """Say no before anything is typed: not this person, or not in this state."""
    move = SUPERSEDE if it.state == CaseState.DECIDED else DECIDE
    parties = Parties([it.account])
    if not may(request.user, move.permission, it.unit, case_relations(request.user, it, parties)):
        raise NotAllowed(not_yours(it, parties))
    if it.state not in move.sources:
        raise WrongState(_("This case is closed. Nothing is decided in it any more."))
    if it.state == CaseState.DECIDED and deciding.standing_decision(it) is None:
        raise WrongState(_("The decision of this case was overturned on appeal. A new matter needs a new case."))
    deciding.need_decidable(it, deciding.standing_decision(it))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """The form of a decision: kept as typed, then shown as the letter that it will be (AP 193 1.5)."""
    me, it = request.user, the_case(request.user, pk)
    back = reverse("web:case", args=[it.pk])
    former, draft = deciding.standing_decision(it), _draft_of(it, me)
    status = 200
    with pointing_to(it, back):
        _check_may(request, it)
        if request.method == "POST":
            typed = typed_of(request.POST)
            form = ruling_form(request.POST, it)
            refuse_unknown(request, form)
            try:
                deciding.save_draft(it, typed, by=me)
                if form.is_valid():
                    deciding.preview(it, by=me, ruling=ruling_of(form))
                    return HttpResponseRedirect(reverse("web:case_letter", args=[it.pk]))
            except Invalid as refusal:
                place(form, refusal)
            status = 422
        elif draft is not None:
            form = ruling_form(None, it, initial=_initial(draft))
        else:
            form = ruling_form(None, it, initial=beginning(it, former))
    context: dict[str, Any] = {
        "it": it, "badge": case_badge(it), "form": form, "back": back, "former": former, "draft": draft,
        "suggested": suggested(it), "evidence": evidence_rows(it.evidence.select_related("added_by"), me, it),
        "no_student": no_student(),
        "writing": [d.author.name for d in it.drafts.select_related("author") if d.author_id != me.pk],
    }  # fmt: skip
    return render(request, "web/cases/decide.html", context, status=status)


def _initial(draft: DecisionDraft) -> dict[str, Any]:
    """A draft as the form begins with it: lists for what takes several, one value for the others."""
    several = {"measures", "clauses", "evidence"}
    return {name: values if name in several else (values[0] if values else "") for name, values in draft.typed.items()}


def _told(it: Case, me: Person) -> list[str]:
    """To whom the letter goes."""
    people = [*managers(it.account), *Parties([it.account]).administrators(it.account).people, it.opened_by]
    return list(dict.fromkeys(one.name for one in people if one.pk != me.pk and one.is_active))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def letter(request: StaffRequest, pk: int) -> HttpResponse:
    """The letter as it will be sent, in both languages; sending it is the decision."""
    me, it = request.user, the_case(request.user, pk)
    back, edit = reverse("web:case", args=[it.pk]), reverse("web:case_decide", args=[it.pk])
    with pointing_to(it, back):
        _check_may(request, it)
        draft = _draft_of(it, me)
        if draft is None:
            return HttpResponseRedirect(edit)
        form = ruling_form(as_query(draft.typed), it)
        if not form.is_valid():
            return HttpResponseRedirect(edit)
        try:
            ruling = ruling_of(form)
            shown = deciding.preview(it, by=me, ruling=ruling)
        except Invalid:  # a day passed since it was typed, say: the form says what
            return HttpResponseRedirect(edit)

        def act() -> str:
            if request.POST.get("shown") != fingerprint(draft):
                raise Overtaken(
                    _("What you typed was changed since you saw this letter."),
                    way_forward=_("Look at the letter once more, then send it."), url=request.path,
                )  # fmt: skip
            do = deciding.supersede if it.state == CaseState.DECIDED else deciding.decide
            made = do(it, by=me, ruling=ruling, seen=seen_version(request.POST))
            messages.success(request, _("The decision is made. The letter has been sent to everyone it concerns."))
            return reverse("web:decision", args=[made.pk])

        if request.method == "POST":
            return perform(request, act)
    lang, sections = sections_of(shown, request.GET.get("lang", ""))
    suspends, closes = "suspend" in ruling.measures, "close" in ruling.measures
    context: dict[str, Any] = {
        "it": it, "badge": case_badge(it), "back": back, "edit": edit, "lang": lang, "sections": sections,
        "other": "fr" if lang == "en" else "en", "told": _told(it, me), "no_student": no_student(),
        "effect": _("The public reads at once that the account must not be relied on.") if suspends
        else _("The account is retired at once. Only an appeal can take that back.") if closes else "",
        "hidden": {"seen": str(it.version), "_key": new_key(), "shown": fingerprint(draft)},
    }  # fmt: skip
    return render(request, "web/cases/letter.html", context)
