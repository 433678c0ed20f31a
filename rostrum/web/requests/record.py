"""The page of a request: where it is, with whom, since when, what comes next, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from rostrum.audit.queries import HistoryEntry, history_many
from rostrum.policies.queries import form, text
from rostrum.registry import actions, approval, checks, registering
from rostrum.registry.answers import Reading, read
from rostrum.registry.checks import Note
from rostrum.registry.models import Account, AccountRequest, Registration
from rostrum.registry.queries import Status, days_key, detour_words, due_on, registration_of, status_of
from rostrum.registry.splitting import split_from
from rostrum.registry.states import RegistrationState, RequestState
from rostrum.registry.turns import Turns
from rostrum.schoolyear.counting import assumed_note, counting
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.requests.access import the_request
from rostrum.web.requests.acts import acts_for
from rostrum.web.requests.showing import facts_of
from rostrum.web.requests.steps import said
from rostrum.web.requests.wording import Titles, picture, timeline, with_whom

S, G = RequestState, RegistrationState

@dataclass
class Stage:
    """One of the stages of a request (AP 193 has five): its state (done, now, act, stop, todo), when, who, why."""

    name: str
    state: str = "todo"
    words: str = ""
    at: datetime | None = None
    note: str = ""


def stages(
    request: AccountRequest, registration: Registration | None, status: Status, history: list[HistoryEntry]
) -> list[Stage]:
    """The stages, from sent to official, as far as the request has come. Each step of approval is one."""
    last = {entry.act: entry for entry in history}
    asked = approval.steps_of(request)
    labels = [text(step.label) for step in asked] if approval.in_own_words(request) else [_("Endorsed"), _("Approved")]
    way = [Stage(name) for name in (pgettext("request", "Sent"), *labels, _("Registration Form"), _("Official"))]
    sent = request.submitted_at is not None and request.state not in {S.RETURNED, S.DRAFT}
    form_sent = registration is not None and registration.state in {G.SENT, G.CONFIRMED}
    given = endorsed(request, len(asked) - 1)
    # The endorsements of this time round are the log's last ones.
    yeses = [entry for entry in history if entry.act == "accountrequest:endorse"][-given:] if given else []
    reached = [
        (sent, last.get("accountrequest:submit")),
        *((sent and at < given, yeses[at] if at < len(yeses) else None) for at in range(len(asked) - 1)),
        (sent and request.approved_at is not None, last.get("accountrequest:approve")),
        (form_sent, last.get("registration:send")),
        (request.state == S.REGISTERED, last.get("registration:confirm")),
    ]
    for stage, (done, entry) in zip(way, reached, strict=True):
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


def endorsed(request: AccountRequest, steps: int) -> int:
    """How many of the endorsing steps were given since the request was last sent."""
    return steps if request.endorsed_at is not None else request.steps_given


def _ending(request: AccountRequest) -> str:
    return {S.DECLINED: "decline", S.WITHDRAWN: "withdraw", S.LAPSED: "lapse"}.get(S(request.state), "")


def since_and_due(request: AccountRequest, registration: Registration | None) -> tuple[datetime, date | None]:
    """Since when a request is where it is, and the day by which it is due (None: the division set none)."""
    if request.state == S.DRAFT:
        return request.saved_at, None
    if request.state == S.APPROVED and registration and registration.state == G.SENT and registration.sent_at:
        return registration.sent_at, due_on(registration.sent_at, "confirmation_days")
    return request.moved_at, due_on(request.moved_at, days_key(request))


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
        "split": split_from(it),
        "since": since,
        "due": due,
        "assumed": assumed_note() if due and counting().assumed(due) else "",
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
        {"label": _("Form"), "value": f"{form(it.edition, actions.FORM).key.upper()}, {it.form_edition}", "clause": "3.1"},
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
            badge = {"tone": "over", "word": pgettext("content manager", "Released")}
        elif d.accepted_at:
            badge = {"tone": "good", "word": pgettext("content manager's answer", "Accepted")}
        elif d.declined_at:
            badge = {"tone": "stop", "word": pgettext("content manager's answer", "Declined")}
        else:
            badge = {"tone": "act", "word": _("Waiting for an answer")}
        at = d.released_at or d.accepted_at or d.declined_at or d.named_at
        facts.append(
            {"name": d.person.name, "badge": badge, "at": at, "note": d.reason, "kind": d.get_kind_display()}
        )
    return facts
