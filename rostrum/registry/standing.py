"""Every write on an account's standing: review, clear, suspend, restore, retire. A named person, with a reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen
from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.core.errors import Invalid, WrongState
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import keeper
from rostrum.registry import notices as N
from rostrum.registry.closing_owed import owe_checklist, taken_back
from rostrum.registry.holding import refuse_when_held
from rostrum.registry.models import Account, AccountStanding
from rostrum.registry.states import ACCOUNT_MOVES, EXTEND, REINSTATE, Standing
from rostrum.workflow.moves import Move, advance

MOVES = {move.name: move for move in ACCOUNT_MOVES}
# Lazy labels, so that each reader of a notice gets the state in their own language.
LABELS = {state.value: state._label_ for state in Standing}
CONDITION_LIMIT = 2000
FARTHEST = timedelta(days=3660)  # ten years: a suspension that is meant for longer is no suspension


def future_day(on: date | None, field: str) -> date | None:
    """A day that is still to come, at most ten years ahead; None stays None. Raises Invalid beside the field."""
    if on is None:
        return None
    if on <= clock.today():
        message = _("This day has passed or is today. Choose a day that is still to come.")
    elif on > clock.today() + FARTHEST:
        message = _("This day is more than ten years away. Choose one that is nearer.")
    else:
        return on
    raise Invalid(message, fields={field: [message]})


@transaction.atomic
def change_standing(
    account: Account, move_name: str, *, by: Person, reason: str, seen: int | None = None,
    relations: Collection[str] = (), tell: bool = True, ends_on: date | None = None, condition: str = "",
    checklist_due: date | None = None,
) -> Account:  # fmt: skip
    """Make one move on an account's standing: closes the current stretch, opens the next, tells its people.

    `relations` are capacities that the caller has found the person to have towards this account (whoever decides on
    an appeal). `tell` is False where the act that this one belongs to tells the same people more. A suspension may
    name the day on which somebody is asked whether it ends (`ends_on`; it never ends by itself) and what must be done
    to get the mark back (`condition`). Whoever retires an account here owes its checklist afterwards, by
    `checklist_due` or the division's usual time (`closing.retire` retires with a complete one).
    Source: AP 193 1.5 (review, monitoring, deactivation), 1.10 (review as the need arises). Raises KeyError for an
    unknown move, Invalid for an end that has passed, WrongState when something holds an account that would be
    retired, and the refusals of `advance`.
    """
    _stretch(account, MOVES[move_name], by, reason, seen, relations, tell, ends_on, condition)
    if account.state == Standing.RETIRED:
        future_day(checklist_due, "checklist_due")
        owe_checklist(account, by=by, reason=reason.strip()[:2000], at=account.standing_since, due_on=checklist_due)
    return account


@transaction.atomic
def retire_closed(account: Account, *, by: Person, reason: str) -> Account:
    """Retire an account whose checklist is complete; part of the act that closes it. Refusals as `change_standing`."""
    return _stretch(account, MOVES["close"], by, reason, None, (), True, None, "")


@transaction.atomic
def extend(
    account: Account, *, by: Person, reason: str, ends_on: date | None, condition: str = "", seen: int | None = None,
    relations: Collection[str] = (), tell: bool = True,
) -> Account:  # fmt: skip
    """Give a suspension that goes on another end (None: until further notice) and another condition (AP 193 1.5).

    A stretch of its own with its reason; the public reads the suspension as one. Arguments and refusals as
    `change_standing`.
    """
    return _stretch(account, EXTEND, by, reason, seen, relations, tell, ends_on, condition)


def _stretch(
    account: Account, move: Move, by: Person, reason: str, seen: int | None, relations: Collection[str], tell: bool,
    ends_on: date | None, condition: str,
) -> Account:  # fmt: skip
    now, needed = clock.now(), _condition(condition)
    if move.target != Standing.SUSPENDED and (ends_on is not None or needed):
        message = _("Only a suspension has an end and a condition.")
        raise Invalid(message, fields={"ends_on" if ends_on is not None else "condition": [message]})
    if move.target == Standing.RETIRED and account.state in move.sources and may(by, move.permission, account.unit, relations):
        hold_the_pen()
        refuse_when_held(account)
    after = {"ends_on": ends_on.isoformat() if ends_on else "", "condition": needed}
    note = _moved(account, move, by, seen, reason, now, relations, {key: value for key, value in after.items() if value})
    future_day(ends_on, "ends_on")
    AccountStanding.objects.filter(account=account, until=None).update(until=now)
    AccountStanding.objects.create(
        account=account, state=account.state, since=now, by=by, reason=note, citations=cite(move.cites),
        ends_on=ends_on, condition=needed,
    )  # fmt: skip
    if move is REINSTATE:
        taken_back(account, now)
    if tell:
        _tell(account, by, note, cite(move.cites), ends_on, needed)
    return account


def _condition(typed: str) -> str:
    try:
        return clean(typed, multiline=True, max_length=CONDITION_LIMIT)
    except UnsafeText:
        message = _("Write it in plain text of at most %(limit)d characters.") % {"limit": CONDITION_LIMIT}
        raise Invalid(message, fields={"condition": [message]}) from None


def _moved(
    account: Account, move: Move, by: Person, seen: int | None, reason: str, now: datetime, relations: Collection[str],
    after: dict[str, Any],
) -> str:  # fmt: skip
    # A suspension that goes on began when it began.
    fields: dict[str, Any] = {} if move is EXTEND else {"standing_since": now}
    if move is REINSTATE:
        fields["merged_into"] = None
    try:
        with transaction.atomic():
            return advance(
                account, move, by=by, seen=seen, reason=reason, fields=fields, relations=relations, after=after,
                not_you=_("A retirement is taken back only by whoever decides on an appeal against it.")
                if move == REINSTATE
                else _("Only %(keeper)s can change the standing of an account.") % {"keeper": keeper()},
            )  # fmt: skip
    except IntegrityError:
        raise WrongState(
            _("Another account is registered at this address today. Both cannot be official."),
            way_forward=_("Retire or move the other one first."),
        ) from None


def _tell(
    account: Account, by: Person, note: str, citations: list[str], ends_on: date | None, condition: str
) -> None:
    """Tell those who look after the account and those who had a part in it, with the end and the condition."""
    request = account.registration.request
    managers = [d.person for d in account.registration.designations.filter(released_at=None, declined_at=None)
                .select_related("person")]  # fmt: skip
    said = {**N.context(request, by, note, citations), "what": N.both(account.name),
            "state": N.both(dict(LABELS)[account.state])}  # fmt: skip
    if ends_on is not None:
        said["facts"].append([N.both(N.ENDS), N.in_both(lambda: day(ends_on))])
    if condition:
        said["facts"].append([N.both(N.CONDITION), condition])
    N.tell_of_account([p for p in (*managers, *N.touched(request)) if p.pk != by.pk], N.STANDING, account, said)
