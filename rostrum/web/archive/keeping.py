"""The forms of the archive: keeping a post as it stands, noting that it is gone or there again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rostrum.archive.actions import note_back
from rostrum.archive.models import Post
from rostrum.archive.queries import may_capture, posts_visible_to
from rostrum.core import evidence
from rostrum.core.errors import NotAllowed, Refusal, WrongState
from rostrum.monitoring.scanning import capture
from rostrum.monitoring.scanning import gone as note_gone
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.accounts.record import the_account
from rostrum.web.accounts.wording import standing_badge
from rostrum.web.submitting import answer, sent

ONLY = gettext_lazy("Only those who look after this account, lead its school or review it can keep its posts.")


class Kept(forms.Form):
    """A post as somebody sees it now."""

    use_required_attribute = False
    address = forms.CharField(
        label=gettext_lazy("Address of the post"), max_length=2000, strip=True,
        help_text=gettext_lazy("Open the post and copy the address from the browser, or from “Share”."),
        error_messages={"required": gettext_lazy("Paste the address of the post.")},
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Its text"), max_length=100_000, strip=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("As it stands there, with its hashtags. It is checked at once."),
        error_messages={"required": gettext_lazy("Paste the text of the post.")},
    )  # fmt: skip
    posted_on = forms.DateField(
        label=gettext_lazy("Day it was posted"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Write the date as year-month-day, for example 2026-11-30.")},
    )  # fmt: skip
    screenshot = forms.FileField(
        label=gettext_lazy("Screenshot"), required=False,
        help_text=gettext_lazy("PNG or JPEG, at most 5 MB. It is kept with its hash and the moment."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg"}),
    )  # fmt: skip


def the_post(request: StaffRequest, pk: int) -> Post:
    """A post of an account whose record the reader may read (404 otherwise)."""
    return get_object_or_404(posts_visible_to(request.user), pk=pk)


@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def keep(request: StaffRequest, public_id: str) -> HttpResponse:
    """Keep a post of this account: address, text, screenshot where there is one. It is checked at once."""
    account = the_account(request.user, public_id)
    back = reverse("web:account", args=[account.public_id])
    form = Kept(sent(request), request.FILES or None)

    def act() -> str:
        given = form.cleaned_data
        picture = evidence.keep(given["screenshot"]) if given["screenshot"] else ("", "")
        version, tally = capture(
            account, by=request.user, address=given["address"], text=given["text"], posted_on=given["posted_on"],
            screenshot=picture,
        )  # fmt: skip
        count = len(tally.opened)
        if count:
            words = ngettext("Kept. One place is to be looked at.", "Kept. %(count)d places are to be looked at.", count)
            messages.warning(request, words % {"count": count})
        else:
            messages.success(request, _("Kept. Nothing was found in it."))
        return reverse("web:post", args=[version.post_id])

    try:
        if not may_capture(request.user, account):
            raise NotAllowed(str(ONLY))
        context: dict[str, Any] = {"it": account, "back": back, "badge": standing_badge(account.state)}
        return answer(request, form, act, "web/archive/keep.html", context)
    except Refusal as refusal:
        refusal.url = refusal.url or back
        raise


def _decide(request: StaffRequest, pk: int, which: str) -> HttpResponse:
    it = the_post(request, pk)
    back = reverse("web:post", args=[it.pk])
    try:
        if not may_capture(request.user, it.account):
            raise NotAllowed(str(ONLY))
        if request.method == "POST":

            def act() -> str:
                if which == "gone":
                    note_gone(it, by=request.user)
                    messages.success(request, _("It is noted that the post is gone. What was kept stays."))
                else:
                    note_back(it, by=request.user)
                    messages.success(request, _("It is noted that the post is there again."))
                return back

            return perform(request, act)
        if which == "gone" and it.gone_since:
            raise WrongState(_("It is noted already that this post is gone."))
        if which == "back" and not it.gone_since:
            raise WrongState(_("Nobody noted that this post is gone."))
    except Refusal as refusal:
        refusal.url = refusal.url or back
        raise
    heading = _("The post is gone") if which == "gone" else _("The post is there again")
    sentence = (
        _("You are about to note that this post is no longer on the platform. Open its address once more to be sure.")
        if which == "gone"
        else _("You are about to note that this post can be read on the platform again.")
    )
    context = {
        "it": it, "heading": heading, "sentence": sentence, "back": back, "button": heading, "tone": "primary",
        "effect": _("Everything that was kept of it stays, with its hashes and dates."), "form": forms.Form(),
        "hidden": {"_key": new_key()}, "told": [], "clause": "3.4",
    }  # fmt: skip
    return render(request, "web/archive/decide.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def gone(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that a post is no longer on the platform."""
    return _decide(request, pk, "gone")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def back(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that a post is there again."""
    return _decide(request, pk, "back")

