"""The page of one act on a case, a decision or an appeal: what will happen, a short form, done once or refused in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from rostrum.cases.appeal_models import Appeal
from rostrum.cases.decision_models import Decision
from rostrum.cases.models import Case
from rostrum.core.errors import Invalid, WrongState
from rostrum.web.access import StaffRequest, new_key, perform
from rostrum.web.cases.access import pointing_to
from rostrum.web.requests.access import seen_version
from rostrum.web.submitting import place, refuse_unknown

Words = Promise | str


@dataclass(frozen=True)
class ActPage:
    """What stands on the page of an act, and what is asked before it is shown.

    `check` raises the refusal of a reader who could not do it. It is asked before the page is shown; with `always` also
    when the form is sent, where the form itself says more than such a reader may know (whom one could name). Otherwise
    the act refuses: a form sent twice must find what it did the first time.
    """

    it: Case | Decision | Appeal
    template: str
    back: str
    heading: Words
    badge: dict[str, str]
    sentence: Words
    effect: Words
    clause: str
    button: Words
    check: Callable[[], None]
    tone: str = "primary"
    told: Sequence[str] = ()
    always: bool = False
    more: dict[str, Any] = field(default_factory=dict)


def act_page(
    request: StaffRequest, page: ActPage, form: forms.Form, act: Callable[[int | None], str],
    typed: Sequence[tuple[str, str]] = (),
) -> HttpResponse:  # fmt: skip
    """Show the page of an act, or do it and go where it says. Nothing typed is lost when it cannot be done.

    `act` gets the version that the reader saw, and returns the path to go to. Answers 422 with the form as typed when a
    field is wrong.
    """
    status, seen = 200, str(page.it.version)
    sent = request.method == "POST"
    with pointing_to(page.it, page.back, typed):
        if page.always or not sent:
            page.check()
        if sent:
            refuse_unknown(request, form)
            seen, status = request.POST.get("seen", "")[:12], 422
            if form.is_valid():
                try:
                    return perform(request, lambda: act(seen_version(request.POST)))
                except Invalid as refusal:
                    place(form, refusal)
    context: dict[str, Any] = {
        "it": page.it, "heading": page.heading, "badge": page.badge, "form": form, "back": page.back,
        "sentence": page.sentence, "effect": page.effect, "clause": page.clause, "button": page.button,
        "tone": page.tone, "told": page.told, "hidden": {"seen": seen, "_key": new_key()}, **page.more,
    }  # fmt: skip
    return render(request, page.template, context, status=status)


def over(it: Case | Appeal) -> WrongState:
    """The refusal of a thing that is over: as what it stands."""
    state = it.get_state_display()
    if isinstance(it, Case):
        return WrongState(_("This case is over: it is “%(state)s”. Here it is as it stands.") % {"state": state})
    return WrongState(_("This appeal is over: it is “%(state)s”. Here it is as it stands.") % {"state": state})
