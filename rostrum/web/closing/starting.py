"""The page on which closing an account starts; where it is under way already, that closing is shown instead."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import NotAllowed, Refusal, WrongState
from rostrum.people.queries import may
from rostrum.registry import closing
from rostrum.registry.closing_queries import last_closing, may_start, open_closing
from rostrum.registry.closing_states import ClosingItem
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.record import the_account
from rostrum.web.accounts.wording import standing_badge
from rostrum.web.requests.access import seen_version
from rostrum.web.submitting import answer, sent


def check_may(request: StaffRequest, account: Account) -> None:
    """Say no before anything is typed: not this person, or the account is retired."""
    if not may_start(request.user, account):
        raise NotAllowed(_("Only those who look after this account, lead its school or keep the register can close it."))
    if account.state not in LIVE:
        raise WrongState(_("This account is retired already."))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def start(request: StaffRequest, public_id: str) -> HttpResponse:
    """Start closing an account, with the reason (AP 193 1.5, 1.10)."""
    it = the_account(request.user, public_id)
    back = reverse("web:account", args=[it.public_id])
    form = Reason(sent(request))
    form.fields["reason"].label = _("Why it is closed")

    def act() -> str:
        made = closing.start(
            it, by=request.user, reason=form.cleaned_data["reason"], seen=seen_version(request.POST)
        )
        messages.success(request, _("Fill in the checklist. It is kept as you go; the account stays as it is meanwhile."))
        return reverse("web:closing", args=[made.pk])

    try:
        under_way = open_closing(it) or (last_closing(it) if it.state not in LIVE else None)
        if under_way is not None and request.method != "POST":
            return HttpResponseRedirect(reverse("web:closing", args=[under_way.pk]))
        check_may(request, it)
        context = {
            "it": it, "back": back, "badge": standing_badge(it.state), "items": ClosingItem.choices,
            "hurry": reverse("web:account_move", args=[it.public_id, "close"])
            if may(request.user, "account:close", it.unit) else "",
            "seen": request.POST.get("seen", "")[:12] or it.version,
        }  # fmt: skip
        return answer(request, form, act, "web/closing/start.html", context)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        if request.POST.get("reason", "").strip():
            refusal.typed = [(_("Why it is closed"), request.POST["reason"])]
        raise
