"""Every write on Form 193-1: draft, send, endorse, approve, return, decline, withdraw, lapse."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.people.models import Person
from rostrum.people.queries import Turn, may
from rostrum.policies.queries import cite, form, in_force
from rostrum.registry import answers as reading
from rostrum.registry import approval
from rostrum.registry import notices as N
from rostrum.registry.checks import columns, stopping
from rostrum.registry.known_settling import settle_ended
from rostrum.registry.models import AccountRequest, Endorsement, Registration
from rostrum.registry.states import (
    APPROVE,
    DECLINE,
    EDITABLE,
    LAPSE,
    RETURN,
    SUBMIT,
    WITHDRAW,
    WITHDRAW_LEFT,
    RegistrationState,
    RequestState,
)
from rostrum.registry.turns import Turns, relations
from rostrum.workflow.moves import Move, advance

FORM = "request"


def names(people: Collection[Person]) -> str:
    """ "A. Petrova, M. Laurent": the people a sentence speaks of."""
    return ", ".join(p.short_name for p in people)


def check_sent(definition: Any, raw: reading.Raw) -> None:
    """Refuse what no form may carry: unknown fields (a state is never a field) and endless answers."""
    extra = reading.unknown(definition, raw)
    if extra:
        raise Invalid(
            _("This form has no field called %(names)s. Nothing was changed.") % {"names": ", ".join(extra)[:200]},
            way_forward=_("Open the form again and fill it in there."),
        )
    long = reading.too_long(raw)
    if long:
        message = _("Use at most %(limit)d characters here.") % {"limit": reading.RAW_LIMIT}
        raise Invalid(_("An answer is too long to keep."), fields={key: [message] for key in long})


@transaction.atomic
def draft(requester: Person, raw: reading.Raw | None = None) -> AccountRequest:
    """Start a Form 193-1. Any active employee or volunteer may (AP 193 3.1)."""
    if not may(requester, "request:create"):
        raise NotAllowed(_("Only people who work or volunteer for the division can ask for an account."))
    edition = in_force()
    definition = form(edition, FORM)
    check_sent(definition, raw or {})
    now = clock.now()
    kept = reading.keep(definition, raw or {})
    request = AccountRequest.objects.create(
        edition=edition,
        form_edition=definition.edition,
        requester=requester,
        answers=kept,
        started_at=now,
        saved_at=now,
        moved_at=now,
        **columns(reading.read(definition, kept), kept),
    )
    request.ref = f"{now.year}-{request.pk:04d}"
    AccountRequest.objects.filter(pk=request.pk).update(ref=request.ref)
    record(
        requester,
        "accountrequest:draft",
        request,
        citations=cite(["3.1"]),
        role="requester",
        label=request.ref,
        after={"state": request.state},
    )
    return request


@transaction.atomic
def save_draft(request: AccountRequest, raw: reading.Raw, *, by: Person, seen: int | None = None) -> AccountRequest:
    """Keep a draft as typed, right or wrong. `raw` may hold one step of the form: other answers stay.

    Typing is not an act: the log notes when a draft is started and sent, not each key. Raises NotAllowed for
    anyone but the requester, WrongState once it is sent, Overtaken when another device saved in between.
    """
    if by.pk != request.requester_id or not may(by, "request:edit", request.unit, {"requester"}):
        raise NotAllowed(_("Only %(name)s can change this request.") % {"name": request.requester.name})
    if request.state not in EDITABLE:
        raise WrongState(_("This request was already sent. Here it is as it stands."))
    definition = form(request.edition, FORM)
    check_sent(definition, raw)
    kept = {**request.answers, **reading.keep(definition, raw)}
    version = request.version if seen is None else seen
    saved = AccountRequest.objects.filter(pk=request.pk, version=version, state=request.state).update(
        answers=kept, saved_at=clock.now(), version=version + 1, **columns(reading.read(definition, kept), kept)
    )
    if not saved:
        raise Overtaken(
            _("This draft was saved from another window or device in the meantime."),
            way_forward=_("What you typed is still below. Look at the other version, then save again."),
        )
    request.refresh_from_db()
    return request


@transaction.atomic
def submit(request: AccountRequest, *, by: Person, seen: int | None = None) -> AccountRequest:
    """Send Form 193-1 to the administrator or supervisor (AP 193 3.1). Raises Invalid with every open problem."""
    definition = form(request.edition, FORM)
    if request.state in EDITABLE and by.pk == request.requester_id and by.is_active:
        result = reading.read(definition, request.answers)
        stops = {reading.key_for(definition, bind): said for bind, said in stopping(request, result).items()}
        problems = {**result.problems, **stops}
        if problems:
            raise Invalid(
                _("The form is not complete yet."), fields={key: [message] for key, message in problems.items()}
            )
    try:
        with transaction.atomic():
            advance(
                request,
                SUBMIT,
                by=by,
                relations=relations(by, request),
                seen=seen,
                not_you=_("Only %(name)s can send this request.") % {"name": request.requester.name},
                fields={
                    "submitted_at": clock.now(),
                    "moved_at": clock.now(),
                    "endorsed_by": None,
                    "endorsed_at": None,
                    "steps_given": 0,
                    "approved_by": None,
                    "approved_at": None,
                    "last_comment": "",
                },
                after={"name": request.name, "platform": request.platform, "handle": request.handle},
            )
    except IntegrityError:
        message = _("Someone else has already asked for this handle on this platform. Talk to them, or choose another.")
        raise Invalid(message, fields={"handle": [message]}) from None
    Endorsement.objects.filter(request=request).delete()  # the log keeps what was given before a return
    turn = Turns([request]).endorsers(request)
    step = approval.current(request)
    told = N.ask(turn.people, request, N.context(request, by, clauses=approval.citations(request, ["3.1"], step)))
    following = N.next_words(turn, request)
    N.tell([by], N.SUBMITTED, request, N.context(request, by, clauses=cite(["3.1"]), next=following), skip=told)
    return request


def _decide(
    request: AccountRequest,
    move: Move,
    *,
    by: Person,
    seen: int | None,
    reason: str,
    fields: dict[str, Any],
) -> str:
    """The part that endorsing, approving, returning and declining share: in turn, once, with the comment kept."""
    turns, step = Turns([request]), approval.step_for(request, move)
    turn = turns.of(request)
    if step and seen not in {None, request.version} and turns.was_endorser(by, request):
        raise Overtaken(_("While you were reading, someone else acted on this. Nothing you did was lost."))
    mine = relations(by, request)
    waiting = names(turn.people) if turn and turn.people else ""
    not_you = (
        _("You asked for this account, so someone else must decide. It is waiting for %(names)s.") % {"names": waiting}
        if by.pk == request.requester_id
        else _("It is not your turn to decide on this. It is waiting for %(names)s.") % {"names": waiting}
        if waiting
        else _("It is not your turn to decide on this.")
    )
    if move in {RETURN, DECLINE}:  # only whoever's turn it is may send it back or end it
        keep = "endorser" if request.state == RequestState.SUBMITTED else "approver"
        if request.state in move.sources:
            mine = frozenset(mine & {keep})
    return advance(
        request,
        move,
        by=by,
        relations=mine,
        seen=seen,
        reason=reason,
        not_you=not_you,
        role=turn.role if turn and any(p.pk == by.pk for p in turn.people) else "",
        fields={"moved_at": clock.now(), "last_comment": reason.strip()[:2000], **fields},
        under=approval.citations(request, move.cites, step) if step else None,
        after=approval.noted(step) if step else None,
    )


@transaction.atomic
def endorse(request: AccountRequest, *, by: Person, seen: int | None = None, reason: str = "") -> AccountRequest:
    """The administrator's or supervisor's yes (AP 193 1.2, 3.1). Never the requester's own.

    Where the edition names more than two steps, each but the last is such a yes, given in order by the role that it
    names and apart from whom it names; the request waits for the next one until all are given.
    """
    at, now = approval.endorsing_position(request), clock.now()
    move, step = approval.endorsing_move(request), approval.steps_of(request)[at]
    done = {"endorsed_by": by, "endorsed_at": now} if move.target == RequestState.ENDORSED else {}
    note = _decide(request, move, by=by, seen=seen, reason=reason, fields={"steps_given": at + 1, **done})
    Endorsement.objects.create(request=request, step=step.key, position=at, person=by, given_at=now)
    turn = Turns([request]).of(request) or Turn((), None, "")
    said = N.context(request, by, note, approval.citations(request, move.cites, step))
    told = N.ask(turn.people, request, said)
    following = N.next_words(turn, request)
    N.tell_given(N.touched(request, but=by), N.ENDORSED, request, {**said, "next": following}, step, skip=told)
    return request


@transaction.atomic
def approve(request: AccountRequest, *, by: Person, seen: int | None = None, reason: str = "") -> AccountRequest:
    """Communications' yes (AP 193 3.1), by someone apart from the requester and the endorser: the last step."""
    step = approval.steps_of(request)[-1]
    note = _decide(
        request, APPROVE, by=by, seen=seen, reason=reason, fields={"approved_by": by, "approved_at": clock.now()}
    )
    start_registration(request)
    said = N.context(request, by, note, approval.citations(request, APPROVE.cites, step))
    told = N.tell_given([request.requester], N.APPROVED, request, said, step)
    N.tell_given(N.touched(request, but=by), N.APPROVED_TOLD, request, said, step, skip=told)
    return request


