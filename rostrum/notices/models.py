"""The outbox: notices owed to people, and every attempt to deliver one by mail."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rostrum.people.models import Person


class MailState(models.TextChoices):
    """How far a notice's letter has come."""

    OWED = "owed", _("Waiting to be sent")
    DIGEST = "digest", _("Waiting for the daily letter")
    SENT = "sent", pgettext_lazy("letter", "Sent")
    FAILED = "failed", _("Could not be sent")
    NONE = "none", _("No letter: the person reads it here")


class Notice(models.Model):
    """One message owed to one person about one thing. It is always shown in the application; mail comes on top."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    about_type = models.CharField(max_length=40)
    about_id = models.BigIntegerField()
    about_ref = models.CharField(max_length=60)
    context = models.JSONField(default=dict)
    asks = models.BooleanField(default=False)
    owed_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=10, choices=MailState, default=MailState.OWED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "notices_notice"
        ordering: ClassVar[list[str]] = ["-owed_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "-owed_at"], name="notice_of_person"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["next_attempt_at"], condition=Q(mail="owed"), name="notice_due"),
            models.Index(fields=["mail", "-owed_at"], name="notice_mail"),  # letters in trouble, among all that went out
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.person_id}"


class Delivery(models.Model):
    """One attempt to hand one letter to the mail server, with the letter as it was written."""

    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)
    to = models.EmailField()
    subject = models.CharField(max_length=300)
    text = models.TextField()
    delivered = models.BooleanField()
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        db_table = "notices_delivery"
        ordering: ClassVar[list[str]] = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
