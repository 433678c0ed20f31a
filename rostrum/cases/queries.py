"""What others may ask about cases, decisions and appeals: those I may read, those that wait, what holds an account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from rostrum.cases.appeal_models import Appeal
from rostrum.cases.decision_models import Decision, Strike
from rostrum.cases.models import Case, TalkNote
from rostrum.cases.parties import Parties, acted, appeal_relations, case_relations, decision_relations, managers
from rostrum.cases.states import APPEAL_MOVES, CASE_MOVES, OPEN_CASES, AppealState, CaseState, DecisionState
from rostrum.core import clock
from rostrum.core.reading import once
from rostrum.core.rows import where_any
from rostrum.people.models import Person
from rostrum.people.queries import may, roles_of, seen_units
from rostrum.registry import holding
from rostrum.registry.models import Account
from rostrum.registry.queries import has_posts
from rostrum.workflow.moves import Move

CASE_HOLD = holding.declare("case", _("A case about it is open (%(ref)s)."))
APPEAL_HOLD = holding.declare("appeal", _("An appeal about it is running (%(ref)s)."))


def cases() -> QuerySet[Case]:
    """All cases with the rows that every page about them needs."""
    return Case.objects.select_related(
        "account__unit__parent", "account__registration__request", "opened_by", "assigned_to", "looking_by", "ended_by",
        "review",
    )  # fmt: skip


def decisions() -> QuerySet[Decision]:
    """All decisions with the rows that every page about them needs."""
    return Decision.objects.select_related(
        "account__unit__parent", "account__registration__request", "case__opened_by", "decided_by", "former", "standing",
        "appeal__lodged_by", "successor", "strike", "done_by",
    )  # fmt: skip


def appeals() -> QuerySet[Appeal]:
    """All appeals with the rows that every page about them needs."""
    return Appeal.objects.select_related(
        "decision__account__unit__parent", "decision__account__registration__request", "decision__case__opened_by",
        "decision__decided_by", "decision__standing", "decision__strike", "lodged_by", "first_decider", "named",
        "named_by", "decided_by", "outcome",
    )  # fmt: skip


def _looked_after(person: Person) -> QuerySet[Account]:
    """Accounts that a person looks after, can get into or asked for: they do not read the file on them."""
    standing = Q(
        registration__designations__person=person,
        registration__designations__released_at=None,
        registration__designations__declined_at=None,
    )
    holding_access = Q(registration__access_holders__person=person, registration__access_holders__until=None)
    return Account.objects.filter(standing | holding_access | Q(registration__request__requester=person))


def _by_role(person: Person, permission: str) -> Q:
    units = seen_units(person, permission)
    # An empty condition would vanish beside another one: everything has a key.
    return Q(pk__isnull=False) if units is None else Q(account__unit__in=units)


def visible_to(person: Person) -> QuerySet[Case]:
    """Cases that a person may read: of units where a role lets them, their own, those they decide an appeal on.

    Nobody reads the file on an account that they look after themselves: they read the decisions.
    """
    if not person.is_active:
        return cases().none()
    mine = Q(opened_by=person) | Q(assigned_to=person)
    on_appeal = Q(decisions__appeal__named=person) | Q(decisions__appeal__decided_by=person)
    allowed = Case.objects.filter(_by_role(person, "cases:view") | mine | on_appeal)
    own = _looked_after(person).values("pk")
    return cases().filter(pk__in=allowed.values("pk")).exclude(account__in=own)


def decisions_visible_to(person: Person) -> QuerySet[Decision]:
    """Decisions that a person may read: of units where a role lets them, those sent to them, of accounts of theirs."""
    if not person.is_active:
        return decisions().none()
    mine = Q(told=person) | Q(decided_by=person) | Q(case__opened_by=person) | Q(account__in=_looked_after(person))
    on_appeal = Q(appeal__named=person) | Q(appeal__decided_by=person) | Q(appeal__lodged_by=person)
    allowed = Decision.objects.filter(_by_role(person, "decisions:view") | mine | on_appeal)
    return decisions().filter(pk__in=allowed.values("pk"))


def appeals_visible_to(person: Person) -> QuerySet[Appeal]:
    """Appeals against decisions that a person may read."""
    return appeals().filter(decision__in=decisions_visible_to(person).values("pk"))


def find_case(person: Person, pk: int) -> Case | None:
    """A case, if the person may read it."""
    return visible_to(person).filter(pk=pk).first() if pk < 2**63 else None


def find_decision(person: Person, pk: int) -> Decision | None:
    """A decision, if the person may read it."""
    return decisions_visible_to(person).filter(pk=pk).first() if pk < 2**63 else None


def find_appeal(person: Person, pk: int) -> Appeal | None:
    """An appeal, if the person may read it."""
    return appeals_visible_to(person).filter(pk=pk).first() if pk < 2**63 else None


def open_case(account: Account) -> Case | None:
    """The case on an account that is open, if there is one."""
    return once(("open case", account.pk), lambda: cases().filter(account=account, state__in=OPEN_CASES).first())


def running_appeals(account: Account) -> list[Appeal]:
    """The appeals about an account that wait for a decision."""
    return list(appeals().filter(decision__account=account, state=AppealState.LODGED))


def holds(account: Account) -> list[str]:
    """Why an account cannot be closed or purged now, as far as cases know: one sentence for each open thing."""
    kinds = {CASE_HOLD, APPEAL_HOLD}
    return [holding.words_of(one) for one in holding.holds(account) if one.kind in kinds]


def talk_of(person: Person, case: Case) -> TalkNote | None:
    """The note of the guidance talk with which a case ended, for the two who talked; nobody else reads it."""
    return TalkNote.objects.select_related("held_by", "held_with").filter(
        Q(held_by=person) | Q(held_with=person), case=case
    ).first()  # fmt: skip


def talks_of(person: Person, account: Account) -> list[TalkNote]:
    """The notes of guidance talks about an account that a person was one of the two in."""
    found = TalkNote.objects.select_related("held_by", "held_with", "case").filter(
        Q(held_by=person) | Q(held_with=person), case__account=account
    )
    return list(found)


def may_open(person: Person, account: Account, parties: Parties | None = None) -> bool:
    """Whether a person may open a case on an account: a role lets them, and they do not look after it themselves."""
    if not may(person, "cases:open", account.unit):
        return False
    return person.pk not in (parties or Parties([account])).own(account)


def allowed_case(person: Person, case: Case, parties: Parties | None = None) -> list[Move]:
    """The moves on a case that a person could make now."""
    mine = case_relations(person, case, parties)
    if not mine:
        return []
    return [m for m in CASE_MOVES if case.state in m.sources and may(person, m.permission, case.unit, mine)]


def allowed_appeal(person: Person, appeal: Appeal) -> list[Move]:
    """The moves on an appeal that a person could make now."""
    if appeal.state != AppealState.LODGED:
        return []
    mine = appeal_relations(person, appeal)
    return [m for m in APPEAL_MOVES if may(person, m.permission, appeal.unit, mine)]


def appeal_of(decision: Decision) -> Appeal | None:
    """The appeal against a decision, if one was lodged."""
    return getattr(decision, "appeal", None)


def last_day_passed(decision: Decision, on: date | None = None) -> bool:
    """Whether the last day to appeal a decision is over; never where the division set no time."""
    return decision.appeal_until is not None and decision.appeal_until < (on or clock.today())


def appealable(person: Person, decision: Decision) -> bool:
    """Whether a person could appeal a decision today."""
    over = decision.state != DecisionState.STANDS or decision.final or last_day_passed(decision)
    if over or appeal_of(decision) is not None:
        return False
    return may(person, "appeals:lodge", decision.unit, decision_relations(person, decision))


def appealable_among(person: Person, account: Account, made: Iterable[Decision], parties: Parties) -> list[Decision]:
    """Those of an account's decisions that a person could appeal today; two queries for any number."""
    fit = [
        one for one in made
        if one.state == DecisionState.STANDS and not one.final and appeal_of(one) is None and not last_day_passed(one)
    ]  # fmt: skip
    if not fit or not person.is_active:
        return []
    leads = {one.pk for one in parties.administrators(account).people} | {one.pk for one in managers(account)}
    if person.pk in leads:
        return fit
    sent = set(Decision.told.through.objects.filter(person=person, decision__in=fit).values_list("decision_id", flat=True))
    return [one for one in fit if one.pk in sent]


