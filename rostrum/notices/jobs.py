"""Timed work of notices: one letter soon after its act, retries each minute, the daily letter in the morning."""

from __future__ import annotations

from datetime import timedelta

from rostrum.jobs.registry import job
from rostrum.notices import actions
from rostrum.notices.models import Notice


@job("notices.deliver")
def deliver(notice: int) -> None:
    """Deliver one notice if it is still owed, after those of a crisis. What fails, `deliver_due` tries again."""
    actions.urgent_first()
    found = Notice.objects.select_related("person").filter(pk=notice).first()
    if found:
        actions.deliver(found)


@job("notices.deliver_some")
def deliver_some(notices: list[int]) -> None:
    """Deliver the letters of one act to many people. What fails, or is not reached in time, `deliver_due` tries."""
    actions.deliver_some(notices)


@job("notices.deliver_due", every=timedelta(minutes=1))
def deliver_due() -> None:
    """Deliver letters whose next attempt has come."""
    actions.deliver_due()


@job("notices.daily_letter", cron="30 6 * * *")
def daily_letter() -> None:
    """Send the daily letters at 6:30 local time."""
    actions.deliver_digests()
