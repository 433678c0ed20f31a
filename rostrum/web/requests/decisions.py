"""The pages on which somebody decides: endorse, approve, return, decline, withdraw, confirm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.people.models import Person
from rostrum.policies.queries import form, text
from rostrum.registry import actions, approval, registering
from rostrum.registry.answers import read
from rostrum.registry.deciding import requests
from rostrum.registry.models import AccountRequest, Registration
from rostrum.registry.queries import (
    allowed_moves,
    allowed_registration_moves,
    detour_words,
    ready_to_confirm,
    registration_of,
    status_of,
)
from rostrum.registry.states import REGISTRATION_MOVES, REQUEST_MOVES, WITHDRAW_LEFT
from rostrum.registry.turns import Turns
from rostrum.web.access import StaffRequest, new_key, perform, signed_in
from rostrum.web.requests.access import pointing_to, record_url, seen_version, the_request
from rostrum.web.requests.acts import verb_of
from rostrum.web.requests.record import findings
from rostrum.web.requests.steps import said
from rostrum.web.requests.wording import Titles, names, picture
from rostrum.workflow.moves import Move

Act = Callable[..., Any]
REQUEST_ACTS: dict[str, Act] = {
    "endorse": actions.endorse,
    "approve": actions.approve,
    "return": actions.return_to_requester,
    "decline": actions.decline,
    "withdraw": actions.withdraw,
}
REGISTRATION_ACTS: dict[str, Act] = {"confirm": registering.confirm, "return": registering.send_back}
GOES_ON = frozenset({"endorse", "approve", "confirm"})
SENTENCES = {
    "endorse": gettext_lazy("You are about to endorse this request: %(title)s."),
    "approve": gettext_lazy("You are about to approve this request: %(title)s."),
    "return": gettext_lazy("You are about to return this to %(name)s for changes: %(title)s."),
    "decline": gettext_lazy("You are about to decline this request: %(title)s."),
    "withdraw": gettext_lazy("You are about to withdraw your request: %(title)s."),
    "confirm": gettext_lazy("You are about to make this account official: %(title)s."),
}

LEFT = gettext_lazy("You are about to withdraw this request, because %(name)s has left: %(title)s.")


class Comment(forms.Form):
    """The comment that goes with a decision. The register judges it; here it is only shown as typed."""

    use_required_attribute = False
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), strip=False)

    def __init__(self, *, needed: bool, data: Any = None, refused: Invalid | None = None) -> None:
        super().__init__(data)
        self._refused = refused
        field = self.fields["reason"]
        field.required = needed
        field.label = _("Why") if needed else _("Comment")
        field.help_text = (
            _("Say what to do, or why. The person who asked reads it as you write it.")
            if needed
            else _("It is sent along as you write it.")
        )

    def full_clean(self) -> None:
        """Take over what the register refused."""
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}
        if self._refused:
            for key, said_ in (self._refused.fields or {"__all__": [self._refused.message]}).items():
                self._errors["reason" if key == "reason" else "__all__"] = self.error_class(said_)


@dataclass
class Decision:
    """One decision on a request or its Registration Form, as its page and its answer need it."""

    request: AccountRequest
    thing: AccountRequest | Registration
    move: Move
    act: Act
    url: str


def _decision_on_request(person: Person, ref: str, name: str) -> Decision:
    move = next((m for m in REQUEST_MOVES if m.name == name), None)
    if move is None or name not in REQUEST_ACTS:
        raise Http404
    it = the_request(person, ref)
    move = next((m for m in allowed_moves(person, it) if m.name == name), move)
    return Decision(it, it, move, REQUEST_ACTS[name], reverse("web:request_move", args=[ref, name]))


def _decision_on_registration(person: Person, ref: str, name: str) -> Decision:
    move = next((m for m in REGISTRATION_MOVES if m.name == name), None)
    it = the_request(person, ref)
    registration = registration_of(it)
    if move is None or name not in REGISTRATION_ACTS or registration is None:
        raise Http404
    return Decision(
        it, registration, move, REGISTRATION_ACTS[name], reverse("web:registration_move", args=[ref, name])
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def request_move(request: StaffRequest, ref: str, move: str) -> HttpResponse:
    """Endorse, approve, return, decline or withdraw a request (AP 193 1.2, 3.1)."""
    return _decide(request, _decision_on_request(request.user, ref, move))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def registration_move(request: StaffRequest, ref: str, move: str) -> HttpResponse:
    """Confirm a Registration Form, which makes the account official, or return it (AP 193 3.2)."""
    return _decide(request, _decision_on_registration(request.user, ref, move))


def _decide(http: StaffRequest, decision: Decision) -> HttpResponse:
    if http.method != "POST":
        with pointing_to(decision.request):
            check_may(http.user, decision)
        return _page(http, decision, Comment(needed=decision.move.reason_required), decision.thing.version)
    reason = http.POST.get("reason", "")

    def act() -> str:
        step = approval.step_for(decision.request, decision.move)
        decision.act(decision.thing, by=http.user, seen=seen_version(http.POST), reason=reason)
        done = _("You said yes. The step was “%(step)s”.") % {"step": text(step.label)} if step else decision.move.done
        messages.success(http, f"{done} {comes_next(decision, http.user)}".strip())
        return record_url(decision.request)

    with pointing_to(decision.request, [(_("Comment"), reason)]):
        try:
            return perform(http, act)
        except Invalid as refused:
            comment = Comment(needed=decision.move.reason_required, data=http.POST, refused=refused)
            return _page(http, decision, comment, http.POST.get("seen", ""), status=422)


def comes_next(decision: Decision, person: Person) -> str:
    """What follows a yes. A no, and a way back, have said all in their own words."""
    if decision.move.name not in GOES_ON:
        return ""
    return status_of(requests().get(pk=decision.request.pk), person).next_step


def check_may(person: Person, decision: Decision) -> None:
    """Say no before anything is typed: not this person (NotAllowed), or not in this state (WrongState)."""
    it, thing, move = decision.request, decision.thing, decision.move
    if isinstance(thing, Registration):
        allowed = allowed_registration_moves(person, thing)
    else:
        allowed = allowed_moves(person, it)
    if move in allowed:
        if move.name == "confirm" and isinstance(thing, Registration) and not ready_to_confirm(thing):
            gaps = " ".join(registering.missing(thing))
            raise WrongState(_("This cannot be confirmed yet. %(gap)s") % {"gap": gaps})
        return
    if thing.state not in move.sources:
        raise WrongState(
            _("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
            % {"state": thing.get_state_display()}
        )
    if move.name == "withdraw":
        raise NotAllowed(actions.who_withdraws(it))
    turn = Turns([it]).of(it, registration_of(it))
    waiting = ", ".join(p.short_name for p in turn.people) if turn else ""
    if person.pk == it.requester_id and waiting:
        raise NotAllowed(
            _("You asked for this account, so someone else must decide. It is waiting for %(names)s.")
            % {"names": waiting}
        )
    raise NotAllowed(
        _("It is not your turn to decide on this. It is waiting for %(names)s.") % {"names": waiting}
        if waiting
        else _("It is not your turn to decide on this.")
    )


def told(decision: Decision, turns: Turns) -> list[str]:
    """Who gets a notice when this is decided: whoever comes next, and everyone who had a part so far."""
    it, move = decision.request, decision.move.name
    people: list[Person | None] = [it.requester, it.endorsed_by, it.approved_by]
    if approval.in_own_words(it):
        people[1:1] = [one.person for one in it.endorsements.select_related("person")]
    if move == "endorse":
        people += turns.at_step(it, approval.endorsing_position(it) + 1).people
    elif move == "withdraw":
        turn = turns.of(it, registration_of(it))
        people += turn.people if turn else ()
    elif isinstance(decision.thing, Registration) and move == "confirm":
        people += [
            d.person for d in decision.thing.designations.all() if not (d.released_at or d.declined_at)
        ]
    elif isinstance(decision.thing, Registration):
        people = [it.requester]
    return names(people)


def effect_of(move: Move, it: AccountRequest) -> str | Promise:
    """What follows when this is decided; the next step by its own words where the edition's words name its steps."""
    after = approval.following(it) if approval.step_for(it, move) else None
    return _("The next step is “%(step)s”.") % {"step": text(after.label)} if after else move.effect


