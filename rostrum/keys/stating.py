"""Every write to resets: stating what was done, confirming it as the second person, returning, restating, withdrawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.keys import notices as N
from rostrum.keys.actions import answer_calls, check_live
from rostrum.keys.models import PARTS, Outcome, Reset
from rostrum.keys.plain import ENTRY, WHY, plain
from rostrum.keys.queries import maker_is_here, open_calls, relations, witnesses
from rostrum.keys.states import CONFIRM, RESTATE, RETURN, WITHDRAW, ResetState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.workflow.moves import Move, advance


@dataclass(frozen=True)
class Statement:
    """What one person says was done: an outcome for each of `models.PARTS`, a word why where one was not done."""

    outcomes: Mapping[str, str]
    why_not: Mapping[str, str] = field(default_factory=dict)
    vault_entry: str = ""
    note: str = ""

    def columns(self) -> dict[str, Any]:
        """The columns of a reset; Invalid beside every field that cannot be. Nothing like a password passes."""
        problems: dict[str, list[str]] = {}

        def checked(text: str, key: str, limit: int, needed: str = "") -> str:
            try:
                return plain(text, key, limit, needed=needed)
            except Invalid as refusal:
                problems.update(refusal.fields)
                return ""

        found: dict[str, Any] = {"why_not": {}}
        for part in PARTS:
            outcome = self.outcomes.get(part, "")
            if outcome not in Outcome.values:
                problems[part] = [_("Say whether this was done.")]
                continue
            found[part] = outcome
            said = self.why_not.get(part, "")
            if outcome != Outcome.DONE:
                found["why_not"][part] = checked(said, f"{part}_why", WHY, _("Say in a word why not."))
            else:
                checked(said, f"{part}_why", WHY)  # not kept, and still no place for a secret
        if found.get("changed") == Outcome.COULD_NOT:
            problems["changed"] = [
                worded(_("Then nothing was reset yet. Ask {keeper} how to get in, and state it afterwards."))
            ]
        needed = (
            _("Name the entry, for example “Office vault, entry 14”.") if found.get("vault") == Outcome.DONE else ""
        )
        entry = checked(self.vault_entry, "vault_entry", ENTRY, needed)
        found["vault_entry"] = entry if found.get("vault") == Outcome.DONE else ""
        found["note"] = checked(self.note, "note", 2000)
        if problems:
            raise Invalid(_("Some of it cannot be. Look beside the fields."), fields=problems)
        return found


def asked_of(account: Account) -> str:
    """What was asked of an account as a form shows it, so that a call which came since is noticed."""
    return ",".join(f"{one.pk}.{one.version}" for one in sorted(open_calls(account), key=lambda one: one.pk))


def _check_asked(account: Account, asked: str | None) -> None:
    if asked is not None and asked != asked_of(account):
        raise Invalid(
            _("While you were writing, another reset of this account was asked for. It stands above: does your "
              "statement hold for it too? Send it again if it does."),
        )  # fmt: skip


def may_make(person: Person, account: Account) -> bool:
    """Whether a person may state a reset: whoever looks after the account, or leads its school (AP 193 1.7, 3.4)."""
    return may(person, "keys:make", account.unit, relations(person, account))


def _not_you() -> str:
    return _("Only those who look after this account and whoever leads its school can state a reset.")


@transaction.atomic
def make(account: Account, statement: Statement, *, by: Person, asked: str | None = None) -> Reset:
    """State that the access of an account was reset, part by part (AP 193 3.4). It counts once another confirms it.

    `asked` is what the person saw asked for (`asked_of`). Raises NotAllowed, WrongState (retired; a statement waits
    already), Invalid by field: a part without an answer, something like a password, a call that came meanwhile.
    """
    hold_the_pen()
    if not may_make(by, account):
        raise NotAllowed(_not_you())
    account.refresh_from_db(fields=["state", "version"])
    check_live(account)
    columns = statement.columns()
    _check_asked(account, asked)
    now = clock.now()
    reset = Reset(account=account, made_by=by, made_at=now, **columns)
    try:
        with transaction.atomic():
            reset.save(force_insert=True)
    except IntegrityError:
        raise WrongState(
            _("A statement about this account waits already. It is confirmed or withdrawn first.")
        ) from None
    record(by, "reset:make", reset, citations=cite(["3.4"]), note=columns["note"], after=_said(reset))
    N.stated(reset, by)
    return reset


def _said(reset: Reset) -> dict[str, Any]:
    """What the log keeps of a statement: the outcomes. Its free text stands in the row alone."""
    return {"account": reset.account.public_id, **{part: getattr(reset, part) for part in PARTS}}


def _move(reset: Reset, move: Move, by: Person, reason: str, seen: int | None, **fields: Any) -> str:
    why = plain(reason, "reason")
    names = ", ".join(one.name for one in witnesses(reset))
    if move in {CONFIRM, RETURN}:
        if by.pk == reset.made_by_id:
            not_you = _("You made this statement, so somebody else confirms it: %(names)s.") % {"names": names or "-"}
        else:
            not_you = _("This is not yours to confirm. It is waiting for %(names)s.") % {"names": names or "-"}
    else:
        not_you = _("Only %(name)s can do this.") % {"name": reset.made_by.name}
    return advance(
        reset, move, by=by, relations=relations(by, reset.account, reset), seen=seen, reason=why, not_you=not_you,
        fields={"last_comment": why, **fields}, after={"account": reset.account.public_id},
    )  # fmt: skip


@transaction.atomic
def confirm(reset: Reset, *, by: Person, reason: str = "", seen: int | None = None) -> Reset:
    """The second person's word that it is so. Every call that was open when it was made is answered (AP 193 3.4).

    Raises NotAllowed (their own, not in post any more), WrongState (retired meanwhile), Overtaken.
    """
    hold_the_pen()
    reset.account.refresh_from_db(fields=["state", "version"])
    if reset.state == ResetState.MADE:
        check_live(reset.account)
    alarms = [one for one in open_calls(reset.account) if one.is_alarm and one.since <= reset.made_at]
    note = _move(reset, CONFIRM, by, reason, seen, confirmed_by=by, confirmed_at=clock.now())
    answer_calls(reset)
    N.moved(reset, N.CONFIRMED, by, note, alarm=bool(alarms))
    return reset


def maker_has_left(reset: Reset) -> str:
    """Why a statement cannot be returned to whoever made it, and what to do instead."""
    return _(
        "%(name)s, who made this statement, does not look after the account any more. Withdraw it, and state what was "
        "done since."
    ) % {"name": reset.made_by.name}


@transaction.atomic
def send_back(reset: Reset, *, by: Person, reason: str, seen: int | None = None) -> Reset:
    """The second person looked, and it is not so: back to whoever made the statement, with the reason.

    Raises WrongState where whoever made it has left: nobody would put it right.
    """
    if reset.state == ResetState.MADE and not maker_is_here(reset):
        raise WrongState(maker_has_left(reset))
    note = _move(reset, RETURN, by, reason, seen, returned_by=by)
    N.moved(reset, N.RETURNED, by, note)
    return reset


@transaction.atomic
def restate(
    reset: Reset, statement: Statement, *, by: Person, asked: str | None = None, seen: int | None = None
) -> Reset:
    """Make a returned statement again, put right. It counts from now on. Raises as `make` does."""
    hold_the_pen()
    if reset.state == ResetState.RETURNED:
        check_live(reset.account)
    columns = statement.columns()
    _check_asked(reset.account, asked)
    _move(reset, RESTATE, by, statement.note, seen, made_at=clock.now(), **columns)
    N.stated(reset, by)
    return reset


@transaction.atomic
def withdraw(reset: Reset, *, by: Person, reason: str = "", seen: int | None = None) -> Reset:
    """Take a statement back. Where whoever made it has left, those who look after the account or lead the school can."""
    note = _move(reset, WITHDRAW, by, reason, seen)
    N.moved(reset, N.WITHDRAWN, by, note)
    return reset


ACTS: dict[str, Callable[..., Reset]] = {"confirm": confirm, "return": send_back, "withdraw": withdraw}
