"""Timed work of monitoring: rounds of checking again, the nightly look at accounts, tasks whose day has passed."""

from __future__ import annotations

from django.db import transaction

from rostrum.core import clock
from rostrum.jobs.actions import enqueue
from rostrum.jobs.registry import job
from rostrum.monitoring import notices
from rostrum.monitoring.facts import gather, live_accounts
from rostrum.monitoring.queries import findings
from rostrum.monitoring.rounds import go_on
from rostrum.monitoring.rules import check_account
from rostrum.monitoring.scanning import Subject, reconcile, retired_ones
from rostrum.monitoring.states import FindingState
from rostrum.schoolyear.counting import counting
from rostrum.schoolyear.series import once


@job("monitoring.check_again")
def check_again(round: int) -> None:
    """One batch of a round; the next one is asked for, so that other work comes in between."""
    with transaction.atomic():
        if go_on(round):
            enqueue("monitoring.check_again", round=round)


@job("monitoring.accounts", cron="30 2 * * *")
def look_at_accounts() -> None:
    """Run every rule over every live account; findings of accounts that retired meanwhile are settled."""
    day = clock.today()
    for batch in live_accounts():
        reconcile([(Subject(account), check_account(facts, day)) for account, facts in gather(batch, day)])
    retired_ones()


@job("monitoring.late", cron="10 6 * * *")
def tell_late() -> None:
    """Tell managers and whoever confirmed that a task's day has passed, once for each day that was set.

    Where the division goes by school days, on the first of them after that day.
    """
    if not counting().works(clock.today()):
        return
    late = findings().filter(state=FindingState.CONFIRMED, due_on__lt=clock.today())
    for one in late.order_by("pk").iterator(chunk_size=500):
        with transaction.atomic():
            if one.due_on and once("finding.late", one, one.due_on):
                notices.tell_late(one)
