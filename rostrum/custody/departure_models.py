"""Tables of departures: somebody leaves, and every account they touch waits until a living manager has confirmed it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rostrum.custody.departure_states import OPEN_DEPARTURES, DepartureState, ItemState
from rostrum.people.models import Person, Unit
from rostrum.people.queries import division
from rostrum.registry.models import Account


class DepartureSource(models.TextChoices):
    """How a departure became known."""

    HAND = "hand", _("Noted by hand")
    LIST = "list", _("From a list of people")
    PROVIDER = "provider", _("From the division’s own sign-in")
    FOUND = "found", _("Found by Rostrum")


class Departure(models.Model):
    """Somebody leaves, on their last day. `since` is the moment from which a reset keeps them out."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="departures")
    last_day = models.DateField()
    source = models.CharField(max_length=10, choices=DepartureSource, default=DepartureSource.HAND)
    reason = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=DepartureState)
    version = models.PositiveIntegerField(default=1)
    noted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "custody_departure"
        ordering: ClassVar[list[str]] = ["-last_day", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "last_day"], name="departure_state"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=sorted(OPEN_DEPARTURES)), name="one_open_departure_per_person"
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(since__isnull=False), name="who_has_left_left_at_some_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.person.name

    @property
    def unit(self) -> Unit:
        """Where the person works; the division where nothing nearer is known."""
        home = self.person.home_unit or division()
        if home is None:
            raise ValueError("A departure exists only in a division.")
        return home


class DepartureItem(models.Model):
    """One account that somebody who leaves touches, and what a living manager has confirmed of it.

    `parts` says how they touched it (touches.TOUCHES). The reset itself is kept by `keys`; here stands who confirmed
    that it was done.
    """

    departure = models.ForeignKey(Departure, on_delete=models.PROTECT, related_name="items")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="departure_items")
    parts = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.OPEN)
    version = models.PositiveIntegerField(default=1)
    handed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    reset_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reset_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "custody_departure_item"
        ordering: ClassVar[list[str]] = ["account__name", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account"], condition=Q(state="open"), name="departure_item_open"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["departure", "account"], name="an_account_stands_once_in_a_departure"),
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(handed_by__isnull=False, removed_by__isnull=False, reset_by__isnull=False),
                name="nothing_is_green_before_three_confirmations",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.departure} · {self.account}"

    @property
    def unit(self) -> Unit:
        """The unit that the account speaks for."""
        return self.account.unit
