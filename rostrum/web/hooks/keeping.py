"""Keeping a webhook: add it, change it, give it a new signing key (shown once), switch it off and on, retire it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import Invalid, WrongState
from rostrum.core.http import URL_LIMIT
from rostrum.hooks.actions import NAME_LIMIT, add, change, retire, rotate, switch_off, switch_on
from rostrum.hooks.events import KINDS
from rostrum.hooks.models import EndpointState, HookEndpoint
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.hooks.wording import need
from rostrum.web.proving import prove
from rostrum.web.submitting import answer, place, refuse_unknown, sent


class EndpointForm(forms.Form):
    """What a webhook is called, where it goes, what it tells of."""

    use_required_attribute = False
    name = forms.CharField(
        max_length=NAME_LIMIT,
        label=gettext_lazy("Which system listens there"),
        help_text=gettext_lazy("So that you know it again, for example: Website of the division."),
    )
    url = forms.CharField(
        max_length=URL_LIMIT,
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("The other system tells you this address. Messages are sent to it by POST."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("What it hears of"),
        choices=list(KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only what the public may know. No person and no student is ever named."),
    )


class KeyForm(forms.Form):
    """Whether the old key ends at once."""

    now = forms.BooleanField(
        required=False,
        label=gettext_lazy("End the old key at once"),
        help_text=gettext_lazy("Tick this only if the old key got into wrong hands."),
    )


def found(pk: int) -> HookEndpoint:
    """The webhook of an address. Raises Http404."""
    endpoint = HookEndpoint.objects.filter(pk=pk).first()
    if endpoint is None:
        raise Http404
    return endpoint


def kept(pk: int) -> HookEndpoint:
    """The webhook of an address, to act on. Raises Http404, and WrongState when it is retired."""
    endpoint = found(pk)
    if endpoint.state == EndpointState.RETIRED:
        raise WrongState(_("This webhook is retired. Add a new one."), url=reverse("web:webhook", args=[pk]))
    return endpoint


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of webhooks."""
    return [(_("Workshop"), reverse("web:workshop")), (_("Webhooks"), reverse("web:webhooks")), *more]


def _one(endpoint: HookEndpoint) -> tuple[str, str]:
    return endpoint.name, reverse("web:webhook", args=[endpoint.pk])


