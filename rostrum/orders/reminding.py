"""Which orders are reminded of tonight: due tomorrow or today, and late ones, each once per period."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from rostrum.core import clock
from rostrum.orders import notices as N
from rostrum.orders.models import AccountOrder
from rostrum.orders.queries import Answerers, late, orders
from rostrum.orders.states import OrderState
from rostrum.policies.queries import setting
from rostrum.registry.known_queries import keepers
from rostrum.registry.states import Standing
from rostrum.schoolyear.queries import calendar
from rostrum.schoolyear.series import Series, newest_given, once

# Rostrum's own rhythm where the division sets none; the letter does not present it as the procedure's.
LATE_EVERY_DAYS = 7


def due_soon() -> int:
    """Remind those who must answer, once for each day that an order was given: on the last school day before it, or
    that day itself. Says how many orders were reminded of."""
    today, year = clock.today(), calendar()
    # Until the next school day: what is due on a Monday is reminded of on Friday.
    last = year.next_school_day(today + timedelta(days=1))
    found = list(
        orders().filter(state=OrderState.GIVEN, due_on__gte=today, due_on__lte=last)
        .exclude(account__state=Standing.RETIRED).exclude(given_at__gte=clock.midnight(today))
    )  # fmt: skip
    given = newest_given("order.due", AccountOrder, [one.pk for one in found])
    found = [one for one in found if given.get(one.pk) != one.due_on]
    answerers, count = _answerers(found), 0
    for order in found:
        with transaction.atomic():
            if once("order.due", order, order.due_on):
                N.tell(answerers.of(order.account), N.DUE, order, N.said(order, None))
                count += 1
    return count


def late_ones() -> int:
    """Tell managers, the school's lead and Communications of late orders, once per period. Says of how many."""
    chosen, year, today = setting("order_reminder_days"), calendar(), clock.today()
    every = chosen if isinstance(chosen, int) and chosen > 0 else LATE_EVERY_DAYS
    periods: dict[int, date] = {}
    found = list(late().exclude(account__state=Standing.RETIRED))
    given = newest_given("order.late", AccountOrder, [one.pk for one in found])
    for order in found:
        period = Series("order.late", order.due_on + timedelta(days=1), every).newest(today, year)
        if period is not None and given.get(order.pk, date.min) < period:
            periods[order.pk] = period
    found = [one for one in found if one.pk in periods]
    answerers, keep, count = _answerers(found), keepers() if found else [], 0
    for order in found:
        with transaction.atomic():
            if not once("order.late", order, periods[order.pk]):
                continue
            people = [*answerers.of(order.account), *answerers.lead(order.account).people, order.given_by, *keep]
            N.tell(people, N.LATE, order, N.said(order, None))
            count += 1
    return count


def _answerers(found: list[AccountOrder]) -> Answerers:
    return Answerers({one.account_id: one.account for one in found}.values())
