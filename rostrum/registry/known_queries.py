"""What others may ask about known accounts: those I may see, those I decide on, how far each school is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from rostrum.core.text import fold
from rostrum.people.models import Person, Unit
from rostrum.people.queries import Roster, Turn, division, may, roles_of, seen_units
from rostrum.policies.queries import content, in_force
from rostrum.registry.approval import roles_of_step
from rostrum.registry.deciding import InTurn, fetched, in_turn
from rostrum.registry.known_models import KnownAccount, NoOthers
from rostrum.registry.known_states import KNOWN_MOVES, KnownState
from rostrum.registry.models import Account, AccountRequest
from rostrum.registry.states import LIVE, OPEN, RequestState
from rostrum.registry.turns import AT_THE_UNIT, UPWARD
from rostrum.workflow.moves import Move

HOMES = frozenset({"school", "department"})


class Deciders:
    """Who says whether an account is a unit's, for any number of units: the role of the edition's first step."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._roster = Roster(units)
        self._roles = roles_of_step(content(in_force()).approval.steps[0])

    def of(self, unit: Unit) -> Turn:
        """The nearest administrator or supervisor at or above the unit, with stand-ins and vacancies as always."""
        start = unit if self._roles & AT_THE_UNIT else self._roster.root(unit)
        return self._roster.turn(start, (self._roles, UPWARD))


def relations(person: Person, known: KnownAccount) -> frozenset[str]:
    """How a person stands to a known account: its endorser when they decide whose it is."""
    turn = Deciders([known.unit]).of(known.unit)
    return frozenset({"endorser"}) if any(p.pk == person.pk for p in turn.people) else frozenset()


def known_accounts() -> QuerySet[KnownAccount]:
    """All known accounts with the rows that every page about them needs."""
    return KnownAccount.objects.select_related(
        "unit", "manager", "found_by", "decided_by", "request", "request__requester", "account"
    )


def visible_to(person: Person) -> QuerySet[KnownAccount]:
    """Known accounts that a person may read: by role at the unit, or because they found it or look after it."""
    if not person.is_active:
        return known_accounts().none()
    units = seen_units(person, "known:view")
    if units is None:
        return known_accounts()
    mine = Q(found_by=person) | Q(manager=person) | Q(request__requester=person)
    return known_accounts().filter(Q(unit__in=units) | mine)


def search_text(known: KnownAccount) -> str:
    """The folded words under which a known account is found."""
    parts = (known.name, known.handle, known.address, known.unit.name, known.manager_text)
    return fold(" ".join(part for part in parts if part))[:600]


def found_by_words(found: QuerySet[KnownAccount], typed: str) -> QuerySet[KnownAccount]:
    """Only those that hold every typed word; accents and case do not matter."""
    for word in fold(typed[:200]).split()[:8]:
        found = found.filter(search_text__contains=word)
    return found


def home_of(unit: Unit, units: dict[int, Unit]) -> Unit:
    """The nearest school or department at or above a unit, else the division; `units` holds all above it."""
    above = [units[pk] for pk in unit.ancestor_ids]
    return next((one for one in above if one.kind in HOMES), above[-1])


def homes() -> tuple[dict[int, Unit], list[Unit]]:
    """Every unit by number, and those that answer for themselves: schools, departments, the division."""
    units = {unit.pk: unit for unit in Unit.objects.all()}
    own = [u for u in units.values() if (u.kind in HOMES or u.parent_id is None) and u.closed_on is None]
    return units, sorted(own, key=lambda u: (u.parent_id is None, u.kind != "school", fold(u.name)))


def undecided_of(home: Unit) -> list[KnownAccount]:
    """The known accounts that a school has not decided on, those of its classes and clubs with them."""
    units = {unit.pk: unit for unit in Unit.objects.filter(path__startswith=home.path)}
    within = known_accounts().filter(unit__path__startswith=home.path, state=KnownState.KNOWN)
    if home.parent_id is not None:
        return list(within)
    units = {unit.pk: unit for unit in Unit.objects.all()}
    return [one for one in within if home_of(one.unit, units).pk == home.pk]


@dataclass(frozen=True)
class Asked:
    """A school whose accounts wait for a person's word: which school, how many, since when."""

    home: Unit
    count: int
    since: datetime


