"""Timed work of resets: the night's round, and telling those whom a campaign asks."""

from __future__ import annotations

from rostrum.jobs.registry import job
from rostrum.keys import nightly, telling


@job("keys.round", cron="40 5 * * *")
def night_round() -> None:
    """Ask, tell, remind and say what is late, before the school day begins. Each step is done once, however often run."""
    nightly.lapse_retired()
    nightly.ask_due()
    telling.tell_new()
    telling.tell_late()
    telling.remind()


@job("keys.tell")
def tell() -> None:
    """Tell the managers of what was asked and nobody was told of yet. A campaign asks for it when it starts."""
    telling.tell_new()
