"""The steps that every change to a live account shares: put on its way with the yeses it has already, moved on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import NotAllowed, Overtaken, WrongState
from rostrum.people.models import Person, Unit
from rostrum.policies.queries import cite
from rostrum.registry.change_models import AccountChange
from rostrum.registry.change_queries import ChangeTurns, led, may_propose, parts, relations, turns_of
from rostrum.registry.change_states import OPEN_CHANGES, ChangeState
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.workflow.moves import Move, advance


def refuse_start(account: Account, by: Person, seen: int | None) -> None:
    """Who may propose at all, is the page still true, is the account live. To be asked with the log's pen in hand."""
    if not may_propose(by, account):
        raise NotAllowed(_("Only those who look after this account, lead its school or keep the register can change it."))
    account.refresh_from_db()
    if seen is not None and seen != account.version:
        raise Overtaken(_("While you were reading, this was changed. Nothing you did was lost; look at it again."))
    if account.state not in LIVE:
        raise WrongState(_("This account is retired. What it was called stays as it was."))
    if AccountChange.objects.filter(into=account, state__in=OPEN_CHANGES).exists():
        raise WrongState(_("Another account is about to be merged into this one. That is decided on first."))


def put_on_its_way(
    account: Account, wanted: Mapping[str, Any], *, by: Person, why: str, act: str, cites: tuple[str, ...]
) -> tuple[AccountChange, ChangeTurns]:
    """Keep a proposal with the yeses that its proposer gave by proposing it, and write it down.

    Whoever leads a school has agreed for it to what they propose themselves. Between two schools the one that gives is
    asked first. Raises WrongState when a change to the account is on its way already.
    """
    unit: Unit = wanted["unit"]
    gives = account.unit if led(account.unit) != led(unit) else None
    turns, now = ChangeTurns([unit, *([gives] if gives else [])]), clock.now()
    gave = gives is not None and any(one.pk == by.pk for one in turns.agreers(gives).people)
    leads = any(one.pk == by.pk for one in turns.agreers(unit).people)
    state = ChangeState.AGREED if leads else ChangeState.PROPOSED
    change = AccountChange(
        account=account, **wanted, gives=gives, reason=why, proposed_by=by, proposed_at=now, moved_at=now,
        state=ChangeState.OFFERED if gives is not None and not gave else state,
        given_by=by if gave else None, given_at=now if gave else None,
        agreed_by=by if leads else None, agreed_at=now if leads else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError:
        raise WrongState(_("A change to this account is on its way already. It is decided on first.")) from None
    record(
        by, act, change, citations=cite(cites), note=why,
        before={part: old for part, old, _new in parts(change)},
        after={"account": account.public_id, **{part: new for part, _old, new in parts(change)}},
    )  # fmt: skip
    return change, turns


def move_on(change: AccountChange, move: Move, by: Person, reason: str, seen: int | None, **fields: Any) -> str:
    """One move of a change, with its event; the refusals of `advance`, naming whom it waits for."""
    turns = turns_of(change)
    turn = turns.of(change)
    not_you = _("This change is not yours to decide. It is waiting for %(names)s.") % {
        "names": ", ".join(one.name for one in turn.people) if turn and turn.people else "-"
    }
    return advance(
        change, move, by=by, relations=relations(by, change, turns), seen=seen, reason=reason, not_you=not_you,
        fields={"moved_at": clock.now(), **fields}, role=turn.role if turn and by in turn.people else "",
        after={"account": change.account.public_id, **({"into": change.into.public_id} if change.into else {})},
    )  # fmt: skip
