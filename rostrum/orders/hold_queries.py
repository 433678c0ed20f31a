"""What others may ask about crisis holds: which stand, on what, who is told, who has stopped, what waits for me."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import translation

from rostrum.core import clock
from rostrum.core.rows import where_any
from rostrum.orders.hold_models import CrisisHold, HoldTold
from rostrum.orders.hold_states import HOLD_MOVES, MARK, HoldScope, HoldState
from rostrum.people.models import Person, Unit
from rostrum.people.queries import Roster, division, may, subtree
from rostrum.registry.hold_models import AccountHold
from rostrum.registry.models import AccessHolder, Account, Designation
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.states import LIVE
from rostrum.workflow.moves import Move

LEADS = ({"administrator", "supervisor"}, {"director"})


def holds() -> QuerySet[CrisisHold]:
    """All holds with the rows that every page about them needs, newest first."""
    return CrisisHold.objects.select_related("unit", "placed_by", "lifted_by")


def within(scope: str, *, unit: Unit | None = None, platform: str = "", chosen: Collection[int] = ()) -> QuerySet[Account]:
    """The live accounts that a scope is about today, by name."""
    found = Account.objects.filter(state__in=LIVE).select_related("unit").order_by("name", "pk")
    if scope == HoldScope.UNIT:
        return found.filter(unit__in=subtree(unit)) if unit is not None else found.none()
    if scope == HoldScope.PLATFORM:
        return found.filter(platform=platform)
    return found.filter(pk__in=list(chosen)) if scope == HoldScope.CHOSEN else found


def marks(hold: CrisisHold) -> QuerySet[AccountHold]:
    """The register's marks of a hold, standing or lifted."""
    return AccountHold.objects.filter(kind=MARK, ref=str(hold.pk))


def accounts_of(hold: CrisisHold) -> QuerySet[Account]:
    """The accounts under a hold (or that were), by name."""
    return (
        Account.objects.filter(pk__in=marks(hold).values("account"))
        .select_related("unit", "registration")
        .order_by("name", "pk")
    )


def standing() -> QuerySet[CrisisHold]:
    """The holds that stand today, newest first."""
    return holds().filter(state=HoldState.STANDING)


def standing_on(account: Account) -> list[CrisisHold]:
    """The crisis holds that stand on an account, the oldest first. One query where there is none."""
    refs = AccountHold.objects.filter(account=account, kind=MARK, until=None).values_list("ref", flat=True)
    numbers = [int(ref) for ref in refs if ref.isdigit()]
    return list(holds().filter(pk__in=numbers).order_by("since", "pk")) if numbers else []


def also_held(accounts: Iterable[int], but: int | None = None) -> dict[int, list[int]]:
    """Which standing holds lie on accounts already: the numbers of their accounts, by the hold's."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = AccountHold.objects.filter(kind=MARK, until=None, account__in=list(accounts))
    for account, ref in rows.values_list("account_id", "ref"):
        if ref.isdigit() and int(ref) != but:
            found[int(ref)].append(account)
    return dict(found)


@dataclass
class Audience:
    """Who hears of a hold: those who can post (with their accounts), those who only need to know, and the accounts
    that nobody who is here looks after (their schools' leaders are asked in place of a manager)."""

    asked: dict[int, list[int]] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)
    alone: list[int] = field(default_factory=list)


def audience(accounts: Collection[Account]) -> Audience:
    """Everyone who must hear of a hold on these accounts, by primary key. Few queries, however many accounts."""
    ids = [one.pk for one in accounts]
    asked: dict[int, set[int]] = defaultdict(set)
    named = Designation.objects.filter(
        registration__account__in=ids, released_at=None, declined_at=None, person__is_active=True
    ).values_list("person_id", "registration__account")
    holders = AccessHolder.objects.filter(
        registration__account__in=ids, until=None, person__is_active=True
    ).values_list("person_id", "registration__account")
    for person, account in (*named, *holders):
        asked[person].add(account)
    reached = set().union(*asked.values()) if asked else set()
    alone = [one for one in accounts if one.pk not in reached]
    units = {one.unit_id: one.unit for one in accounts}
    roster = Roster(units.values())
    leads = {pk: [p.pk for p in roster.turn(unit, LEADS).people] for pk, unit in units.items()}
    for one in alone:
        for person in leads[one.unit_id]:
            asked[person].add(one.pk)
    told = {person for people in leads.values() for person in people}
    root = division()
    if root is not None:
        above = Roster([root])
        told |= {p.pk for roles in ({"communications"}, {"director"}) for p in above.turn(root, [roles]).people}
    return Audience({pk: sorted(many) for pk, many in asked.items()}, told - set(asked), [one.pk for one in alone])


