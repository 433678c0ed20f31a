"""What tests of custody share: another manager, the one account of a departure, who was told."""

from __future__ import annotations

from rostrum.custody import managing
from rostrum.custody.departure_models import Departure, DepartureItem
from rostrum.custody.departure_queries import items
from rostrum.notices.models import Notice
from rostrum.people.models import Person
from rostrum.registry.models import Account, Designation
from tests.cast import Cast


def item_of(it: Departure) -> DepartureItem:
    """The one account of a departure."""
    return items().get(departure=it)


def third_manager(cast: Cast, account: Account, person: Person | None = None) -> Designation:
    """A third person looks after the account: the superintendent, unless another is given."""
    who = person or cast.superintendent
    made = managing.name_manager(account, who, by=cast.teacher)
    return managing.answer(made, by=who, accept=True)


def told(kind: str) -> set[Person]:
    """Everyone who got a notice of a kind."""
    return {notice.person for notice in Notice.objects.filter(kind=kind)}
