"""Tables of webhooks: the endpoints, every message owed to one, and how far the log has been read for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rostrum.people.models import Person


class EndpointState(models.TextChoices):
    """Whether messages go to an endpoint, and if not, what ended it."""

    ON = "on", pgettext_lazy("webhook", "On")
    OFF = "off", pgettext_lazy("webhook", "Off")
    FAILING = "failing", _("Switched off: it failed for too long")
    GONE = "gone", _("Switched off: it answered that it is gone")
    RETIRED = "retired", pgettext_lazy("webhook", "Retired")


class DeliveryState(models.TextChoices):
    """How far a message has come."""

    OWED = "owed", pgettext_lazy("webhook", "Waiting")
    SENT = "sent", pgettext_lazy("webhook", "Delivered")
    FAILED = "failed", pgettext_lazy("webhook", "Given up")
    DROPPED = "dropped", _("Not sent: switched off")


class HookEndpoint(models.Model):
    """An address of another system that is told of public changes. Its signing key is sealed (see sealing.py)."""

    ref = models.CharField(max_length=16, unique=True)  # binds the sealed key to its row
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list)
    sealed = models.CharField(max_length=300)
    sealed_before = models.CharField(max_length=300, blank=True, default="")
    overlap_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=EndpointState, default=EndpointState.ON)
    since_seq = models.BigIntegerField(default=0)  # entries of the log up to here are not for it
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "hooks_endpoint"
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="on") | Q(stopped_at__isnull=False), name="a_stopped_webhook_says_since_when"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HookDelivery(models.Model):
    """One message owed to one endpoint: what it says, every attempt, and the last answer. Nothing in it is private."""

    endpoint = models.ForeignKey(HookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=140)
    payload = models.JSONField()
    owed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.OWED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    tries = models.JSONField(default=list)
    last_at = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_trouble = models.CharField(max_length=20, blank=True, default="")
    last_answer = models.CharField(max_length=1024, blank=True, default="")

    class Meta:
        db_table = "hooks_delivery"
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["endpoint", "state", "-id"], name="hook_delivery_log"),
            models.Index(fields=["next_at"], condition=Q(state="owed"), name="hook_delivery_due"),
            models.Index(fields=["owed_at"], name="hook_delivery_age"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["endpoint", "message_id"], name="a_message_is_owed_once"),
            models.CheckConstraint(
                condition=~Q(state="owed") | Q(next_at__isnull=False), name="an_owed_message_has_its_turn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.endpoint_id}"


class HookPosition(models.Model):
    """The last entry of the log that was read for webhooks. One row."""

    seq = models.BigIntegerField(default=0)

    class Meta:
        db_table = "hooks_position"

    def __str__(self) -> str:
        return str(self.seq)
