"""What others may ask about who holds an account: living managers, how many hands, who must leave it and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from rostrum.core.reading import once
from rostrum.custody.departure_models import Departure
from rostrum.custody.departure_states import DepartureState
from rostrum.custody.models import AccountTie, HandOver, HelperGroup, Shortage, TieKind
from rostrum.custody.states import HandOverState
from rostrum.people.models import Person
from rostrum.people.queries import seen_units
from rostrum.policies.queries import form, in_force, setting, text
from rostrum.registry.answers import fields_of
from rostrum.registry.models import AccessHolder, Account, Designation
from rostrum.registry.registering import managers_min, managers_warn_below
from rostrum.registry.states import LIVE

# A manager who lives: named, has accepted, was not released, and still works here.
LIVING = Q(accepted_at__isnull=False, declined_at=None, released_at=None, person__is_active=True)
STANDING = Q(declined_at=None, released_at=None)


@dataclass(frozen=True)
class Hands:
    """How many living people can manage an account, and how many can get in on the platform."""

    managers: int = 0
    get_in: int = 0


def managers(account: Account) -> list[Designation]:
    """The living content managers of an account, the first one first."""
    return once(("managers", account.pk), lambda: managers_of([account]).get(account.pk, []))


def managers_of(accounts: Collection[Account]) -> dict[int, list[Designation]]:
    """The living content managers of many accounts, by the account's primary key. One query."""
    by_registration = {one.registration_id: one.pk for one in accounts}
    found: dict[int, list[Designation]] = {one.pk: [] for one in accounts}
    rows = Designation.objects.filter(LIVING, registration__in=by_registration).select_related("person")
    for one in rows.order_by("kind", "accepted_at", "pk"):
        found[by_registration[one.registration_id]].append(one)
    return found


def is_manager(person: Person, account: Account) -> bool:
    """Whether a person is a living content manager of an account."""
    return Designation.objects.filter(LIVING, registration=account.registration_id, person=person).exists()


def relations(person: Person, account: Account) -> frozenset[str]:
    """How a person stands to an account: `manager` once they have accepted, while they are here."""
    return frozenset({"manager"}) if is_manager(person, account) else frozenset()


def managed_by(person: Person) -> QuerySet[Account]:
    """The live accounts that a person manages: accepted, not released, and the person still works here."""
    mine = Designation.objects.filter(LIVING, person=person).values("registration")
    return Account.objects.filter(registration__in=mine, state__in=LIVE).select_related("unit", "registration")


def _counted(rows: QuerySet[Designation] | QuerySet[AccessHolder]) -> Subquery:
    per_account = (
        rows.filter(registration=OuterRef("registration_id")).order_by().values("registration")
        .annotate(n=Count("person", distinct=True)).values("n")
    )  # fmt: skip
    return Subquery(per_account[:1], output_field=IntegerField())


def with_hands(accounts: QuerySet[Account]) -> QuerySet[Any]:
    """Accounts with `living` and `inside` beside them: what a list can be sorted and filtered by."""
    inside = AccessHolder.objects.filter(until=None, person__is_active=True)
    return accounts.annotate(
        living=Coalesce(_counted(Designation.objects.filter(LIVING)), 0), inside=Coalesce(_counted(inside), 0)
    )


def hands_of(accounts: Collection[Account]) -> dict[int, Hands]:
    """How many hands each account has, by primary key. Two queries, however many accounts there are."""
    by_registration = {one.registration_id: one.pk for one in accounts}
    living = managing(by_registration)
    inside = _per_registration(
        AccessHolder.objects.filter(registration__in=by_registration, until=None, person__is_active=True)
    )
    return {
        pk: Hands(living.get(registration, 0), inside.get(registration, 0))
        for registration, pk in by_registration.items()
    }


def managing(registrations: Collection[int]) -> dict[int, int]:
    """How many living managers each of these registrations has; those with none are left out. One query."""
    return _per_registration(Designation.objects.filter(LIVING, registration__in=registrations))


