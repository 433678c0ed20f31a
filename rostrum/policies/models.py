"""Tables of procedures: editions with their text, clauses to point at, settings the division chose."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Procedure(models.Model):
    """A procedure such as AP 193. Everything it says stands in its editions."""

    key = models.CharField(max_length=60, unique=True)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "policies_procedure"
        ordering: ClassVar[list[str]] = ["key"]

    def __str__(self) -> str:
        return self.key


class Edition(models.Model):
    """The text of a procedure as of a date, frozen when published: only `in_force` changes (triggers.py)."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="editions")
    label = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64, unique=True)
    source = models.TextField()
    clause_count = models.PositiveSmallIntegerField()
    effective_from = models.DateField()
    published_at = models.DateTimeField()
    in_force = models.BooleanField(default=False)

    class Meta:
        db_table = "policies_edition"
        ordering: ClassVar[list[str]] = ["procedure", "-effective_from", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["procedure", "label"], name="one_edition_of_a_label"),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(in_force=True), name="one_edition_in_force_per_procedure"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure.key}@{self.label}"


class Clause(models.Model):
    """One numbered paragraph of an edition, so that decisions and pages can point at it."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="clauses")
    number = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    scope = models.CharField(max_length=20)
    title_en = models.CharField(max_length=200)
    title_fr = models.CharField(max_length=200)
    text_en = models.CharField(max_length=2000)
    text_fr = models.CharField(max_length=2000)

    class Meta:
        db_table = "policies_clause"
        ordering: ClassVar[list[str]] = ["edition", "order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["edition", "number"], name="one_clause_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.edition}#{self.number}"


class SettingValue(models.Model):
    """What the division chose for a setting, and why. The latest row counts; a null clears the choice."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="setting_values")
    key = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    reason = models.CharField(max_length=2000)
    set_by_name = models.CharField(max_length=150)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "policies_setting_value"
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["procedure", "key", "-id"], name="setting_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure.key}: {self.key}"
