"""What others may ask about resets: the last one, what calls for one, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from rostrum.core import clock
from rostrum.core.reading import once
from rostrum.core.rows import where_any
from rostrum.keys.due import confirm_by, confirm_days
from rostrum.keys.models import Reset, ResetCall
from rostrum.keys.states import ALARMS, OPEN_RESETS, RESET_MOVES, RETURN, CallState, ResetState
from rostrum.people.models import Person, Unit
from rostrum.people.queries import Roster, Turn, may, roles_of, seen_units
from rostrum.registry.models import AccessHolder, Account, Designation
from rostrum.registry.queries import accounts_visible_to, has_posts
from rostrum.registry.states import LIVE
from rostrum.registry.turns import AT_THE_UNIT, UPWARD
from rostrum.schoolyear.queries import Calendar, calendar
from rostrum.workflow.moves import Move

LEADS = AT_THE_UNIT


def in_post() -> QuerySet[Designation]:
    """The content managers who look after an account today: accepted, not released, not left (AP 193 1.7, 3.4)."""
    return Designation.objects.filter(accepted_at__isnull=False, released_at=None, person__is_active=True)


def managers_of(account: Account) -> list[Person]:
    """Who looks after an account today, the first manager first."""
    return once(("looked after by", account.pk), lambda: managers_of_each([account])[account.pk])


def managers_of_each(accounts: Iterable[Account]) -> dict[int, list[Person]]:
    """Who looks after each of many accounts today, the first manager first, by primary key. One query."""
    by_registration = {one.registration_id: one.pk for one in accounts}
    found: dict[int, list[Person]] = {pk: [] for pk in by_registration.values()}
    rows = in_post().filter(registration__in=by_registration).select_related("person").order_by("kind", "pk")
    for one in rows:
        found[by_registration[one.registration_id]].append(one.person)
    return found


def looks_after(person: Person, account: Account) -> bool:
    """Whether a person is one of the account's managers today."""
    return person.is_active and in_post().filter(registration__account=account, person=person).exists()


def mine(person: Person) -> QuerySet[Account]:
    """The live accounts that a person looks after today."""
    post = in_post().filter(registration=OuterRef("registration"), person=person)
    return Account.objects.filter(Exists(post), state__in=LIVE)


def within_reach(person: Person) -> QuerySet[Account]:
    """The live accounts for which a person may raise an alarm because they have a part in them themselves."""
    named_ = Designation.objects.filter(
        registration=OuterRef("registration"), person=person, released_at=None, declined_at=None
    )
    holds = AccessHolder.objects.filter(registration=OuterRef("registration"), person=person, until=None)
    found = Account.objects.filter(Exists(named_) | Exists(holds), state__in=LIVE)
    return found.select_related("unit", "registration").order_by("name", "pk")


class Leads:
    """Who leads the units of any number of accounts: the nearest administrator or supervisor, else the Director."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = list({unit.pk: unit for unit in units}.values())

    @cached_property
    def _roster(self) -> Roster:
        return Roster(self._units)

    def of(self, unit: Unit, apart: Iterable[int] = ()) -> Turn:
        """Whose turn it is at a unit, apart from some people; stand-ins act for whoever is away."""
        return self._roster.turn(unit, (LEADS, UPWARD), apart=set(apart))


class Patience:
    """How long the second manager has before whoever leads the school may confirm as well. Read once."""

    @cached_property
    def _days(self) -> int | None:
        return confirm_days()

    @cached_property
    def _school(self) -> Calendar:
        return calendar()

    def is_over(self, reset: Reset) -> bool:
        """Whether the division set a number of days and they have passed; never while it set none."""
        return self._days is not None and confirm_by(reset.made_at, self._days, self._school) < clock.today()


def witnesses(reset: Reset, leads: Leads | None = None) -> list[Person]:
    """Who may confirm a reset: the other managers of the account; where there is none, whoever leads its school.

    Never the person who made the statement (the database holds to that). Where the managers let the division's days
    pass (setting reset_confirm_days), whoever leads the school may confirm as well.
    """
    others = [one for one in managers_of(reset.account) if one.pk != reset.made_by_id]
    if others and not Patience().is_over(reset):
        return others
    lead = (leads or Leads([reset.unit])).of(reset.unit, {reset.made_by_id}).people
    return [*others, *(one for one in lead if one not in others)]


def relations(person: Person, account: Account, reset: Reset | None = None) -> frozenset[str]:
    """How a person stands to an account's access, and to one statement about it."""
    found = set(once(("keys relations", person.pk, account.pk), lambda: _to_access(person, account)))
    if reset is not None:
        leads = Leads([account.unit])
        if person.pk == reset.made_by_id:
            found.add("reset_maker")
        if any(one.pk == person.pk for one in witnesses(reset, leads)):
            found.add("reset_witness")
        if not maker_is_here(reset) and ("looks_after" in found or person in leads.of(account.unit).people):
            found.add("reset_left")
    return frozenset(found)


