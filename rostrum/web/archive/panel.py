"""What the account's record page shows of captured posts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.archive.queries import may_capture
from rostrum.people.models import Person
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.web.shapes import Act, Panel

SHOWN = 5


def panels(person: Person, account: Account) -> list[Panel]:
    """The newest kept posts, for whoever reads the record. Without any, only those who can keep some are told how."""
    found = list(account.posts.order_by("-newest_at")[: SHOWN + 1])
    may = may_capture(person, account)
    if not found and not may:
        return []
    context = {
        "posts": found[:SHOWN], "more": len(found) > SHOWN, "account": account,
        "new_url": reverse("web:post_new", args=[account.public_id]) if may and account.state in LIVE else "",
    }  # fmt: skip
    return [Panel("web/archive/_panel.html", context, order=80)]


def acts(person: Person, account: Account) -> list[Act]:
    """Keeping a post, for those who may."""
    if account.state not in LIVE or not may_capture(person, account):
        return []
    return [Act(_("Keep a post"), reverse("web:post_new", args=[account.public_id]), "camera")]


def subjects(account: Account) -> Iterable[QuerySet[Any]]:
    """Acts on posts stand on the posts' own pages."""
    return ()