def counting(accounts: Iterable[int], on: date | None = None) -> QuerySet[Strike]:
    """The warnings of accounts (primary keys) that count on a day, oldest first.

    Not those that ended, were wiped because their decision was replaced or overturned, or are stayed by an appeal.
    """
    day = on or clock.today()
    return (
        Strike.objects.filter(account__in=list(accounts), wiped_at=None, since__lte=day)
        .filter(Q(until=None) | Q(until__gte=day))
        .exclude(decision__appeal__state=AppealState.LODGED, decision__appeal__stayed=True)
        .select_related("decision")
    )


def waiting_cases(person: Person, most: int | None = None) -> list[Case]:
    """The open cases that a person must see to today, oldest first: given to them, or theirs to decide and nobody's.

    At most so many. The queries do not grow with them; of the rows around a case they bring the account's unit and who
    looks into it.
    """
    if not roles_of(person) and not Case.objects.filter(assigned_to=person, state__in=OPEN_CASES).exists():
        return []
    theirs = Q(assigned_to=None) | Q(assigned_to=person) | Q(state=CaseState.ESCALATED)
    rows = Case.objects.filter(theirs, state__in=OPEN_CASES).select_related("account__unit", "looking_by")
    found = list(rows.order_by("opened_at", "pk"))
    if not found:
        return []
    parties = Parties(one.account for one in found)
    return list(islice((one for one in found if "case_decider" in case_relations(person, one, parties)), most))


@dataclass(frozen=True)
class AppealWaiting:
    """One appeal that waits for a person: to be decided by them, or for them to name who decides it."""

    appeal: Appeal
    act: str  # decide, name


def waiting_appeals(person: Person) -> list[AppealWaiting]:
    """The appeals that wait for a person, oldest first. The queries do not grow with them."""
    found = where_any(appeals().filter(state=AppealState.LODGED).order_by("lodged_at", "pk"))
    if not found:
        return []
    parties, apart = Parties({one.decision.account_id: one.decision.account for one in found}.values()), acted(found)
    out = []
    for one in found:
        deciders = parties.appeal_deciders(one, apart[one.pk]).people
        if any(who.pk == person.pk for who in deciders):
            out.append(AppealWaiting(one, "decide"))
        elif not deciders and any(who.pk == person.pk for who in parties.directors(one.decision.account).people):
            out.append(AppealWaiting(one, "name"))
    return out


def to_do_by(person: Person) -> list[Decision]:
    """The decisions in force that order something of accounts that a person looks after, and that is not done yet."""
    if not has_posts(person):
        return []
    managing = Account.objects.filter(
        registration__designations__person=person,
        registration__designations__released_at=None,
        registration__designations__declined_at=None,
    )
    found = decisions().filter(state=DecisionState.STANDS, done_at=None, do_by__isnull=False, account__in=managing)
    stayed = Q(appeal__state=AppealState.LODGED, appeal__stayed=True)
    return where_any(found.exclude(stayed).order_by("do_by", "pk"))
