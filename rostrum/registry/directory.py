"""What the public may ask: the directory of official accounts, one account, how the public reads its standing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from rostrum.people.models import Unit
from rostrum.people.queries import subtree
from rostrum.registry.change_queries import as_called, called_on
from rostrum.registry.dated import as_on, end_of, not_then, states_then
from rostrum.registry.listing import listed, public_fields, public_standing, read_as
from rostrum.registry.models import Account, AccountStanding
from rostrum.registry.search import nearest, search
from rostrum.registry.states import Standing
from rostrum.registry.verifying import Answer, verify

__all__ = [
    "COUNTED", "PAGE_ROWS", "Answer", "Listing", "Stretch", "by_public_id", "directory", "listed", "near", "page", "places",
    "public_fields", "public_history", "public_standing", "reachable_unit", "verify",
]  # fmt: skip

PAGE_ROWS = 25
# Nobody reads beyond forty pages, and to skip a hundred thousand rows costs more than to draw a page of them.
MOST_PAGES = 40
COUNTED = PAGE_ROWS * MOST_PAGES
PUBLIC_ID = re.compile(r"[A-Z0-9]{4,12}")


def directory(
    *, text: str = "", unit: Unit | None = None, kind: str = "", platform: str = "", retired: bool = False,
    on: date | None = None,
) -> QuerySet[Account]:  # fmt: skip
    """The directory, filtered, by name. `retired` adds those that no longer speak for anyone.

    With `on`, as it was at the end of that day; each account then has the state of that day as `then`.
    """
    accounts = listed()
    if on is not None:
        accounts = as_on(accounts, on)
    if not retired:
        accounts = accounts.exclude(state=Standing.RETIRED) if on is None else not_then(accounts, Standing.RETIRED)
    if unit is not None and unit.parent_id is not None:
        accounts = accounts.filter(unit__in=list(subtree(unit).order_by().values_list("pk", flat=True)))
    if kind:
        accounts = accounts.filter(entity_kind=kind)
    if platform:
        accounts = accounts.filter(platform=platform)
    return search(accounts, text).order_by("name", "pk")


@dataclass(frozen=True)
class Listing:
    """One page of the directory. `count` stops at COUNTED; `more` says that there are more than that."""

    rows: list[dict[str, Any]]
    count: int
    more: bool
    number: int
    pages: int


def page(
    number: int = 1, *, text: str = "", unit: Unit | None = None, kind: str = "", platform: str = "",
    retired: bool = False, on: date | None = None,
) -> Listing:  # fmt: skip
    """One page of the directory as plain rows, and how many there are. Two queries, three with a unit.

    With `on` it is the directory as it was at the end of that day, with the state and the words of then (filters and
    order go by the words of today; one query more). A page number
    beyond the last shows the last. Rows hold public_id, name, handle, platform, state and the names of the unit
    (unit__name) and of what it stands under (unit__parent__name).
    """
    accounts = directory(text=text, unit=unit, kind=kind, platform=platform, retired=retired, on=on).select_related(
        None
    )
    # One thin query, sorted out of an index, both counts and says which rows to read; the joins are for those alone.
    then: dict[int, str] = {}
    if on is None:
        found = list(accounts.values_list("pk", flat=True)[: COUNTED + 1])
    else:
        then = states_then(accounts[: COUNTED + 1])
        found = list(then)
    more, count = len(found) > COUNTED, min(len(found), COUNTED)
    pages = max(1, -(-count // PAGE_ROWS))
    number = min(max(1, number), pages)
    if not count:
        return Listing([], 0, False, 1, 1)
    shown = found[(number - 1) * PAGE_ROWS : min(number * PAGE_ROWS, COUNTED)]
    rows = Account.objects.filter(pk__in=shown).order_by("name", "pk").values(
        "pk", "public_id", "name", "handle", "platform", "state", "unit__name", "unit__kind", "unit__parent__name",
        "unit__parent__kind",
    )  # fmt: skip
    called = called_on(end_of(on), shown) if on is not None else {}
    found_rows = [
        {**row, "state": then.get(row["pk"], row["state"]), **(as_called(called[row["pk"]]) if row["pk"] in called else {})}
        for row in rows
    ]
    return Listing(found_rows, count, more, number, pages)


def near(text: str, **wanted: Any) -> str:
    """Words one slip from `text` that the directory, filtered likewise, does hold; nothing when there are none."""
    return nearest(text, lambda words: directory(text=words, **wanted).exists())


def by_public_id(public_id: str) -> Account | None:
    """A registered account by its public id, in any letter case and with spaces or dashes inside."""
    wanted = re.sub(r"[\s-]", "", public_id).upper() if len(public_id) <= 40 else ""
    if not PUBLIC_ID.fullmatch(wanted):
        return None
    return next(iter(listed().filter(public_id=wanted)), None)


@dataclass(frozen=True)
class Stretch:
    """A dated stretch of an account's life as the public reads it: official, suspended or retired."""

    standing: str
    since: datetime
    until: datetime | None


def public_history(account: Account) -> list[Stretch]:
    """An account's standings as the public reads them, oldest first. Reasons and persons stay inside."""
    stretches: list[Stretch] = []
    if account.standing_since == account.official_since:  # nothing ever changed, so nothing need be read
        return [Stretch(public_standing(account), account.official_since, None)]
    for row in AccountStanding.objects.filter(account=account).order_by("since", "pk"):
        standing = read_as(row.state)
        if stretches and stretches[-1].standing == standing:
            stretches[-1] = Stretch(standing, stretches[-1].since, row.until)
        else:
            stretches.append(Stretch(standing, row.since, row.until))
    return stretches


def places() -> list[Unit]:
    """The division, its schools and departments, by name; each with `own`, how many accounts speak there.

    Counted is what is official or suspended, for the unit itself and all beneath it. A closed unit is there only
    while something still speaks for it.
    """
    live = Count("accounts", filter=~Q(accounts__state=Standing.RETIRED))
    units: list[Any] = list(Unit.objects.annotate(live=live).order_by("name", "pk"))
    beneath: dict[int, int] = {}
    for unit in units:
        for above in unit.ancestor_ids:
            beneath[above] = beneath.get(above, 0) + unit.live
    found: list[Unit] = []
    for unit in units:
        unit.own = beneath.get(unit.pk, 0)  # read by pages
        if unit.kind in {"division", "school", "department"} and (unit.closed_on is None or beneath.get(unit.pk)):
            found.append(unit)
    return found


def reachable_unit(unit: Unit | None) -> Unit | None:
    """Where to write or call about a unit's account: the nearest unit, from it upward, with a contact of its own."""
    while unit is not None:  # one step in most cases: the school is read together with the class
        if unit.email or unit.phone or unit.website:
            return unit
        unit = unit.parent
    return None
