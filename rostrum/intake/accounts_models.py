"""Tables of a list of today's accounts on its way in: the list, and its rows with what was repaired in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rostrum.people.models import Person


class ListState(models.TextChoices):
    """Where a list of accounts is."""

    READING = "reading", _("Being read")
    OPEN = "open", _("Being looked through")
    REFUSED = "refused", _("Cannot be used")
    TAKING = "taking", _("Being brought in")
    DONE = "done", _("Brought in")
    DROPPED = "dropped", _("Dropped")


class Level(models.TextChoices):
    """What a row of the list needs."""

    PROBLEM = "problem", _("Cannot be used yet")
    LOOK = "look", _("Have a look")
    FINE = "fine", _("In order")
    HELD = "held", _("Nothing to do")
    SKIPPED = "skipped", _("Skipped")


class AccountList(models.Model):
    """One uploaded list: who, when, which file (by its hash), how its columns were read, what came of it.

    The file lies under `kept_in` in the data folder while it is read, and while another of its sheets may be asked for.
    """

    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    kept_in = models.CharField(max_length=64, blank=True, default="")
    sheet = models.CharField(max_length=200, blank=True, default="")
    sheets = models.JSONField(default=list)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=ListState, default=ListState.OPEN)
    version = models.PositiveIntegerField(default=1)
    counts = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "intake_account_list"
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "dropped"]) | Q(finished_at__isnull=False),
                name="a_list_that_ended_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class AccountRow(models.Model):
    """One row of a list as it was read, and what a person typed over it. Deleted when the list is in or dropped."""

    batch = models.ForeignKey(AccountList, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    edits = models.JSONField(default=dict)
    skipped = models.BooleanField(default=False)
    level = models.CharField(max_length=10, choices=Level, default=Level.PROBLEM)
    key = models.CharField(max_length=240, blank=True, default="")

    class Meta:
        db_table = "intake_account_row"
        ordering: ClassVar[list[str]] = ["number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["batch", "level", "number"], name="account_row_level"),
            models.Index(fields=["batch", "key"], name="account_row_key"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_row_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.number}"
