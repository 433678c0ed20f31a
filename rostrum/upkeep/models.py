"""Tables of certification: what managers were asked and said, what is to be put right, which suspensions are proposed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rostrum.people.models import Person, Unit
from rostrum.registry.change_models import AccountChange
from rostrum.registry.models import Account
from rostrum.upkeep.states import OPEN_CERTIFICATIONS, CertificationState, CorrectionState, ProposalState


class Fact(models.TextChoices):
    """What a manager is asked about, one by one: still ours, still right?"""

    NAME = "name", _("Name")
    ADDRESS = "address", _("Address")
    UNIT = "unit", _("Speaks for")
    PURPOSE = "purpose", _("Purpose")
    MAILBOX = "mailbox", _("Work e-mail")
    MANAGERS = "managers", _("Content managers")
    CUSTODY = "custody", _("Where the password is kept")


class Origin(models.TextChoices):
    """What asked for a certification."""

    RHYTHM = "rhythm", _("The division's rhythm")
    ASKED = "asked", _("Asked for")


class Certification(models.Model):
    """One time that the managers of an account are asked whether it is still ours and still right (AP 193 1.7, 3.4).

    `period` names the window; the row is what makes the asking once. `answers` keeps what was shown and what was said,
    fact by fact, so that it can be read years later.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="certifications")
    origin = models.CharField(max_length=8, choices=Origin)
    period = models.DateField()
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=2000, blank=True, default="")
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=CertificationState, default=CertificationState.OPEN)
    version = models.PositiveIntegerField(default=1)
    moved_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    reminded_for = models.DateField(null=True, blank=True)
    escalated_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answers = models.JSONField(default=list)
    note = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "upkeep_certification"
        ordering: ClassVar[list[str]] = ["-period", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_on"], name="certification_due"),
            models.Index(fields=["account", "-period", "-id"], name="certification_of_account"),
            models.Index(fields=["period", "account"], name="certification_of_period"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=sorted(OPEN_CERTIFICATIONS)),
                name="one_open_certification_per_account",
            ),
            models.UniqueConstraint(
                fields=["account", "period"], condition=Q(origin="rhythm"), name="one_certification_per_period"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["certified", "correcting"]) | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="certified_means_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(origin="asked") | Q(asked_by__isnull=False), name="what_was_asked_for_was_asked_by_someone"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.account)

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit


class Correction(models.Model):
    """One thing that a manager said is not right: a proposed change of the register, or a task for Communications."""

    certification = models.ForeignKey(Certification, on_delete=models.PROTECT, related_name="corrections")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="corrections")
    fact = models.CharField(max_length=12, choices=Fact)
    register_says = models.CharField(max_length=2000, blank=True, default="")
    should_be = models.CharField(max_length=2000)
    change = models.ForeignKey(
        AccountChange, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    state = models.CharField(max_length=8, choices=CorrectionState, default=CorrectionState.OPEN)
    version = models.PositiveIntegerField(default=1)
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "upkeep_correction"
        ordering: ClassVar[list[str]] = ["noted_at", "pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "noted_at"], name="correction_state")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["certification", "fact"], name="one_correction_of_a_fact"),
            models.CheckConstraint(condition=~Q(should_be=""), name="a_correction_says_what_it_should_be"),
        ]

    def __str__(self) -> str:
        return f"{self.get_fact_display()}: {self.account}"

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit


class SuspensionProposal(models.Model):
    """A suspension that the division's rule proposes to a named person, who decides. It does nothing by itself."""

    certification = models.OneToOneField(Certification, on_delete=models.PROTECT, related_name="proposal")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="suspension_proposals")
    proposed_to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    version = models.PositiveIntegerField(default=1)
    moved_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "upkeep_suspension_proposal"
        ordering: ClassVar[list[str]] = ["proposed_at", "pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "proposed_at"], name="proposal_state")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="open"), name="one_open_proposal_per_account"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["suspended", "left"]) | Q(decided_by__isnull=False),
                name="a_proposal_is_decided_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit
