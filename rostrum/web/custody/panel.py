"""What the account's record page shows of who holds an account and can get in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.custody import queries as Q
from rostrum.custody.departure_models import DepartureItem
from rostrum.custody.departure_queries import open_items
from rostrum.custody.departure_states import DepartureState
from rostrum.custody.models import AccountTie, HandOver, HelperGroup, Shortage
from rostrum.people.models import Person
from rostrum.registry.models import AccessHolder, Account
from rostrum.registry.states import LIVE
from rostrum.web.custody.wording import hands_badge, people_url
from rostrum.web.shapes import Act, Panel


def panels(person: Person, account: Account) -> list[Panel]:
    """How many hands the account has, who answers and who helps; a warning where somebody must act."""
    hands, url = Q.hands_of([account])[account.pk], people_url(account)
    found = [
        Panel(
            "web/custody/_panel.html",
            {"manage": hands_badge(hands.managers), "get_in": hands_badge(hands.get_in), "url": url,
             "ties": Q.ties(account), "groups": Q.helper_groups(account)},
            order=10,
        )
    ]  # fmt: skip
    if account.state not in LIVE:
        return found
    if hands.managers == 0:
        words = _("Nobody who still works here manages this account.")
        found.append(Panel("", order=1, warning=words, link=url, link_words=_("Name a content manager")))
    for item in open_items([account])[account.pk]:
        left = item.departure.state == DepartureState.OPEN
        said = _("%(name)s has left. Hand-over, access and reset are not all confirmed yet.") if left else _(
            "%(name)s leaves later. Their part here waits to be handed over.")  # fmt: skip
        found.append(
            Panel("", order=2, warning=said % {"name": item.departure.person.name},
                  link=reverse("web:departure", args=[item.departure_id]), link_words=_("See the checklist"))
        )  # fmt: skip
    return found


def acts(person: Person, account: Account) -> list[Act]:
    """The way to the page where managers, access and helpers are kept."""
    return [Act(_("Managers and access"), people_url(account), icon="users")]


def subjects(account: Account) -> Iterable[QuerySet[Any]]:
    """The rows whose acts belong into the account's history."""
    return [
        AccessHolder.objects.filter(registration=account.registration_id),
        AccountTie.objects.filter(account=account), HelperGroup.objects.filter(account=account),
        HandOver.objects.filter(account=account), Shortage.objects.filter(account=account),
        DepartureItem.objects.filter(account=account),
    ]  # fmt: skip
