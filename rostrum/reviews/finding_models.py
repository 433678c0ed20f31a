"""The table of what reviews found: clause, severity, what is to be done by when, what the managers answered."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rostrum.people.models import Person, Unit
from rostrum.registry.models import Account
from rostrum.reviews.models import Review
from rostrum.reviews.states import OPEN_FINDINGS, FindingState


class ReviewFinding(models.Model):
    """One thing that a review found not in order. Whoever answered for it never confirms the fix."""

    ref = models.CharField(max_length=24, unique=True)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="findings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="review_findings")
    question = models.CharField(max_length=60)
    citation = models.CharField(max_length=80)  # resolved when it was found: ap-193@2015-09#1.3
    severity = models.CharField(max_length=60)
    found = models.CharField(max_length=2000)
    fix = models.CharField(max_length=2000)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=FindingState, default=FindingState.OPEN)
    version = models.PositiveIntegerField(default=1)
    same_as = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="found_twice")
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=2000, blank=True, default="")
    judged_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)
    last_comment = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "reviews_finding"
        ordering: ClassVar[list[str]] = ["-raised_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_on"], name="review_finding_due"),
            models.Index(fields=["account", "state"], name="review_finding_account"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "question"], name="one_finding_per_question"),
            models.CheckConstraint(condition=~Q(citation=""), name="a_review_finding_cites_a_clause"),
            models.CheckConstraint(
                condition=~Q(state__in=["fixed", "contested", "settled"])
                | (Q(answered_by__isnull=False) & ~Q(answer="")),
                name="a_finding_is_answered_by_someone_in_words",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["settled", "taken_back"]) | Q(judged_by__isnull=False),
                name="a_finding_is_closed_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | ~Q(judged_by=F("answered_by")), name="nobody_confirms_their_own_fix"
            ),
            models.CheckConstraint(
                condition=Q(state="same", same_as__isnull=False) | (~Q(state="same") & Q(same_as=None)),
                name="a_finding_of_both_names_the_other",
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit

    @property
    def clause(self) -> str:
        """The number of the clause: "1.3"."""
        return self.citation.partition("#")[2]

    @property
    def is_open(self) -> bool:
        """Whether it still asks for somebody."""
        return self.state in OPEN_FINDINGS

    def late(self, today: date) -> bool:
        """Whether the managers have not answered though the day has passed."""
        return self.state == FindingState.OPEN and self.due_on is not None and self.due_on < today
