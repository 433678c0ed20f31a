"""The event log's two tables: the chained headers, and the payloads that may be redacted one day."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One line of the log.

    Who did which act to what. Append-only; the database refuses changes (triggers.py).

    Only numbers and names of acts stand here; whatever could be personal stands in the payload. `actor_id`
    and `subject_id` are plain numbers, not keys: history outlives what it names.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    commit = models.CharField(max_length=64)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        db_table = "audit_event"
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "seq"], name="audit_event_subject"),
            models.Index(fields=["act", "seq"], name="audit_event_act"),
            models.Index(fields=["actor_id", "seq"], name="audit_event_actor"),
            models.Index(fields=["at"], name="audit_event_at"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_event_seq_from_one"),
            # Two entries after the same one would be a fork of the chain.
            models.UniqueConstraint(fields=["prev"], name="audit_event_no_fork"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.act}"


class EventPayload(models.Model):
    """What an event says in words and values, with the salt that binds it to its header.

    Deleted by a redaction.
    """

    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, primary_key=True, db_column="event_seq", related_name="kept"
    )
    salt = models.BinaryField(max_length=32)
    payload = models.JSONField()

    class Meta:
        db_table = "audit_payload"

    def __str__(self) -> str:
        return f"payload of {self.event_id}"
