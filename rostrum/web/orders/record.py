"""One order: what is ordered and why, what was answered, with its screenshot; the decisions on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.audit.queries import history
from rostrum.core import evidence
from rostrum.core.dates import day
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.orders import giving
from rostrum.orders.models import AccountOrder
from rostrum.orders.queries import Answerers, allowed, visible_to
from rostrum.orders.states import FULFIL, LAPSE, ORDER_MOVES, SEND_BACK, OrderState
from rostrum.people.models import Person
from rostrum.policies.rolewords import worded, worded_lazy
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.wording import Places
from rostrum.web.evidence import evidence_file
from rostrum.web.orders.giving import NO_DAY
from rostrum.web.orders.wording import order_badge
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.submitting import place, refuse_unknown, sent

MOVES = {move.name: move for move in ORDER_MOVES if move is not LAPSE}
ICONS = {
    "fulfil": {"icon": "circle-check"}, "cannot": {"icon": "x"}, "confirm": {"icon": "circle-check"},
    "send_back": {"icon": "arrow-back-up"}, "accept": {"icon": "thumb-up"}, "withdraw": {"icon": "ban"},
}  # fmt: skip
SENTENCES = {
    "fulfil": gettext_lazy("You are about to say that this is done: %(what)s"),
    "cannot": gettext_lazy("You are about to say that this cannot be done: %(what)s"),
    "confirm": gettext_lazy("You are about to confirm that this is done: %(what)s"),
    "send_back": gettext_lazy("You are about to say what is missing here: %(what)s"),
    "accept": gettext_lazy("You are about to leave this as it is: %(what)s"),
    "withdraw": gettext_lazy("You are about to take this order back: %(what)s"),
}


def the_order(person: Person, pk: int) -> AccountOrder:
    """An order that the person may read; otherwise there is nothing at this address (404)."""
    found = visible_to(person).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def facts_of(it: AccountOrder) -> list[dict[str, Any]]:
    """What was ordered, and what was answered."""
    return [
        {"label": _("What is to change"), "value": it.get_kind_display()},
        {"label": _("Ordered"), "value": it.what, "clause": it.citation},
        {"label": _("Why it is ordered"), "value": it.reason},
        {"label": _("To be done by"), "value": day(it.due_on)},
        {"label": _("Given by"), "value": it.given_by.name, "at": it.given_at},
        {"label": _("Answer"), "value": it.answer,
         "note": it.answered_by.name if it.answered_by and it.answer else "", "at": it.answered_at},
        {"label": worded(_("What {keeper} said last")), "value": it.last_comment},
    ]  # fmt: skip


@require_safe
@signed_in
def order(request: StaffRequest, pk: int) -> HttpResponse:
    """An order as it stands: what, why, by when, what was answered, whose turn it is."""
    it = the_order(request.user, pk)
    acts = [
        {"label": m.label, "url": reverse("web:order_move", args=[it.pk, m.name]), "danger": m.tone == "danger",
         "primary": m.tone == "primary", **ICONS[m.name]}
        for m in allowed(request.user, it)
    ]  # fmt: skip
    answerers = Answerers([it.account])
    context: dict[str, Any] = {
        "it": it, "badge": order_badge(it), "icon": picture(it.account.platform),
        "place": Places([it.account.unit]).of(it.account.unit), "facts": facts_of(it),
        "primary": next((one for one in acts if one["primary"]), None),
        "more": [one for one in acts if not one["primary"]],
        "waiting": ", ".join(one.name for one in answerers.of(it.account)) if it.state == OrderState.GIVEN else "",
        "waits": it.state == OrderState.GIVEN, "alone": answerers.alone(it.account) and it.state == OrderState.GIVEN,
        "entries": timeline(history(it)),
    }  # fmt: skip
    return render(request, "web/orders/order.html", context)


@require_safe
@signed_in
def screenshot(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The picture that came with the answer, for whoever may read the order."""
    it = the_order(request.user, pk)
    return evidence_file(it.screenshot, it.screenshot_type, f"order-{pk}")