def _to_access(person: Person, account: Account) -> frozenset[str]:
    if looks_after(person, account):
        return frozenset({"looks_after"})
    return frozenset({"named"}) if named(person, account) else frozenset()


def named(person: Person, account: Account) -> bool:
    """Whether the registration names a person: as a manager who has not declined, or as a holder of access."""
    registration = account.registration_id
    return (
        Designation.objects.filter(
            registration=registration, person=person, released_at=None, declined_at=None
        ).exists()
        or account.registration.access_holders.filter(person=person, until=None).exists()
    )


def maker_is_here(reset: Reset) -> bool:
    """Whether whoever made a statement can still stand by it."""
    who = reset.made_by
    return looks_after(who, reset.account) or may(who, "keys:make", reset.unit)


def allowed(person: Person, reset: Reset) -> list[Move]:
    """The moves on a statement that a person could make now. Nothing is returned to somebody who has left."""
    mine = relations(person, reset.account, reset)
    return [
        m for m in RESET_MOVES
        if reset.state in m.sources and may(person, m.permission, reset.unit, mine)
        and (m is not RETURN or maker_is_here(reset))
    ]  # fmt: skip


def resets() -> QuerySet[Reset]:
    """All resets with the rows that every page about them needs."""
    return Reset.objects.select_related(
        "account__unit__parent", "account__registration", "made_by", "confirmed_by", "returned_by"
    )


def calls() -> QuerySet[ResetCall]:
    """All calls with the rows that every page about them needs."""
    return ResetCall.objects.select_related(
        "account__unit__parent", "account__registration", "asked_by", "answered_by", "closed_by", "campaign"
    )


def readable(person: Person) -> Q:
    """The condition that the account of a row is one that a person may read; none for whoever may read them all."""
    if person.is_active and seen_units(person, "account:view") is None:
        return Q()
    return Q(account__in=accounts_visible_to(person).order_by().values("pk"))


def resets_visible_to(person: Person) -> QuerySet[Reset]:
    """The resets of accounts that a person may read."""
    return resets().filter(readable(person))


def calls_visible_to(person: Person) -> QuerySet[ResetCall]:
    """The calls for resets of accounts that a person may read."""
    return calls().filter(readable(person))


def reset_after(account: Account, moment: datetime) -> Reset | None:
    """The newest confirmed reset of an account that was made after a moment; None while there is none."""
    found = resets().filter(account=account, state=ResetState.CONFIRMED, made_at__gt=moment)
    return found.order_by("-made_at", "-pk").first()


def last_reset(account: Account) -> Reset | None:
    """The newest confirmed reset of an account."""
    return last_resets([account.pk]).get(account.pk)


def last_resets(accounts: Iterable[int]) -> dict[int, Reset]:
    """The newest confirmed reset of each account, by primary key, in one query."""
    newer = Reset.objects.filter(account=OuterRef("account"), state=ResetState.CONFIRMED).filter(
        Q(made_at__gt=OuterRef("made_at")) | Q(made_at=OuterRef("made_at"), pk__gt=OuterRef("pk"))
    )
    found = Reset.objects.filter(~Exists(newer), account__in=list(accounts), state=ResetState.CONFIRMED)
    return {one.account_id: one for one in found.select_related("made_by", "confirmed_by")}


