"""The page on which somebody says, part by part, that the access of an account was reset. It asks for no secret."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import NotAllowed, WrongState
from rostrum.keys import stating
from rostrum.keys.actions import check_live
from rostrum.keys.models import PARTS, Outcome, Reset
from rostrum.keys.queries import open_calls, open_reset, relations
from rostrum.keys.states import ResetState
from rostrum.people.queries import may
from rostrum.registry.models import Account
from rostrum.web.access import StaffRequest, new_key, signed_in
from rostrum.web.accounts.record import the_account
from rostrum.web.accounts.wording import Places
from rostrum.web.keys.access import forget_secrets, pointing_to, the_reset, unlogged
from rostrum.web.keys.wording import PART_HELP, PART_WORDS, asked_line, due_line
from rostrum.web.requests.access import seen_version
from rostrum.web.requests.wording import picture
from rostrum.web.submitting import answer, sent

# That the password could not be changed is no reset; a vault is the division's own, whatever the platform offers.
CHOICES = {
    "changed": (Outcome.DONE, Outcome.NOT_OFFERED, Outcome.NOT_APPLICABLE),
    "vault": (Outcome.DONE, Outcome.NOT_APPLICABLE, Outcome.COULD_NOT),
}


class StatementForm(forms.Form):
    """One answer for each part of a reset, a word why where one was not done, the name of the vault entry."""

    use_required_attribute = False
    asked = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2000)

    def __init__(self, data: Any, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        for part in PARTS:
            self.fields[part] = forms.ChoiceField(
                label=PART_WORDS[part], help_text=PART_HELP[part], widget=forms.RadioSelect,
                choices=[(one.value, one.label) for one in CHOICES.get(part, tuple(Outcome))],
                error_messages={"required": _("Say whether this was done.")},
            )  # fmt: skip
            self.fields[f"{part}_why"] = forms.CharField(
                label=_("Why not, in a word"), required=False, max_length=5000, strip=False,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )  # fmt: skip
        self.fields["vault_entry"] = forms.CharField(
            label=_("Which entry"), required=False, max_length=5000, strip=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            help_text=_("The name of the place, for example “Office vault, entry 14”. Never the password."),
        )  # fmt: skip
        self.fields["note"] = forms.CharField(
            label=_("A word to the second person"), required=False, max_length=20_000, strip=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip

    def parts(self) -> list[dict[str, Any]]:
        """The fields of each part together, for the page."""
        return [
            {"key": part, "answer": self[part], "why": self[f"{part}_why"],
             "entry": self["vault_entry"] if part == "vault" else None}
            for part in PARTS
        ]  # fmt: skip

    def statement(self) -> stating.Statement:
        """What was answered, as the act takes it."""
        data = self.cleaned_data
        return stating.Statement(
            outcomes={part: data[part] for part in PARTS},
            why_not={part: data[f"{part}_why"] for part in PARTS},
            vault_entry=data["vault_entry"], note=data["note"],
        )  # fmt: skip


def _page(request: StaffRequest, account: Account, form: StatementForm, act: Any, more: dict[str, Any]) -> HttpResponse:
    context = {
        "it": account, "icon": picture(account.platform), "place": Places([account.unit]).of(account.unit),
        "calls": [{"it": one, "asked": asked_line(one), "due": due_line(one)} for one in open_calls(account)], **more,
    }  # fmt: skip
    response = answer(request, form, act, "web/keys/state.html", context)
    if response.status_code == 422:
        forget_secrets(form)
        if isinstance(form.data, dict):  # what was asked meanwhile stands on the page now
            form.data["asked"] = stating.asked_of(account)
        response = render(request, "web/keys/state.html", {**context, "form": form, "key": new_key()}, status=422)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def make(request: StaffRequest, public_id: str) -> HttpResponse:
    """State that the access of an account was reset (AP 193 3.4). Where a statement waits, that one is shown."""
    it = the_account(request.user, public_id)
    back = reverse("web:account", args=[it.public_id])
    form = StatementForm(sent(request), {"asked": stating.asked_of(it), "vault_entry": it.registration.custody})

    def act() -> str:
        made = stating.make(it, form.statement(), by=request.user, asked=form.cleaned_data["asked"])
        messages.success(request, _("Your statement is kept. It counts once a second person has confirmed it."))
        return reverse("web:reset", args=[made.pk])

    with pointing_to(back, (_("A word to the second person"), request.POST.get("note", ""))):
        if not stating.may_make(request.user, it):
            raise NotAllowed(
                _("Only those who look after this account and whoever leads its school can state a reset.")
            )
        check_live(it)
        waiting = open_reset(it)
        if waiting is not None and request.method != "POST":
            return HttpResponseRedirect(reverse("web:reset", args=[waiting.pk]))
        return _page(request, it, form, act, {"back": back, "heading": _("State a reset"), "comment": "", "seen": ""})


@require_http_methods(["GET", "HEAD", "POST"])
@unlogged
@signed_in
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a returned statement right and make it again."""
    it = the_reset(request.user, pk)
    back = reverse("web:reset", args=[it.pk])
    form = StatementForm(sent(request), _initial(it))

    def act() -> str:
        seen = seen_version(request.POST)
        stating.restate(it, form.statement(), by=request.user, asked=form.cleaned_data["asked"], seen=seen)
        messages.success(request, _("Your statement waits for a second person again."))
        return back

    with pointing_to(back, (_("A word to the second person"), request.POST.get("note", ""))):
        if not may(request.user, "keys:restate", it.unit, relations(request.user, it.account, it)):
            raise NotAllowed(_("Only %(name)s can do this.") % {"name": it.made_by.name})
        if request.method != "POST" and it.state != ResetState.RETURNED:
            raise WrongState(_("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
                             % {"state": it.get_state_display()})  # fmt: skip
        more = {"back": back, "heading": _("Make the statement again"), "comment": it.last_comment,
                "seen": request.POST.get("seen", "")[:12] or str(it.version)}  # fmt: skip
        return _page(request, it.account, form, act, more)


def _initial(it: Reset) -> dict[str, Any]:
    """A returned statement as it was made, so that only what was wrong is changed."""
    return {
        "asked": stating.asked_of(it.account), "vault_entry": it.vault_entry, "note": it.note,
        **{part: getattr(it, part) for part in PARTS},
        **{f"{part}_why": it.why_not.get(part, "") for part in PARTS},
    }  # fmt: skip
