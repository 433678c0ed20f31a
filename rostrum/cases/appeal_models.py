"""Tables of appeals: one for each decision, decided by somebody who did not act before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rostrum.cases.decision_models import Decision
from rostrum.cases.states import AppealState
from rostrum.people.models import Person, Unit

DECIDED = ["upheld", "varied", "overturned"]


class Appeal(models.Model):
    """The one request to decide again. `first_decider` is copied, so that the database keeps the two apart.

    `named` is whom the Director named to decide, where the Director cannot or would not. `stayed` says that the
    effect does not hold while the appeal runs, because the division set it so.
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    first_decider = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    lodged_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appeals_lodged")
    lodged_at = models.DateTimeField()
    reasons = models.CharField(max_length=4000)
    stayed = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=AppealState, default=AppealState.LODGED)
    version = models.PositiveIntegerField(default=1)
    moved_at = models.DateTimeField()
    named = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="appeals_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=2000, blank=True, default="")
    letter = models.JSONField(default=dict)
    outcome = models.OneToOneField(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="made_on_appeal"
    )

    class Meta:
        db_table = "cases_appeal"
        ordering: ClassVar[list[str]] = ["-lodged_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "lodged_at"], name="appeal_state")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED) | (Q(decided_by__isnull=False) & ~Q(answer="")),
                name="a_decided_appeal_says_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | (~Q(decided_by=F("first_decider")) & ~Q(decided_by=F("lodged_by"))),
                name="an_appeal_is_decided_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=~Q(state="varied") | Q(outcome__isnull=False), name="a_varied_decision_has_its_successor"
            ),
            models.CheckConstraint(condition=~Q(reasons=""), name="an_appeal_has_reasons"),
            models.CheckConstraint(
                condition=Q(named=None) | Q(named_by__isnull=False), name="a_named_decider_says_by_whom"
            ),
        ]

    def __str__(self) -> str:
        return str(self.decision)

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.decision.account.unit


class AppealFile(models.Model):
    """One attachment of an appeal, kept by its hash beside all other evidence."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="files")
    file_hash = models.CharField(max_length=64)
    file_type = models.CharField(max_length=4)
    words = models.CharField(max_length=200, blank=True, default="")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "cases_appeal_file"
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["appeal", "file_hash"], name="the_same_attachment_once"),
        ]

    def __str__(self) -> str:
        return self.words or self.file_hash
