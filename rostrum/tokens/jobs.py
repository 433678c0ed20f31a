"""Timed work of tokens: ending those of people who have left."""

from __future__ import annotations

from datetime import timedelta

from rostrum.jobs.registry import job
from rostrum.tokens.actions import end_of_leavers


@job("tokens.end_of_leavers", every=timedelta(minutes=15))
def end_tokens_of_leavers() -> None:
    """End the tokens of people who have left. Until then none of them opens anything either."""
    end_of_leavers()
