"""Timed work of orders and holds: reminders of due and late orders; holds that grow, and whose time is over."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import localdate

from rostrum.core import clock
from rostrum.core.errors import Overtaken, WrongState
from rostrum.jobs.registry import job
from rostrum.orders import giving, holds, reminding
from rostrum.orders import hold_notices as N
from rostrum.orders.hold_queries import marks, over_time, standing
from rostrum.orders.queries import on_retired
from rostrum.registry.known_queries import keepers
from rostrum.schoolyear.counting import counting
from rostrum.schoolyear.series import once


@job("orders.widen_holds", every=timedelta(minutes=2))
def widen_holds() -> None:
    """While a hold stands, new accounts and new managers within it are held and asked as well."""
    for hold in standing():
        holds.widen(hold)


@job("orders.holds_over", every=timedelta(minutes=5))
def holds_over() -> None:
    """When the planned time of a hold is over, whoever may lift it is asked, and again each day. Nothing ends by itself.

    Each day at the hour that was planned, not at the midnight after it.
    """
    for hold in over_time():
        passed = (clock.now() - hold.ends_at).days
        with transaction.atomic():
            if not once("hold.over", hold, localdate(hold.ends_at) + timedelta(days=passed)):
                continue
            people = {one.pk: one for one in (*keepers(), hold.placed_by)}
            N.send(N.OVER, hold, people.values(), N.said(hold, None, marks(hold).count(), ""))


@job("orders.remind", cron="20 7 * * *")
def remind() -> None:
    """Remind of orders that are due and tell of late ones, once per period; end those whose account is retired."""
    for order in on_retired():
        try:
            giving.lapse(order)
        except (Overtaken, WrongState):  # somebody acted since the list was read; the others still end
            continue
    if not counting().works(clock.today()):  # where the division goes by school days, on those alone
        return
    reminding.due_soon()
    reminding.late_ones()
