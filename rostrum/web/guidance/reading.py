"""The procedure in force on one page, and under it the one sentence that a reader may say: I have read this edition."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.core.errors import Refusal
from rostrum.guidance.actions import acknowledge
from rostrum.guidance.queries import acknowledgement, gate_is_set, given_by
from rostrum.people.queries import may
from rostrum.policies.models import Edition
from rostrum.policies.queries import content, editions, in_force, text
from rostrum.policies.schema import Document
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.submitting import answer, sent


def parts_of(document: Document) -> list[dict[str, Any]]:
    """The clauses under the headings of their parts, in the reader's language."""
    titles = {part.number: text(part.title) for part in document.parts}
    parts: dict[str, list[dict[str, str]]] = {}
    for one in document.clauses:
        said = {"number": one.number, "title": text(one.title), "text": text(one.text)}
        parts.setdefault(one.part, []).append(said)
    return [{"number": n, "title": titles.get(n, ""), "clauses": clauses} for n, clauses in parts.items()]


def next_page(request: StaffRequest) -> str:
    """The page from which the reader was sent here, if it is one of ours; empty otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/staff/")
    return wanted[:300] if safe else ""


def _edition(label: str) -> Edition:
    """The edition that the reader had before them; 404 for one that was never published."""
    current = in_force()
    found = next((one for one in editions(current.procedure.key) if one.label == label), None)
    if found is None:
        raise Http404
    return found


@require_safe
@signed_in
def onward(request: StaffRequest, label: str) -> HttpResponse:
    """Where a letter about an edition leads: to the reading of the one in force, whichever the letter spoke of."""
    return HttpResponseRedirect(reverse("web:guidance_read"))


class Said(forms.Form):
    """The one sentence, about the edition that stood on the page."""

    use_required_attribute = False
    read = forms.BooleanField(
        widget=forms.CheckboxInput(attrs={"value": "yes"}),
        error_messages={"required": gettext_lazy("Tick the box to say that you have read it.")},
    )
    edition = forms.CharField(widget=forms.HiddenInput, max_length=20)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def __init__(self, data: Any, edition: Edition, onward: str) -> None:
        super().__init__(data, initial={"edition": edition.label, "next": onward})
        self.fields["read"].label = _("I have read this edition (%(label)s).") % {"label": edition.label}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def read(request: StaffRequest) -> HttpResponse:
    """Read the edition in force, and say so; what one said of earlier editions stays in sight (AP 193 1.8, 3.5)."""
    me, onward = request.user, next_page(request)
    here, edition = reverse("web:guidance_read"), in_force()
    document = content(edition)
    form = Said(sent(request), edition, onward)

    def act() -> str:
        acknowledge(_edition(form.cleaned_data["edition"]), by=me)
        messages.success(request, _("It is noted, with today’s date."))
        return onward or here

    context = {
        "edition": edition, "name": text(document.procedure.name), "short": text(document.procedure.short),
        "title": text(document.procedure.title), "parts": parts_of(document), "given": acknowledgement(me),
        "earlier": [one for one in given_by(me) if one.edition_id != edition.pk], "gate": gate_is_set(),
        "onward": onward, "sees_others": may(me, "acknowledgement:view"),
    }  # fmt: skip
    try:
        return answer(request, form, act, "web/guidance/read.html", context)
    except Refusal as refusal:
        refusal.url = refusal.url or here
        raise
