"""The page on which somebody proposes to merge an account into another: choose it, see both, say why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import Refusal
from rostrum.registry.change_queries import led, open_change
from rostrum.registry.listing import listed
from rostrum.registry.merging import propose_merge
from rostrum.registry.models import Account
from rostrum.registry.obstacles import in_the_way
from rostrum.registry.states import LIVE
from rostrum.registry.verifying import INPUT_LIMIT, verify
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.record import the_account
from rostrum.web.accounts.wording import Places
from rostrum.web.changes.proposing import SAY_WHY, check_may
from rostrum.web.changes.wording import both_records
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture
from rostrum.web.submitting import answer, sent

SUGGESTED = 12


class Merge(forms.Form):
    """Which account goes on, and why one is enough."""

    use_required_attribute = False
    into = forms.CharField(widget=forms.HiddenInput, max_length=12)
    reason = forms.CharField(
        label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000, strip=False,
        help_text=SAY_WHY, error_messages={"required": SAY_WHY},
    )  # fmt: skip


def _live(public_id: str) -> Account | None:
    if not (public_id.isascii() and public_id.isalnum()):  # PostgreSQL takes no NUL, and no id holds a mark
        return None
    return listed().filter(public_id=public_id.upper()[:12], state__in=LIVE).select_related("registration").first()


def _near(it: Account) -> list[dict[str, Any]]:
    """The live accounts of the same school, those on the same platform first: what an account is mostly merged into."""
    school = led(it.unit)
    there = listed().filter(state__in=LIVE, unit__path__contains=f"/{school}/").exclude(pk=it.pk)
    same = list(there.order_by("name", "pk")[:200])
    same.sort(key=lambda one: one.platform != it.platform)
    places = Places(one.unit for one in same[:SUGGESTED])
    return [{"it": one, "icon": picture(one.platform), "place": places.of(one.unit)} for one in same[:SUGGESTED]]


def _choose(request: StaffRequest, it: Account, back: str) -> HttpResponse:
    """Which account goes on: one of the same school, or any other by its address."""
    typed, said = request.GET.get("address", "")[:INPUT_LIMIT], ""
    if typed.strip():
        found = verify(typed).account
        if found is not None and found.state in LIVE and found.pk != it.pk:
            return HttpResponseRedirect(f"{reverse('web:merge_new', args=[it.public_id])}?into={found.public_id}")
        said = _("No live account of ours is at this address. Paste the address of the account that goes on.")
        if found is not None and found.pk == it.pk:
            said = _("This is the same account. Choose the one that goes on.")
    elif "into" in request.GET:
        said = _("That account is not live today. Choose another one that goes on.")
    context = {"it": it, "back": back, "near": _near(it), "typed": typed, "problem": said,
               "problems": bool(said)}  # fmt: skip
    return render(request, "web/changes/merge_choose.html", context, status=422 if said else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def propose(request: StaffRequest, public_id: str) -> HttpResponse:
    """Propose that an account is merged into another one (AP 193 1.3, 3.1). A change on its way is shown instead."""
    it = the_account(request.user, public_id)
    back = reverse("web:account", args=[it.public_id])
    form = Merge(sent(request), initial={"into": request.GET.get("into", "")})
    into = _live((request.POST if request.method == "POST" else request.GET).get("into", ""))

    def act() -> str:
        if into is None:  # the page to choose it is shown before
            raise Http404
        made = propose_merge(it, into, by=request.user, reason=form.cleaned_data["reason"], seen=seen_version(request.POST))
        messages.success(request, _("The merge is proposed. Both accounts stay as they are until it is approved."))
        return reverse("web:account_change", args=[made.pk])

    try:
        check_may(request, it)
        on_its_way = open_change(it)
        if on_its_way is not None and request.method != "POST":
            return HttpResponseRedirect(reverse("web:account_change", args=[on_its_way.pk]))
        if into is None or into.pk == it.pk:
            return _choose(request, it, back)
        context = {
            "it": it, "into": into, "back": back, "merge": both_records(it, into, request.user),
            "obstacles": in_the_way(it, into), "seen": request.POST.get("seen", "")[:12] or it.version,
            "choose": reverse("web:merge_new", args=[it.public_id]),
        }  # fmt: skip
        return answer(request, form, act, "web/changes/merge.html", context)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        if request.POST.get("reason", "").strip():
            refusal.typed = [(str(_("Why")), request.POST["reason"])]
        raise
