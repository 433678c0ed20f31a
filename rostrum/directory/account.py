"""One account's public page: whom it speaks for, since when, how to reach the school, and its code for posters."""

from __future__ import annotations

from typing import Any

import qrcode
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rostrum.directory.answers import page, send
from rostrum.directory.linked import account_url, block, of_account
from rostrum.directory.words import name_there, words
from rostrum.orders.hold_queries import public_line
from rostrum.registry import directory as register
from rostrum.registry.change_models import AccountSplit, FormerDetails
from rostrum.registry.change_queries import former, told
from rostrum.registry.closing_queries import handle_words, notice_of
from rostrum.registry.hold_models import AccountHold
from rostrum.registry.listing import speaks_for
from rostrum.registry.models import Account
from rostrum.registry.verifying import final

QR_FRESH_SECONDS = 86_400  # the code of an address never changes
MERGED = 20  # accounts that went into another, as many as its page names
QUIET_ZONE = 4  # modules of white around a QR code (ISO/IEC 18004)


@require_safe
def account(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The page of a registered account. Any spelling of its id leads to the one address. 404 for anything else."""
    found = _found(public_id)
    if found.public_id != public_id:
        return HttpResponsePermanentRedirect(reverse("directory:account", args=[found.public_id]))
    known = words()
    standing = register.public_standing(found)
    held, merged, renamed, split = _rare(found)
    context = {
        "account": found, "standing": standing, "speaks_for": speaks_for(found), "badge": known.badges[standing],
        "platform": known.platforms.get(found.platform, found.platform), "icon": known.icons.get(found.platform, ""),
        "kind": known.kinds.get(found.entity_kind, found.entity_kind),
        "there": name_there(found.platform, found.handle),
        "reach": register.reachable_unit(found.unit), "history": _history(found),
        "held": public_line(found) if held and standing != "retired" else "",
        "notice": notice_of(found) if standing == "retired" else "",
        "handle_words": handle_words(found) if standing == "retired" else "",
        "stays": final(found) if found.merged_into_id else None,
        "merged": _merged(found) if merged and standing != "retired" else [],
        "split_from": _split_from(found) if split else None,
        "called_before": list(told(former(found))) if renamed else [], "about": block(of_account(found)),
        "unit_page": reverse("directory:unit", args=[found.unit.code]),
        "address": _shown(found.address), "here": _shown(account_url(found)), "contact_email": known.contact_email,
        "home": reverse("directory:home"), "canonical": reverse("directory:account", args=[found.public_id]),
    }  # fmt: skip
    return page(request, "directory/account.html", context)


@require_safe
def qr(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The QR code of an account's page, as a picture that scales."""
    found = _found(public_id)
    if found.public_id != public_id:
        return HttpResponsePermanentRedirect(reverse("directory:qr", args=[found.public_id]))
    return send(request, qr_svg(account_url(found)), kind="image/svg+xml", seconds=QR_FRESH_SECONDS)


def qr_svg(text: str) -> str:
    """A QR code with a middle level of repair (15 %), one path, black on white, its quiet zone included."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    size = len(rows) + 2 * QUIET_ZONE
    steps = []
    for y, row in enumerate(rows, QUIET_ZONE):
        x = 0
        while x < len(row):
            run = x
            while run < len(row) and row[run]:
                run += 1
            if run > x:
                steps.append(f"M{x + QUIET_ZONE} {y}h{run - x}v1h-{run - x}z")
            x = max(run, x + 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size * 4}" height="{size * 4}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{"".join(steps)}"/></svg>'
    )


def _found(public_id: str) -> Account:
    found = register.by_public_id(public_id)
    if found is None:
        raise Http404
    return found


def _rare(account: Account) -> tuple[bool, bool, bool, bool]:
    """Whether the account is held, took others in, was called otherwise, was split from another.

    One question, and for most accounts four noes.
    """
    mine = OuterRef("pk")
    found = Account.objects.filter(pk=account.pk).values_list(
        Exists(AccountHold.objects.filter(account=mine, until=None)), Exists(Account.objects.filter(merged_into=mine)),
        Exists(FormerDetails.objects.filter(account=mine)),
        Exists(AccountSplit.objects.filter(request__registration__account=mine)),
    )  # fmt: skip
    held, merged, renamed, split = found.get()
    return held, merged, renamed, split


def _split_from(account: Account) -> Account | None:
    """The account of which this one was a part."""
    return Account.objects.filter(splits__request__registration__account=account).first()


def _merged(account: Account) -> list[Account]:
    """Accounts that went into this one, the latest first.

    Sorted here: the database finds the few of them by their link, and would else look along every standing's date.
    """
    return sorted(account.merged_from.order_by(), key=lambda one: one.standing_since, reverse=True)[:MERGED]


def _shown(address: str) -> str:
    """An address without what people do not read out."""
    return address.removeprefix("https://").removeprefix("www.").rstrip("/")


def _history(account: Account) -> list[dict[str, Any]]:
    said = {"official": _("Official"), "suspended": _("Official mark suspended"), "retired": _("Retired")}
    tones = {"official": "good", "suspended": "stop", "retired": "over"}
    return [
        {"words": said[s.standing], "tone": tones[s.standing], "since": s.since}
        for s in register.public_history(account)
    ]
