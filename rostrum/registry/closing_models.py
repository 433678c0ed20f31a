"""Tables of closing an account: the closing, what was answered of its checklist, what became of its handle."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rostrum.people.models import Person, Unit
from rostrum.registry.closing_states import (
    OPEN_CLOSINGS,
    ClosingItem,
    ClosingState,
    HandleState,
)
from rostrum.registry.models import Account


class Closing(models.Model):
    """An account on its way to be retired, with its checklist; or retired in a hurry, with the checklist owed."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="closings")
    reason = models.CharField(max_length=2000)
    state = models.CharField(max_length=12, choices=ClosingState, default=ClosingState.PREPARING)
    version = models.PositiveIntegerField(default=1)
    urgent = models.BooleanField(default=False)  # retired before the checklist was complete
    due_on = models.DateField(null=True, blank=True)  # when the owed checklist is to be complete
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="closings_started")
    started_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    retired_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    last_comment = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "registry_closing"
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "due_on"], name="closing_state")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=sorted(OPEN_CLOSINGS)), name="one_open_closing_per_account"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["owed", "done"]) | Q(retired_by__isnull=False, retired_at__isnull=False),
                name="a_closed_account_says_who_retired_it",
            ),
            models.CheckConstraint(condition=Q(due_on=None) | Q(urgent=True), name="only_an_owed_checklist_is_due"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_closing_says_why"),
        ]

    def __str__(self) -> str:
        return self.account.name

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN_CLOSINGS


class ClosingAnswer(models.Model):
    """What was answered for one item of the checklist, by whom and when. Never a secret: where one is kept, at most."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=10, choices=ClosingItem)
    answer = models.CharField(max_length=12)
    detail = models.CharField(max_length=1000, blank=True, default="")
    detail_fr = models.CharField(max_length=1000, blank=True, default="")
    day = models.DateField(null=True, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "registry_closing_answer"
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["closing", "item"], name="each_item_is_answered_once"),
            models.CheckConstraint(condition=Q(item__in=ClosingItem.values), name="an_answer_is_to_a_known_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.answer}"


class ParkedHandle(models.Model):
    """What became of the handle of a retired account. A parked one is still ours: nothing is posted, and on
    `renew_on` somebody is asked to look after it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="handles")
    state = models.CharField(max_length=12, choices=HandleState)
    version = models.PositiveIntegerField(default=1)
    since = models.DateTimeField()
    moved_at = models.DateTimeField()
    renew_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "registry_parked_handle"
        ordering: ClassVar[list[str]] = ["-since", "-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "renew_on"], name="handle_renewal")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account"], condition=Q(state="parked"), name="an_account_is_parked_once"),
            models.CheckConstraint(
                condition=~Q(state="parked") | Q(renew_on__isnull=False), name="a_parked_handle_is_looked_after_again"
            ),
        ]

    def __str__(self) -> str:
        return self.account.handle

    @property
    def unit(self) -> Unit:
        """The unit that the account spoke for."""
        return self.account.unit
