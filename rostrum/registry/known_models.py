"""Tables of accounts that are known and not official, and of schools that say they have no others."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rostrum.people.models import Person, Unit
from rostrum.registry.known_states import OPEN_KNOWN, KnownState, Origin, Outcome
from rostrum.registry.models import Account, AccountRequest


class KnownAccount(models.Model):
    """An account said to speak for a unit that the register does not hold: known, not official (AP 193 1.2, 3.2).

    It came from a list or someone found it. `manager_text` is the name as given; `manager` the person, where it is one
    of ours. The screenshot is a file in the data folder named by its hash.
    """

    platform = models.CharField(max_length=20)
    handle = models.CharField(max_length=120, blank=True, default="")
    handle_key = models.CharField(max_length=200)
    address = models.CharField(max_length=500)
    name = models.CharField(max_length=120, blank=True, default="")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="known_accounts")
    manager_text = models.CharField(max_length=200, blank=True, default="")
    manager = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mailbox = models.CharField(max_length=254, blank=True, default="")
    origin = models.CharField(max_length=10, choices=Origin)
    source = models.CharField(max_length=200, blank=True, default="")
    note = models.CharField(max_length=2000, blank=True, default="")
    seen_on = models.DateField(null=True, blank=True)
    screenshot = models.CharField(max_length=64, blank=True, default="")
    screenshot_type = models.CharField(max_length=4, blank=True, default="")
    found_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=KnownState, default=KnownState.KNOWN)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    moved_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    last_comment = models.CharField(max_length=2000, blank=True, default="")
    request = models.ForeignKey(
        AccountRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="known_accounts"
    )
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="known_as")
    search_text = models.CharField(max_length=600, default="")

    class Meta:
        db_table = "registry_known_account"
        ordering: ClassVar[list[str]] = ["name", "handle", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "unit"], name="known_state"),
            models.Index(fields=["platform", "handle_key"], name="known_handle"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["platform", "handle_key"],
                condition=Q(state__in=sorted(OPEN_KNOWN)),
                name="known_once_per_handle_while_open",
            ),
            models.CheckConstraint(condition=~Q(handle_key=""), name="a_known_account_has_a_handle"),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(request__isnull=False), name="claimed_means_requested"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="official") | Q(account__isnull=False), name="settled_as_official_names_it"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.handle or self.address


class NoOthers(models.Model):
    """A school's dated word that it has no accounts beside those that are known here (AP 193 3.2)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="no_others")
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        db_table = "registry_no_others"
        ordering: ClassVar[list[str]] = ["-said_at", "-pk"]
        verbose_name = _("word that there are no others")

    def __str__(self) -> str:
        return f"{self.unit}: {self.said_at:%Y-%m-%d}"
