"""Who has which part: who looks after an account, who leads its school, who may decide a case, who an appeal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from rostrum.audit.models import Event
from rostrum.cases.appeal_models import Appeal
from rostrum.cases.decision_models import Decision
from rostrum.cases.models import Case, CaseEvidence
from rostrum.cases.states import CaseState
from rostrum.people.models import Appointment, Person
from rostrum.people.queries import Roster, Turn, active_people
from rostrum.people.queries import in_force as appointment_in_force
from rostrum.policies.queries import content, in_force, setting
from rostrum.registry.approval import roles_of_step
from rostrum.registry.models import AccessHolder, Account, AccountRequest, Designation
from rostrum.registry.turns import UPWARD

DIRECTOR = frozenset({"director"})


def owners(accounts: Iterable[Account]) -> dict[int, set[int]]:
    """Ids of the people who look after each account: its managers, whoever can get in, whoever asked for it.

    Three queries for any number of accounts. They decide nothing about it, and do not read the file on it.
    """
    of = {one.registration_id: one.pk for one in accounts}
    found: dict[int, set[int]] = {pk: set() for pk in of.values()}
    standing = Designation.objects.filter(registration__in=of, released_at=None, declined_at=None)
    holding = AccessHolder.objects.filter(registration__in=of, until=None, person__isnull=False)
    asked = AccountRequest.objects.filter(registration__in=of)
    for rows in (
        standing.values_list("registration_id", "person_id"),
        holding.values_list("registration_id", "person_id"),
        asked.values_list("registration__pk", "requester_id"),
    ):
        for registration, person in rows:
            found[of[registration]].add(person)
    return found


def managers(account: Account) -> list[Person]:
    """The content managers who stand and still work here."""
    rows = account.registration.designations.filter(
        released_at=None, declined_at=None, person__is_active=True
    ).select_related("person")
    return [one.person for one in rows]


class Parties:
    """Who must act in any number of cases and appeals today. A constant number of queries."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        accounts = list(accounts)
        units = [one.unit for one in accounts]
        self._roster = Roster(units)
        steps = content(in_force()).approval.steps
        self._first, self._last = roles_of_step(steps[0]), roles_of_step(steps[-1])
        self._owners = owners(accounts)
        self._apart_from_opener = setting("case_decided_by_another") is True

    def own(self, account: Account) -> set[int]:
        """Ids of those who look after an account."""
        return self._owners[account.pk]

    def administrators(self, account: Account) -> Turn:
        """Who leads the place that an account speaks for: its principal or supervisor, a stand-in, else upward."""
        return self._roster.turn(account.unit, (self._first, UPWARD))

    def _at_root(self, account: Account, roles: Iterable[Collection[str]], apart: Collection[int]) -> Turn:
        return self._roster.turn(self._roster.root(account.unit), tuple(roles), apart=apart)

    def deciders(self, case: Case) -> Turn:
        """Who may decide a case: Communications, once escalated the Director; never whoever looks after the account.

        Where nobody of Communications is left, the Director. Whoever opened it may decide unless the division set
        otherwise: an appeal always goes to somebody who had no part.
        """
        apart = self.own(case.account) | ({case.opened_by_id} if self._apart_from_opener else set())
        roles = (DIRECTOR,) if case.state == CaseState.ESCALATED else (self._last, UPWARD)
        return self._at_root(case.account, roles, apart)

    def appeal_deciders(self, appeal: Appeal, apart: Collection[int]) -> Turn:
        """Who may decide an appeal: whoever the Director named, else the Director; nobody in `apart` (see acted)."""
        named = appeal.named
        if named is not None and named.is_active and named.pk not in apart:
            return Turn((named,), None, "appeal_decider")
        return self.appeal_deciders_apart(appeal.decision.account, apart)

    def appeal_deciders_apart(self, account: Account, apart: Collection[int]) -> Turn:
        """Who would decide an appeal about an account: the Director, or who stands in, if they had no part before."""
        return self._at_root(account, (DIRECTOR,), apart)

    def directors(self, account: Account) -> Turn:
        """The Director, or who stands in: who names somebody to decide an appeal."""
        return self._at_root(account, (DIRECTOR,), ())


