"""Every write on merging two live accounts: proposed beside both records, and approved, which retires the one."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen
from rostrum.core import clock
from rostrum.core.errors import Invalid, Overtaken, WrongState
from rostrum.people.models import Person
from rostrum.policies.queries import cite
from rostrum.registry import change_notices as N
from rostrum.registry.change_models import AccountChange
from rostrum.registry.change_states import MERGE, ChangeState
from rostrum.registry.change_steps import move_on, put_on_its_way, refuse_start
from rostrum.registry.closing_owed import owe_checklist
from rostrum.registry.models import Account, AccountStanding
from rostrum.registry.obstacles import refuse_while_open
from rostrum.registry.states import LIVE, Standing
from rostrum.workflow.moves import clean_reason

MERGE_CITES = ("1.3", "3.1")


@transaction.atomic
def propose_merge(account: Account, into: Account, *, by: Person, reason: str, seen: int | None = None) -> AccountChange:
    """Propose that an account goes into another live one: it is retired then, and its addresses lead to that one.

    It takes the yes of each school that has a part in it, then Communications. Whoever looks after the account that
    goes, leads its school or keeps the register may. Source: AP 193 1.3, 3.1. Raises NotAllowed, Overtaken, Invalid
    (`into` is the same account; no reason), WrongState naming everything that stands in the way.
    """
    hold_the_pen()
    refuse_start(account, by, seen)
    if account.pk == into.pk:
        message = _("This is the same account. Choose the one that goes on.")
        raise Invalid(message, fields={"into": [message]})
    why = clean_reason(reason, required=True)
    into.refresh_from_db()
    refuse_while_open(account, into)
    wanted = {
        "into": into, "unit": into.unit, "name": account.name, "handle": account.handle,
        "canonical_id": account.canonical_id, "platform_id": account.platform_id, "address": account.address,
    }  # fmt: skip
    change, turns = put_on_its_way(account, wanted, by=by, why=why, act="accountchange:propose_merge", cites=MERGE_CITES)
    N.ask(change, by, turns, why)
    N.tell_managers(change, N.MERGE_PROPOSED, by, why)
    return change


@transaction.atomic
def merge(change: AccountChange, *, by: Person, reason: str = "", seen: int | None = None) -> AccountChange:
    """The last yes to a merge: the account is retired into the one that stays, at once and with one event.

    Its closing checklist is owed afterwards, as after every retirement in one step. Source: AP 193 1.5, 1.10, 3.2.
    Raises the refusals of `advance`; WrongState naming what came in the way meanwhile (either account retired, held,
    ordered about, being closed).
    """
    if change.into is None:
        raise WrongState(_("This is no merge. Approve it as a change."))
    account, into = change.account, change.into
    _refuse_overtaken(change, account, into)
    now = clock.now()
    note = move_on(change, MERGE, by, reason, seen, decided_by=by, decided_at=now)
    _refuse_overtaken(change, account, into, decided=True)
    refuse_while_open(account, into, but=change.pk)
    done = Account.objects.filter(pk=account.pk, version=account.version, state__in=LIVE).update(
        state=Standing.RETIRED, standing_since=now, merged_into=into, version=account.version + 1
    )
    if not done:
        raise Overtaken(_("While you were reading, someone else acted on this. Nothing you did was lost."))
    account.refresh_from_db()
    AccountStanding.objects.filter(account=account, until=None).update(until=now)
    AccountStanding.objects.create(
        account=account, state=Standing.RETIRED, since=now, by=by, reason=note or change.reason, citations=cite(MERGE.cites)
    )
    owe_checklist(account, by=by, reason=note or change.reason, at=now, due_on=None)
    N.tell_all(change, N.MERGED, by, note)
    return change


def _refuse_overtaken(change: AccountChange, account: Account, into: Account, decided: bool = False) -> None:
    """Refuse a merge whose accounts are no longer what the schools said yes to."""
    account.refresh_from_db()
    into.refresh_from_db()
    if not decided and change.state != ChangeState.AGREED:
        return
    if account.state not in LIVE:
        raise WrongState(_("This account was retired meanwhile. What it was called stays as it was."))
    if into.state not in LIVE:
        raise WrongState(
            _("%(name)s was retired meanwhile. It cannot take another account in.") % {"name": into.name},
            way_forward=_("Decline the merge, and propose one into an account that goes on."),
        )
