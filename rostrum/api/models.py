"""Answers already given under an idempotency key, kept byte for byte so that a replay gets the same one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rostrum.people.models import Person


class Reply(models.Model):
    """One answer of a mutating call. It is forgotten together with its key, after a week."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    location = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "api_reply"
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.status} {self.location}"
