"""Timed work of the API: forgetting answers whose idempotency key is forgotten."""

from __future__ import annotations

from datetime import timedelta

from rostrum.api.once import forget_old
from rostrum.jobs.registry import job


@job("api.forget_replies", every=timedelta(days=1))
def forget_replies() -> None:
    """Drop kept answers older than a week."""
    forget_old()
