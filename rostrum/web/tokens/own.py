"""A person's own access tokens on pages: what each may do, making one (shown once), ending one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.core.errors import Invalid, WrongState
from rostrum.people.models import Person
from rostrum.tokens.actions import LONGEST, NAME_LIMIT, make, revoke
from rostrum.tokens.models import Token
from rostrum.tokens.queries import of_person
from rostrum.tokens.scopes import SCOPES, scopes_for
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.proving import prove
from rostrum.web.submitting import answer, place, refuse_unknown, sent

USUAL_DAYS = 90


def state_of(token: Token) -> dict[str, Any]:
    """Whether a token still counts, in a word with its colour and icon."""
    if token.revoked_at:
        return {"tone": "over", "word": _("Ended")}
    if token.expires_at <= clock.now():
        return {"tone": "over", "word": _("Expired")}
    return {"tone": "good", "word": _("Valid")}


def row(token: Token) -> dict[str, Any]:
    """A token as its list shows it."""
    state = state_of(token)
    return {
        "it": token,
        "state": state,
        "live": state["tone"] == "good",
        "last_day": timezone.localdate(token.expires_at) - timedelta(days=1),
        "scopes": [SCOPES[one] for one in token.scopes if one in SCOPES],
    }


@require_safe
@signed_in
def tokens(request: StaffRequest) -> HttpResponse:
    """Every token I ever made: those that count first."""
    rows = sorted((row(one) for one in of_person(request.user)), key=lambda one: not one["live"])
    crumbs = [(_("Preferences"), reverse("web:preferences"))]
    return render(request, "web/tokens/list.html", {"rows": rows, "crumbs": crumbs})


class TokenForm(forms.Form):
    """What a program is called, what it may do, until when."""

    use_required_attribute = False
    name = forms.CharField(
        max_length=NAME_LIMIT,
        label=gettext_lazy("Which program uses it"),
        help_text=gettext_lazy("So that you know it again, for example: Website of the school."),
        error_messages={"required": gettext_lazy("Say which program uses it.")},
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick as little as it needs. It never may more than you may yourself."),
        error_messages={"required": gettext_lazy("Tick at least one thing that it may do.")},
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        help_text=gettext_lazy("At most a year from now. After it, the program needs a new token."),
        error_messages={
            "required": gettext_lazy("Choose its last day."),
            "invalid": gettext_lazy("Write the day as year-month-day, for example 2027-02-28."),
        },
    )

    def __init__(self, person: Person, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        fields: dict[str, Any] = dict(self.fields)
        fields["scopes"].choices = list(scopes_for(person).items())


def usual_day() -> date:
    """The last day that the form proposes."""
    return clock.today() + min(LONGEST, timedelta(days=USUAL_DAYS))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: StaffRequest) -> HttpResponse:
    """Make a token. Its secret is on the page that answers, once, and nowhere else ever."""
    prove(request)
    form = TokenForm(request.user, sent(request), initial={"last_day": usual_day()})
    here = reverse("web:tokens")
    made: list[tuple[Token, str]] = []

    def act() -> str:
        made.append(make(request.user, **form.cleaned_data))
        return here

    status = 200
    if request.method == "POST":
        refuse_unknown(request, form)
        if form.is_valid():
            try:
                onward = perform(request, act)
            except Invalid as refused:
                place(form, refused)
            else:
                if made:
                    return render(request, "web/tokens/made.html", {**row(made[0][0]), "secret": made[0][1]})
                messages.info(
                    request, _("This token was made already. Its secret is shown only once: end it and make another.")
                )
                return onward
        status = 422
    context = {
        "form": form,
        "key": (request.POST.get("_key", "")[:80] if status == 422 else "") or new_key(),
        "crumbs": [(_("Preferences"), reverse("web:preferences")), (_("Access tokens"), here)],
    }
    return render(request, "web/tokens/new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """End a token at once, after saying what stops then. Another person's is not found."""
    token = of_person(request.user).filter(pk=pk).first()
    if token is None:
        raise Http404
    here = reverse("web:tokens")
    if request.method != "POST" and state_of(token)["tone"] != "good":
        raise WrongState(_("This token has ended already."), url=here)

    def act() -> str:
        revoke(token, by=request.user)
        messages.success(request, _("The token “%(name)s” has ended.") % {"name": token.name})
        return here

    used = (
        _("It was last used on %(day)s.") % {"day": day(timezone.localdate(token.last_used_at))}
        if token.last_used_at
        else _("It was never used.")
    )
    return answer(
        request,
        forms.Form(sent(request)),
        act,
        "web/people/decision.html",
        {
            "title": _("End an access token"),
            "button": _("End it now"),
            "tone": "danger",
            "back": here,
            "sentence": _("You are about to end the token “%(name)s” (%(prefix)s…).")
            % {"name": token.name, "prefix": token.prefix},
            "next": _("The program that uses it is refused from its very next call. %(used)s") % {"used": used},
            "crumbs": [(_("Preferences"), reverse("web:preferences")), (_("Access tokens"), here)],
        },
    )
