"""Builders of resets, calls and campaigns in every state, by the actions that people use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from rostrum.core import clock
from rostrum.keys import campaigns, stating
from rostrum.keys.actions import call_for_reset, call_off
from rostrum.keys.models import PARTS, Reset, ResetCall, ResetCampaign
from rostrum.keys.stating import Statement
from rostrum.people.models import Person
from rostrum.registry.models import Account
from tests.cast import Cast, official


def local(*parts: int) -> datetime:
    """A moment by the division's own clock."""
    return datetime(*parts, tzinfo=timezone.get_default_timezone())  # type: ignore[misc,arg-type]


ENTRY = "Office vault, entry 14"


def statement(**changes: Any) -> Statement:
    """Everything done."""
    outcomes = {**dict.fromkeys(PARTS, "done"), **{key: changes.pop(key) for key in PARTS if key in changes}}
    return Statement(**{"outcomes": outcomes, "vault_entry": ENTRY, **changes})


def stated(cast: Cast, account: Account | None = None, by: Person | None = None, **changes: Any) -> Reset:
    """A statement by the first manager that waits for the second."""
    return stating.make(account or official(cast), statement(**changes), by=by or cast.teacher)


def returned(cast: Cast) -> Reset:
    return stating.send_back(stated(cast), by=cast.colleague, reason="The old phone is still on the list.")


def confirmed(cast: Cast, account: Account | None = None) -> Reset:
    return stating.confirm(stated(cast, account), by=cast.colleague)


RESETS: dict[str, Callable[[Cast], Reset]] = {
    "made": stated,
    "returned": returned,
    "confirmed": confirmed,
    "withdrawn": lambda cast: stating.withdraw(stated(cast), by=cast.teacher),
}


def asked(cast: Cast, account: Account | None = None, trigger: str = "phishing", **changes: Any) -> ResetCall:
    """An open call, raised by the first manager."""
    by = changes.pop("by", cast.teacher)
    return call_for_reset(account or official(cast), trigger=trigger, by=by, **changes)


def answered(cast: Cast) -> ResetCall:
    call = asked(cast)
    confirmed(cast, call.account)
    call.refresh_from_db()
    return call


CALLS: dict[str, Callable[[Cast], ResetCall]] = {
    "open": asked,
    "answered": answered,
    "called_off": lambda cast: call_off(asked(cast), by=cast.communications, reason="A false alarm."),
}


def started(cast: Cast, by: Person | None = None, **changes: Any) -> ResetCampaign:
    """A campaign of the whole division that runs for two weeks."""
    wanted = {"scope": cast.division, "name": "Back to school", "reason": "Every September.",
              "due_on": clock.today() + timedelta(days=14), **changes}  # fmt: skip
    return campaigns.start(by=by or cast.communications, **wanted)


def running(cast: Cast) -> ResetCampaign:
    """A campaign with one account of the school in it."""
    official(cast)
    return started(cast)


CAMPAIGNS: dict[str, Callable[[Cast], ResetCampaign]] = {
    "running": running,
    "ended": lambda cast: campaigns.end(running(cast), by=cast.communications, reason="Everyone is done."),
}
