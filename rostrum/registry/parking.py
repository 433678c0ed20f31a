"""Every write on the handle of a retired account: looked after again, given up, taken up by a new account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import form, in_force
from rostrum.registry import actions
from rostrum.registry import answers as reading
from rostrum.registry.closing import renewal_day
from rostrum.registry.closing_models import ParkedHandle
from rostrum.registry.closing_queries import relations
from rostrum.registry.closing_states import GIVE_UP, RENEW, HandleState
from rostrum.registry.models import AccountRequest
from rostrum.workflow.moves import Move, advance, clean_reason


def _move(handle: ParkedHandle, move: Move, by: Person, reason: str, seen: int | None, **fields: Any) -> str:
    return advance(
        handle, move, by=by, relations=relations(by, handle.account), seen=seen, reason=reason,
        not_you=_("Only those who keep this name can do this."),
        fields={"moved_at": clock.now(), "by": by, "note": clean_reason(reason, required=False), **fields},
        after={"account": handle.account.public_id, **{k: v.isoformat() for k, v in fields.items() if isinstance(v, date)}},
    )  # fmt: skip


@transaction.atomic
def renew(
    handle: ParkedHandle, *, by: Person, day: date | None = None, reason: str = "", seen: int | None = None
) -> ParkedHandle:
    """Somebody looked after a parked handle; it is looked after again on a day, or after the division's usual time.

    Raises Invalid (`day`) where neither is there or the day has passed, and the refusals of `advance`.
    """
    mine = relations(by, handle.account)
    on = renewal_day(day) if handle.state in RENEW.sources and may(by, RENEW.permission, handle.unit, mine) else day
    _move(handle, RENEW, by, reason, seen, renew_on=on)
    return handle


@transaction.atomic
def give_up(handle: ParkedHandle, *, by: Person, reason: str, seen: int | None = None) -> ParkedHandle:
    """The handle is not kept any more: anyone may take it, and the public is told so."""
    _move(handle, GIVE_UP, by, reason, seen, renew_on=None)
    return handle


@transaction.atomic
def ask_again(handle: ParkedHandle, *, by: Person) -> AccountRequest:
    """Start Form 193-1 for the name of a retired account, filled in with what it was; it takes its two yeses anew.

    Raises NotAllowed (volunteers and employees only), WrongState (in use again).
    """
    if handle.state == HandleState.TAKEN_UP:
        raise WrongState(_("This name is in use again."))
    if not may(by, "request:create"):
        raise NotAllowed(_("Only people who work or volunteer for the division can ask for an account."))
    account = handle.account
    asked = form(in_force(), actions.FORM)
    known = {
        "unit": account.unit.code, "entity_kind": account.entity_kind, "platform": account.platform,
        "name": account.name, "handle": account.address, "mailbox": account.mailbox, "purpose": account.purpose,
    }  # fmt: skip
    fields = {item.binds: item.key for item in reading.fields_of(asked) if item.binds in known}
    return actions.draft(by, {fields[bind]: [value] for bind, value in known.items() if bind in fields and value})


ACTS: dict[str, Callable[..., ParkedHandle]] = {"renew": renew, "give_up": give_up}