def start_registration(request: AccountRequest) -> Registration:
    """Open the Registration Form, filled in with what the request already says."""
    definition, asked = form(request.edition, "registration"), form(request.edition, FORM)
    typed = request.answers
    managers = [
        v
        for bind in ("primary_manager", "second_manager")
        for v in typed.get(reading.key_for(asked, bind), [])
        if v.strip()
    ]
    known = {"name": [request.name], "mailbox": [request.mailbox], "managers": managers, "access": managers}
    if request.retroactive:  # the account exists: its address is known, too
        known["address"] = typed.get(reading.key_for(asked, "handle"), [])
    answers = {reading.key_for(definition, bind): value for bind, value in known.items()}
    access = next((item for item in reading.fields_of(definition) if item.binds == "access"), None)
    if access and access.options:
        answers[f"{access.key}__role"] = [access.options[0].value] * len(managers)
    now = clock.now()
    return Registration.objects.create(
        request=request,
        form_edition=definition.edition,
        answers=answers,
        started_at=now,
        saved_at=now,
        mailbox=request.mailbox,
        handle=request.handle,
    )


# Named so, because `return` is a word of the language.
@transaction.atomic
def return_to_requester(request: AccountRequest, *, by: Person, reason: str, seen: int | None = None) -> AccountRequest:
    """Send a request back for changes, with a reason. What was written stays."""
    note = _decide(request, RETURN, by=by, seen=seen, reason=reason, fields={})
    said = N.context(request, by, note, cite(RETURN.cites))
    told = N.tell([request.requester], N.RETURNED, request, said)
    N.tell(N.touched(request, but=by), N.RETURNED_TOLD, request, said, skip=told)
    return request


