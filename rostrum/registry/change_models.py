"""Tables of what an account was called before, of changes proposed to it, and of what is split from it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rostrum.people.models import Person, Unit
from rostrum.registry.change_states import OPEN_CHANGES, ChangeState
from rostrum.registry.models import Account, AccountRequest


class AccountChange(models.Model):
    """Another name, address, number or unit for a live account, or its merge into another one, on its way.

    The columns hold all of what it is to be; of a merge, what it is, and the unit of the account that stays. Between
    two schools `gives` is the unit that gives it, and somebody there says yes first.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="changes")
    into = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="taking_in")
    gives = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
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
    given_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True, blank=True)
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
                | (
                    ~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("agreed_by"))
                    & (Q(given_by=None) | ~Q(decided_by=F("given_by")))
                ),
                name="nobody_approves_a_change_of_their_own",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(gives__isnull=False), name="an_offered_change_names_who_gives"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["proposed", "agreed", "approved"]) | Q(gives=None) | Q(given_by__isnull=False),
                name="no_school_loses_an_account_unasked",
            ),
            models.CheckConstraint(
                condition=Q(into=None) | ~Q(into=F("account")), name="nothing_is_merged_into_itself"
            ),
            models.CheckConstraint(condition=~Q(canonical_id=""), name="a_change_leaves_an_address"),
        ]

    def __str__(self) -> str:
        return self.name


class FormerDetails(models.Model):
    """One dated stretch of what an account was called, where it was, its number and whom it spoke for. Never today's."""

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
            models.Index(fields=["platform_id"], name="former_number"),
            models.Index(fields=["until"], name="former_until"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="a_former_stretch_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.since:%Y-%m-%d} – {self.until:%Y-%m-%d})"


class AccountSplit(models.Model):
    """A part of a live account that somebody asked to be an account of its own: which request, why, who, when."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="splits")
    request = models.OneToOneField(AccountRequest, on_delete=models.PROTECT, related_name="split")
    reason = models.CharField(max_length=2000)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "registry_account_split"
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_split_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.account} → {self.request.ref}"
