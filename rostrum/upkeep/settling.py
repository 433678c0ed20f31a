"""Every write on corrections and proposed suspensions: a person puts right, leaves as it is, suspends or does not."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen
from rostrum.core import clock
from rostrum.core.errors import WrongState
from rostrum.notices.actions import owe
from rostrum.people.models import Person
from rostrum.policies.rolewords import worded
from rostrum.registry.change_states import OPEN_CHANGES, ChangeState
from rostrum.registry.correcting import write_fact
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from rostrum.registry.states import LIVE
from rostrum.upkeep import notices as N
from rostrum.upkeep.certifying import settle_when_done
from rostrum.upkeep.facts import BY_CHANGE, IN_REGISTER, rows_of
from rostrum.upkeep.looking_after import asked_of
from rostrum.upkeep.models import Correction, SuspensionProposal
from rostrum.upkeep.states import (
    AGREE,
    DROP_CORRECTION,
    FOLLOW_KEPT,
    FOLLOW_MADE,
    KEEP,
    LEAVE,
    MAKE,
    CorrectionState,
)
from rostrum.workflow.moves import Move, advance


@transaction.atomic
def put_right(it: Correction, *, by: Person, reason: str = "", seen: int | None = None) -> Correction:
    """Put a fact right as the manager said: in the register where it stands there, else noted as done elsewhere.

    A name, an address or a unit is put right by a change with its two yeses; here it is only noted once the register
    says so. Raises NotAllowed, WrongState, Overtaken, Invalid for the field `should_be`.
    """
    hold_the_pen()
    _refuse_followed(it)
    _move(it, MAKE, by, reason, seen)
    if it.fact in IN_REGISTER:
        write_fact(it.account, it.fact, it.should_be)
    elif it.fact in BY_CHANGE and not _register_says(it.account, it):
        raise WrongState(
            _("The register does not say so yet. Propose the change first; it takes its two yeses (AP 193 3.1).")
        )
    return _after(it, by, reason)


@transaction.atomic
def leave_as_it_is(it: Correction, *, by: Person, reason: str, seen: int | None = None) -> Correction:
    """Leave the register as it is, with a reason that whoever noted it reads."""
    hold_the_pen()
    _refuse_followed(it)
    _move(it, KEEP, by, reason, seen)
    return _after(it, by, reason)


def _refuse_followed(it: Correction) -> None:
    it.account.refresh_from_db()
    if it.change is not None and it.change.state in OPEN_CHANGES:
        raise WrongState(_("This is decided with the proposed change. It is settled as soon as that is."))


def _move(it: Correction, move: Move, by: Person, reason: str, seen: int | None) -> None:
    advance(
        it, move, by=by, seen=seen, reason=reason, fields={"moved_at": clock.now(), "settled_by": by},
        not_you=worded(_("Only {keeper} can settle this.")), after={"account": it.account.public_id, "fact": it.fact},
    )  # fmt: skip


def _register_says(account: Account, it: Correction) -> bool:
    row = next(row for row in rows_of(account) if row.fact == it.fact)
    return row.register == it.should_be or row.register.startswith(f"{it.should_be},")


def _after(it: Correction, by: Person, reason: str) -> Correction:
    settle_when_done(it.certification, by=by)
    if it.noted_by_id != by.pk and it.noted_by.is_active:
        facts = [((lambda: str(it.get_fact_display())), str(it.get_state_display()))]
        said = N.one(it.account.name, by, reason, facts)
        owe(N.SETTLED, to=it.noted_by, about=it.certification, ref=str(it.certification_id), context=said)
    return it


@transaction.atomic
def follow(it: Correction) -> bool:
    """Settle a correction by what became of its change, or of its account. Only the clock does this; says if it did."""
    account = it.account
    if account.state not in LIVE:
        move = DROP_CORRECTION
    elif it.change is None or it.change.state in OPEN_CHANGES:
        return False
    else:
        move = FOLLOW_MADE if it.change.state == ChangeState.APPROVED else FOLLOW_KEPT
    if it.state != CorrectionState.OPEN:
        return False
    advance(it, move, by=None, fields={"moved_at": clock.now()}, after={"account": account.public_id, "fact": it.fact})
    if account.state in LIVE:
        settle_when_done(it.certification, by=None)
    return True


@transaction.atomic
def suspend(it: SuspensionProposal, *, by: Person, reason: str, seen: int | None = None) -> SuspensionProposal:
    """Suspend the official mark of an account that was not certified in time: a named person, with a reason (1.5).

    Raises NotAllowed, WrongState (decided, certified, retired meanwhile), Overtaken.
    """
    hold_the_pen()
    it.account.refresh_from_db()
    now = clock.now()
    note = advance(
        it, AGREE, by=by, seen=seen, reason=reason, fields={"moved_at": now, "decided_by": by, "decided_at": now},
        not_you=worded(_("Only {keeper} decides on this.")), after={"account": it.account.public_id},
    )  # fmt: skip
    change_standing(it.account, "suspend", by=by, reason=note)
    return it


@transaction.atomic
def leave_official(it: SuspensionProposal, *, by: Person, reason: str, seen: int | None = None) -> SuspensionProposal:
    """Decide that an account stays official although it was not certified in time. Its managers read the reason."""
    hold_the_pen()
    now = clock.now()
    note = advance(
        it, LEAVE, by=by, seen=seen, reason=reason, fields={"moved_at": now, "decided_by": by, "decided_at": now},
        not_you=worded(_("Only {keeper} decides on this.")), after={"account": it.account.public_id},
    )  # fmt: skip
    for person in asked_of(it.account):
        if person.pk != by.pk:
            said = N.one(it.account.name, by, note)
            owe(N.LEFT, to=person, about=it.certification, ref=str(it.certification_id), context=said)
    return it


SETTLING = {"make": put_right, "keep": leave_as_it_is}
DECIDING = {"suspend": suspend, "leave": leave_official}
