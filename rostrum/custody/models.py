"""Tables of who holds an account: dated ties of people, groups of helpers, hand-overs, shortages of managers.

Content managers and holders of access are the register's own tables (registry.models): the Registration Form fills
them first, and the acts here carry them on.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rostrum.custody.states import HandOverState
from rostrum.people.models import Person, Unit
from rostrum.registry.models import Account, Designation


class TieKind(models.TextChoices):
    """What ties a person to an account beside managing it or having access."""

    ANSWERS = "answers", _("Supervising administrator")
    RECOVERY = "recovery", _("Recovery contact")
    APP_OWNER = "app_owner", _("Owner of a connected app or page")


class AccountTie(models.Model):
    """One dated tie of a person to an account. Never the recovery address itself, never a secret."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="ties")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="account_ties")
    kind = models.CharField(max_length=12, choices=TieKind)
    note = models.CharField(max_length=120, blank=True, default="")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "custody_account_tie"
        ordering: ClassVar[list[str]] = ["kind", "since", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "person", "kind"], condition=Q(until=None), name="tied_once_in_each_way"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(until=None, kind="answers"), name="one_supervising_administrator"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="a_tie_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"


class HelperGroup(models.Model):
    """A group that helps with an account under an adult who answers: what it is called, how many. Nobody's name."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="helper_groups")
    label = models.CharField(max_length=60)
    size = models.PositiveSmallIntegerField(null=True, blank=True)
    platform_role = models.CharField(max_length=60, blank=True, default="")
    adult = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="helper_groups")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "custody_helper_group"
        ordering: ClassVar[list[str]] = ["label", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "label"], condition=Q(until=None), name="one_group_of_helpers_of_a_label"
            ),
            models.CheckConstraint(condition=Q(size=None) | Q(size__gte=1), name="a_group_has_somebody_in_it"),
            models.CheckConstraint(condition=~Q(label=""), name="a_group_of_helpers_is_called_something"),
        ]

    def __str__(self) -> str:
        return self.label


class HandOver(models.Model):
    """One content manager hands an account to another person; done when that person accepts."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="hand_overs")
    given_by = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="handed_over")
    taken_by = models.OneToOneField(Designation, on_delete=models.PROTECT, related_name="taken_over")
    state = models.CharField(max_length=12, choices=HandOverState, default=HandOverState.ASKED)
    version = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    reason = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "custody_hand_over"
        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["given_by"], condition=Q(state="asked"), name="one_open_hand_over_of_a_manager"
            ),
            models.CheckConstraint(condition=~Q(given_by=F("taken_by")), name="a_hand_over_goes_to_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.given_by.person} → {self.taken_by.person}"

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit


class Shortage(models.Model):
    """An account fell to one living content manager or to none; open until there are enough again."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="shortages")
    left = models.PositiveSmallIntegerField()
    raised_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "custody_shortage"
        ordering: ClassVar[list[str]] = ["-raised_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(resolved_at=None), name="one_open_shortage_per_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.left}"