def acted(appeals: Iterable[Appeal]) -> dict[int, set[int]]:
    """Ids of everyone who had a part before each appeal: in the request, in a review it rests on, in case or decision.

    Those who look after the account and whoever lodged the appeal are among them. Five queries for any number.
    """
    appeals = list(appeals)
    found: dict[int, set[int]] = {one.pk: {one.lodged_by_id, one.first_decider_id} for one in appeals}
    subjects: dict[tuple[str, int], set[int]] = defaultdict(set)
    cases = {one.decision.case_id: one.pk for one in appeals}
    own = owners({one.decision.account_id: one.decision.account for one in appeals}.values())
    for one in appeals:
        case, registration = one.decision.case, one.decision.account.registration
        found[one.pk] |= own[one.decision.account_id]
        for kind, pk in (("accountrequest", registration.request_id), ("registration", registration.pk),
                         ("case", case.pk)):  # fmt: skip
            subjects[kind, pk].add(one.pk)
    for case_id, decision in Decision.objects.filter(case__in=cases).values_list("case_id", "pk"):
        subjects["decision", decision].add(cases[case_id])
    rows = CaseEvidence.objects.filter(case__in=cases).values_list("case_id", "kind", "ref", "added_by_id")
    for case_id, kind, ref, person in rows:
        found[cases[case_id]].add(person)
        if ref.isascii() and ref.isdigit():
            subjects[kind, int(ref)].add(cases[case_id])
    for appeal, people in _actors(subjects, lambda kind, pk: subjects[kind, pk]).items():
        found[appeal] |= people
    return found


def acted_in_case(case: Case) -> set[int]:
    """Ids of everyone who had a part in a case up to now, those who look after the account among them."""
    found = owners([case.account])[case.account_id] | {case.opened_by_id}
    registration = case.account.registration
    subjects = {("accountrequest", registration.request_id), ("registration", registration.pk), ("case", case.pk)}
    for kind, ref, person in CaseEvidence.objects.filter(case=case).values_list("kind", "ref", "added_by_id"):
        found.add(person)
        if ref.isascii() and ref.isdigit():
            subjects.add((kind, int(ref)))
    subjects |= {("decision", pk) for pk in Decision.objects.filter(case=case).values_list("pk", flat=True)}
    return found | _actors(subjects, lambda kind, pk: (0,)).get(0, set())


def _actors(subjects: Collection[tuple[str, int]], keys: Callable[[str, int], Iterable[int]]) -> dict[int, set[int]]:
    """Who acted on any of these things, as the log has it, gathered under the keys of each. One query."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, pk in subjects:
        wanted[kind].add(pk)
    about = Q(pk__in=())
    for kind, ids in wanted.items():
        about |= Q(subject_type=kind, subject_id__in=ids)
    found: dict[int, set[int]] = defaultdict(set)
    events = Event.objects.filter(about, actor_id__isnull=False).order_by()
    for kind, number, actor in events.values_list("subject_type", "subject_id", "actor_id").distinct():
        for key in keys(kind, number or 0):
            found[key].add(actor or 0)
    return found


def case_relations(person: Person, case: Case, parties: Parties | None = None) -> frozenset[str]:
    """How a person stands to a case: its opener, one who may decide it today. Whoever looks after the account: none."""
    parties = parties or Parties([case.account])
    if person.pk in parties.own(case.account):
        return frozenset()
    found = {"case_opener"} if person.pk == case.opened_by_id else set()
    if any(one.pk == person.pk for one in parties.deciders(case).people):
        found.add("case_decider")
    return frozenset(found)


def may_appeal(decision: Decision, parties: Parties | None = None) -> set[int]:
    """Ids of those who may appeal a decision: who was sent it, who looks after the account, who leads its school."""
    parties = parties or Parties([decision.account])
    found = set(decision.told.filter(is_active=True).values_list("pk", flat=True))
    found |= {one.pk for one in managers(decision.account)}
    return found | {one.pk for one in parties.administrators(decision.account).people}


def decision_relations(person: Person, decision: Decision, parties: Parties | None = None) -> frozenset[str]:
    """How a person stands to a decision: one who may appeal it, or nothing."""
    return frozenset({"appellant"}) if person.pk in may_appeal(decision, parties) else frozenset()


def appeal_relations(
    person: Person, appeal: Appeal, parties: Parties | None = None, apart: Collection[int] | None = None
) -> frozenset[str]:
    """How a person stands to an appeal: who lodged it, who may decide it today (never one who had a part before)."""
    found = {"lodger"} if person.pk == appeal.lodged_by_id else set()
    parties = parties or Parties([appeal.decision.account])
    apart = acted([appeal])[appeal.pk] if apart is None else apart
    if any(one.pk == person.pk for one in parties.appeal_deciders(appeal, apart).people):
        found.add("appeal_decider")
    return frozenset(found)


def nobody_words(appeal: Appeal, parties: Parties, apart: Collection[int]) -> str:
    """What is said where nobody is left to decide an appeal: who must name someone. Empty where somebody is."""
    if parties.appeal_deciders(appeal, apart).people:
        return ""
    directors = parties.directors(appeal.decision.account).people
    if directors:
        names = ", ".join(one.name for one in directors)
        return _(
            "Nobody is left to decide this who had no part in it before. %(names)s names a person to decide it."
        ) % {"names": names}
    return _("Nobody is there who could decide this or name a person. The system administrator appoints somebody.")


def keepers() -> list[Person]:
    """Who appoints people to roles, where nobody holds the role that must name a decider."""
    holding = Appointment.objects.filter(appointment_in_force(), role="sysadmin")
    return list(active_people().filter(appointments__in=holding.values("pk")).distinct().order_by("name"))
