"""Every write on an order of Communications: given, answered, confirmed, sent back, left, taken back, lapsed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.core.secretive import looks_secret
from rostrum.core.text import UnsafeText, clean
from rostrum.orders import notices as N
from rostrum.orders.models import AccountOrder
from rostrum.orders.queries import Answerers, clauses, may_give, relations
from rostrum.orders.states import (
    ACCEPT,
    CANNOT,
    CONFIRM,
    FULFIL,
    LAPSE,
    SEND_BACK,
    WITHDRAW,
    OrderKind,
)
from rostrum.people.models import Person
from rostrum.policies.citations import Citation
from rostrum.policies.queries import cite, in_force
from rostrum.policies.rolewords import worded
from rostrum.registry.known_queries import keepers
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.workflow.moves import Move, advance, clean_reason

WHAT_LIMIT = 1000
FARTHEST = timedelta(days=366)
GIVE_CITES = ("1.5", "1.10")


def due_day(on: date | None) -> date:
    """The day by which an order is to be done: today or later, at most a year ahead. Raises Invalid (`due_on`)."""
    today = clock.today()
    if on is None:
        message = _("Say by which day it is to be done.")
    elif on < today:
        message = _("This day has passed. Choose today or a later day.")
    elif on > today + FARTHEST:
        message = _("This day is more than a year away. Choose one that is nearer.")
    else:
        return on
    raise Invalid(message, fields={"due_on": [message]})


def _what(typed: str) -> str:
    try:
        text = clean(typed, multiline=True, max_length=WHAT_LIMIT)
    except UnsafeText:
        message = _("Write it in plain text of at most %(limit)d characters.") % {"limit": WHAT_LIMIT}
        raise Invalid(message, fields={"what": [message]}) from None
    if not text:
        message = _("Say what is to change, so that a manager can do it without asking.")
        raise Invalid(message, fields={"what": [message]})
    _no_secret(text, "what")
    return text


def _no_secret(text: str, field: str) -> None:
    if looks_secret(text):
        message = _("This looks like it holds a password, so Rostrum did not keep it. Take it out.")
        raise Invalid(message, fields={field: [message]})


@transaction.atomic
def give(
    account: Account, *, by: Person, kind: str, what: str, clause: str, reason: str, due_on: date | None,
    seen: int | None = None,
) -> AccountOrder:  # fmt: skip
    """Order a change of a live account: what, under which clause (the procedure's own number), why, by which day.

    Its managers are asked; where none is here, whoever leads its school. Source: AP 193 1.5, 1.10. Raises NotAllowed,
    WrongState (the account is retired), Overtaken, Invalid by field.
    """
    hold_the_pen()
    if not may_give(by, account):
        raise NotAllowed(worded(_("Only {keeper} can order a change of an account.")))
    account.refresh_from_db()
    if seen is not None and seen != account.version:
        raise Overtaken(_("While you were reading, this was changed. Nothing you did was lost; look at it again."))
    if account.state not in LIVE:
        raise WrongState(_("This account is retired. There is nothing left to change."))
    problems: dict[str, list[str]] = {}
    if kind not in OrderKind.values:
        problems["kind"] = [_("Say what of the account is to change.")]
    if clause not in {one.number for one in clauses()}:
        problems["clause"] = [_("Choose the clause that asks for it.")]
    cleaned: dict[str, Any] = {}
    parts: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("what", lambda: _what(what)), ("due_on", lambda: due_day(due_on)), ("reason", lambda: _why(reason)),
    )  # fmt: skip
    for field, part in parts:
        try:
            cleaned[field] = part()
        except Invalid as refusal:
            problems |= refusal.fields
    if problems:
        raise Invalid(_("Some of it cannot be. Look beside the fields."), fields=problems)
    edition, now = in_force(), clock.now()
    order = AccountOrder.objects.create(
        account=account, kind=kind, clause=clause, citation=str(Citation(edition.procedure.key, edition.label, clause)),
        given_by=by, given_at=now, moved_at=now, **cleaned,
    )  # fmt: skip
    record(
        by, "accountorder:give", order, citations=_cites(order, GIVE_CITES), note=order.reason, label=account.name,
        after={"account": account.public_id, "kind": kind, "what": order.what, "due_on": order.due_on.isoformat()},
    )  # fmt: skip
    answerers = Answerers([account])
    words = N.said(order, by)
    told = N.tell(answerers.of(account), N.GIVEN, order, words)
    N.tell(answerers.lead(account).people, N.TOLD, order, words, skip=told | {by.pk})
    return order


def _why(reason: str) -> str:
    text = clean_reason(reason, required=True)
    _no_secret(text, "reason")
    return text


def _cites(order: AccountOrder, numbers: tuple[str, ...]) -> list[str]:
    """The clause that an order names, then those that the act itself stands on."""
    return list(dict.fromkeys([order.citation, *cite(numbers)]))


def _move(
    order: AccountOrder, move: Move, by: Person | None, reason: str, seen: int | None, fields: dict[str, Any],
    after: dict[str, Any] | None = None,
) -> str:  # fmt: skip
    answerers = Answerers([order.account])
    names = ", ".join(one.name for one in answerers.of(order.account)) or "-"
    not_you = (
        _("This order is not yours to answer. It is waiting for %(names)s.") % {"names": names}
        if move.permission == "order:answer"
        else worded(_("Only {keeper} can do this with an order."))
    )
    return advance(
        order, move, by=by, relations=relations(by, order, answerers) if by else (), seen=seen, reason=reason,
        not_you=not_you, fields={"moved_at": clock.now(), **fields}, under=_cites(order, move.cites),
        after={"account": order.account.public_id, **(after or {})},
    )  # fmt: skip


def _answer(
    order: AccountOrder, move: Move, by: Person, reason: str, seen: int | None, screenshot: str = "", kind: str = ""
) -> AccountOrder:
    order.account.refresh_from_db()
    if order.is_open and order.account.state not in LIVE:
        raise WrongState(_("This account is retired meanwhile. There is nothing left to change, and the order ends."))
    _no_secret(reason, "reason")
    note = _move(
        order, move, by, reason, seen,
        {"answered_by": by, "answered_at": clock.now(), "answer": clean_reason(reason, required=False),
         "screenshot": screenshot, "screenshot_type": kind},
        after={"screenshot": screenshot} if screenshot else None,
    )  # fmt: skip
    words = N.said(order, by, note)
    giver = [order.given_by] if order.given_by.is_active else []
    N.tell([*giver, *keepers()], N.ANSWERED, order, words, skip={by.pk})
    return order


@transaction.atomic
def fulfil(
    order: AccountOrder, *, by: Person, reason: str, seen: int | None = None, screenshot: str = "", kind: str = ""
) -> AccountOrder:
    """Whoever must answer says that it is done, in a line; `screenshot` and `kind` name a kept picture (core.evidence).

    Raises WrongState when the account was retired meanwhile, Invalid for a line that holds a secret, and the refusals
    of `advance`.
    """
    return _answer(order, FULFIL, by, reason, seen, screenshot, kind)


@transaction.atomic
def cannot(order: AccountOrder, *, by: Person, reason: str, seen: int | None = None) -> AccountOrder:
    """Whoever must answer says that it cannot be done, and why. Refusals as `fulfil`."""
    return _answer(order, CANNOT, by, reason, seen)


def _close(order: AccountOrder, move: Move, by: Person, reason: str, seen: int | None) -> AccountOrder:
    note = _move(
        order, move, by, reason, seen, {"closed_by": by, "last_comment": clean_reason(reason, required=False)}
    )
    _tell_over(order, by, note)
    return order


def _tell_over(order: AccountOrder, by: Person | None, note: str) -> None:
    answerers = Answerers([order.account])
    people = [*answerers.of(order.account), *answerers.lead(order.account).people, order.given_by]
    N.tell(people, N.OVER, order, N.said(order, by, note), skip={by.pk} if by else ())


@transaction.atomic
def confirm(order: AccountOrder, *, by: Person, reason: str = "", seen: int | None = None) -> AccountOrder:
    """Communications has looked: it is done (AP 193 1.5)."""
    return _close(order, CONFIRM, by, reason, seen)


@transaction.atomic
def accept(order: AccountOrder, *, by: Person, reason: str, seen: int | None = None) -> AccountOrder:
    """Communications leaves it as it is, although it was not done, and says why."""
    return _close(order, ACCEPT, by, reason, seen)


@transaction.atomic
def withdraw(order: AccountOrder, *, by: Person, reason: str, seen: int | None = None) -> AccountOrder:
    """Communications takes an order back, and says why."""
    return _close(order, WITHDRAW, by, reason, seen)


@transaction.atomic
def send_back(
    order: AccountOrder, *, by: Person, reason: str, due_on: date | None = None, seen: int | None = None
) -> AccountOrder:
    """Communications says what is missing; the order waits for the managers again, by its day or another one.

    Raises Invalid for a day that has passed, also when the order's own day has and none is given.
    """
    on = due_on or order.due_on
    if order.state in SEND_BACK.sources and by.is_active:
        on = due_day(on)
    note = _move(
        order, SEND_BACK, by, reason, seen, {"due_on": on, "last_comment": clean_reason(reason, required=False)},
        after={"due_on": on.isoformat()},
    )  # fmt: skip
    N.tell(Answerers([order.account]).of(order.account), N.SENT_BACK, order, N.said(order, by, note), skip={by.pk})
    return order


@transaction.atomic
def lapse(order: AccountOrder) -> AccountOrder:
    """An order ends because its account is retired. Only the clock does this. Raises WrongState while it is live."""
    order.account.refresh_from_db()
    if order.account.state in LIVE:
        raise WrongState(_("The account is live: its order stands."))
    _move(order, LAPSE, None, "", None, {})
    _tell_over(order, None, "")
    return order


ACTS: dict[str, Callable[..., AccountOrder]] = {
    "fulfil": fulfil, "cannot": cannot, "confirm": confirm, "send_back": send_back, "accept": accept, "withdraw": withdraw,
}  # fmt: skip
