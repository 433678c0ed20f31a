"""Every write on closing an account: started, answered item by item, handed in, retired, finished, abandoned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.core.secretive import looks_secret
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite, setting
from rostrum.policies.rolewords import worded
from rostrum.registry import closing_notices as N
from rostrum.registry.closing_models import Closing, ClosingAnswer
from rostrum.registry.closing_owed import settle_handle
from rostrum.registry.closing_queries import may_start, missing, relations
from rostrum.registry.closing_states import (
    ABANDON,
    ANSWERS,
    FINISH,
    HAND_IN,
    RETIRE,
    RETURN,
    ClosingItem,
    ClosingState,
    HandleState,
)
from rostrum.registry.holding import refuse_when_held
from rostrum.registry.known_queries import keepers
from rostrum.registry.models import Account
from rostrum.registry.standing import future_day, retire_closed
from rostrum.registry.states import LIVE
from rostrum.workflow.moves import Move, advance, clean_reason

START_CITES = ("1.5", "1.10")
DETAIL_LIMIT, NOTICE_LIMIT = 1000, 600
WRITABLE = frozenset({ClosingState.PREPARING.value, ClosingState.OWED.value})


@transaction.atomic
def start(account: Account, *, by: Person, reason: str, seen: int | None = None) -> Closing:
    """Start closing a live account: its checklist is filled in, then Communications retires it.

    Its people, its school's leaders and Communications may. Source: AP 193 1.5, 1.10, 3.4. Raises NotAllowed,
    Overtaken, Invalid (no reason), WrongState (retired; held; being closed already).
    """
    hold_the_pen()
    if not may_start(by, account):
        raise NotAllowed(_("Only those who look after this account, lead its school or keep the register can close it."))
    account.refresh_from_db()
    if seen is not None and seen != account.version:
        raise Overtaken(_("While you were reading, this was changed. Nothing you did was lost; look at it again."))
    if account.state not in LIVE:
        raise WrongState(_("This account is retired already."))
    refuse_when_held(account)
    why, now = clean_reason(reason, required=True), clock.now()
    closing = Closing(account=account, reason=why, started_by=by, started_at=now, moved_at=now)
    try:
        with transaction.atomic():
            closing.save(force_insert=True)
    except IntegrityError:
        raise WrongState(_("This account is being closed already. Here is how far it is.")) from None
    record(
        by, "closing:start", closing, citations=cite(START_CITES), note=why, label=account.name,
        after={"account": account.public_id},
    )  # fmt: skip
    return closing


def _text(typed: str, field: str, limit: int = DETAIL_LIMIT) -> str:
    try:
        text = clean(typed, multiline=True, max_length=limit)
    except UnsafeText:
        message = _("Write it in plain text of at most %(limit)d characters.") % {"limit": limit}
        raise Invalid(message, fields={field: [message]}) from None
    if looks_secret(text):
        message = _("This looks like it holds a password, so Rostrum did not keep it. Say where it is kept instead.")
        raise Invalid(message, fields={field: [message]})
    return text


def usual_renewal() -> date | None:
    """The day on which a handle parked today is looked after again, by the division's own number; None: not set."""
    days = setting("parking_days")
    return clock.today() + timedelta(days=days) if isinstance(days, int) and days > 0 else None


def renewal_day(on: date | None) -> date:
    """When a parked handle is looked after again: the day given, else the division's usual. Raises Invalid (`day`)."""
    chosen = on or usual_renewal()
    if chosen is None:
        message = _("Say when somebody looks after it again. The division has set no usual time.")
        raise Invalid(message, fields={"day": [message]})
    return future_day(chosen, "day") or chosen


