"""What becomes of a parked handle when an account of ours uses it again: the worker of the register settles it."""

from __future__ import annotations

from rostrum.core import clock
from rostrum.registry.closing_models import ParkedHandle
from rostrum.registry.closing_states import TAKE_UP, HandleState
from rostrum.registry.models import Account
from rostrum.workflow.moves import advance


def settle_taken_up(account: Account) -> None:
    """A new account stands at an address that a retired one left: its handle is not parked any more (AP 193 3.2)."""
    same = ParkedHandle.objects.filter(
        account__platform=account.platform, account__canonical_id=account.canonical_id
    ).exclude(state=HandleState.TAKEN_UP)
    for handle in same.exclude(account=account).select_related("account__unit"):
        advance(
            handle, TAKE_UP, by=None, fields={"moved_at": clock.now(), "renew_on": None},
            after={"account": account.public_id},
        )  # fmt: skip
