"""Who may not review an account: whoever looks after it, asked for it, endorsed it, gets into it or answers for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rostrum.custody.leaders import Leaders
from rostrum.custody.models import AccountTie, HelperGroup
from rostrum.people.models import Appointment, Person, Role
from rostrum.people.queries import in_force
from rostrum.registry.models import AccessHolder, Account, AccountRequest, Designation, Endorsement

# The ties that rule a person out, the nearest first; each as a sentence about that person.
TIES: dict[str, Promise | str] = {
    "manages": _("%(name)s looks after this account or was named to."),
    "access": _("%(name)s can get into this account."),
    "requested": _("%(name)s asked for this account."),
    "endorsed": _("%(name)s endorsed this account."),
    "tied": _("%(name)s is tied to this account: its supervising administrator, recovery contact or owner of an app."),
    "helpers": _("%(name)s answers for helpers of this account."),
    "leads": _("%(name)s leads the school of this account and answers for it."),
}


class Conflicts:
    """Who is ruled out for each of some accounts, and by what. The queries do not grow with the accounts.

    That somebody of Communications approved an account or confirmed its registration rules nobody out: that is what
    Communications is there for, and nobody would be left in a small division.
    """

    def __init__(self, accounts: Collection[Account]) -> None:
        self._ties: dict[int, dict[int, str]] = {one.pk: {} for one in accounts}
        if not accounts:
            return
        by_registration = {one.registration_id: one.pk for one in accounts}
        named = Designation.objects.filter(registration__in=by_registration, released_at=None, declined_at=None)
        self._note("manages", _pairs(named.values_list("registration", "person"), by_registration))
        inside = AccessHolder.objects.filter(registration__in=by_registration, until=None, person__isnull=False)
        self._note("access", _pairs(inside.values_list("registration", "person"), by_registration))
        asked = AccountRequest.objects.filter(registration__in=by_registration)
        rows = list(asked.values_list("registration__pk", "pk", "requester", "endorsed_by"))
        self._note("requested", _pairs(((reg, who) for reg, _pk, who, _by in rows), by_registration))
        self._note("endorsed", _pairs(((reg, by) for reg, _pk, _who, by in rows), by_registration))
        of_request = {pk: by_registration[reg] for reg, pk, _who, _by in rows}
        steps = Endorsement.objects.filter(request__in=of_request).values_list("request", "person")
        self._note("endorsed", _pairs(steps, of_request))
        ids = list(self._ties)
        self._note("tied", AccountTie.objects.filter(account__in=ids, until=None).values_list("account", "person"))
        self._note("helpers", HelperGroup.objects.filter(account__in=ids, until=None).values_list("account", "adult"))
        self._note("leads", self._leaders(accounts))

    def _note(self, tie: str, pairs: Iterable[tuple[int, int | None]]) -> None:
        for account, person in pairs:
            if person is not None:
                self._ties[account].setdefault(person, tie)

    @staticmethod
    def _leaders(accounts: Collection[Account]) -> Iterable[tuple[int, int]]:
        """Whoever leads today (a stand-in too), and every principal at or above the unit, also one who is away."""
        units = {one.unit_id: one.unit for one in accounts}
        leaders = Leaders(units.values())
        nearest = {pk: {person.pk for person in leaders.of(unit)} for pk, unit in units.items()}
        above = {pk for unit in units.values() for pk in unit.ancestor_ids}
        holders: dict[int, set[int]] = defaultdict(set)
        for unit, person in Appointment.objects.filter(in_force(), unit__in=above, role=Role.ADMINISTRATOR).values_list(
            "unit", "person"
        ):
            holders[unit].add(person)
        for one in accounts:
            for person in nearest[one.unit_id].union(*(holders[pk] for pk in one.unit.ancestor_ids)):
                yield one.pk, person

    def tie(self, person: Person, account: Account) -> str:
        """What rules a person out for an account; empty where nothing does."""
        return self._ties[account.pk].get(person.pk, "")

    def apart(self, account: Account) -> set[int]:
        """Everybody who is ruled out for an account."""
        return set(self._ties[account.pk])


def _pairs(rows: Iterable[tuple[int | None, int | None]], places: dict[int, int]) -> Iterable[tuple[int, int | None]]:
    return [(places[key], person) for key, person in rows if key is not None]


def conflict(person: Person, account: Account) -> str:
    """What rules a person out for one account, as a key of TIES; empty where nothing does."""
    return Conflicts([account]).tie(person, account)


def conflict_words(tie: str, name: str) -> str:
    """Why somebody cannot review an account, as a sentence; empty where nothing rules them out."""
    return str(TIES[tie]) % {"name": name} if tie else ""
