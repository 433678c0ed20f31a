"""What the page "Reviews" shows of orders of Communications, and crisis holds."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.core import clock
from rostrum.orders.hold_queries import standing, visible_to
from rostrum.orders.hold_states import HoldState
from rostrum.orders.holds import may_place
from rostrum.orders.queries import visible_to as visible_to_orders
from rostrum.orders.states import OPEN_ORDERS, OrderState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.rolewords import worded
from rostrum.web.shapes import HubCard


def cards(person: Person) -> list[HubCard]:
    """The doors that this person may open, each with what there is to do behind it."""
    return [*_holds(person), *_orders(person)]


def _holds(person: Person) -> list[HubCard]:
    """The door to crisis holds: for those who place them, and for those whom one concerns."""
    places = may_place(person)
    stand = (standing() if places else visible_to(person).filter(state=HoldState.STANDING)).count()
    if not places and not stand:
        return []
    state = ngettext("One hold stands", "%(count)d holds stand", stand) % {"count": stand} if stand else _("None stands")
    return [
        HubCard(
            title=_("Crisis holds"), line=_("Stop all posting, or take it over, on some or all accounts for a time."),
            url=reverse("web:holds"), icon="hand-stop", state=state, tone="stop" if stand else "over", order=10,
        )
    ]  # fmt: skip


def _orders(person: Person) -> list[HubCard]:
    """The door to orders: for those who give them, and for those whose accounts have some."""
    found = visible_to_orders(person)
    late = found.filter(state=OrderState.GIVEN, due_on__lt=clock.today()).count()
    waiting = found.filter(state__in=OPEN_ORDERS).count()
    if not waiting and not may(person, "order:give") and not found.exists():
        return []
    if late:
        state, tone = ngettext("One is late", "%(count)d are late", late) % {"count": late}, "stop"
    elif waiting:
        state, tone = ngettext("One is open", "%(count)d are open", waiting) % {"count": waiting}, "act"
    else:
        state, tone = _("None is open"), "over"
    return [
        HubCard(
            title=worded(_("Orders of {keeper}")),
            line=worded(_("Changes of accounts that {keeper} ordered, each with its clause and its day.")),
            url=reverse("web:orders"), icon="checklist", state=state, tone=tone, order=60,
        )
    ]  # fmt: skip
