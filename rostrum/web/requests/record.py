"""The page of a request: where it is, with whom, since when, what comes next, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rostrum.audit.queries import HistoryEntry, history_many
from rostrum.policies.queries import form, text
from rostrum.registry import actions, checks, registering
from rostrum.registry.answers import Reading, read
from rostrum.registry.checks import Note
from rostrum.registry.models import Account, AccountRequest, Registration
from rostrum.registry.queries import Status, detour_words, due_on, registration_of, status_of
from rostrum.registry.states import RegistrationState, RequestState
from rostrum.registry.turns import Turns
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.requests.access import the_request
from rostrum.web.requests.acts import acts_for
from rostrum.web.requests.showing import facts_of
from rostrum.web.requests.steps import said
from rostrum.web.requests.wording import Titles, picture, timeline, with_whom

S, G = RequestState, RegistrationState
DUE = {
    S.SUBMITTED: "decision_days.endorse",
    S.ENDORSED: "decision_days.approve",
    S.APPROVED: "registration_days",
}


@dataclass
class Stage:
    """One of the five stages of a request: its state (done, now, act, stop, todo), when, who, why."""

    name: str
    state: str = "todo"
    words: str = ""
    at: datetime | None = None
    note: str = ""


def stages(
    request: AccountRequest, registration: Registration | None, status: Status, history: list[HistoryEntry]
) -> list[Stage]:
    """The five stages, from sent to official, as far as the request has come."""
    last = {entry.act: entry for entry in history}
    way = [
        Stage(_("Sent")),
        Stage(_("Endorsed")),
        Stage(_("Approved")),
        Stage(_("Registration Form")),
        Stage(_("Official")),
    ]
    sent = request.submitted_at is not None and request.state not in {S.RETURNED, S.DRAFT}
    form_sent = registration is not None and registration.state in {G.SENT, G.CONFIRMED}
    reached = [
        (sent, "accountrequest:submit"),
        (sent and request.endorsed_at is not None, "accountrequest:endorse"),
        (sent and request.approved_at is not None, "accountrequest:approve"),
        (form_sent, "registration:send"),
        (request.state == S.REGISTERED, "registration:confirm"),
    ]
    for stage, (done, act) in zip(way, reached, strict=True):
        entry = last.get(act)
        if done:
            stage.state = "done"
            if entry:
                stage.words, stage.at, stage.note = entry.who, entry.at, entry.note
    current = next((stage for stage in way if stage.state == "todo"), None)
    if current is not None:
        current.state = {"act": "act", "stop": "stop", "over": "stop"}.get(status.tone, "now")
        current.words = status.word
        ended = last.get(f"accountrequest:{_ending(request)}")
        if ended and current.state == "stop":
            current.at, current.note = ended.at, ended.note
    return way


def _ending(request: AccountRequest) -> str:
    return {S.DECLINED: "decline", S.WITHDRAWN: "withdraw", S.LAPSED: "lapse"}.get(S(request.state), "")


def since_and_due(request: AccountRequest, registration: Registration | None) -> tuple[datetime, date | None]:
    """Since when a request is where it is, and the day by which it is due (None: the division set none)."""
    if request.state == S.DRAFT:
        return request.saved_at, None
    if request.state == S.APPROVED and registration and registration.state == G.SENT and registration.sent_at:
        return registration.sent_at, due_on(registration.sent_at, "confirmation_days")
    key = DUE.get(S(request.state))
    return request.moved_at, due_on(request.moved_at, key) if key else None


def comment(request: AccountRequest, registration: Registration | None) -> str:
    """The comment that explains why a request is where it is."""
    if request.state in {S.RETURNED, S.DECLINED, S.WITHDRAWN}:
        return request.last_comment
    if request.state == S.APPROVED and registration and registration.state == G.RETURNED:
        return registration.last_comment
    return ""


def findings(request: AccountRequest, reading: Reading) -> list[Note]:
    """What the form found, for whoever decides: about the request, or its Registration Form once sent."""
    registration = registration_of(request)
    if registration is None or registration.state != G.SENT:
        return checks.notes_for(request, reading)
    definition = form(request.edition, registering.FORM)
    return registering.notes_for(registration, read(definition, registration.answers))


@require_safe
@signed_in
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """A request as a person without training understands it."""
    it = the_request(request.user, ref)
    registration = registration_of(it)
    account = Account.objects.filter(registration=registration).first() if it.state == S.REGISTERED else None
    titles, turns = Titles([it]), Turns([it])
    status = status_of(it, request.user, turns)
    definition = form(it.edition, actions.FORM)
    reading = read(definition, it.answers)
    acts = acts_for(request.user, it, registration, account)
    managers = list(registration.designations.all()) if registration else []
    history = history_many(
        [it, *([registration] if registration else []), *managers, *([account] if account else [])]
    )
    since, due = since_and_due(it, registration)
    context: Mapping[str, Any] = {
        "it": it,
        "title": titles.of(it),
        "picture": picture(it.platform),
        "status": status,
        "acts": acts,
        "with_whom": with_whom(status.turn),
        "detours": detour_words(status.turn) if status.turn else [],
        "since": since,
        "due": due,
        "comment": comment(it, registration),
        "account": account,
        "way": stages(it, registration, status, history),
        "entries": timeline(history),
        "known": known_facts(it, registration),
        "sections": [
            {"title": text(s.title), "facts": facts_of(s, it.answers, reading, place=titles.place)}
            for s in definition.sections
        ],
        "registration": registration_facts(registration, titles)
        if _form_shown(request, it, registration)
        else [],
        "managers": manager_facts(registration),
        "found": said(findings(it, reading)) if acts.decides else [],
    }
    return render(request, "web/requests/record.html", context)


def _form_shown(http: StaffRequest, it: AccountRequest, registration: Registration | None) -> bool:
    """The Registration Form is its writer's alone until it is sent."""
    return registration is not None and (registration.sent_at is not None or http.user.pk == it.requester_id)


def known_facts(it: AccountRequest, registration: Registration | None) -> list[dict[str, Any]]:
    """What Rostrum knows without asking."""
    return [
        {
            "label": _("Asked by"),
            "value": it.requester.name,
            "note": it.requester.title or it.requester.email,
        },
        {"label": _("Number"), "value": it.ref},
        {"label": _("Form"), "value": f"193-1, {it.form_edition}", "clause": "3.1"},
    ]


def registration_facts(registration: Registration | None, titles: Titles) -> list[dict[str, Any]]:
    """The sections of the Registration Form with their answers."""
    if registration is None:
        return []
    definition = form(registration.request.edition, registering.FORM)
    reading = read(definition, registration.answers)
    return [
        {"title": text(s.title), "facts": facts_of(s, registration.answers, reading, place=titles.place)}
        for s in definition.sections
    ]


def manager_facts(registration: Registration | None) -> list[dict[str, Any]]:
    """Everyone named as content manager, and whether the person has accepted."""
    if registration is None:
        return []
    facts = []
    for d in registration.designations.all():
        if d.released_at:
            badge = {"tone": "over", "word": _("Released")}
        elif d.accepted_at:
            badge = {"tone": "good", "word": _("Accepted")}
        elif d.declined_at:
            badge = {"tone": "stop", "word": _("Declined")}
        else:
            badge = {"tone": "act", "word": _("Waiting for an answer")}
        at = d.released_at or d.accepted_at or d.declined_at or d.named_at
        facts.append(
            {"name": d.person.name, "badge": badge, "at": at, "note": d.reason, "kind": d.get_kind_display()}
        )
    return facts
