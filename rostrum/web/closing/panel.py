"""What the account's record page shows of closing an account: the checklist, parking, merging, splitting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.people.models import Person
from rostrum.registry.closing_models import Closing, ParkedHandle
from rostrum.registry.closing_queries import (
    answers_of,
    handle_of,
    last_closing,
    may_start,
    missing,
    open_closing,
    parked_words,
)
from rostrum.registry.closing_states import ClosingItem, ClosingState
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.web.closing.wording import answer_words, closing_badge, handle_badge
from rostrum.web.shapes import Act, Panel


def panels(person: Person, account: Account) -> list[Panel]:
    """The sections of the record page that this area adds for this reader."""
    under_way = open_closing(account)
    found: list[Panel] = []
    if under_way is not None:
        link = reverse("web:closing", args=[under_way.pk])
        if under_way.state == ClosingState.OWED:
            left = len(missing(under_way))
            words = _("It was retired before its checklist was complete: %(left)d items are open.") % {"left": left}
        else:
            words = _("This account is being closed.")
        found.append(Panel("", warning=words, link=link, link_words=_("See the checklist"), order=8))
    if account.state in LIVE:
        return found
    handle, over = handle_of(account), last_closing(account)
    given = answers_of(over) if over else {}
    context = {
        "handle": handle, "handle_badge": handle_badge(handle) if handle else None,
        "words": parked_words(handle) if handle else "", "closing": over,
        "badge": closing_badge(over) if over else None, "stays": account.merged_into,
        "rows": [
            {"label": label, "given": given.get(item), "words": answer_words(item, given[item].answer) if item in given else ""}
            for item, label in ClosingItem.choices
        ],
    }  # fmt: skip
    return [*found, Panel("web/closing/_panel.html", context, order=30)]


def acts(person: Person, account: Account) -> list[Act]:
    """What this reader may do here now, for the menu of the record page."""
    if account.state not in LIVE or not may_start(person, account):
        return []
    return [Act(_("Close the account"), reverse("web:closing_new", args=[account.public_id]), icon="archive", danger=True)]


def subjects(account: Account) -> Iterable[QuerySet[Any]]:
    """The rows whose acts belong into the account's history."""
    return [Closing.objects.filter(account=account), ParkedHandle.objects.filter(account=account)]
