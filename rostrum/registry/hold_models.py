"""The table of marks that forbid retiring an account: set and lifted by whatever still needs it as it is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rostrum.people.models import Person
from rostrum.registry.models import Account


class AccountHold(models.Model):
    """A mark that an account must stay as it is while something about it is open. A row for each such thing.

    `kind` says what holds it (declared with `holding.declare`), `ref` which one of that kind. The mark points at
    nothing above the register: whoever set it lifts it.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    set_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "registry_account_hold"
        ordering: ClassVar[list[str]] = ["since", "pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["kind", "ref"], name="hold_by_ref")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "kind", "ref"], condition=Q(until=None), name="held_once_by_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.kind} {self.ref}"