def _shown_once(request: StaffRequest, endpoint: HookEndpoint, key: str, *, fresh: bool) -> HttpResponse:
    context = {"it": endpoint, "key": key, "fresh": fresh, "crumbs": crumbs(_one(endpoint)), "once": new_key()}
    return render(request, "web/hooks/made.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add_one(request: StaffRequest) -> HttpResponse:
    """Add a webhook. Its signing key is on the page that answers, once, and on no other ever."""
    need(request.user)
    prove(request)
    form = EndpointForm(sent(request), initial={"events": list(KINDS)})
    made: list[tuple[HookEndpoint, str]] = []

    def act() -> str:
        made.append(add(by=request.user, **form.cleaned_data))
        return reverse("web:webhook", args=[made[0][0].pk])

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
                    return _shown_once(request, *made[0], fresh=True)
                messages.info(request, _("This webhook was added already. Its key is shown only once: make a new one."))
                return onward
        status = 422
    return _form(request, form, status, _("Add a webhook"), _("Add it"), reverse("web:webhooks"), crumbs())


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change_one(request: StaffRequest, pk: int) -> HttpResponse:
    """Change what a webhook is called, where it goes and what it tells of."""
    need(request.user)
    endpoint = kept(pk)
    here = reverse("web:webhook", args=[pk])
    first = {"name": endpoint.name, "url": endpoint.url, "events": endpoint.events}
    form = EndpointForm(sent(request), initial=first)

    def act() -> str:
        change(endpoint, by=request.user, **form.cleaned_data)
        messages.success(request, _("The webhook is changed."))
        return here

    context = {
        "title": _("Change a webhook"), "button": _("Keep the changes"), "back": here,
        "lead": _("Its signing key stays as it is."), "crumbs": crumbs(_one(endpoint)),
    }  # fmt: skip
    return answer(request, form, act, "web/people/form.html", context)


def _form(
    request: StaffRequest, form: forms.Form, status: int, title: str, button: str, back: str, way: list[tuple[str, str]]
) -> HttpResponse:
    context = {
        "form": form, "title": title, "button": button, "back": back, "crumbs": way,
        "lead": _("Rostrum then tells the other system by itself, within a minute or two, whenever something changes."),
        "key": (request.POST.get("_key", "")[:80] if status == 422 else "") or new_key(),
    }  # fmt: skip
    return render(request, "web/people/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rotate_key(request: StaffRequest, pk: int) -> HttpResponse:
    """Make a new signing key, after saying how long the old one still counts. Shown once."""
    need(request.user)
    endpoint = kept(pk)
    prove(request)
    here = reverse("web:webhook", args=[pk])
    form = KeyForm(sent(request))
    made: list[str] = []

    def act() -> str:
        made.append(rotate(endpoint, by=request.user, now=form.cleaned_data["now"]))
        return here

    onward = _decide(
        request, form, act, endpoint,
        title=_("Make a new signing key"), button=_("Make the key"), tone="primary",
        sentence=_("You are about to give “%(name)s” a new signing key.") % {"name": endpoint.name},
        next=_("You see it once. For 24 hours every message is signed with both keys, so that the other system can "
               "take the new one over in its own time. Then the old one ends."),
    )  # fmt: skip
    if made:
        return _shown_once(request, endpoint, made[0], fresh=False)
    return onward


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def off(request: StaffRequest, pk: int) -> HttpResponse:
    """Switch a webhook off, after saying what is not sent then."""
    need(request.user)
    endpoint = kept(pk)
    if request.method != "POST" and endpoint.state != EndpointState.ON:
        raise WrongState(_("This webhook is switched off already."), url=reverse("web:webhook", args=[pk]))

    def act() -> str:
        switch_off(endpoint, by=request.user)
        messages.success(request, _("The webhook “%(name)s” is off.") % {"name": endpoint.name})
        return reverse("web:webhook", args=[pk])

    return _decide(
        request, forms.Form(sent(request)), act, endpoint,
        title=_("Switch off a webhook"), button=_("Switch it off"), tone="danger",
        sentence=_("You are about to switch off “%(name)s”.") % {"name": endpoint.name},
        next=_("Nothing more is sent to it. What still waits for it is not sent either, unless you send it again by "
               "hand later. You can switch it on again at any time."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def on(request: StaffRequest, pk: int) -> HttpResponse:
    """Switch a webhook on again, after saying from when on it hears of changes."""
    need(request.user)
    endpoint = kept(pk)
    if request.method != "POST" and endpoint.state == EndpointState.ON:
        raise WrongState(_("This webhook is switched on already."), url=reverse("web:webhook", args=[pk]))

    def act() -> str:
        switch_on(endpoint, by=request.user)
        messages.success(request, _("The webhook “%(name)s” is on. Send a test to see that it works.")
                         % {"name": endpoint.name})  # fmt: skip
        return reverse("web:webhook", args=[pk])

    return _decide(
        request, forms.Form(sent(request)), act, endpoint,
        title=_("Switch on a webhook"), button=_("Switch it on"), tone="primary",
        sentence=_("You are about to switch on “%(name)s”.") % {"name": endpoint.name},
        next=_("It hears of what happens from now on. What happened while it was off is not sent by itself."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def retire_one(request: StaffRequest, pk: int) -> HttpResponse:
    """Retire a webhook for good, after saying what ends and what stays."""
    need(request.user)
    endpoint = kept(pk)

    def act() -> str:
        retire(endpoint, by=request.user)
        messages.success(request, _("The webhook “%(name)s” is retired.") % {"name": endpoint.name})
        return reverse("web:webhooks")

    return _decide(
        request, forms.Form(sent(request)), act, endpoint,
        title=_("Retire a webhook"), button=_("Retire it"), tone="danger",
        sentence=_("You are about to retire “%(name)s” for good.") % {"name": endpoint.name},
        next=_("Nothing is sent to it again and its signing key is wiped, so it cannot be switched on any more. What "
               "was sent can be read here for 90 days. To stop it only for a while, switch it off instead."),
    )  # fmt: skip


def _decide(request: StaffRequest, form: forms.Form, act: Any, endpoint: HookEndpoint, **context: str) -> HttpResponse:
    back = reverse("web:webhook", args=[endpoint.pk])
    whole = {**context, "back": back, "crumbs": crumbs(_one(endpoint))}
    return answer(request, form, act, "web/people/decision.html", whole)