@transaction.atomic
def decline(request: AccountRequest, *, by: Person, reason: str, seen: int | None = None) -> AccountRequest:
    """End a request with a no and a reason; everyone who touched it is told."""
    note = _decide(request, DECLINE, by=by, seen=seen, reason=reason, fields={})
    N.tell(N.touched(request, but=by), N.DECLINED, request, N.context(request, by, note, cite(DECLINE.cites)))
    settle_ended(request)
    return request


def _drop_registration(request: AccountRequest) -> None:
    """An approval that ends takes its unconfirmed Registration Form with it; what was known is settled."""
    settle_ended(request)
    Registration.objects.filter(request=request).exclude(state=RegistrationState.CONFIRMED).update(
        state=RegistrationState.DROPPED
    )


def who_withdraws(request: AccountRequest) -> str:
    """The one sentence for everyone who may not withdraw a request: who may."""
    if request.state == RequestState.APPROVED and not request.requester.is_active:
        waiting = names(Turns([request]).approvers(request).people)
        if waiting:
            return _("%(name)s has left, so only %(names)s can withdraw this request.") % {
                "name": request.requester.name,
                "names": waiting,
            }
    return _("Only %(name)s can withdraw this request.") % {"name": request.requester.name}


@transaction.atomic
def withdraw(request: AccountRequest, *, by: Person, reason: str = "", seen: int | None = None) -> AccountRequest:
    """The requester ends their own request, at any time before the account is official.

    An approval whose requester has left is ended by whoever must approve it today, with a reason: else its handle
    would stay taken. Everyone who touched it is told.
    """
    turn = Turns([request]).of(request, Registration.objects.filter(request=request).first())
    mine = relations(by, request)
    note = advance(
        request,
        WITHDRAW_LEFT if "left_with" in mine else WITHDRAW,
        by=by,
        relations=mine,
        seen=seen,
        reason=reason,
        not_you=who_withdraws(request),
        fields={"moved_at": clock.now(), "last_comment": reason.strip()[:2000]},
    )
    _drop_registration(request)
    said = N.context(request, by, note, cite(WITHDRAW.cites))
    told = N.tell(N.touched(request, but=by), N.WITHDRAWN, request, said)
    N.tell([p for p in (turn.people if turn else ()) if p.pk != by.pk], N.WITHDRAWN, request, said, skip=told)
    return request


@transaction.atomic
def lapse(request: AccountRequest, *, at: datetime | None = None) -> AccountRequest:
    """End an approval that nobody registered within the division's own period. Only the clock does this.

    Raises Overtaken when the Registration Form was sent in the meantime: whoever did their part in time is safe.
    """
    advance(request, LAPSE, by=None, fields={"moved_at": at or clock.now(), "last_comment": ""})
    if Registration.objects.filter(request=request, state=RegistrationState.SENT).exists():
        raise Overtaken(_("The Registration Form was sent in the meantime."))
    _drop_registration(request)
    N.tell(N.touched(request), N.LAPSED, request, N.context(request, None, clauses=cite(LAPSE.cites)))
    return request
