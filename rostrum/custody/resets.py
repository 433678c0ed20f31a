"""The one place where custody asks for resets. The resets themselves are `keys`'s."""

from __future__ import annotations

from collections.abc import Iterable

from rostrum.core.secretive import looks_secret
from rostrum.keys.actions import call_for_resets
from rostrum.keys.states import Trigger
from rostrum.people.models import Person
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE

LEAVER, ROLE_CHANGE = Trigger.LEAVER.value, Trigger.ROLE_CHANGE.value


def ask_for_reset(account: Account, trigger: str, *, by: Person | None, note: str = "") -> None:
    """Ask that the account information be reset, because somebody left or has another part now (AP 193 3.4).

    `note` is whose doing it is. A name that looks like a secret is left out: it must not stop anybody from leaving.
    """
    ask_for_resets([account], trigger, by=by, note=note)


def ask_for_resets(accounts: Iterable[Account], trigger: str, *, by: Person | None, note: str = "") -> None:
    """As `ask_for_reset`, of several accounts for the same reason: those of them that are live."""
    live = [one for one in accounts if one.state in LIVE]
    if live:
        call_for_resets(live, trigger=trigger, by=by, note="" if looks_secret(note) else note)
