"""The ledger of background work: one row per run, whatever engine delivers it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """One piece of work: asked for once, attempted at most so many times, done or dead at the end.

    `effect_key` names the effect (a notice's number, a period): at most one run ever exists for it.
    `args` hold numbers and words that find the rows, never a person's details.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        DEAD = "dead", _("Stopped")

    name = models.CharField(max_length=80)
    args = models.JSONField(default=dict)
    effect_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - unique where set, so none is NULL
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "jobs_run"
        indexes = [
            models.Index(fields=["state", "queued_at"], name="jobs_run_state"),
            models.Index(fields=["name", "finished_at"], name="jobs_run_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "running", "done", "dead"]),
                name="jobs_run_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"
