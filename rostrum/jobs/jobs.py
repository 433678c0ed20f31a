"""The house's own timed work: the sweep of the ledger, the log's signed checkpoints, the database's own counts."""

from __future__ import annotations

from datetime import timedelta

from rostrum.audit import checkpoints
from rostrum.core import statistics
from rostrum.jobs import actions
from rostrum.jobs.registry import job


@job("jobs.sweep", every=timedelta(minutes=5))
def sweep() -> None:
    """Delivers lost work again and forgets old rows."""
    actions.sweep()


@job("audit.checkpoint", every=timedelta(minutes=15))
def checkpoint() -> None:
    """Signs where the log stands. Declared here because the log stands beneath the clock."""
    checkpoints.make()


@job("jobs.statistics", cron="3 0 * * *")
def count_rows() -> None:
    """Lets the database count its rows before the night's rounds go through all of them."""
    statistics.refresh()
