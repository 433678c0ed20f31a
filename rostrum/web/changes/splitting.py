"""The page on which somebody asks for a part of a live account as an account of its own."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import Refusal
from rostrum.registry.platforms import account_for, label_of
from rostrum.registry.splitting import split, splits
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.record import the_account
from rostrum.web.accounts.wording import Places, standing_badge
from rostrum.web.changes.proposing import check_may
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture
from rostrum.web.submitting import answer, sent

SAY_WHAT = gettext_lazy("Say what the new account is for, and what the one of today keeps.")


class Split(forms.Form):
    """What the new account is for."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("What becomes an account of its own, and why"), widget=forms.Textarea(attrs={"rows": 3}),
        max_length=20_000, strip=False, help_text=SAY_WHAT, error_messages={"required": SAY_WHAT},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask(request: StaffRequest, public_id: str) -> HttpResponse:
    """Start Form 193-1 for a part of a live account, filled in from its record (AP 193 3.1, 3.2)."""
    it = the_account(request.user, public_id)
    back = reverse("web:account", args=[it.public_id])
    form = Split(sent(request))
    place = Places([it.unit]).of(it.unit)

    def act() -> str:
        made = split(it, by=request.user, reason=form.cleaned_data["reason"], seen=seen_version(request.POST))
        messages.success(
            request,
            _("Your request is started, filled in from %(name)s. Give it a name and an address of its own, then send it.")
            % {"name": it.name},
        )
        return reverse("web:request_form", args=[made.ref])

    try:
        check_may(request, it)
        context = {
            "it": it, "back": back, "badge": standing_badge(it.state), "icon": picture(it.platform),
            "called": account_for(it.platform, label_of(it.platform), place), "before": list(splits(it)[:5]),
            "seen": request.POST.get("seen", "")[:12] or it.version,
        }  # fmt: skip
        return answer(request, form, act, "web/changes/split.html", context)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        if request.POST.get("reason", "").strip():
            refusal.typed = [(str(form.fields["reason"].label), request.POST["reason"])]
        raise
