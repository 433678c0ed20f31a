"""Requests for a person's own program: the list, one, drafts, every move; the same rules and acts as on the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Query, Router

from rostrum.api import staff_shapes as shapes
from rostrum.api.answers import acting, reading_own
from rostrum.api.auth import caller
from rostrum.api.once import act_once, bytes_of
from rostrum.api.paging import part
from rostrum.api.problems import Problem
from rostrum.api.public import NOTHING, unit_of
from rostrum.api.showing import BASE, person_fields, request_in_full, request_rows, shaped
from rostrum.api.tags import etag_of, matches
from rostrum.core.errors import NotAllowed, Overtaken, WrongState
from rostrum.custody import managing
from rostrum.people.models import Person
from rostrum.people.queries import subtree
from rostrum.policies.queries import cite
from rostrum.registry import actions, registering
from rostrum.registry.deciding import requests as everything
from rostrum.registry.models import AccountRequest, Designation, Registration
from rostrum.registry.queries import find, registration_of, visible_to, waiting_for
from rostrum.registry.states import REGISTRATION_MOVES, REQUEST_MOVES
from rostrum.tokens.scopes import ACT_REQUESTS, READ_REQUESTS
from rostrum.workflow.moves import Move

router = Router()
SEARCHED = ("name", "handle", "ref", "unit__name", "requester__name")
Act = Callable[..., Any]


def _submit(it: AccountRequest, *, by: Person, seen: int, reason: str) -> Any:
    return actions.submit(it, by=by, seen=seen)


def _send(registration: Registration, *, by: Person, seen: int, reason: str) -> Any:
    return registering.send(registration, by=by, seen=seen)


# What carries each move of the table in registry/states.py that a person makes.
REQUEST_ACTS: dict[str, Act] = {
    "submit": _submit, "endorse": actions.endorse, "approve": actions.approve,
    "return": actions.return_to_requester, "decline": actions.decline, "withdraw": actions.withdraw,
}  # fmt: skip
REGISTRATION_ACTS: dict[str, Act] = {
    "send": _send, "confirm": registering.confirm, "return": registering.send_back,
}  # fmt: skip


@router.get(
    "/me", response=reading_own(shapes.Me), operation_id="readMe", tags=["Tokens"], summary="Whose token this is"
)
def me(request: HttpRequest) -> dict[str, Any]:
    """The person and the token behind the call. It needs no scope."""
    person = caller(request)
    token = request.caller.token  # type: ignore[attr-defined]  # the token's guard sets it
    return {
        "person": person_fields(person), "email": person.email, "token": token.name, "prefix": token.prefix,
        "scopes": token.scopes, "expires_at": token.expires_at,
    }  # fmt: skip


def _filtered(person: Person, asked: shapes.RequestQuery) -> QuerySet[AccountRequest]:
    if asked.view == "mine":
        found = everything().filter(requester=person)
    elif asked.view == "waiting":
        found = everything().filter(pk__in=[one.request.pk for one in waiting_for(person)])
    else:
        found = visible_to(person)
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.platform:
        found = found.filter(platform=asked.platform)
    if asked.unit:
        place = unit_of(asked.unit)
        found = found.filter(unit__in=subtree(place)) if place else found.none()
    for word in asked.q.split()[:8]:
        holds = Q()
        for column in SEARCHED:
            holds |= Q(**{f"{column}__icontains": word})
        found = found.filter(holds)
    return found


@router.get(
    "/requests", response=reading_own(shapes.RequestList), operation_id="listRequests", tags=["Requests"],
    summary="Requests that I may see",
)  # fmt: skip
def requests(request: HttpRequest, response: HttpResponse, asked: Query[shapes.RequestQuery]) -> dict[str, Any]:
    """The newest first, by number; exactly those that the person sees on the page."""
    person = caller(request, READ_REQUESTS)
    return part(
        request, response, _filtered(person, asked), asked, order=("-pk",),
        show=lambda rows: request_rows(rows, person),
    )  # fmt: skip


def _the_request(person: Person, ref: str) -> AccountRequest:
    found = find(person, ref)
    if found is None:
        raise Http404(NOTHING)
    return found


@router.get(
    "/requests/{ref}", response=reading_own(shapes.RequestInFull, 404), operation_id="readRequest", tags=["Requests"],
    summary="One request",
)  # fmt: skip
def read(request: HttpRequest, ref: Path[shapes.Ref]) -> HttpResponse:
    """A request with its answers, its Registration Form, and the moves that the caller could make now."""
    person = caller(request, READ_REQUESTS)
    shown = shaped(shapes.RequestInFull, request_in_full(_the_request(person, ref), person))
    return HttpResponse(bytes_of(shown), content_type="application/json; charset=utf-8")


def _now(person: Person, ref: str) -> dict[str, Any]:
    """The request as it stands, for somebody who has just acted on it or is about to."""
    return shaped(shapes.RequestInFull, request_in_full(everything().get(ref=ref), person))


def _check_tag(request: HttpRequest, person: Person, it: AccountRequest) -> None:
    """If-Match: go on only when the request reads as the caller saw it (Problem changed)."""
    header = request.headers.get("If-Match", "")
    if header and not matches(header, etag_of(bytes_of(_now(person, str(it.ref))))):
        raise Problem("changed", _("It has changed since you read it. Read it again."))


@contextmanager
def _citing(move: Move) -> Iterator[None]:
    """Name the clause that the act would have been done under in whatever refuses it."""
    try:
        yield
    except (NotAllowed, WrongState, Overtaken) as refusal:
        refusal.clause = refusal.clause or next(iter(cite(move.cites[-1:])), "")
        raise


def _by_name(moves: tuple[Move, ...], name: str) -> Move:
    return next(move for move in moves if move.name == name)


@router.post(
    "/requests", response=acting(shapes.RequestInFull, status=201), operation_id="startRequest", tags=["Requests"],
    summary="Start a request",
)  # fmt: skip
def start(request: HttpRequest, payload: shapes.DraftIn) -> HttpResponse:
    """A new draft of Form 193-1 (AP 193 3.1). It is nobody's but the caller's until it is sent."""
    person = caller(request, ACT_REQUESTS)

    def act() -> dict[str, Any]:
        return _now(person, str(actions.draft(person, payload.answers).ref))

    return act_once(request, person, act, status=201, location=lambda made: f"{BASE}/requests/{made['ref']}")


@router.patch(
    "/requests/{ref}", response=acting(shapes.RequestInFull, 412), operation_id="changeRequest", tags=["Requests"],
    summary="Change a draft",
)  # fmt: skip
def change(request: HttpRequest, ref: Path[shapes.Ref], payload: shapes.ChangeIn) -> HttpResponse:
    """Keep answers of a draft, right or wrong. Answers that are not sent stay as they are."""
    person = caller(request, ACT_REQUESTS)
    it = _the_request(person, ref)

    def act() -> dict[str, Any]:
        _check_tag(request, person, it)
        actions.save_draft(it, payload.answers, by=person, seen=payload.version)
        return _now(person, ref)

    return act_once(request, person, act)


@router.post(
    "/requests/{ref}/moves/{move}", response=acting(shapes.RequestInFull, 412), operation_id="moveRequest",
    tags=["Requests"], summary="Send, endorse, approve, return, decline or withdraw",
)  # fmt: skip
def move(
    request: HttpRequest, ref: Path[shapes.Ref], move: Path[shapes.RequestMove], payload: shapes.MoveIn
) -> HttpResponse:
    """One legal move (AP 193 1.2, 3.1), under the same rules as on the page, answered with the request after it."""
    person = caller(request, ACT_REQUESTS)
    it = _the_request(person, ref)

    def act() -> dict[str, Any]:
        _check_tag(request, person, it)
        with _citing(_by_name(REQUEST_MOVES, move)):
            REQUEST_ACTS[move](it, by=person, seen=payload.version, reason=payload.reason)
        return _now(person, ref)

    return act_once(request, person, act)


def _the_form(person: Person, ref: str) -> tuple[AccountRequest, Registration]:
    it = _the_request(person, ref)
    registration = registration_of(it)
    if registration is None:
        raise Http404(NOTHING)
    return it, registration


@router.patch(
    "/requests/{ref}/registration", response=acting(shapes.RequestInFull, 412), operation_id="changeRegistration",
    tags=["Registrations"], summary="Fill in the Registration Form",
)  # fmt: skip
def change_registration(request: HttpRequest, ref: Path[shapes.Ref], payload: shapes.ChangeIn) -> HttpResponse:
    """Keep answers of the Registration Form (AP 193 3.2). `version` is the registration's own."""
    person = caller(request, ACT_REQUESTS)
    it, registration = _the_form(person, ref)

    def act() -> dict[str, Any]:
        _check_tag(request, person, it)
        registering.save(registration, payload.answers, by=person, seen=payload.version)
        return _now(person, ref)

    return act_once(request, person, act)


