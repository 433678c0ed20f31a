"""What of an account the public sees: which accounts are listed, how their state is read, which fields are told."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rostrum.registry.models import Account
from rostrum.registry.states import Standing

# What the public reads. A review is the division's own affair: until it ends the account stays official (AP 193 1.5).
OFFICIAL, SUSPENDED, RETIRED = "official", "suspended", "retired"
_READ_AS = {
    Standing.RECOGNISED.value: OFFICIAL, Standing.REVIEW.value: OFFICIAL, Standing.SUSPENDED.value: SUSPENDED,
    Standing.RETIRED.value: RETIRED,
}  # fmt: skip


def read_as(state: str) -> str:
    """official, suspended or retired: how the public reads a state."""
    return _READ_AS[state]


def public_standing(account: Account) -> str:
    """How the public reads an account's state today."""
    return read_as(account.state)


def place(name: str, kind: str, above: str = "", above_kind: str = "") -> str:
    """The words for a unit: "Grade 4, Rendell Park School"; a school, a department or the division stands alone."""
    if not above or above_kind == "division" or kind in {"school", "division"}:
        return name
    return _("%(unit)s, %(school)s") % {"unit": name, "school": above}


def speaks_for(account: Account) -> str:
    """The words for the unit that an account speaks for."""
    unit, above = account.unit, account.unit.parent
    return place(unit.name, unit.kind, above.name if above else "", above.kind if above else "")


def listed() -> QuerySet[Account]:
    """Every registered account, official or retired, with its unit, in no order. Requests are never listed."""
    return Account.objects.select_related("unit", "unit__parent").order_by()


def public_fields(account: Account, site: str = "") -> dict[str, Any]:
    """What the public may know of an account, for machines: never a person's data."""
    return {
        "id": account.public_id, "name": account.name, "unit": account.unit.name, "kind": account.entity_kind,
        "platform": account.platform, "handle": account.handle, "address": account.address,
        "standing": public_standing(account), "official_since": timezone.localdate(account.official_since).isoformat(),
        "page": f"{site}/accounts/{account.public_id}",
        "merged_into": account.merged_into.public_id if account.merged_into_id and account.merged_into else None,
    }  # fmt: skip