def asked_of(person: Person) -> list[Asked]:
    """Schools for which this person is to say whose the known accounts are; a constant number of queries."""
    if not roles_of(person) or not KnownAccount.objects.filter(state=KnownState.KNOWN).exists():
        return []
    units = {unit.pk: unit for unit in Unit.objects.all()}
    rows = list(KnownAccount.objects.filter(state=KnownState.KNOWN).values_list("unit_id", "moved_at"))
    deciders = Deciders(units[pk] for pk in {pk for pk, _at in rows})
    mine = {pk for pk in {pk for pk, _at in rows} if any(p.pk == person.pk for p in deciders.of(units[pk]).people)}
    found: dict[int, list[datetime]] = defaultdict(list)
    for pk, at in rows:
        if pk in mine:
            found[home_of(units[pk], units).pk].append(at)
    return sorted((Asked(units[pk], len(ats), min(ats)) for pk, ats in found.items()), key=lambda a: a.since)


def decides_for(person: Person, unit: Unit) -> bool:
    """Whether this person says today whose the accounts of a unit are."""
    return any(p.pk == person.pk for p in Deciders([unit]).of(unit).people)


def to_approve(person: Person) -> list[AccountRequest]:
    """Requests for accounts that exist already, endorsed, whose approval waits for this person."""
    return fetched(one.pk for one in claimed_in_turn(person))


def claimed_in_turn(person: Person) -> list[InTurn]:
    """Which those are, the one that waits longest first, without fetching them."""
    return [one for one in in_turn(person) if one.retroactive and one.state == RequestState.ENDORSED]


def endorsed_since(first: InTurn) -> datetime:
    """Since when one of them waits for its approval."""
    return AccountRequest.objects.values_list("moved_at", flat=True).get(pk=first.pk)


def allowed_moves(person: Person, known: KnownAccount) -> list[Move]:
    """The moves on a known account that this person could make now."""
    related = relations(person, known)
    return [
        m for m in KNOWN_MOVES
        if m.name != "settle" and known.state in m.sources and known.outcome != "official"
        and may(person, m.permission, known.unit, related)
    ]  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """How far a school is with the accounts said to be its own."""

    home: Unit
    known: int
    decided: int
    official: int
    no_others: NoOthers | None

    @property
    def left(self) -> int:
        """How many still wait for an answer."""
        return self.known - self.decided


def progress(person: Person) -> list[Progress]:
    """Every school that a person may see, with its counts and its word that there are no others; four queries."""
    units, own = homes()
    seen = seen_units(person, "known:view")
    allowed = None if seen is None else set(seen.values_list("pk", flat=True))
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = KnownAccount.objects.order_by().values_list("unit_id", "state", "outcome").annotate(n=Count("pk"))
    for unit_id, state, outcome, n in rows:
        entry = counts[home_of(units[unit_id], units).pk]
        entry[0] += n
        entry[1] += n if state != KnownState.KNOWN else 0
        entry[2] += n if outcome == "official" else 0
    said: dict[int, NoOthers] = {}
    for one in NoOthers.objects.select_related("said_by").order_by("said_at", "pk"):
        said[one.unit_id] = one
    return [
        Progress(home, counts[home.pk][0], counts[home.pk][1], counts[home.pk][2], said.get(home.pk))
        for home in own
        if (allowed is None or home.pk in allowed) and (home.parent_id is not None or counts[home.pk][0])
    ]


def keepers() -> list[Person]:
    """Communications of the division, who keep the register."""
    root = division()
    return list(Roster([root]).turn(root, [{"communications"}]).people) if root else []


@dataclass(frozen=True)
class Held:
    """What the register already holds of an address: an official account, an open request, or a known account."""

    account: Account | None = None
    request: AccountRequest | None = None
    known: KnownAccount | None = None

    def __bool__(self) -> bool:
        return bool(self.account or self.request or self.known)


def held(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Held]:
    """What is held of many addresses, by (platform, canonical id). Three queries for every 400 of them."""
    wanted, out = sorted(set(pairs)), {}
    for start in range(0, len(wanted), 400):
        part = wanted[start : start + 400]
        keys = [key for _platform, key in part]
        accounts = {
            (a.platform, a.canonical_id): a
            for a in Account.objects.filter(canonical_id__in=keys, state__in=LIVE).select_related("unit")
        }
        requests = {
            (r.platform, r.handle_key): r
            for r in AccountRequest.objects.filter(handle_key__in=keys, state__in=OPEN).select_related(
                "unit", "requester"
            )
        }
        known = {
            (k.platform, k.handle_key): k
            for k in KnownAccount.objects.filter(handle_key__in=keys).select_related("unit").order_by("pk")
        }
        for pair in part:
            found = Held(accounts.get(pair), requests.get(pair), known.get(pair))
            if found:
                out[pair] = found
    return out
