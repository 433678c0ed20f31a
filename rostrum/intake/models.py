"""Tables of bringing in: which import it was, and which source knows a person or unit under which id."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rostrum.people.models import Appointment, Person, Unit


class ImportKind(models.TextChoices):
    """What a file of people is."""

    ONEROSTER = "oneroster", _("OneRoster")
    LIST = "list", pgettext_lazy("import", "Simple list")


class ImportState(models.TextChoices):
    """Where an import is. Only one that was applied has changed anything."""

    READING = "reading", _("Being read")
    READY = "ready", pgettext_lazy("import", "Waiting for you")
    REFUSED = "refused", _("Cannot be used")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", pgettext_lazy("import", "Done")
    DROPPED = "dropped", _("Set aside")


class ImportRun(models.Model):
    """One file brought in: who, when, which, with what result. Nothing in it names a student.

    The file itself and what was read from it lie under `kept_in` in the data folder until it is applied or set aside.
    """

    kind = models.CharField(max_length=12, choices=ImportKind)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.READING)
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    kept_in = models.CharField(max_length=64, unique=True)
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, default="")
    left = models.JSONField(default=list)
    message = models.CharField(max_length=500, blank=True, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "intake_run"
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "started_at"], name="intake_run_state")]

    def __str__(self) -> str:
        return self.file_name


class SourceRecord(models.Model):
    """A source knows this person, unit or appointment under this id: what makes an import repeatable without doubling.

    `made` tells whether the source brought it here. A unit or role put in by hand is never "gone" when a file lacks it.
    """

    source = models.CharField(max_length=12)
    source_id = models.CharField(max_length=600)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="source_records")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="source_records")
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="source_records"
    )
    made = models.BooleanField(default=True)

    class Meta:
        db_table = "intake_source_record"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit=None, appointment=None)
                | Q(person=None, unit__isnull=False, appointment=None)
                | Q(person=None, unit=None, appointment__isnull=False),
                name="a_source_record_names_one_thing",
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=Q(person__isnull=False), name="one_person_per_source_id"
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=Q(unit__isnull=False), name="one_unit_per_source_id"
            ),
            models.UniqueConstraint(
                fields=["source", "appointment"],
                condition=Q(appointment__isnull=False),
                name="one_source_record_per_appointment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.source_id}"