@router.post(
    "/requests/{ref}/registration/moves/{move}", response=acting(shapes.RequestInFull, 412),
    operation_id="moveRegistration", tags=["Registrations"], summary="Send, confirm or return the Registration Form",
)  # fmt: skip
def move_registration(
    request: HttpRequest, ref: Path[shapes.Ref], move: Path[shapes.RegistrationMove], payload: shapes.MoveIn
) -> HttpResponse:
    """One legal move of the Registration Form (AP 193 3.2). To confirm it makes the account official."""
    person = caller(request, ACT_REQUESTS)
    it, registration = _the_form(person, ref)

    def act() -> dict[str, Any]:
        _check_tag(request, person, it)
        with _citing(_by_name(REGISTRATION_MOVES, move)):
            REGISTRATION_ACTS[move](registration, by=person, seen=payload.version, reason=payload.reason)
        return _now(person, ref)

    return act_once(request, person, act)


@router.post(
    "/requests/{ref}/designation", response=acting(shapes.RequestInFull, 412), operation_id="answerDesignation",
    tags=["Registrations"], summary="Accept or decline being a content manager",
)  # fmt: skip
def answer_designation(request: HttpRequest, ref: Path[shapes.Ref], payload: shapes.AnswerIn) -> HttpResponse:
    """A named manager's own answer (AP 193 1.7, 3.4). To decline needs a reason."""
    person = caller(request, ACT_REQUESTS)
    it, registration = _the_form(person, ref)
    mine = Designation.objects.filter(registration=registration, person=person).order_by("-pk").first()
    if mine is None:
        raise NotAllowed(_("Nobody has named you as content manager of this account."))

    def act() -> dict[str, Any]:
        _check_tag(request, person, it)
        managing.answer(mine, by=person, accept=payload.answer == "accept", reason=payload.reason)
        return _now(person, ref)

    return act_once(request, person, act)
