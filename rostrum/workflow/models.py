"""Answers already given to a mutating call, kept so that a replay gets the same answer once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rostrum.people.models import Person


class Submission(models.Model):
    """One accepted call under an idempotency key: what was sent (as a hash) and where the answer is."""

    key = models.CharField(max_length=80)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    answer = models.CharField(max_length=500)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "workflow_submission"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "key"], name="one_answer_per_idempotency_key"),
        ]

    def __str__(self) -> str:
        return self.key
