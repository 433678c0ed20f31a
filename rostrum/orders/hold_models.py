"""Tables of crisis holds and of whom each was told to; the accounts themselves carry the register's mark."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rostrum.orders.hold_states import HoldKind, HoldScope, HoldState
from rostrum.people.models import Person, Unit


class CrisisHold(models.Model):
    """Posting stopped, or taken over by Communications, on some accounts for a time (AP 193 1.5).

    `unit` is the school of a hold on one school, else the division. `scope_key` names what it is about ("all",
    "unit:7", "platform:x"); it is empty for chosen accounts. `line_en` and `line_fr` are what the public reads on the
    accounts' pages meanwhile, mostly nothing. `ends_at` is when somebody is asked whether it ends.
    """

    kind = models.CharField(max_length=10, choices=HoldKind)
    scope = models.CharField(max_length=10, choices=HoldScope)
    scope_key = models.CharField(max_length=60, blank=True, default="")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    platform = models.CharField(max_length=20, blank=True, default="")
    reason = models.CharField(max_length=2000)
    line_en = models.CharField(max_length=300, blank=True, default="")
    line_fr = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=HoldState, default=HoldState.STANDING)
    version = models.PositiveIntegerField(default=1)
    since = models.DateTimeField()
    ends_at = models.DateTimeField()
    placed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    lifted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lift_reason = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "orders_crisis_hold"
        ordering: ClassVar[list[str]] = ["-since", "-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "ends_at"], name="crisis_hold_ends")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "scope_key"], condition=Q(state="standing") & ~Q(scope_key=""),
                name="one_standing_hold_of_a_kind_per_scope",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("since")), name="a_crisis_hold_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(state="standing", lifted_by=None, lifted_at=None)
                | Q(state="lifted", lifted_by__isnull=False, lifted_at__isnull=False),
                name="a_lifted_hold_says_who_and_when",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_crisis_hold_says_why"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk}"


class HoldTold(models.Model):
    """One person who was told of a hold. Whoever can post is `asked` to stop, and says so (`stopped_at`)."""

    hold = models.ForeignKey(CrisisHold, on_delete=models.PROTECT, related_name="told")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holds_told")
    asked = models.BooleanField()
    told_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "orders_hold_told"
        ordering: ClassVar[list[str]] = ["person__name", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person"], condition=Q(asked=True, stopped_at=None), name="hold_told_waiting"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hold", "person"], name="told_of_a_hold_once"),
            models.CheckConstraint(condition=Q(asked=True) | Q(stopped_at=None), name="only_who_was_asked_has_stopped"),
        ]

    def __str__(self) -> str:
        return f"{self.hold} → {self.person}"
