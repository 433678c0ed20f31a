"""Pages on which a reset is asked for, an alarm raised in seconds, and a call looked at or called off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.audit.queries import history
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.keys.actions import call_for_reset, call_off, check_live, may_call_off, may_raise, raise_alarm
from rostrum.keys.campaigns import visible_to
from rostrum.keys.models import ResetCall
from rostrum.keys.notices import answerers
from rostrum.keys.queries import open_reset, within_reach
from rostrum.keys.states import ALARMS, CALL_OFF, CallState, Trigger
from rostrum.keys.stating import may_make
from rostrum.people.models import Person
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.platforms import Names
from rostrum.web.access import StaffRequest, new_key, signed_in
from rostrum.web.accounts.decision import Reason
from rostrum.web.accounts.record import the_account
from rostrum.web.accounts.wording import Places
from rostrum.web.keys.access import forget_secrets, pointing_to, the_call, unlogged
from rostrum.web.keys.wording import asked_line, call_badge, due_line
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture, timeline
from rostrum.web.submitting import answer, sent

MOST = 60  # accounts on the page of an alarm


class Ask(forms.Form):
    """What happened, and a word about it where there is time for one."""

    use_required_attribute = False
    trigger = forms.ChoiceField(
        label=gettext_lazy("What happened"), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what happened.")},
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("A word about it"), required=False, max_length=20_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What you saw and when. Never write a password here."),
    )  # fmt: skip

    def __init__(self, data: Any, person: Person, account: Account) -> None:
        super().__init__(data)
        field = self.fields["trigger"]
        if isinstance(field, forms.ChoiceField):
            order = (*ALARMS, Trigger.AD_HOC.value)
            field.choices = [(one, Trigger(one).label) for one in order if may_raise(person, account, one)]


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def ask(request: StaffRequest, public_id: str) -> HttpResponse:
    """Say that somebody else may have got in, or ask for a reset (AP 193 3.4: as the need arises)."""
    it = the_account(request.user, public_id)
    back = reverse("web:account", args=[it.public_id])
    form = Ask(sent(request), request.user, it)

    def act() -> str:
        trigger = form.cleaned_data["trigger"]
        made = call_for_reset(it, trigger=trigger, by=request.user, note=form.cleaned_data["note"])
        if made.is_alarm:
            messages.success(request, worded(_("{keeper} knows now. Change the password, then say here what was done.")))
        else:
            messages.success(request, _("Those who look after the account have been asked."))
        return reverse("web:reset_call", args=[made.pk])

    with pointing_to(back, (_("A word about it"), request.POST.get("note", ""))):
        _check_ask(request.user, it)
        context = {"it": it, "back": back, "icon": picture(it.platform), "place": Places([it.unit]).of(it.unit)}
        response = answer(request, form, act, "web/keys/ask.html", context)
    if response.status_code == 422:
        forget_secrets(form)
        response = render(request, "web/keys/ask.html", {**context, "form": form, "key": new_key()}, status=422)
    return response


class Alarm(forms.Form):
    """What happened, to which of one's own accounts, and a word about it."""

    use_required_attribute = False
    trigger = forms.ChoiceField(
        label=gettext_lazy("What happened"), widget=forms.RadioSelect,
        choices=[(one, Trigger(one).label) for one in ALARMS],
        error_messages={"required": gettext_lazy("Choose what happened.")},
    )  # fmt: skip
    accounts = forms.MultipleChoiceField(
        label=gettext_lazy("Which accounts"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A phone may be signed in to all of them. Untick those that are safe."),
        error_messages={"required": gettext_lazy("Tick at least one account.")},
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("A word about it"), required=False, max_length=20_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("What you saw and when. Never write a password here."),
    )  # fmt: skip

    def __init__(self, data: Any, accounts: list[Account]) -> None:
        super().__init__(data, initial={"accounts": [one.public_id for one in accounts]})
        field = self.fields["accounts"]
        if isinstance(field, forms.MultipleChoiceField):
            names = Names()
            field.choices = [(one.public_id, names.of(one)) for one in accounts]


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def alarm(request: StaffRequest) -> HttpResponse:
    """Raise an alarm for one's own accounts at once: made for a phone that is not the lost one."""
    accounts = list(within_reach(request.user)[:MOST])
    back = reverse("web:resets")
    form = Alarm(sent(request), accounts)

    def act() -> str:
        data = form.cleaned_data
        chosen = [one for one in accounts if one.public_id in data["accounts"]]
        made = raise_alarm(chosen, trigger=data["trigger"], by=request.user, note=data["note"])
        messages.success(request, worded(_("{keeper} knows now. Change the password, then say here what was done.")))
        return reverse("web:reset_call", args=[made[0].pk]) if len(made) == 1 else f"{back}?whose=mine"

    with pointing_to(back, (_("A word about it"), request.POST.get("note", ""))):
        context = {"back": back, "any": bool(accounts)}
        response = answer(request, form, act, "web/keys/alarm.html", context)
    if response.status_code == 422:
        forget_secrets(form)
        response = render(request, "web/keys/alarm.html", {**context, "form": form, "key": new_key()}, status=422)
    return response


def _check_ask(person: Person, account: Account) -> None:
    if not any(may_raise(person, account, one) for one in Trigger.values):
        raise NotAllowed(
            _("Only those who have access to this account, lead its school or keep the register can say this.")
        )
    check_live(account)


@require_safe
@signed_in
def call(request: StaffRequest, pk: int) -> HttpResponse:
    """One call for a reset: why, by when, whose it is, what became of it."""
    it = the_call(request.user, pk)
    live = it.state == CallState.OPEN
    waiting = open_reset(it.account) if live else None
    context: dict[str, Any] = {
        "it": it, "badge": call_badge(it), "icon": picture(it.account.platform), "asked": asked_line(it),
        "due": due_line(it) if live else "", "place": Places([it.unit]).of(it.unit), "waiting": waiting,
        "whose": ", ".join(one.name for one in answerers(it)) if live else "",
        "may_make": live and waiting is None and may_make(request.user, it.account),
        "more": [{"label": CALL_OFF.label, "url": reverse("web:reset_call_off", args=[it.pk]), "icon": "x",
                  "danger": True}] if live and may_call_off(request.user, it) else [],
        "campaign_url": _campaign_url(request.user, it), "entries": timeline(history(it)),
    }  # fmt: skip
    return render(request, "web/keys/call.html", context)


def _campaign_url(person: Person, it: ResetCall) -> str:
    """The campaign's page, for whoever may read it."""
    if it.campaign_id is None or not visible_to(person).filter(pk=it.campaign_id).exists():
        return ""
    return reverse("web:reset_campaign", args=[it.campaign_id])


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def off(request: StaffRequest, pk: int) -> HttpResponse:
    """Call a reset off, with a reason that its managers read."""
    it = the_call(request.user, pk)
    back = reverse("web:reset_call", args=[it.pk])
    form = Reason(sent(request))

    def act() -> str:
        call_off(it, by=request.user, reason=form.cleaned_data["reason"], seen=seen_version(request.POST))
        messages.success(request, str(CALL_OFF.done))
        return back

    with pointing_to(back, (_("Why"), request.POST.get("reason", ""))):
        if request.method != "POST":
            _check_off(request.user, it)
        context = _off_context(it, back, request.POST.get("seen", "")[:12] or str(it.version))
        response = answer(request, form, act, "web/keys/decide.html", context)
    if response.status_code == 422:
        forget_secrets(form)
        response = render(request, "web/keys/decide.html", {**context, "form": form}, status=422)
    return response


def _check_off(person: Person, it: ResetCall) -> None:
    if it.state != CallState.OPEN:
        raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                         % {"state": it.get_state_display()})  # fmt: skip
    if not may_call_off(person, it):
        raise NotAllowed(worded(_("Only whoever asked, whoever leads the school, and {keeper} can call this off.")))


def _off_context(it: ResetCall, back: str, seen: str) -> dict[str, Any]:
    return {
        "account": it.account, "heading": CALL_OFF.label, "badge": call_badge(it), "back": back,
        "sentence": _("You are about to call this reset off: %(name)s, %(why)s.")
        % {"name": it.account.name, "why": it.get_trigger_display()},
        "effect": CALL_OFF.effect, "clause": "3.4", "button": CALL_OFF.label, "tone": "danger",
        "told": [one.name for one in answerers(it)], "hidden": {"seen": seen, "_key": new_key()},
    }  # fmt: skip