@transaction.atomic
def answer(
    closing: Closing, item: str, *, by: Person, answer: str, detail: str = "", detail_fr: str = "",
    day: date | None = None,
) -> Closing:  # fmt: skip
    """Answer one item of the checklist, or answer it anew. Kept at once, with who said it and when.

    A text that looks like a secret is refused: only where something is kept is noted. Source: AP 193 3.4. Raises
    NotAllowed, WrongState (handed in, over), Invalid by field, KeyError for an unknown item.
    """
    choices = ANSWERS[item]
    hold_the_pen()
    if not _may(by, "close:answer", closing):
        raise NotAllowed(_("Only those who look after this account, lead its school or keep the register can do this."))
    closing.refresh_from_db()
    if closing.state not in WRITABLE:
        raise WrongState(_("This checklist is “%(state)s”: it is not filled in now.")
                         % {"state": closing.get_state_display()})  # fmt: skip
    if answer not in choices:
        message = _("Choose one of the answers.")
        raise Invalid(message, fields={"answer": [message]})
    limit = NOTICE_LIMIT if item == ClosingItem.NOTICE else DETAIL_LIMIT
    kept = {"detail": _text(detail, "detail", limit), "detail_fr": _text(detail_fr, "detail_fr", limit)}
    if choices[answer][1] and not kept["detail"]:
        message = _("Write it down in a line, so that it is known later.")
        raise Invalid(message, fields={"detail": [message]})
    if item != ClosingItem.NOTICE:
        kept["detail_fr"] = ""
    on = renewal_day(day) if (item, answer) == (ClosingItem.HANDLE, HandleState.PARKED) else None
    now = clock.now()
    row, _new = ClosingAnswer.objects.update_or_create(
        closing=closing, item=item, defaults={**kept, "answer": answer, "day": on, "by": by, "at": now}
    )
    Closing.objects.filter(pk=closing.pk).update(moved_at=now)
    if item == ClosingItem.HANDLE and closing.state == ClosingState.OWED:
        settle_handle(closing, row, now)
    record(
        by, "closing:answer", closing, citations=cite(["3.4"]), label=closing.account.name, note=kept["detail"],
        after={"item": item, "answer": answer, "account": closing.account.public_id,
               **({"day": on.isoformat()} if on else {})},
    )  # fmt: skip
    return closing


def _may(by: Person, permission: str, closing: Closing) -> bool:
    return may(by, permission, closing.unit, relations(by, closing.account))


def _complete(closing: Closing) -> None:
    """Raise WrongState while an item of the checklist is open."""
    left = missing(closing)
    if left:
        names = ", ".join(str(ClosingItem(item).label) for item in left)
        raise WrongState(
            _("The checklist is not complete yet. Missing: %(items)s.") % {"items": names},
            way_forward=worded(_("Answer what is missing. In an emergency {keeper} can retire the account first.")),
        )


def _move(closing: Closing, move: Move, by: Person, reason: str, seen: int | None, **fields: Any) -> str:
    not_you = (
        worded(_("Only {keeper} can retire an account."))
        if move.permission == "close:retire"
        else _("Only those who look after this account, lead its school or keep the register can do this.")
    )
    return advance(
        closing, move, by=by, relations=relations(by, closing.account), seen=seen, reason=reason, not_you=not_you,
        fields={"moved_at": clock.now(), "last_comment": clean_reason(reason, required=False), **fields},
        after={"account": closing.account.public_id},
    )  # fmt: skip


@transaction.atomic
def hand_in(closing: Closing, *, by: Person, reason: str = "", seen: int | None = None) -> Closing:
    """The checklist is complete: Communications is asked to retire the account."""
    note = _move(closing, HAND_IN, by, reason, seen)
    _complete(closing)
    N.tell_closing(keepers(), N.READY, closing, by, note)
    return closing


@transaction.atomic
def send_back(closing: Closing, *, by: Person, reason: str, seen: int | None = None) -> Closing:
    """Communications says what is missing; whoever started it gets it back."""
    note = _move(closing, RETURN, by, reason, seen)
    N.tell_closing([closing.started_by], N.RETURNED, closing, by, note)
    return closing


@transaction.atomic
def retire(closing: Closing, *, by: Person, reason: str, seen: int | None = None) -> Closing:
    """Communications retires the account, its checklist complete (AP 193 1.5, 1.10, 3.4).

    Raises WrongState when something is missing or something holds the account, and the refusals of `advance`.
    """
    now = clock.now()
    _move(closing, RETIRE, by, reason, seen, retired_by=by, retired_at=now)
    _complete(closing)
    account = closing.account
    account.refresh_from_db()
    retire_closed(account, by=by, reason=reason)
    for row in closing.answers.filter(item=ClosingItem.HANDLE):
        settle_handle(closing, row, now)
    return closing


@transaction.atomic
def finish(closing: Closing, *, by: Person, reason: str = "", seen: int | None = None) -> Closing:
    """The checklist of an account that was retired in a hurry is complete: nothing is owed any more."""
    _move(closing, FINISH, by, reason, seen)
    _complete(closing)
    return closing


@transaction.atomic
def abandon(closing: Closing, *, by: Person, reason: str, seen: int | None = None) -> Closing:
    """The account is not closed after all, and goes on as before."""
    _move(closing, ABANDON, by, reason, seen)
    return closing


ACTS: dict[str, Callable[..., Closing]] = {
    "hand_in": hand_in, "return": send_back, "retire": retire, "finish": finish, "abandon": abandon,
}  # fmt: skip
