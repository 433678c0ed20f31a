"""Who said of which edition that they have read it, and when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rostrum.people.models import Person
from rostrum.policies.models import Edition


class Acknowledgement(models.Model):
    """A person's dated "I have read this edition". It stays when a later edition comes into force."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="acknowledgements")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="acknowledgements")
    given_at = models.DateTimeField()

    class Meta:
        db_table = "guidance_acknowledgement"
        ordering: ClassVar[list[str]] = ["-given_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "edition"], name="an_edition_is_acknowledged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.edition}"
