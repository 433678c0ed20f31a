"""Timed work of the workflow: forgetting old idempotency answers."""

from __future__ import annotations

from datetime import timedelta

from rostrum.jobs.registry import job
from rostrum.workflow.once import forget_old


@job("workflow.forget_answers", every=timedelta(days=1))
def forget_answers() -> None:
    """Drop idempotency answers older than a week."""
    forget_old()
