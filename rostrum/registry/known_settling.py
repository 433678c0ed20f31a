"""What becomes of a known account when its request ends or it becomes official: it is settled, with an entry."""

from __future__ import annotations

from django.db.models import Q

from rostrum.core import clock
from rostrum.registry.known_models import KnownAccount
from rostrum.registry.known_states import SETTLE, KnownState, Outcome
from rostrum.registry.models import Account, AccountRequest
from rostrum.workflow.moves import advance


def settle_official(account: Account) -> None:
    """The account is in the register now: whatever was known of it before is settled (AP 193 3.2)."""
    same = Q(request=account.registration.request) | Q(platform=account.platform, handle_key=account.canonical_id)
    for known in KnownAccount.objects.filter(same).filter(state__in=SETTLE.sources):
        advance(
            known, SETTLE, by=None, after={"account": account.public_id},
            fields={"outcome": Outcome.OFFICIAL, "account": account, "moved_at": clock.now(), "last_comment": ""},
        )  # fmt: skip


def settle_ended(request: AccountRequest) -> None:
    """The request ended without an account: what was claimed by it is settled, and may be opened again."""
    for known in KnownAccount.objects.filter(request=request, state=KnownState.CLAIMED):
        advance(
            known, SETTLE, by=None, after={"request": request.ref or ""},
            fields={"outcome": Outcome.ENDED, "moved_at": clock.now(), "last_comment": ""},
        )  # fmt: skip
