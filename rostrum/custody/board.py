"""Who can get into what tonight, and how many hands each school's accounts have: read for many accounts at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from rostrum.custody.models import AccountTie, HelperGroup
from rostrum.custody.queries import leaving_on, managers_of, with_hands
from rostrum.keys.models import Reset
from rostrum.keys.queries import last_resets
from rostrum.people.models import Person, Unit
from rostrum.people.queries import subtree
from rostrum.registry.models import AccessHolder, Account, Designation
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.states import LIVE

# How many hands are told apart: nobody, one person, two or more.
NOBODY, ONE, MORE = 0, 1, 2


@dataclass
class Row:
    """One account with its people: who manages it, who can get in, who is tied to it, who helps, the last reset."""

    account: Account
    managers: list[Designation] = field(default_factory=list)
    holders: list[AccessHolder] = field(default_factory=list)
    ties: list[AccountTie] = field(default_factory=list)
    groups: list[HelperGroup] = field(default_factory=list)
    reset: Reset | None = None

    @property
    def inside(self) -> list[Person]:
        """The living people who can get in."""
        return [one.person for one in self.holders if one.person is not None and one.person.is_active]


@dataclass
class Board:
    """All of it for one place, with the last days that are known beforehand."""

    rows: list[Row]
    leaves: dict[int, Any]

    def people(self) -> list[tuple[str, Person | None, list[tuple[Row, list[str]]]]]:
        """The same by person: each with the accounts they manage ("manages") or can get into (a platform role)."""
        found: dict[tuple[int, str], tuple[str, Person | None, dict[int, tuple[Row, list[str]]]]] = {}

        def note(name: str, person: Person | None, row: Row, how: str) -> None:
            entry = found.setdefault((person.pk if person else 0, name), (name, person, {}))
            entry[2].setdefault(row.account.pk, (row, []))[1].append(how)

        for row in self.rows:
            for one in row.managers:
                note(one.person.name, one.person, row, "manages")
            for holder in row.holders:
                note(holder.name, holder.person, row, holder.platform_role)
        told = [(name, person, list(accounts.values())) for name, person, accounts in found.values()]
        return sorted(told, key=lambda one: (one[1] is None, one[0]))


def board(accounts: Iterable[Account]) -> Board:
    """Everything about who can get into these accounts. Seven queries, however many there are."""
    many = list(accounts)
    rows = {one.pk: Row(one) for one in many}
    by_registration = {one.registration_id: one.pk for one in many}
    for pk, found in managers_of(many).items():
        rows[pk].managers = found
    held = AccessHolder.objects.filter(registration__in=by_registration, until=None).select_related("person")
    for holder in held.order_by("name", "pk"):
        rows[by_registration[holder.registration_id]].holders.append(holder)
    for tie in AccountTie.objects.filter(account__in=rows, until=None).select_related("person"):
        rows[tie.account_id].ties.append(tie)
    for group in HelperGroup.objects.filter(account__in=rows, until=None).select_related("adult"):
        rows[group.account_id].groups.append(group)
    for pk, reset in last_resets(rows).items():
        rows[pk].reset = reset
    people = {one.person_id for row in rows.values() for one in row.managers}
    people |= {one.person_id for row in rows.values() for one in row.holders if one.person_id}
    return Board(list(rows.values()), leaving_on(people))


def live_at(person: Person, place: Unit) -> QuerySet[Account]:
    """The live accounts of a place and what lies beneath it that a person may read, by name."""
    found = accounts_visible_to(person).filter(state__in=LIVE, unit__in=subtree(place).values("pk"))
    return found.order_by("name", "pk")


def hands_per_unit(accounts: QuerySet[Account]) -> dict[int, dict[int, int]]:
    """How many accounts of each unit have nobody, one living manager, or more. One query."""
    bucket = Case(When(living=0, then=Value(NOBODY)), When(living=1, then=Value(ONE)), default=Value(MORE),
                  output_field=IntegerField())  # fmt: skip
    rows = with_hands(accounts.order_by()).annotate(hands=bucket).values("unit", "hands").annotate(n=Count("pk"))
    found: dict[int, dict[int, int]] = {}
    for unit, hands, n in rows.values_list("unit", "hands", "n"):
        found.setdefault(unit, {})[hands] = n
    return found


def with_few(accounts: QuerySet[Account], hands: str) -> QuerySet[Any]:
    """Those accounts (see `with_hands`) that nobody, one person, or more people can manage: "0", "1", "2"."""
    wanted = {"0": Q(living=0), "1": Q(living=1), "2": Q(living__gte=MORE)}.get(hands)
    return accounts.filter(wanted) if wanted is not None else accounts
