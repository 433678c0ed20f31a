"""How orders and crisis holds are told on pages: a state as a word with a colour, what one is about, what it asks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from rostrum.core.dates import when
from rostrum.orders.hold_models import CrisisHold
from rostrum.orders.hold_notices import about
from rostrum.orders.hold_states import HoldKind, HoldState
from rostrum.orders.models import AccountOrder
from rostrum.orders.queries import is_late
from rostrum.orders.states import OrderState
from rostrum.policies.rolewords import worded

TONES = {
    OrderState.GIVEN.value: "act", OrderState.DONE.value: "moving", OrderState.CANNOT.value: "moving",
    OrderState.CONFIRMED.value: "good", OrderState.ACCEPTED.value: "over", OrderState.WITHDRAWN.value: "over",
    OrderState.LAPSED.value: "over",
}  # fmt: skip


def order_badge(order: AccountOrder) -> dict[str, Any]:
    """The state of an order as a word with a colour; a late one says so."""
    if is_late(order):
        return {"tone": "stop", "word": _("Late"), "late": True}
    return {"tone": TONES.get(order.state, "over"), "word": order.get_state_display(), "late": False}


def hold_badge(hold: CrisisHold) -> dict[str, str]:
    """The state of a hold as a word with a colour."""
    stands = hold.state == HoldState.STANDING
    return {"tone": "stop" if stands else "over", "word": hold.get_state_display()}


def hold_title(hold: CrisisHold, count: int) -> str:
    """What a hold is called: "Nobody posts: all accounts of Rendell Park School"."""
    return _("%(rule)s: %(what)s") % {"rule": HoldKind(hold.kind).label, "what": about(hold, count)}


def hold_line(hold: CrisisHold) -> str:
    """The one sentence about a standing hold for an account's page."""
    planned = when(hold.ends_at)
    if hold.kind == HoldKind.FREEZE:
        return _("Crisis hold: nobody posts here until it is lifted. It is planned until %(when)s.") % {"when": planned}
    return worded(_("Crisis hold: only {keeper} posts here until it is lifted. It is planned until %(when)s.")) % {
        "when": planned
    }
