"""What others may ask about certification: where each account stands, what waits for whom, what is to be settled."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When

from rostrum.core import clock
from rostrum.people.models import Person, Unit
from rostrum.people.queries import may, roles_of, seen_units
from rostrum.registry.models import Account
from rostrum.registry.queries import accounts_visible_to, has_posts
from rostrum.registry.states import LIVE
from rostrum.registry.turns import AT_THE_UNIT, UPWARD
from rostrum.upkeep.looking_after import Leads, mine, relations
from rostrum.upkeep.models import Certification, Correction, SuspensionProposal
from rostrum.upkeep.states import CERTIFY, CertificationState, CorrectionState, ProposalState

LATE, WAITING, PUTTING_RIGHT, CERTIFIED, NEVER = "late", "waiting", "correcting", "certified", "never"


def certifications() -> QuerySet[Certification]:
    """Certifications with the rows that every page about one needs."""
    return Certification.objects.select_related(
        "account__unit__parent", "account__registration__request__unit", "asked_by", "answered_by"
    )


def visible_to(person: Person) -> QuerySet[Certification]:
    """Certifications of accounts whose record a person may read, and those that wait for them."""
    seen = Q(account__in=accounts_visible_to(person).order_by().values("pk"))
    return certifications().filter(seen)


def with_certification(accounts: QuerySet[Account], today: date | None = None) -> QuerySet[Any]:
    """Live accounts, each with where it stands: late, waiting, correcting, certified or never; in one question."""
    day = today or clock.today()
    newest = Certification.objects.filter(account=OuterRef("pk")).order_by("-opened_at", "-pk")
    answered = Certification.objects.filter(account=OuterRef("pk"), answered_at__isnull=False).order_by("-answered_at")
    return (
        accounts.filter(state__in=LIVE)
        .annotate(
            newest_state=Subquery(newest.values("state")[:1]), newest_due=Subquery(newest.values("due_on")[:1]),
            newest_pk=Subquery(newest.values("pk")[:1]), certified_at=Subquery(answered.values("answered_at")[:1]),
        )
        .annotate(
            certification=Case(
                When(newest_state=CertificationState.OPEN, newest_due__lt=day, then=Value(LATE)),
                When(newest_state=CertificationState.OPEN, then=Value(WAITING)),
                When(newest_state=CertificationState.CORRECTING, then=Value(PUTTING_RIGHT)),
                When(certified_at__isnull=False, then=Value(CERTIFIED)),
                default=Value(NEVER), output_field=CharField(),
            )
        )
    )  # fmt: skip


def waiting_for(person: Person) -> list[Certification]:
    """The open certifications that a person is asked for, the earliest due first. A few questions, however many."""
    found = certifications().filter(state=CertificationState.OPEN, account__state__in=LIVE)
    own = list(found.filter(account__in=mine(person).order_by().values("pk"))) if has_posts(person) else []
    units = seen_units(person, "liveness:nudge")  # those who lead a school; None for the whole division
    if units is None or units.exists():
        own += _alone(found if units is None else found.filter(account__unit__in=units), person, {one.pk for one in own})
    return sorted(own, key=lambda one: (one.due_on is None, one.due_on or clock.today(), one.account.name, one.pk))


def _alone(found: QuerySet[Certification], person: Person, but: set[int]) -> list[Certification]:
    """Of accounts that nobody looks after: those whose school this person leads today."""
    from rostrum.custody.queries import with_hands

    bare = with_hands(Account.objects.filter(state__in=LIVE)).filter(living=0).order_by().values("pk")
    if not roles_of(person) & (AT_THE_UNIT | UPWARD):  # who leads no school, nor stands in for who does
        return []
    alone = found.filter(account__in=bare).exclude(pk__in=but)
    units = list(Unit.objects.filter(pk__in=alone.order_by().values("account__unit")))
    leads = Leads(units)
    led = [unit.pk for unit in units if any(who.pk == person.pk for who in leads.of(unit).people)]
    return list(alone.filter(account__unit__in=led)) if led else []


def may_answer(person: Person, it: Certification) -> bool:
    """Whether a person could certify now."""
    return (
        it.state == CertificationState.OPEN and it.account.state in LIVE
        and may(person, CERTIFY.permission, it.unit, relations(person, it.account))
    )  # fmt: skip


def newest(account: Account) -> Certification | None:
    """The latest certification of an account, in whatever state it is."""
    return certifications().filter(account=account).order_by("-opened_at", "-pk").first()


def last_answered(account: Account) -> Certification | None:
    """The last time that somebody looked at an account and said what is right."""
    return certifications().filter(account=account, answered_at__isnull=False).order_by("-answered_at").first()


def corrections_to_settle(person: Person) -> QuerySet[Correction]:
    """What a person of Communications has to put right or leave: not what a change decides."""
    if not may(person, "correction:settle"):
        return Correction.objects.none()
    found = Correction.objects.filter(state=CorrectionState.OPEN, account__state__in=LIVE)
    return found.filter(Q(change=None) | ~Q(change__state__in=["proposed", "agreed"])).select_related(
        "account__unit", "certification", "noted_by"
    )


def proposals_to_decide(person: Person) -> QuerySet[SuspensionProposal]:
    """The suspensions that the rule proposes and that a person may decide on, those named to them first."""
    if not may(person, "proposal:decide"):
        return SuspensionProposal.objects.none()
    found = SuspensionProposal.objects.filter(state=ProposalState.OPEN, account__state__in=["recognised", "review"])
    return found.select_related("account__unit__parent", "proposed_to", "certification").order_by(
        Case(When(proposed_to=person, then=Value(0)), default=Value(1)), F("proposed_at"), "pk"
    )