def open_calls(account: Account) -> list[ResetCall]:
    """What calls for a reset of an account now, the most pressing first: alarms, then by day, then the oldest."""
    found = list(calls().filter(account=account, state=CallState.OPEN))
    return sorted(
        found,
        key=lambda c: (
            c.trigger not in ALARMS, c.due_on is None, c.due_on or timezone.localdate(c.asked_at), c.asked_at
        ),
    )


def open_reset(account: Account) -> Reset | None:
    """The statement of an account that is not confirmed yet, if there is one."""
    return resets().filter(account=account, state__in=OPEN_RESETS).first()


def calls_waiting_for(person: Person) -> QuerySet[ResetCall]:
    """Open calls that a person must answer today, oldest first.

    Those of accounts that the person looks after and for which no statement waits; where nobody looks after an
    account any more, those of units that the person leads.
    """
    stated = Reset.objects.filter(account=OuterRef("account"), state=ResetState.MADE, made_at__gte=OuterRef("since"))
    # From the person's own posts to the calls, not from every open call to its managers: there may be thousands.
    posts = in_post().filter(person=person).values("registration")
    whose = Q(account__in=Account.objects.filter(registration__in=posts).values("pk"))
    if roles_of(person) & LEADS:
        units = seen_units(person, "keys:make")
        post = in_post().filter(registration=OuterRef("account__registration"))
        whose |= ~Exists(post) & (Q() if units is None else Q(account__unit__in=units))
    elif not has_posts(person):
        return calls().none()
    found = calls().filter(whose, ~Exists(stated))
    return found.filter(state=CallState.OPEN, account__state__in=LIVE).order_by("asked_at", "pk")


def resets_waiting_for(person: Person) -> list[Reset]:
    """Statements that a person must confirm or return today, oldest first. The queries do not grow with them."""
    others = in_post().filter(registration=OuterRef("account__registration")).exclude(person=OuterRef("made_by"))
    waiting = resets().filter(state=ResetState.MADE, account__state__in=LIVE).exclude(made_by=person)
    found = where_any(waiting.filter(Exists(others.filter(person=person))))
    if roles_of(person) & (LEADS | UPWARD):
        units = seen_units(person, "account:view")
        at_mine = waiting if units is None else waiting.filter(account__unit__in=units)
        patience = Patience()
        rest = [one for one in where_any(at_mine.annotate(shared=Exists(others))) if not one.shared or patience.is_over(one)]
        leads = Leads(one.unit for one in rest)
        found += [one for one in rest if person in leads.of(one.unit, {one.made_by_id}).people]
    return sorted({one.pk: one for one in found}.values(), key=lambda one: (one.made_at, one.pk))


def resets_sent_back_to(person: Person) -> QuerySet[Reset]:
    """Statements of a person that came back to them."""
    return resets().filter(made_by=person, state=ResetState.RETURNED, account__state__in=LIVE).order_by("made_at")


def alarms_for(person: Person) -> QuerySet[ResetCall]:
    """Open alarms that a person keeps an eye on: suspected phishing, a lost phone, a password known to others."""
    units = seen_units(person, "keys:ask")
    found = calls().filter(state=CallState.OPEN, trigger__in=ALARMS, account__state__in=LIVE)
    return (found if units is None else found.filter(account__unit__in=units)).order_by("asked_at", "pk")


def late(calls_: QuerySet[ResetCall]) -> QuerySet[ResetCall]:
    """Of some calls: those that are open though their day has passed."""
    return calls_.filter(state=CallState.OPEN, due_on__lt=clock.today(), account__state__in=LIVE)


def soon(calls_: QuerySet[ResetCall], days: int = 7) -> QuerySet[ResetCall]:
    """Of some calls: those that are open and fall due within some days."""
    today = clock.today()
    return calls_.filter(state=CallState.OPEN, due_on__range=(today, today + timedelta(days=days)))
