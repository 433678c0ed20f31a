"""Timed work of procedures: an edition published ahead of its day comes into force on that day."""

from __future__ import annotations

from rostrum.jobs.registry import job
from rostrum.policies import actions
from rostrum.policies.models import Procedure


@job("policies.bring_into_force", cron="1 0 * * *")
def bring_into_force() -> None:
    """Each night just after midnight, local time."""
    for key in Procedure.objects.values_list("key", flat=True):
        actions.bring_into_force(key)
