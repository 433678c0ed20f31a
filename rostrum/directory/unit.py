"""A school's own public page: its official accounts, those of its classes and clubs, its poster and its embed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from rostrum.directory.account import QR_FRESH_SECONDS, qr_svg
from rostrum.directory.answers import page, send
from rostrum.directory.linked import block, of_unit, unit_url
from rostrum.directory.words import Words, name_there, unit_of, words
from rostrum.people.models import Unit
from rostrum.people.queries import division
from rostrum.registry import directory as register
from rostrum.registry.listing import OFFICIAL, RETIRED, public_standing
from rostrum.registry.models import Account

MOST = 200  # beyond that the directory with its search and pages serves better


@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponseBase:
    """A unit's page by its code. The division's page shows its own accounts and leads to its schools."""
    found = unit_or_404(code)
    accounts = accounts_of(found)
    live = [account for account in accounts if public_standing(account) != RETIRED]
    known = words()
    own = [account for account in live if account.unit_id == found.pk]
    official = sum(public_standing(account) == OFFICIAL for account in live)
    context = {
        "unit": found, "kind": known.kinds.get(found.kind, found.get_kind_display()), "root": found.parent_id is None,
        "own": [card(account, known) for account in own],
        "below": [card(account, known) for account in live if account.unit_id != found.pk],
        "over": [card(account, known) for account in accounts if public_standing(account) == RETIRED],
        "schools": [one for one in register.places() if one.parent_id is not None] if found.parent_id is None else [],
        "count_words": ngettext("%(count)d official account", "%(count)d official accounts", official)
        % {"count": official},
        "official": official, "full": len(accounts) == MOST, "reach": register.reachable_unit(found),
        "about": block(of_unit(found, live)), "canonical": unit_url(found),
        "here": unit_url(found).partition("://")[2], "contact_email": known.contact_email,
    }  # fmt: skip
    return page(request, "directory/unit.html", context)


@require_safe
def qr(request: HttpRequest, code: str) -> HttpResponseBase:
    """The QR code of a unit's page."""
    return send(request, qr_svg(unit_url(unit_or_404(code))), kind="image/svg+xml", seconds=QR_FRESH_SECONDS)


def unit_or_404(code: str) -> Unit:
    """The unit of a code, with what stands above it."""
    found = unit_of(code)
    if found is None:
        raise Http404
    return found


def accounts_of(unit: Unit) -> list[Account]:
    """What speaks for a unit and everything beneath it, retired too, by name; for the division only its own."""
    accounts = register.directory(unit=unit, retired=True)
    if unit.parent_id is None:
        accounts = accounts.filter(unit=unit)
    return list(accounts[:MOST])


def official_of(unit: Unit) -> list[Account]:
    """What may be relied on today of a unit and beneath it: the unit's own accounts first, then the others by name."""
    found = [account for account in accounts_of(unit) if public_standing(account) == OFFICIAL]
    return sorted(found, key=lambda account: account.unit_id != unit.pk)


def card(account: Account, known: Words) -> dict[str, Any]:
    """An account as the lists of the public side show it."""
    platform = known.platforms.get(account.platform, account.platform)
    standing = public_standing(account)
    return {
        "url": reverse("directory:account", args=[account.public_id]), "name": account.name,
        "icon": known.icons.get(account.platform, ""), "badge": known.badges[standing], "platform": platform,
        "handle": name_there(account.platform, account.handle), "official": standing == OFFICIAL,
        "there": f"{platform} · {name_there(account.platform, account.handle)}", "address": account.address,
        "over": standing == RETIRED, "place": account.unit.name,
    }  # fmt: skip


def site_name() -> str:
    """The division's name as the public reads it."""
    root = division()
    return settings.DIVISION_NAME or (root.name if root else settings.SITE_NAME)
