"""The form "I found an account": paste its address, say what one saw, with a screenshot where there is one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rostrum.core import clock, evidence
from rostrum.core.errors import Invalid
from rostrum.people.models import Unit
from rostrum.people.queries import division, open_units
from rostrum.registry import known
from rostrum.registry.checks import Note, address_notes
from rostrum.registry.known_queries import Deciders
from rostrum.registry.platforms import key_of
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.accounts.wording import Places
from rostrum.web.answers import wants_json
from rostrum.web.requests.steps import said
from rostrum.web.submitting import answer, sent

UNSURE = ""


class Found(forms.Form):
    """What one saw. Nobody is looked up: only what is pasted here is read."""

    use_required_attribute = False
    address = forms.CharField(
        label=gettext_lazy("Its address"), max_length=500, strip=True,
        help_text=gettext_lazy("Open the account and copy what your browser shows, for example https://www.instagram.com/name."),
        error_messages={"required": gettext_lazy("Paste the address of the account.")},
    )  # fmt: skip
    unit = forms.ChoiceField(
        label=gettext_lazy("Whose it seems to be"), required=False,
        help_text=gettext_lazy("Whoever decides there is asked whether it is theirs."),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Name it shows"), required=False, max_length=120)
    note = forms.CharField(
        label=gettext_lazy("What you saw"), max_length=4000, strip=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why it looks like ours. Never name a student."),
        error_messages={"required": gettext_lazy("Say in a few words why it looks like ours.")},
    )  # fmt: skip
    seen_on = forms.DateField(
        label=gettext_lazy("When you saw it"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Write the date as year-month-day, for example 2026-11-30.")},
    )  # fmt: skip
    screenshot = forms.FileField(
        label=gettext_lazy("Screenshot"), required=False,
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 5 MB. Only staff who decide on it can see it."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg"}),
    )  # fmt: skip

    def __init__(self, data: Any, files: Any, units: list[Unit], places: Places) -> None:
        super().__init__(data, files, initial={"seen_on": clock.today()})
        field = self.fields["unit"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(UNSURE, _("I am not sure")), *((u.code, places.of(u)) for u in units)]

    def clean_seen_on(self) -> Any:
        """Nobody has seen anything tomorrow."""
        day = self.cleaned_data["seen_on"]
        if day and day > clock.today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


def _entry(form: Found, units: list[Unit]) -> known.Entry:
    data = form.cleaned_data
    unit = next((u for u in units if u.code == data["unit"]), None) or division()
    if unit is None:
        raise Invalid(_("There is no division yet."))
    return known.entry_of(data["address"], unit, name=data["name"], note=data["note"], seen_on=data["seen_on"])


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def found(request: StaffRequest) -> HttpResponse:
    """Note an account that someone found; whoever decides for its unit is asked whose it is (AP 193 1.2, 1.3)."""
    units = [u for u in open_units().order_by("name") if u.parent_id is not None]
    form = Found(sent(request), request.FILES or None, units, Places(units))

    if request.method == "POST" and wants_json(request):  # on leaving a field: what the address means, nothing kept
        return JsonResponse({"help": {"address": _told(form)}})

    def act() -> str:
        entry = _entry(form, units)
        known.refuse_held(entry.platform, entry.handle_key)
        picture = form.cleaned_data["screenshot"]
        if picture:
            digest, kind = evidence.keep(picture)
            entry = replace(entry, screenshot=digest, screenshot_type=kind)
        it = known.sight(entry, by=request.user)
        people = ", ".join(p.short_name for p in Deciders([it.unit]).of(it.unit).people)
        words = _("Thank you. It is noted, and %(names)s decides whose it is.") % {"names": people}
        messages.success(request, words if people else _("Thank you. It is noted."))
        return reverse("web:known", args=[it.pk])

    context = {"back": reverse("web:known_list")}
    return answer(request, form, act, "web/known/found.html", context)


def _told(form: Found) -> str:
    """What the pasted address means, as the words under its field; also where the register holds it already."""
    typed = form.data.get("address", "").strip() if form.is_bound else ""
    if not typed or len(typed) > 500:
        return ""
    found, notes = address_notes(typed, "", "address")
    try:
        known.refuse_held(key_of(found.platform), found.canonical_id)
    except Invalid as refusal:
        notes = [Note("address", "flag", refusal.message, "1.2")]
    return render_to_string("web/requests/notes.html", {"notes": said(notes)})
