"""A short form sent: read, act once, and back to the form with every problem beside its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from rostrum.core.errors import Invalid
from rostrum.web.access import StaffRequest, new_key, perform

# What every form may carry beside its own fields.
ALWAYS = frozenset({"csrfmiddlewaretoken", "_key", "seen"})


def sent(request: StaffRequest) -> QueryDict | None:
    """What a form was filled with; None when the page is only looked at. An empty form sent is still sent."""
    return request.POST if request.method == "POST" else None


def place(form: forms.BaseForm, refusal: Invalid) -> None:
    """Put what an act refused beside the fields it is about; what is about none of them goes on top."""
    if not refusal.fields:
        form.add_error(None, refusal.message)
    for name, messages in refusal.fields.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)


def refuse_unknown(request: StaffRequest, form: forms.BaseForm) -> None:
    """Raise Invalid when the form holds a field that the page never had: a status is never a form field."""
    known = {form.add_prefix(name) for name in form.fields} | ALWAYS
    unknown = sorted(set(request.POST) - known)
    if unknown:
        names = ", ".join(name[:40] for name in unknown[:5])
        raise Invalid(_("This form has no such fields: %(names)s.") % {"names": names})


def answer(
    request: StaffRequest,
    form: forms.BaseForm,
    act: Callable[[], str],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Show a form, or do what it asks and go where `act` says. Nothing typed is lost when it cannot be done.

    `act` returns the path to go to. Answers 422 with the form as typed when a field is wrong.
    """
    status = 200
    if request.method == "POST":
        refuse_unknown(request, form)
        if form.is_valid():
            try:
                return perform(request, act)
            except Invalid as refusal:
                place(form, refusal)
        status = 422
    key = request.POST.get("_key", "")[:80] if status == 422 else ""
    return render(request, template, {**context, "form": form, "key": key or new_key()}, status=status)