def _page(
    http: StaffRequest, decision: Decision, comment: Comment, seen: object, status: int = 200
) -> HttpResponse:
    it, move = decision.request, decision.move
    titles, turns = Titles([it]), Turns([it])
    turn = turns.of(it, registration_of(it))
    title = titles.of(it)
    decides = move.name in {"endorse", "approve", "confirm", "return", "decline"}
    step = approval.step_for(it, move)
    sentence = (LEFT if move == WITHDRAW_LEFT else SENTENCES[move.name]) % {"title": title, "name": it.requester.name}
    if step:
        sentence = _("You are about to say yes to this request: %(title)s. The step is “%(step)s”.") % {
            "title": title,
            "step": text(step.label),
        }
    context = {
        "it": it,
        "title": title,
        "heading": verb_of(move, it),
        "picture": picture(it.platform),
        "form": comment,
        "sentence": sentence,
        "effect": effect_of(move, it),
        "told": [name for name in told(decision, turns) if name != http.user.name],
        "button": verb_of(move, it),
        "tone": "danger" if move.tone == "danger" else "primary",
        "back": record_url(it),
        "action": decision.url,
        "hidden": {"seen": seen, "_key": new_key()},
        "clause": next(iter(approval.citations(it, move.cites[-1:], step)), ""),
        "detours": detour_words(turn) if turn and decides else [],
        "found": said(findings(it, read(form(it.edition, actions.FORM), it.answers))) if decides else [],
        "facts": decision_facts(it, decision.thing, titles),
    }
    return render(http, "web/requests/decide.html", context, status=status)


def decision_facts(
    it: AccountRequest, thing: AccountRequest | Registration, titles: Titles
) -> list[dict[str, Any]]:
    """The few facts that a decision rests on, short enough for a phone."""
    facts = [
        {"label": _("Asked by"), "value": it.requester.name},
        {"label": _("For"), "value": titles.place(it.unit)},
        {"label": _("Platform"), "value": titles.platform(it.platform)},
        {"label": _("Name"), "value": it.name, "clause": "1.3"},
    ]
    if isinstance(thing, Registration):
        return [
            *facts,
            {"label": _("Address"), "value": thing.address},
            {"label": _("Work email"), "value": thing.mailbox, "clause": "1.6"},
            {
                "label": _("Second factor"),
                "value": _("On") if thing.second_factor else _("Not on"),
                "clause": "3.4",
            },
            {
                "label": _("Content managers"),
                "clause": "1.7",
                "value": "; ".join(
                    d.person.name for d in thing.designations.all() if d.accepted_at and not d.released_at
                ),
            },
        ]
    return [
        *facts,
        {"label": _("Handle"), "value": it.handle},
        {"label": _("Work email"), "value": it.mailbox, "clause": "1.6"},
        {"label": _("Purpose"), "value": it.purpose},
    ]
