"""What stands on a person's desk of orders of Communications, and crisis holds."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.core import clock
from rostrum.orders.hold_queries import over_time, progress_many, waiting_for
from rostrum.orders.holds import may_place
from rostrum.orders.models import AccountOrder
from rostrum.orders.queries import waiting_for as orders_for
from rostrum.orders.states import OrderState
from rostrum.people.models import Person
from rostrum.web.orders.wording import hold_title
from rostrum.web.shapes import DeskCard

SHOWN = 25  # of one kind; the list of orders has them all


def cards(person: Person) -> list[DeskCard]:
    """What waits for this person to act, oldest first. In a number of queries that does not grow."""
    return [*_stop(person), *_over(person), *_orders(person)]


def _stop(person: Person) -> list[DeskCard]:
    """The holds in which the person is asked to stop posting: first of all."""
    rows = waiting_for(person)
    numbers = progress_many(row.hold for row in rows) if rows else {}
    return [
        DeskCard(
            title=hold_title(row.hold, numbers[row.hold_id].accounts),
            lines=[_("Post nothing there, cancel what is scheduled, and say that you have stopped."), row.hold.reason],
            since=row.told_at, url=reverse("web:hold", args=[row.hold_id]), button=_("I have stopped posting"),
            icon="hand-stop", urgent=True,
        )
        for row in rows
    ]  # fmt: skip


def _over(person: Person) -> list[DeskCard]:
    """The holds whose time is over, for whoever can lift them."""
    if not may_place(person):
        return []
    rows = over_time()
    numbers = progress_many(rows) if rows else {}
    return [
        DeskCard(
            title=hold_title(one, numbers[one.pk].accounts),
            lines=[_("The time of this crisis hold is over, and it still stands. Lift it, or give it another end.")],
            since=one.ends_at, url=reverse("web:hold", args=[one.pk]), button=_("Lift or extend"),
            icon="hand-stop", due=timezone.localdate(one.ends_at), late=timezone.localdate(one.ends_at) < clock.today(),
        )
        for one in rows
    ]  # fmt: skip


def _orders(person: Person) -> list[DeskCard]:
    """Orders that the person must answer, and answers that Communications must look at."""
    today = clock.today()
    states = {state.value: str(state.label) for state in OrderState}
    found = sorted(orders_for(person), key=_pressing)
    return [
        DeskCard(
            title=one.account.name, lines=[one.what if one.state == OrderState.GIVEN else _answer_words(states, one)],
            since=one.moved_at, url=reverse("web:order", args=[one.pk]), icon="checklist",
            button=_("Say that it is done") if one.state == OrderState.GIVEN else _("Look at the answer"),
            due=one.due_on if one.state == OrderState.GIVEN else None,
            late=one.state == OrderState.GIVEN and one.due_on < today,
        )
        for one in found[:SHOWN]
    ] + _more(found[SHOWN:])  # fmt: skip


def _more(rest: list[AccountOrder]) -> list[DeskCard]:
    """One line that leads to the orders for which there is no room."""
    if not rest:
        return []
    title = ngettext("%(count)d more order", "%(count)d more orders", len(rest)) % {"count": len(rest)}
    return [
        DeskCard(
            title=title, lines=[_("They are in the list of orders.")], since=min(one.moved_at for one in rest),
            url=reverse("web:orders"), button=_("See them"), icon="checklist",
        )
    ]  # fmt: skip


def _pressing(one: AccountOrder) -> tuple[bool, date, datetime]:
    """What Today shows first: what has a day to be answered by, then the answers, the longest waiting first."""
    return one.state != OrderState.GIVEN, one.due_on if one.state == OrderState.GIVEN else date.max, one.moved_at


def _answer_words(states: dict[str, str], one: AccountOrder) -> str:
    return _("%(state)s: %(answer)s") % {"state": states[one.state], "answer": one.answer}