@dataclass(frozen=True)
class Progress:
    """How far a hold has come: how many accounts, how many were asked, how many say that they have stopped."""

    accounts: int
    asked: int
    stopped: int

    @property
    def left(self) -> int:
        """How many have not answered yet."""
        return self.asked - self.stopped


def progress(hold: CrisisHold) -> Progress:
    """The numbers of one hold, in two queries."""
    counted = HoldTold.objects.filter(hold=hold, asked=True).aggregate(
        asked=Count("pk"), stopped=Count("pk", filter=Q(stopped_at__isnull=False))
    )
    return Progress(marks(hold).count(), counted["asked"], counted["stopped"])


def progress_many(found: Iterable[CrisisHold]) -> dict[int, Progress]:
    """The numbers of many holds, in two queries."""
    ids = [one.pk for one in found]
    rows = HoldTold.objects.filter(hold__in=ids, asked=True).order_by().values("hold").annotate(
        asked=Count("pk"), stopped=Count("pk", filter=Q(stopped_at__isnull=False))
    )  # fmt: skip
    said = {row["hold"]: (row["asked"], row["stopped"]) for row in rows}
    marked = dict(
        AccountHold.objects.filter(kind=MARK, ref__in=[str(pk) for pk in ids]).order_by().values_list("ref")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    return {pk: Progress(marked.get(str(pk), 0), *said.get(pk, (0, 0))) for pk in ids}


def told_row(person: Person, hold: CrisisHold) -> HoldTold | None:
    """What a person was told of a hold; None when nothing."""
    return HoldTold.objects.filter(hold=hold, person=person).first()


def relations(person: Person, hold: CrisisHold) -> frozenset[str]:
    """How a person stands to a hold: asked to stop posting, or not."""
    row = told_row(person, hold)
    return frozenset({"asked"}) if row is not None and row.asked else frozenset()


def visible_to(person: Person) -> QuerySet[CrisisHold]:
    """The holds that a person may read: those they were told of, and those on accounts whose record they may read."""
    if not person.is_active:
        return holds().none()
    told = HoldTold.objects.filter(hold=OuterRef("pk"), person=person)
    if may(person, "hold:place"):
        return holds()
    refs = AccountHold.objects.filter(kind=MARK, account__in=accounts_visible_to(person).order_by().values("pk"))
    numbers = {int(ref) for ref in refs.order_by().values_list("ref", flat=True).distinct() if ref.isdigit()}
    return holds().filter(Q(Exists(told)) | Q(pk__in=numbers))


def waiting_for(person: Person) -> list[HoldTold]:
    """The standing holds in which a person was asked to stop posting and has not said so, oldest first."""
    asked = HoldTold.objects.filter(person=person, asked=True, stopped_at=None, hold__state=HoldState.STANDING)
    return where_any(asked.select_related("hold__unit", "hold__placed_by").order_by("told_at", "pk"))


def over_time() -> list[CrisisHold]:
    """The standing holds whose time is over: somebody must lift or extend them."""
    return where_any(standing().filter(ends_at__lte=clock.now()).order_by("ends_at", "pk"))


def allowed(person: Person, hold: CrisisHold) -> list[Move]:
    """The moves on a hold that a person could make now."""
    mine = relations(person, hold)
    return [m for m in HOLD_MOVES if hold.state in m.sources and may(person, m.permission, hold.unit, mine)]


def public_line(account: Account) -> str:
    """What the public reads on an account's page while a hold stands on it, in the reader's language; mostly nothing.

    One query where nothing holds the account. Where two holds say something, the newest is read.
    """
    french = (translation.get_language() or "en").startswith("fr")
    for hold in reversed(standing_on(account)):
        line = (hold.line_fr or hold.line_en) if french else (hold.line_en or hold.line_fr)
        if line:
            return line
    return ""
