"""The page on which somebody changes an account's standing: what it does, who is told, and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rostrum.audit.queries import history
from rostrum.core.dates import when
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.policies.rolewords import keeper, worded_lazy
from rostrum.registry.models import Account
from rostrum.registry.standing import MOVES, change_standing, extend
from rostrum.registry.states import EXTEND
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.record import allowed, the_account
from rostrum.web.accounts.wording import standing_badge
from rostrum.web.requests.access import seen_version
from rostrum.web.submitting import place, refuse_unknown, sent

BOTH = {**MOVES, EXTEND.name: EXTEND}
SENTENCES = {
    "review": gettext_lazy("You are about to put this account under review: %(name)s."),
    "clear": gettext_lazy("You are about to end the review with everything in order: %(name)s."),
    "suspend": gettext_lazy("You are about to suspend the official mark of this account: %(name)s."),
    "restore": gettext_lazy("You are about to make this account official again: %(name)s."),
    "close": gettext_lazy("You are about to retire this account now, before its checklist is complete: %(name)s."),
    "extend": gettext_lazy("You are about to change how long this account stays suspended: %(name)s."),
    "reinstate": gettext_lazy("You are about to take the retirement of this account back: %(name)s."),
}


class Reason(forms.Form):
    """Why. The register judges whether it will do."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        strip=False,
        max_length=20_000,
        help_text=gettext_lazy(
            "Its managers read this as you write it, and it stays in the account's history."
        ),
        error_messages={"required": gettext_lazy("Say why, so that the other person knows what to do.")},
    )


class Suspension(Reason):
    """Why, until when, and what must be done to get the mark back."""

    ends_on = forms.DateField(
        label=gettext_lazy("Look at it again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=worded_lazy(gettext_lazy("It never ends by itself: on that day {keeper} is asked.")),
        error_messages={
            "invalid": gettext_lazy("There is no such day. Write it as year-month-day, for example 2026-11-30.")
        },
    )
    condition = forms.CharField(
        label=gettext_lazy("What must be done to get the mark back"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        strip=False,
        max_length=20_000,
    )


class Hurry(Reason):
    """Why, and by when the checklist is complete."""

    checklist_due = forms.DateField(
        label=gettext_lazy("The checklist is complete by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Left empty, the division’s usual time counts, where it has set one."),
        error_messages={
            "invalid": gettext_lazy("There is no such day. Write it as year-month-day, for example 2026-11-30.")
        },
    )


FORMS: dict[str, type[Reason]] = {"suspend": Suspension, "extend": Suspension, "close": Hurry}


@contextmanager
def pointing_to(account: Account, reason: str = "") -> Iterator[None]:
    """Give every refusal the way back to the account, what happened last, and what the person had typed."""
    try:
        yield
    except Refusal as refusal:
        refusal.url = refusal.url or reverse("web:account", args=[account.public_id])
        if isinstance(refusal, Overtaken | WrongState) and not refusal.way_forward:
            entries = history(account)
            if entries:
                refusal.way_forward = _("%(when)s: %(what)s") % {
                    "when": when(entries[-1].at),
                    "what": entries[-1].words,
                }
        if reason.strip():
            refusal.typed = [(_("Why"), reason)]
        raise


def told(account: Account) -> list[str]:
    """Who gets a notice: the managers that stand, and whoever had a part in the request, in each step of approval."""
    request = account.registration.request
    standing = account.registration.designations.filter(released_at=None, declined_at=None).select_related("person")
    given = [one.person for one in request.endorsements.select_related("person").order_by("position")]
    people = [*(d.person for d in standing), request.requester, *given, request.endorsed_by, request.approved_by]
    return list(dict.fromkeys(p.name for p in people if p is not None and p.is_active))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def account_move(request: StaffRequest, public_id: str, move: str) -> HttpResponse:
    """Review, clear, suspend, restore or retire an account, with a reason (AP 193 1.5, 1.10)."""
    it = the_account(request.user, public_id)
    wanted = BOTH.get(move)
    if wanted is None:
        raise Http404
    form = FORMS.get(move, Reason)(sent(request))
    back = reverse("web:account", args=[it.public_id])
    status, seen = 200, str(it.version)
    reason = request.POST.get("reason", "")
    if request.method == "POST":

        def act() -> str:
            more = {key: value for key, value in form.cleaned_data.items() if key != "reason"}
            if move == EXTEND.name:
                extend(it, by=request.user, reason=reason, seen=seen_version(request.POST), **more)
            else:
                change_standing(it, move, by=request.user, reason=reason, seen=seen_version(request.POST), **more)
            messages.success(request, str(wanted.done))
            return back

        with pointing_to(it, reason):
            refuse_unknown(request, form)
            seen, status = request.POST.get("seen", "")[:12], 422
            if form.is_valid():
                try:
                    return perform(request, act)
                except Invalid as refusal:
                    place(form, refusal)
    else:
        with pointing_to(it):
            _check_may(request, it, move)
    context: dict[str, Any] = {
        "it": it,
        "heading": wanted.label,
        "badge": standing_badge(it.state),
        "form": form,
        "sentence": SENTENCES[move] % {"name": it.name},
        "effect": wanted.effect,
        "back": back,
        "told": [name for name in told(it) if name != request.user.name],
        "clause": wanted.cites[0],
        "button": wanted.label,
        "tone": "danger" if wanted.tone == "danger" else "primary",
        "hidden": {"seen": seen, "_key": new_key()},
    }
    return render(request, "web/accounts/decide.html", context, status=status)


def _check_may(request: StaffRequest, account: Account, name: str) -> None:
    """Say no before anything is typed: not this person (NotAllowed), or not in this state (WrongState)."""
    move = BOTH[name]
    if move in allowed(request.user, account):
        return
    if account.state not in move.sources and allowed(request.user, account):
        raise WrongState(
            _("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
            % {"state": account.get_state_display()}
        )
    raise NotAllowed(_("Only %(keeper)s can change the standing of an account.") % {"keeper": keeper()})
