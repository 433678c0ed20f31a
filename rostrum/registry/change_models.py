"""Tables of what an account was called before, and of changes proposed to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rostrum.people.models import Person, Unit
from rostrum.registry.change_states import OPEN_CHANGES, ChangeState
from rostrum.registry.models import Account


class AccountChange(models.Model):
    """Another name, address or unit for a live account, on its way. The columns hold all of what it is to be."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="changes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    handle = models.CharField(max_length=120)
    canonical_id = models.CharField(max_length=200)
    platform_id = models.CharField(max_length=120, blank=True, default="")
    address = models.CharField(max_length=500)
    reason = models.CharField(max_length=2000)
    state = models.CharField(max_length=12, choices=ChangeState, default=ChangeState.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="changes_proposed")
    proposed_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "registry_account_change"
        ordering: ClassVar[list[str]] = ["-proposed_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "moved_at"], name="change_state")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=sorted(OPEN_CHANGES)), name="one_open_change_per_account"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(agreed_by__isnull=False, decided_by__isnull=False),
                name="a_change_takes_two_yeses",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("agreed_by"))),
                name="nobody_approves_a_change_of_their_own",
            ),
            models.CheckConstraint(condition=~Q(canonical_id=""), name="a_change_leaves_an_address"),
        ]

    def __str__(self) -> str:
        return self.name


class FormerDetails(models.Model):
    """One dated stretch of what an account was called, where it was and whom it spoke for. Never today's."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="former_details")
    change = models.OneToOneField(AccountChange, on_delete=models.PROTECT, related_name="replaced")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    handle = models.CharField(max_length=120)
    canonical_id = models.CharField(max_length=200)
    platform_id = models.CharField(max_length=120, blank=True, default="")
    address = models.CharField(max_length=500)
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "registry_former_details"
        ordering: ClassVar[list[str]] = ["-until", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["canonical_id"], name="former_address"),
            models.Index(fields=["until"], name="former_until"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="a_former_stretch_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.since:%Y-%m-%d} – {self.until:%Y-%m-%d})"
