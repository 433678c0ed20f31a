"""Every write on an account's standing: review, clear, suspend, restore, retire. A named person, with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.policies.queries import cite
from rostrum.registry import notices as N
from rostrum.registry.models import Account, AccountStanding
from rostrum.registry.states import ACCOUNT_MOVES, Standing
from rostrum.workflow.moves import advance

MOVES = {move.name: move for move in ACCOUNT_MOVES}
# Lazy labels, so that each reader of a notice gets the state in their own language.
LABELS = {state.value: state._label_ for state in Standing}


@transaction.atomic
def change_standing(account: Account, move_name: str, *, by: Person, reason: str, seen: int | None = None) -> Account:
    """Make one move on an account's standing: closes the current stretch, opens the next, tells its people.

    Source: AP 193 1.5 (review, monitoring, deactivation), 1.10 (review as the need arises). Raises KeyError for an
    unknown move, and the refusals of `advance`.
    """
    move = MOVES[move_name]
    now = clock.now()
    note = advance(
        account, move, by=by, seen=seen, reason=reason, fields={"standing_since": now},
        not_you=_("Only Communications can change the standing of an account."),
    )
    AccountStanding.objects.filter(account=account, until=None).update(until=now)
    AccountStanding.objects.create(
        account=account, state=account.state, since=now, by=by, reason=note, citations=cite(move.cites)
    )
    request = account.registration.request
    managers = [d.person for d in account.registration.designations.filter(released_at=None, declined_at=None)
                .select_related("person")]
    said = {**N.context(request, by, note, cite(move.cites)), "what": N.both(account.name),
            "state": N.both(dict(LABELS)[account.state])}
    N.tell_of_account([p for p in (*managers, *N.touched(request)) if p.pk != by.pk], N.STANDING, account, said)
    return account
