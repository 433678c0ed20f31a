"""Timed work of webhooks: reading the log for news each minute, sending what is due, forgetting what is old."""

from __future__ import annotations

from datetime import timedelta

from rostrum.hooks import sending
from rostrum.jobs.registry import job


@job("hooks.gather", every=timedelta(minutes=1))
def gather() -> None:
    """Owe messages for what has happened. After an outage, stretch by stretch until the log is read."""
    sending.gather()


@job("hooks.deliver")
def deliver(endpoint: int) -> None:
    """Send what is due at one endpoint. Failures are kept on the message; it comes up again."""
    sending.deliver_due(endpoint)


@job("hooks.deliver_due", every=timedelta(minutes=1))
def deliver_due() -> None:
    """Send what is due everywhere: the later attempts, and what a lost worker left behind."""
    sending.deliver_due()


@job("hooks.forget", cron="40 3 * * *")
def forget() -> None:
    """Forget messages after 90 days."""
    sending.forget_old()
