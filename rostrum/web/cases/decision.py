"""A decision as a letter that can be read and printed in both languages, and saying that what it orders is done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.audit.queries import history_many
from rostrum.cases.deciding import orders_something, report_done
from rostrum.cases.decision_models import Decision
from rostrum.cases.parties import decision_relations
from rostrum.cases.queries import appeal_of, appealable, find_case, last_day_passed
from rostrum.cases.states import DecisionState
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.people.queries import may
from rostrum.registry.queries import accounts_visible_to
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.cases.access import kept_file, the_decision
from rostrum.web.cases.acting import ActPage, act_page
from rostrum.web.cases.wording import (
    appeal_badge,
    appeal_by_words,
    closing_of,
    decision_badge,
    sections_of,
    strike_words,
)
from rostrum.web.requests.wording import timeline
from rostrum.web.submitting import sent


def _reports(request: StaffRequest, it: Decision) -> bool:
    """Whether the reader may say that what the decision orders is done, and there is something to say."""
    waits = it.state == DecisionState.STANDS and it.done_at is None and orders_something(it)
    return waits and may(request.user, "decisions:report", it.unit, decision_relations(request.user, it))


@require_safe
@signed_in
def decision(request: StaffRequest, pk: int) -> HttpResponse:
    """The letter as it was sent, whether it stands, what was said of it since (AP 193 1.5)."""
    me, it = request.user, the_decision(request.user, pk)
    lang, sections = sections_of(it.letter, request.GET.get("lang", ""))
    appeal = appeal_of(it)
    can_appeal, reports = appealable(me, it), _reports(request, it)
    strike = getattr(it, "strike", None)
    more = []
    if reports:
        more.append(
            {"label": _("Say that it is done"), "url": reverse("web:decision_done", args=[it.pk]), "icon": "checks"}
        )
    files = [one for one in it.evidence.all() if one.file_hash]
    context: dict[str, Any] = {
        "it": it, "badge": decision_badge(it), "lang": lang, "other": "fr" if lang == "en" else "en",
        "sections": sections, "appeal": appeal, "appeal_badge": appeal_badge(appeal) if appeal else None,
        "can_appeal": can_appeal, "appeal_by": appeal_by_words(it), "too_late": last_day_passed(it),
        "reports": reports, "more": more, "strike": strike, "strike_words": strike_words(strike) if strike else "",
        "successor": getattr(it, "successor", None), "files": files,
        "closing": closing_of(me, it.account) if it.closes and it.state == DecisionState.STANDS else None,
        "reads_case": find_case(me, it.case_id) is not None,
        "reads_account": accounts_visible_to(me).filter(pk=it.account_id).exists(),
        "entries": timeline(history_many([it, *([appeal] if appeal else [])])),
    }  # fmt: skip
    return render(request, "web/cases/decision.html", context)


@require_safe
@signed_in
def file(request: StaffRequest, pk: int, number: int) -> HttpResponseBase:
    """A file that a decision rests on, for whoever may read the decision: an appeal needs what was held against it."""
    it = the_decision(request.user, pk)
    one = it.evidence.filter(pk=number).first() if number < 2**63 else None
    if one is None or not one.file_hash:
        raise Http404
    return kept_file(one.file_hash, one.file_type, f"{it.ref}-{one.pk}")


DONE_HELP = gettext_lazy("Whoever decided reads this and looks whether it is so. Name no student.")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def done(request: StaffRequest, pk: int) -> HttpResponse:
    """Say that what a decision orders is done, with a note of what."""
    it, me = the_decision(request.user, pk), request.user
    form, back = Reason(sent(request)), reverse("web:decision", args=[it.pk])
    form.fields["reason"].label = _("What was done")
    form.fields["reason"].help_text = DONE_HELP
    form.fields["reason"].error_messages["required"] = _("Say what was done, so that somebody can look.")
    note = request.POST.get("reason", "")

    def check() -> None:
        if _reports(request, it):
            return
        if not may(me, "decisions:report", it.unit, decision_relations(me, it)):
            raise NotAllowed(
                _("Only those who look after this account, lead its school or decided can say that it is done.")
            )
        raise WrongState(_("There is nothing of this decision that waits to be done."))

    def act(seen: int | None) -> str:
        try:
            report_done(it, by=me, note=note, seen=seen)
        except Invalid as refusal:
            fields = {("reason" if name == "note" else name): said for name, said in refusal.fields.items()}
            raise Invalid(refusal.message, fields=fields) from None
        messages.success(request, _("It is noted. Whoever decides on it has been told, and looks."))
        return back

    page = ActPage(
        it, "web/cases/done.html", back, heading=_("Say that it is done"), badge=decision_badge(it), clause="1.5",
        sentence=_("You are about to say that what decision %(ref)s orders is done.") % {"ref": it.ref},
        effect=_("Somebody looks. If the official mark is suspended until then, a person restores it."),
        button=_("It is done"), check=check, more={"to_do": it.to_do},
    )  # fmt: skip
    return act_page(request, page, form, act, [(_("What was done"), note)])
