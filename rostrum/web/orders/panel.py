"""What the account's record page shows of orders of Communications, and crisis holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.orders.hold_models import CrisisHold
from rostrum.orders.hold_queries import standing_on
from rostrum.orders.hold_states import MARK
from rostrum.orders.holds import may_place
from rostrum.orders.models import AccountOrder
from rostrum.orders.queries import is_late, may_give, orders
from rostrum.people.models import Person
from rostrum.policies.rolewords import worded
from rostrum.registry.hold_models import AccountHold
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.web.orders.wording import hold_line, order_badge
from rostrum.web.shapes import Act, Panel

SHOWN = 10  # orders that the record page names; the list has them all


def panels(person: Person, account: Account) -> list[Panel]:
    """The sections of the record page that this area adds for this reader."""
    found = [
        Panel("", warning=hold_line(one), link=reverse("web:hold", args=[one.pk]), link_words=_("See the hold"), order=0)
        for one in standing_on(account)
    ]
    given = list(orders().filter(account=account).order_by("-given_at", "-pk")[:SHOWN])
    if given:
        rows = [{"it": one, "badge": order_badge(one)} for one in given]
        found.append(Panel("web/orders/_panel.html", {"rows": rows}, order=60))
    found += [
        Panel("", warning=worded(_("An order of {keeper} is late: %(what)s")) % {"what": one.what}, order=5,
              link=reverse("web:order", args=[one.pk]), link_words=_("See the order"))
        for one in given if is_late(one)
    ]  # fmt: skip
    return found


def acts(person: Person, account: Account) -> list[Act]:
    """What this reader may do here now, for the menu of the record page."""
    found: list[Act] = []
    if account.state in LIVE and may_give(person, account):
        found.append(Act(_("Order a change"), reverse("web:order_new", args=[account.public_id]), icon="checklist"))
    if account.state in LIVE and may_place(person):
        url = f"{reverse('web:hold_new')}?account={account.public_id}"
        found.append(Act(_("Place a crisis hold"), url, icon="hand-stop", danger=True))
    return found


def subjects(account: Account) -> Iterable[QuerySet[Any]]:
    """The rows whose acts belong into the account's history."""
    marks = AccountHold.objects.filter(account=account, kind=MARK).values("ref")
    held = CrisisHold.objects.annotate(number=Cast("pk", CharField())).filter(number__in=marks)
    return [held, AccountOrder.objects.filter(account=account)]
