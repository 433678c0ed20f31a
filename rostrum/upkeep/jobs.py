"""Timed work of upkeep: the nightly round of certification and liveness, and following proposed changes by day."""

from __future__ import annotations

from datetime import timedelta

from rostrum.jobs.registry import job
from rostrum.upkeep import nightly
from rostrum.upkeep.windows import choices


@job("upkeep.nightly", cron="20 4 * * *")
def nightly_round() -> None:
    """The whole round, step by step. Each step may be run again at any time without doing anything twice."""
    chosen = choices()
    nightly.follow()
    nightly.end_pauses()
    nightly.keep_rows()
    nightly.open_windows(chosen)
    nightly.tell_opened()
    nightly.remind(chosen)
    nightly.tell_upward(chosen)
    nightly.propose_suspensions(chosen)
    nightly.write_to_quiet(chosen)


@job("upkeep.follow", every=timedelta(minutes=15))
def follow_changes() -> None:
    """What a decided change has settled shows within minutes, not only the next morning."""
    nightly.follow()
