"""Dismissing several findings together: chosen on the list, confirmed once, each on its own terms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import Invalid, NotAllowed
from rostrum.monitoring.deciding import dismiss_many
from rostrum.monitoring.queries import judges, queue
from rostrum.monitoring.states import Ground
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.findings.wording import finding_rows
from rostrum.web.submitting import place

MOST = 200


class Ground_(forms.Form):
    """Why they are dismissed, all of them."""

    use_required_attribute = False
    ground = forms.ChoiceField(
        label=gettext_lazy("Why"), choices=Ground.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose why it is dismissed.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Comment"), widget=forms.Textarea(attrs={"rows": 2}), strip=False, max_length=20_000,
        required=False, help_text=gettext_lazy("Never name a student."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def dismiss(request: StaffRequest) -> HttpResponse:
    """First which and why; then it is done. Those that somebody decided on meanwhile are left as they are."""
    me, back = request.user, reverse("web:findings")
    if not judges(me):
        raise NotAllowed(_("Only those who decide on findings can dismiss them."), url=back)
    picked = [int(pk) for pk in request.POST.getlist("pick")[:MOST] if pk.isascii() and pk.isdecimal() and len(pk) < 12]
    rows = list(queue(me).filter(pk__in=picked))
    if not rows:
        if request.method == "POST":
            messages.warning(request, _("Choose at least one finding first."))
        return HttpResponseRedirect(back)
    sure = request.POST.get("sure") == "1"
    form = Ground_(request.POST if sure else None)
    status = 200

    def act() -> str:
        given = form.cleaned_data
        done, left = dismiss_many([one.pk for one in rows], by=me, ground=given["ground"], reason=given["reason"])
        words = ngettext("One finding is dismissed.", "%(count)d findings are dismissed.", len(done)) % {"count": len(done)}
        if left:
            words += " " + ngettext("One could not be.", "%(count)d could not be.", left) % {"count": left}
        messages.success(request, words)
        return back

    if sure:
        status = 422
        if form.is_valid():
            try:
                return perform(request, act)
            except Invalid as refusal:
                place(form, refusal)
    context: dict[str, Any] = {
        "rows": finding_rows(rows), "form": form, "back": back, "key": new_key(),
        "heading": ngettext("Dismiss one finding", "Dismiss %(count)d findings", len(rows)) % {"count": len(rows)},
    }  # fmt: skip
    return render(request, "web/findings/batch.html", context, status=status)
