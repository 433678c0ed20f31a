"""What search engines read (schema.org as JSON-LD): which organisation a page speaks of, and its accounts elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rostrum.people.models import Unit
from rostrum.registry.listing import OFFICIAL, RETIRED, public_standing, speaks_for
from rostrum.registry.models import Account

CONTEXT = "https://schema.org"
TYPES = {
    "division": "GovernmentOrganization", "school": "School", "department": "GovernmentOrganization",
    "program": "EducationalOrganization", "classroom": "EducationalOrganization", "team": "SportsTeam",
}  # fmt: skip


def unit_url(unit: Unit) -> str:
    """The whole address of a unit's public page."""
    return settings.SITE_URL + reverse("directory:unit", args=[unit.code])


def account_url(account: Account) -> str:
    """The whole address of an account's public page, as printed."""
    return settings.SITE_URL + reverse("directory:account", args=[account.public_id])


def organisation(unit: Unit) -> dict[str, Any]:
    """A unit as schema.org names it, with what stands above it."""
    data: dict[str, Any] = {"@type": TYPES.get(unit.kind, "Organization"), "@id": unit_url(unit), "name": unit.name}
    if unit.parent is not None:
        above = unit.parent
        data["parentOrganization"] = {
            "@type": TYPES.get(above.kind, "Organization"), "@id": unit_url(above), "name": above.name,
        }  # fmt: skip
    return data


def of_account(account: Account) -> dict[str, Any]:
    """The organisation an account speaks for. Only a page that may be relied on claims the profile as its own."""
    data = {"@context": CONTEXT, **organisation(account.unit), "name": speaks_for(account), "url": account_url(account)}
    standing = public_standing(account)
    if standing == OFFICIAL:
        data["sameAs"] = [account.address]
    elif standing == RETIRED:
        data["disambiguatingDescription"] = _("Retired: this account no longer speaks for the division.")
    return data


def of_unit(unit: Unit, accounts: Iterable[Account]) -> dict[str, Any]:
    """A unit with how to reach its office; its own official accounts are `sameAs`, those beneath it have names."""
    data = {"@context": CONTEXT, **organisation(unit), "url": unit.website or unit_url(unit)}
    contact = {"telephone": unit.phone, "email": unit.email}
    data |= {name: value for name, value in contact.items() if value}
    if unit.town or unit.street:
        place = {"streetAddress": unit.street, "addressLocality": unit.town}
        filled = {name: value for name, value in place.items() if value}
        data["address"] = {"@type": "PostalAddress", **filled, "addressCountry": "CA"}
    official = [account for account in accounts if public_standing(account) == OFFICIAL]
    own = [account.address for account in official if account.unit_id == unit.pk]
    beneath: dict[int, dict[str, Any]] = {}
    for account in official:
        if account.unit_id != unit.pk:
            below = account.unit
            part = beneath.setdefault(below.pk, {
                "@type": TYPES.get(below.kind, "Organization"), "@id": unit_url(below), "name": below.name, "sameAs": [],
            })  # fmt: skip
            part["sameAs"].append(account.address)
    if own:
        data["sameAs"] = own
    if beneath:
        data["subOrganization"] = list(beneath.values())
    return data


def of_list(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The accounts of one page of the directory, in their order; each has a page of its own that says more."""
    base = settings.SITE_URL + reverse("directory:account", args=["0"])[:-1]
    items = [
        {"@type": "ListItem", "position": place, "name": row["name"], "url": base + row["public_id"]}
        for place, row in enumerate(rows, 1)
    ]
    return {"@context": CONTEXT, "@type": "ItemList", "itemListElement": items}


def block(data: dict[str, Any]) -> SafeString:
    """The data as it may stand inside a script element: nothing in it can end the element or open a comment."""
    escapes = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
    return mark_safe(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(escapes))
