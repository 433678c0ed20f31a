"""Who looks after an account today, as certification and liveness need it: the one place that asks."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from rostrum.custody import queries as custody
from rostrum.people.models import Person, Unit
from rostrum.people.queries import Roster, Turn, division
from rostrum.registry.models import Account, Designation
from rostrum.registry.turns import AT_THE_UNIT, UPWARD

LOOKS_AFTER, LEADS = "manager", "leads_alone"


def managers_of(account: Account) -> list[Person]:
    """Who looks after one account today, the first manager first."""
    return [one.person for one in custody.managers(account)]


def manager_ids(accounts: Iterable[int]) -> dict[int, list[int]]:
    """Who looks after each of some accounts, by primary keys, the first manager first. In two questions.

    From the accounts to their managers, and who has left taken out at the end: asked in one question with three joins,
    SQLite begins at every person there is, for each thousand accounts.
    """
    of = dict(Account.objects.filter(pk__in=list(accounts)).values_list("registration", "pk"))
    gone = Person.objects.filter(is_active=False).values("pk")
    rows = Designation.objects.filter(registration__in=of, accepted_at__isnull=False, declined_at=None, released_at=None)
    found: dict[int, list[int]] = {}
    for registration, person in rows.exclude(person__in=gone).order_by("kind", "pk").values_list("registration", "person"):
        found.setdefault(of[registration], []).append(person)
    return found


def mine(person: Person) -> QuerySet[Account]:
    """The live accounts that a person looks after today."""
    return custody.managed_by(person)


class Leads:
    """Who leads the units of any number of accounts: the nearest administrator or supervisor, else the Director."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._roster = Roster(units)

    def of(self, unit: Unit) -> Turn:
        """Whose turn it is at a unit; stand-ins act for whoever is away."""
        return self._roster.turn(unit, (AT_THE_UNIT, UPWARD))


def communications() -> list[Person]:
    """Who keeps the register today: Communications, else the Director. They are told and named, never by a rule's act."""
    root = division()
    return list(Roster([root]).turn(root, (frozenset({"communications"}), UPWARD)).people) if root is not None else []


def relations(person: Person, account: Account) -> frozenset[str]:
    """How a person stands to an account here: looks after it, or leads its school where nobody looks after it."""
    managers = managers_of(account)
    if any(one.pk == person.pk for one in managers):
        return frozenset({LOOKS_AFTER})
    if not managers and any(one.pk == person.pk for one in Leads([account.unit]).of(account.unit).people):
        return frozenset({LEADS})
    return frozenset()


def asked_of(account: Account) -> list[Person]:
    """Who is asked about an account: its managers, or else whoever leads its school."""
    return managers_of(account) or list(Leads([account.unit]).of(account.unit).people)