def _per_registration(rows: QuerySet[Designation] | QuerySet[AccessHolder]) -> dict[int, int]:
    counted = rows.order_by().values("registration").annotate(n=Count("person", distinct=True))
    return dict(counted.values_list("registration", "n"))


def managers_max() -> int | None:
    """How many content managers an account may have at most; None where the division set no limit."""
    found = setting("managers_max")
    return found if isinstance(found, int) else None


def managers_wanted() -> int:
    """Below how many living managers an account is short of them.

    The most that the division asks for, by its minimum or by the number below which it wants to be warned; never more
    than it allows: where exactly one manager is legal, one is enough. At least one.
    """
    wanted, most = max(managers_min(), managers_warn_below(), 1), managers_max()
    return min(wanted, most) if most is not None else wanted


def short_of_managers(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Those live accounts that have fewer living managers than the division wants, the barest first."""
    found = with_hands(accounts.filter(state__in=LIVE)).filter(living__lt=managers_wanted())
    return found.order_by("living", "name", "pk")


def shortage(account: Account) -> Shortage | None:
    """The open shortage of an account, if it has one."""
    return Shortage.objects.filter(account=account, resolved_at=None).first()


def shortages_of(person: Person) -> QuerySet[Shortage]:
    """The open shortages of the places that a person leads, and for Communications of all; the oldest first."""
    units = seen_units(person, "manager:release")
    found = Shortage.objects.filter(resolved_at=None, account__state__in=LIVE).select_related("account")
    if units is not None:
        found = found.filter(account__unit__in=units)
    return found.order_by("raised_at", "pk")


def designations(account: Account) -> list[Designation]:
    """Every designation of an account, standing ones first."""
    rows = Designation.objects.filter(registration=account.registration_id).select_related("person")
    return list(rows.order_by(F("released_at").asc(nulls_first=True), "kind", "pk"))


def holders(account: Account) -> list[AccessHolder]:
    """Everyone who is noted as able to get into an account, former ones last."""
    rows = AccessHolder.objects.filter(registration=account.registration_id).select_related("person")
    return list(rows.order_by(F("until").asc(nulls_first=True), "name", "pk"))


def ties(account: Account) -> list[AccountTie]:
    """The ties of an account that hold today: who answers, who is the recovery contact, who owns a connected app."""
    return list(AccountTie.objects.filter(account=account, until=None).select_related("person"))


def helper_groups(account: Account) -> list[HelperGroup]:
    """The groups that help with an account today, each with the adult who answers."""
    return list(HelperGroup.objects.filter(account=account, until=None).select_related("adult"))


def supervising(account: Account) -> Person | None:
    """The supervising administrator that was named for an account; None where the school's own leader answers."""
    tie = AccountTie.objects.filter(account=account, until=None, kind=TieKind.ANSWERS).select_related("person").first()
    return tie.person if tie else None


def open_hand_overs(account: Account) -> list[HandOver]:
    """Hand-overs of an account that wait for an answer."""
    found = HandOver.objects.filter(account=account, state=HandOverState.ASKED)
    return list(found.select_related("given_by__person", "taken_by__person", "asked_by"))


def hand_over_to(designation: Designation) -> HandOver | None:
    """The hand-over that waits for the answer of a named person, if they were named to take over."""
    found = HandOver.objects.filter(taken_by=designation, state=HandOverState.ASKED)
    return found.select_related("given_by__person", "account__unit", "asked_by").first()


def leaving_on(people: Iterable[int]) -> dict[int, date]:
    """The last day of those of these people whose departure is known beforehand. One query."""
    found = Departure.objects.filter(person__in=list(people), state=DepartureState.AHEAD)
    return dict(found.values_list("person_id", "last_day"))


def platform_roles(account: Account) -> dict[str, str]:
    """What somebody may do on the platform, as the Registration Form of the edition in force words it, by value."""
    fields = fields_of(form(in_force(), "registration"))
    return {option.value: text(option.label) for one in fields if one.binds == "access" for option in one.options}
