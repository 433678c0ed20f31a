"""The page on which somebody proposes another name, address, number or unit for a live account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import NotAllowed, Refusal, WrongState
from rostrum.people.models import Unit
from rostrum.people.queries import open_units
from rostrum.registry import changing
from rostrum.registry.change_queries import may_propose, open_change
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.record import the_account
from rostrum.web.accounts.wording import Places, standing_badge
from rostrum.web.requests.access import seen_version
from rostrum.web.submitting import answer, sent

SAY_WHY = gettext_lazy("Say why, so that whoever decides can do it in a minute.")


class Proposal(forms.Form):
    """What the account is to be called, where it will be, whom it will speak for, and why."""

    use_required_attribute = False
    name = forms.CharField(
        label=gettext_lazy("Name of the account"), max_length=500, strip=False,
        help_text=gettext_lazy("It names the school, program or club clearly (1.3)."),
        error_messages={"required": gettext_lazy("Give the account a name.")},
    )  # fmt: skip
    address = forms.CharField(
        label=gettext_lazy("Address of the account"), max_length=4000, strip=False,
        help_text=gettext_lazy("Paste it from the browser, as it is after the change on the platform."),
        error_messages={"required": gettext_lazy("Paste the address of the account.")},
    )  # fmt: skip
    number = forms.CharField(
        label=gettext_lazy("Platform's own number"), max_length=4000, strip=False, required=False,
        help_text=gettext_lazy("It stays when the handle changes. Paste the number, or an address that shows it."),
    )  # fmt: skip
    unit = forms.ChoiceField(
        label=gettext_lazy("Speaks for"),
        error_messages={"required": gettext_lazy("Choose whom the account speaks for.")},
        help_text=gettext_lazy("To another school it goes only when whoever leads either school agrees."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000, strip=False,
        help_text=SAY_WHY, error_messages={"required": SAY_WHY},
    )  # fmt: skip

    def __init__(self, data: Any, account: Account, units: list[Unit]) -> None:
        now = {"name": account.name, "address": account.address, "number": account.platform_id, "unit": account.unit.code}
        super().__init__(data, initial=now)
        field = self.fields["unit"]
        if isinstance(field, forms.ChoiceField):
            places = Places(units)
            field.choices = [(one.code, places.of(one)) for one in units]


def check_may(request: StaffRequest, account: Account) -> None:
    """Say no before anything is typed: not this person, or the account is retired."""
    if not may_propose(request.user, account):
        raise NotAllowed(_("Only those who look after this account, lead its school or keep the register can change it."))
    if account.state not in LIVE:
        raise WrongState(_("This account is retired. What it was called stays as it was."))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def propose(request: StaffRequest, public_id: str) -> HttpResponse:
    """Propose a change; where one is on its way already, that one is shown instead (AP 193 1.3, 3.1)."""
    it = the_account(request.user, public_id)
    back = reverse("web:account", args=[it.public_id])
    units = list(open_units().order_by("name"))
    if all(one.pk != it.unit_id for one in units):
        units.insert(0, it.unit)
    form = Proposal(sent(request), it, units)

    def act() -> str:
        data = form.cleaned_data
        made = changing.propose(
            it, by=request.user, name=data["name"], address=data["address"], reason=data["reason"],
            number=data["number"] if "number" in request.POST else None,
            unit=next(one for one in units if one.code == data["unit"]), seen=seen_version(request.POST),
        )  # fmt: skip
        messages.success(request, _("Your change is on its way. The register stays as it is until it is approved."))
        return reverse("web:account_change", args=[made.pk])

    try:
        check_may(request, it)
        on_its_way = open_change(it)
        if on_its_way is not None and request.method != "POST":
            return HttpResponseRedirect(reverse("web:account_change", args=[on_its_way.pk]))
        context = {
            "it": it, "back": back, "badge": standing_badge(it.state),
            "seen": request.POST.get("seen", "")[:12] or it.version,
        }  # fmt: skip
        return answer(request, form, act, "web/changes/propose.html", context)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        if request.method == "POST":
            refusal.typed = [
                (str(field.label), request.POST.get(name, "")) for name, field in form.fields.items()
                if request.POST.get(name, "").strip()
            ]  # fmt: skip
        raise