class Done(Reason):
    """That it is done, in a line, with a picture where there is one."""

    screenshot = forms.FileField(
        label=gettext_lazy("Screenshot"), required=False,
        help_text=worded_lazy(gettext_lazy("PNG or JPEG, at most 5 MB. It saves {keeper} a look.")),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg"}),
    )  # fmt: skip


class Missing(Reason):
    """What is missing, and by which day."""

    due_on = forms.DateField(
        label=gettext_lazy("To be done by"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": NO_DAY},
    )  # fmt: skip


def _form_of(name: str, it: AccountOrder, request: StaffRequest) -> forms.Form:
    data = sent(request)
    if name == FULFIL.name:
        form: forms.Form = Done(data, request.FILES or None)
        form.fields["reason"].label = _("What you did, in a line")
    elif name == SEND_BACK.name:
        form = Missing(data)
        form.fields["reason"].label = _("What is missing")
        form.fields["due_on"].help_text = _("Left empty, it stays %(day)s.") % {"day": day(it.due_on)}
    else:
        form = Reason(data)
    reason = form.fields["reason"]
    reason.required = MOVES[name].reason_required
    reason.help_text = _("The other side reads this as you write it.")
    if not reason.required:
        reason.label = _("A comment")
    return form


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: StaffRequest, pk: int, move: str) -> HttpResponse:
    """Answer an order, confirm it, say what is missing, leave it or take it back (AP 193 1.5, 1.10)."""
    it = the_order(request.user, pk)
    wanted = MOVES.get(move)
    if wanted is None:
        raise Http404
    form, back, seen, status = _form_of(move, it, request), reverse("web:order", args=[it.pk]), str(it.version), 200

    def act() -> str:
        data = form.cleaned_data
        more: dict[str, Any] = {"due_on": data["due_on"]} if "due_on" in data else {}
        if data.get("screenshot"):
            more["screenshot"], more["kind"] = evidence.keep(data["screenshot"])
        giving.ACTS[move](it, by=request.user, reason=data["reason"], seen=seen_version(request.POST), **more)
        messages.success(request, str(wanted.done))
        return back

    try:
        if request.method == "POST":
            refuse_unknown(request, form)
            seen, status = request.POST.get("seen", "")[:12], 422
            if wanted not in allowed(request.user, it):
                _say_no(it, wanted.sources, wanted.permission)
            if form.is_valid():
                try:
                    return perform(request, act)
                except Invalid as refusal:
                    place(form, refusal)
        elif wanted not in allowed(request.user, it):
            _say_no(it, wanted.sources, wanted.permission)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        if request.POST.get("reason", "").strip():
            refusal.typed = [(_("Why"), request.POST["reason"])]
        raise
    context = {
        "it": it, "heading": wanted.label, "badge": order_badge(it), "form": form, "back": back,
        "sentence": SENTENCES[move] % {"what": it.what}, "effect": wanted.effect, "clause": it.citation,
        "button": wanted.label, "tone": "danger" if wanted.tone == "danger" else "primary",
        "hidden": {"seen": seen, "_key": new_key()}, "files": move == FULFIL.name,
    }  # fmt: skip
    return render(request, "web/orders/order_act.html", context, status=status)


def _say_no(it: AccountOrder, sources: frozenset[str], permission: str) -> None:
    """Not in this state (WrongState), or not this person (NotAllowed)."""
    if it.state not in sources:
        raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                         % {"state": it.get_state_display()})  # fmt: skip
    if permission == "order:answer":
        names = ", ".join(one.name for one in Answerers([it.account]).of(it.account)) or "-"
        raise NotAllowed(_("This order is not yours to answer. It is waiting for %(names)s.") % {"names": names})
    raise NotAllowed(worded(_("Only {keeper} can do this with an order.")))
