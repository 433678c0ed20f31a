"""Pages on which somebody puts right what is not right, or decides on a suspension that the rule proposes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.people.queries import may
from rostrum.policies.rolewords import worded
from rostrum.upkeep import settling
from rostrum.upkeep.models import Correction, SuspensionProposal
from rostrum.upkeep.queries import proposals_to_decide
from rostrum.upkeep.states import CORRECTION_MOVES, PROPOSAL_MOVES
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.wording import Places
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture
from rostrum.web.submitting import place, refuse_unknown, sent
from rostrum.web.upkeep.certifying import the_certification
from rostrum.web.upkeep.wording import account_crumbs, correction_badge
from rostrum.workflow.moves import Move

PER_PAGE = 25
CORRECTIONS = {move.name: move for move in CORRECTION_MOVES if move.name in settling.SETTLING}
PROPOSALS = {move.name: move for move in PROPOSAL_MOVES if move.name in settling.DECIDING}
SENTENCES = {
    "make": gettext_lazy("You are about to put this right: %(name)s."),
    "keep": gettext_lazy("You are about to leave this as it is: %(name)s."),
    "suspend": gettext_lazy("You are about to suspend the official mark of this account: %(name)s."),
    "leave": gettext_lazy("You are about to leave this account official: %(name)s."),
}


def _decide(
    request: StaffRequest, it: Correction | SuspensionProposal, move: Move, acts: dict[str, Any], context: dict[str, Any]
) -> HttpResponse:
    """One decision page: read, decided once, shown again with what was typed where it cannot be."""
    form, status, seen = Reason(sent(request)), 200, str(it.version)
    form.fields["reason"].required = move.reason_required
    form.fields["reason"].label = _("Why") if move.reason_required else _("A comment (optional)")
    form.fields["reason"].help_text = _("Whoever said it reads this as you write it.")
    reason = request.POST.get("reason", "")

    def act() -> str:
        acts[move.name](it, by=request.user, reason=reason, seen=seen_version(request.POST))
        messages.success(request, str(move.done))
        return str(context["back"])

    try:
        if request.method == "POST":
            refuse_unknown(request, form)
            seen, status = request.POST.get("seen", "")[:12], 422
            if form.is_valid():
                try:
                    return perform(request, act)
                except Invalid as refusal:
                    place(form, refusal)
        elif not may(request.user, move.permission, it.unit):
            raise NotAllowed(worded(_("Only {keeper} can settle this.")))
        elif it.state not in move.sources:
            raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                             % {"state": it.get_state_display()})  # fmt: skip
    except Refusal as refusal:
        refusal.url = refusal.url or str(context["back"])
        if reason.strip():
            refusal.typed = [(_("Why"), reason)]
        raise
    shared = {
        "it": it, "heading": move.label, "form": form, "sentence": SENTENCES[move.name] % {"name": it.account.name},
        "effect": move.effect, "clause": move.cites[0], "button": move.label,
        "tone": "danger" if move.tone == "danger" else "primary", "hidden": {"seen": seen, "_key": new_key()},
    }  # fmt: skip
    return render(request, "web/upkeep/decide.html", {**shared, **context}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def correction(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Put one thing right, or leave it as it is, with the reason."""
    found = Correction.objects.filter(pk=pk).select_related("account__unit", "change", "certification", "noted_by")
    it = found.first() if pk < 2**63 else None
    if it is None or move not in CORRECTIONS:
        raise Http404
    the_certification(request.user, it.certification_id)
    back = reverse("web:certification", args=[it.certification_id])
    context = {
        "back": back, "badge": correction_badge(it), "crumbs": [*account_crumbs(it.account), (_("Certification"), back)],
        "told": [it.noted_by.name] if it.noted_by_id != request.user.pk else [],
        "parts": [{"label": it.get_fact_display(), "old": it.register_says, "new": it.should_be}],
    }  # fmt: skip
    return _decide(request, it, CORRECTIONS[move], settling.SETTLING, context)


@require_safe
@signed_in
def proposals(request: StaffRequest) -> HttpResponse:
    """The suspensions that the division's rule proposes, for whoever decides. None happens by itself (1.5)."""
    if not may(request.user, "proposal:decide"):
        raise NotAllowed(worded(_("Only {keeper} decides on this.")))
    page = Paginator(proposals_to_decide(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    places = Places(one.account.unit for one in rows)
    context = {
        "page": page,
        "rows": [{"it": one, "icon": picture(one.account.platform), "place": places.of(one.account.unit)} for one in rows],
    }
    return render(request, "web/upkeep/proposals.html", context)


@require_safe
@signed_in
def proposals_for(request: StaffRequest, person: int) -> HttpResponse:
    """Where the letter to the named person leads."""
    if person != request.user.pk:
        raise Http404
    return HttpResponseRedirect(reverse("web:suspension_proposals"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def proposal(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Suspend the official mark of an account that was not certified in time, or leave it official."""
    found = SuspensionProposal.objects.filter(pk=pk).select_related("account__unit", "certification", "proposed_to")
    it = found.first() if pk < 2**63 else None
    if it is None or move not in PROPOSALS:
        raise Http404
    the_certification(request.user, it.certification_id)
    context = {
        "back": reverse("web:suspension_proposals") if may(request.user, "proposal:decide")
        else reverse("web:account", args=[it.account.public_id]),
        "badge": {"tone": "act", "word": it.get_state_display()}, "crumbs": account_crumbs(it.account), "told": [],
        "parts": [], "named": it.proposed_to.name,
    }  # fmt: skip
    return _decide(request, it, PROPOSALS[move], settling.DECIDING, context)

