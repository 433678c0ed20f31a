"""Tables of the API: answers kept for a replay, and the numbers that a provider of people gave them."""

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


class Provisioned(models.Model):
    """The number under which the division's own directory of staff knows a person (SCIM externalId)."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    external = models.CharField(max_length=200, unique=True)

    class Meta:
        db_table = "api_provisioned"

    def __str__(self) -> str:
        return self.external
