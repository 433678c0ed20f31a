"""The table of orders of Communications: what of an account is to change, under which clause, by which day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rostrum.orders.states import OPEN_ORDERS, OrderKind, OrderState
from rostrum.people.models import Person, Unit
from rostrum.registry.models import Account


class AccountOrder(models.Model):
    """One change that Communications orders of an account (AP 193 1.5): its managers answer, Communications confirms.

    `clause` is the procedure's own number, `citation` the clause in its edition. A screenshot is a file in the data
    folder named by its hash (core.evidence).
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=12, choices=OrderKind)
    what = models.CharField(max_length=1000)
    clause = models.CharField(max_length=20)
    citation = models.CharField(max_length=80)
    reason = models.CharField(max_length=2000)
    due_on = models.DateField()
    state = models.CharField(max_length=12, choices=OrderState, default=OrderState.GIVEN)
    version = models.PositiveIntegerField(default=1)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=2000, blank=True, default="")
    screenshot = models.CharField(max_length=64, blank=True, default="")
    screenshot_type = models.CharField(max_length=4, blank=True, default="")
    closed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    last_comment = models.CharField(max_length=2000, blank=True, default="")

    class Meta:
        db_table = "orders_account_order"
        ordering: ClassVar[list[str]] = ["-given_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_on"], name="order_due"),
            models.Index(fields=["account", "state"], name="order_of_account"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "cannot", "confirmed", "accepted"]) | Q(answered_by__isnull=False),
                name="an_answered_order_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "accepted", "withdrawn"]) | Q(closed_by__isnull=False),
                name="a_closed_order_says_by_whom",
            ),
            models.CheckConstraint(condition=~Q(what="") & ~Q(citation="") & ~Q(reason=""), name="an_order_says_what_and_why"),
            models.CheckConstraint(
                condition=Q(screenshot="", screenshot_type="") | (~Q(screenshot="") & Q(screenshot_type__in=["png", "jpg"])),
                name="a_screenshot_of_an_order_has_a_type",
            ),
        ]

    def __str__(self) -> str:
        return self.what[:80]

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit

    @property
    def is_open(self) -> bool:
        """Whether somebody must still act."""
        return self.state in OPEN_ORDERS
