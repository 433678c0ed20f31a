"""What the account's record page shows of merges and splits: on their way, done, and the way to propose one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.people.models import Person
from rostrum.registry.change_models import AccountChange
from rostrum.registry.change_queries import may_propose
from rostrum.registry.change_states import OPEN_CHANGES, ChangeState
from rostrum.registry.models import Account
from rostrum.registry.queries import accounts_visible_to, visible_to
from rostrum.registry.splitting import split_from, splits
from rostrum.registry.states import LIVE
from rostrum.web.shapes import Act, Panel


def panels(person: Person, account: Account) -> list[Panel]:
    """The sections of the record page that this area adds for this reader."""
    taking_in = list(
        AccountChange.objects.filter(into=account, state__in=[*OPEN_CHANGES, ChangeState.APPROVED])
        .select_related("account").order_by("-moved_at", "-pk")
    )  # fmt: skip
    found = [
        Panel("", warning=_("It is proposed to merge %(name)s into this account.") % {"name": one.account.name},
              link=reverse("web:account_change", args=[one.pk]), link_words=_("See both records"), order=9)
        for one in taking_in if one.state in OPEN_CHANGES
    ]  # fmt: skip
    merged = [one for one in taking_in if one.state == ChangeState.APPROVED]
    parts, origin = list(splits(account)), split_from(account.registration.request)
    if not (merged or parts or origin):
        return found
    asked = [one.request_id for one in parts]
    readable = set(visible_to(person).filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()
    mine = accounts_visible_to(person).filter(pk=origin.account_id).exists() if origin else False
    context = {
        "merged": merged, "origin": origin, "origin_read": mine,
        "parts": [
            {"one": one, "became": _became(one.request), "reads": one.request_id in readable} for one in parts
        ],
    }  # fmt: skip
    return [*found, Panel("web/changes/_panel.html", context, order=28)]


def _became(request: Model) -> Account | None:
    registration = getattr(request, "registration", None)
    return getattr(registration, "account", None)


def acts(person: Person, account: Account) -> list[Act]:
    """What this reader may do here now, for the menu of the record page."""
    if account.state not in LIVE or not may_propose(person, account):
        return []
    return [
        Act(_("Merge into another account"), reverse("web:merge_new", args=[account.public_id]), icon="arrow-merge"),
        Act(_("Split it into two"), reverse("web:account_split", args=[account.public_id]), icon="arrows-split"),
    ]


def subjects(account: Account) -> Iterable[QuerySet[Any]]:
    """The rows whose acts belong into the account's history: what was merged into it."""
    return [AccountChange.objects.filter(into=account, state=ChangeState.APPROVED)]
