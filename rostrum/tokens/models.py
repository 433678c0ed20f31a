"""The table of access tokens. Only a hash of each secret is kept, so that a stolen copy opens nothing."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rostrum.people.models import Person


class Token(models.Model):
    """What a program of one person may do, until when. It never may more than the person may at that moment."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=20)  # shown in lists, so that a found token can be matched to its row
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of 256 random bits: nothing to guess from it
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "tokens_token"
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person", "-made_at"], name="token_of_person")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="a_token_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
