"""The page on which Communications orders a change of an account: what, under which clause, why, by which day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rostrum.core import clock
from rostrum.core.errors import NotAllowed, Refusal, WrongState
from rostrum.orders import giving
from rostrum.orders.queries import Answerers, clauses, may_give
from rostrum.orders.states import OrderKind
from rostrum.policies.naming import named
from rostrum.policies.queries import setting, text
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.schoolyear.counting import counting
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.record import the_account
from rostrum.web.accounts.wording import standing_badge
from rostrum.web.requests.access import seen_version
from rostrum.web.submitting import answer, sent

NO_DAY = gettext_lazy("There is no such day. Write it as year-month-day, for example 2026-11-30.")


class Giving(forms.Form):
    """What is to change, under which clause, why, by which day."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=gettext_lazy("What is to change"), choices=OrderKind.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what of the account is to change.")},
    )  # fmt: skip
    what = forms.CharField(
        label=gettext_lazy("What exactly"), max_length=20_000, strip=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("So that a manager can do it without asking. Never name a student, never write a password."),
        error_messages={"required": gettext_lazy("Say what is to change, so that a manager can do it without asking.")},
    )  # fmt: skip
    clause = forms.ChoiceField(
        label=gettext_lazy("Clause that asks for it"),
        error_messages={"required": gettext_lazy("Choose the clause that asks for it.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=20_000, strip=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Its managers read this as you write it."),
        error_messages={"required": gettext_lazy("Say why, so that the other person knows what to do.")},
    )  # fmt: skip
    due_on = forms.DateField(
        label=gettext_lazy("To be done by"), widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("Say by which day it is to be done."), "invalid": NO_DAY},
    )  # fmt: skip

    def __init__(self, data: Any) -> None:
        days = setting("order_days")
        usual = counting().due(clock.today(), days).on if isinstance(days, int) and days > 0 else None
        super().__init__(data, initial={"due_on": usual})
        if usual is None:
            self.fields["due_on"].help_text = _("The division has set no usual time for this, so you choose the day.")
        field = self.fields["clause"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose")), *((one.number, self._called(one)) for one in clauses())]

    @staticmethod
    def _called(one: Any) -> str:
        found = named(f"#{one.number}")
        return f"{found.number if found else one.number} {text(one.title)}"


def check_may(request: StaffRequest, account: Account) -> None:
    """Say no before anything is typed: not this person, or the account is retired."""
    if not may_give(request.user, account):
        raise NotAllowed(worded(_("Only {keeper} can order a change of an account.")))
    if account.state not in LIVE:
        raise WrongState(_("This account is retired. There is nothing left to change."))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def give(request: StaffRequest, public_id: str) -> HttpResponse:
    """Order a change of an account, with a clause, a reason and a day (AP 193 1.5, 1.10)."""
    it = the_account(request.user, public_id)
    back = reverse("web:account", args=[it.public_id])

    def act() -> str:
        data = form.cleaned_data
        made = giving.give(it, by=request.user, seen=seen_version(request.POST), **data)
        messages.success(request, _("The order is given. Those who must carry it out have been asked."))
        return reverse("web:order", args=[made.pk])

    try:
        check_may(request, it)
        form = Giving(sent(request))
        answerers = Answerers([it])
        context = {
            "it": it, "back": back, "badge": standing_badge(it.state), "alone": answerers.alone(it),
            "asked": ", ".join(one.name for one in answerers.of(it)),
            "seen": request.POST.get("seen", "")[:12] or it.version,
        }  # fmt: skip
        return answer(request, form, act, "web/orders/order_new.html", context)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        refusal.typed = [(_("What exactly"), request.POST.get("what", "")), (_("Why"), request.POST.get("reason", ""))]
        raise
