"""The one place where custody asks for resets. The resets themselves are `keys`'s."""

from __future__ import annotations

from rostrum.core.secretive import looks_secret
from rostrum.keys.actions import call_for_reset
from rostrum.keys.states import Trigger
from rostrum.people.models import Person
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE

LEAVER, ROLE_CHANGE = Trigger.LEAVER.value, Trigger.ROLE_CHANGE.value


def ask_for_reset(account: Account, trigger: str, *, by: Person | None, note: str = "") -> None:
    """Ask that the account information be reset, because somebody left or has another part now (AP 193 3.4).

    `note` is whose doing it is. A name that looks like a secret is left out: it must not stop anybody from leaving.
    """
    if account.state in LIVE:
        call_for_reset(account, trigger=trigger, by=by, note="" if looks_secret(note) else note)
