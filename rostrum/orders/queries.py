"""What others may ask about orders: those I may read, those that wait for me, who must answer, which are late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.orders.models import AccountOrder
from rostrum.orders.states import LAPSE, OPEN_ORDERS, ORDER_MOVES, OrderState
from rostrum.people.models import Person
from rostrum.people.queries import Roster, Turn, may
from rostrum.policies.queries import current
from rostrum.policies.rolewords import worded
from rostrum.policies.schema import ClauseText
from rostrum.registry.models import Account, Designation
from rostrum.registry.obstacles import declare
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.states import Standing
from rostrum.workflow.moves import Move

LEADS = ({"administrator", "supervisor"}, {"director"})


def orders() -> QuerySet[AccountOrder]:
    """All orders with the rows that every page about them needs."""
    return AccountOrder.objects.select_related("account__unit__parent", "given_by", "answered_by", "closed_by")


def visible_to(person: Person) -> QuerySet[AccountOrder]:
    """The orders on accounts whose record a person may read."""
    return orders().filter(account__in=accounts_visible_to(person).order_by().values("pk"))


class Answerers:
    """Who must answer orders, for any number of accounts: the managers who have accepted and are here; where there is
    none, the principal or supervisor of the unit, else upward. Four queries in all."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        found = list(accounts)
        self._managers: dict[int, list[Person]] = defaultdict(list)
        rows = Designation.objects.filter(
            registration__account__in=[one.pk for one in found], accepted_at__isnull=False, released_at=None,
            person__is_active=True,
        ).select_related("person")  # fmt: skip
        accounts_by = {one.registration_id: one.pk for one in found}
        for row in rows.order_by("kind", "pk"):
            self._managers[accounts_by[row.registration_id]].append(row.person)
        self._roster = Roster([one.unit for one in found])

    def lead(self, account: Account) -> Turn:
        """Who leads the unit of an account today."""
        return self._roster.turn(account.unit, LEADS)

    def of(self, account: Account) -> list[Person]:
        """Who must answer for an account."""
        return self._managers.get(account.pk) or list(self.lead(account).people)

    def alone(self, account: Account) -> bool:
        """Whether nobody who is here looks after an account, so that its school's lead answers."""
        return account.pk not in self._managers


def relations(person: Person, order: AccountOrder, answerers: Answerers | None = None) -> frozenset[str]:
    """How a person stands to an order: whether they must answer it."""
    people = (answerers or Answerers([order.account])).of(order.account)
    return frozenset({"answerer"}) if any(one.pk == person.pk for one in people) else frozenset()


def allowed(person: Person, order: AccountOrder) -> list[Move]:
    """The moves on an order that a person could make now."""
    if not order.is_open:
        return []
    mine = relations(person, order)
    return [
        m for m in ORDER_MOVES
        if m is not LAPSE and order.state in m.sources and may(person, m.permission, order.unit, mine)
    ]  # fmt: skip


def waiting_for(person: Person) -> list[AccountOrder]:
    """The orders that wait for a person: to answer, or for Communications to look at an answer. Oldest due first.

    Of the rows around an order they bring the account and its unit: they are many, and what names people is not shown.
    """
    checks = may(person, "order:confirm")
    states = [OrderState.GIVEN, OrderState.DONE, OrderState.CANNOT] if checks else [OrderState.GIVEN]
    rows = AccountOrder.objects.select_related("account__unit")
    found = list(rows.filter(state__in=states).exclude(account__state=Standing.RETIRED).order_by("due_on", "pk"))
    given = [one for one in found if one.state == OrderState.GIVEN]
    answerers = Answerers({one.account_id: one.account for one in given}.values()) if given else None
    return [
        one for one in found
        if one.state != OrderState.GIVEN or (answerers and relations(person, one, answerers))
    ]  # fmt: skip


def open_on(account: Account) -> list[AccountOrder]:
    """The open orders on an account, the first due first."""
    return list(orders().filter(account=account, state__in=OPEN_ORDERS).order_by("due_on", "pk"))


def late() -> QuerySet[AccountOrder]:
    """The orders that wait for the managers and whose day has passed, the oldest first."""
    return orders().filter(state=OrderState.GIVEN, due_on__lt=clock.today()).order_by("due_on", "pk")


def is_late(order: AccountOrder) -> bool:
    """Whether the day of an order has passed while it waits for the managers."""
    return order.state == OrderState.GIVEN and order.due_on < clock.today()


def on_retired() -> QuerySet[AccountOrder]:
    """Open orders on accounts that are retired: nothing is left to change there."""
    return orders().filter(state__in=OPEN_ORDERS, account__state=Standing.RETIRED).order_by("pk")


def may_give(person: Person, account: Account) -> bool:
    """Whether a person may order a change of an account."""
    return may(person, "order:give", account.unit)


def clauses() -> list[ClauseText]:
    """The clauses that an order may name: those of the procedure in force that bind official accounts."""
    return [one for one in current().clauses if one.kind != "guidance" and one.scope != "personal_use"]


def found_by_words(found: QuerySet[AccountOrder], typed: str) -> QuerySet[AccountOrder]:
    """Those of the orders in which every typed word occurs: in what is ordered, or in the account's name or handle."""
    for word in typed.split()[:8]:
        found = found.filter(
            Q(what__icontains=word) | Q(account__name__icontains=word) | Q(account__handle__icontains=word)
        )
    return found


def _in_the_way(account: Account) -> list[str]:
    """Why an account is not merged while an order about it is open: each is named by its day."""
    return [
        worded(_("{keeper} has ordered a change of it by %(day)s (%(what)s).")) % {"day": day(one.due_on), "what": one.what}
        for one in open_on(account)
    ]


declare("orders", _in_the_way)
