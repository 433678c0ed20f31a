"""What others may ask of monitoring: the findings that a person may read, the queue, how exact each rule is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet

from rostrum.archive.models import Post
from rostrum.core import clock
from rostrum.monitoring.models import Finding
from rostrum.monitoring.states import FINDING_MOVES, LIVE_FINDINGS, SHOWN_TO_MANAGERS, FindingState, Ground
from rostrum.people.models import Person
from rostrum.people.queries import may, seen_units
from rostrum.registry.models import Account
from rostrum.registry.queries import has_posts, managed_by
from rostrum.workflow.moves import Move

LOOKING = timedelta(minutes=5)  # a glance older than this is over
SURE_FROM = 10  # decisions below which a share says nothing


def findings() -> QuerySet[Finding]:
    """All findings with the rows that every page about them needs."""
    return Finding.objects.select_related(
        "account__unit", "account__registration__request", "post", "seen_in", "assigned_to", "decided_by", "answered_by",
        "looked_at_by",
    )  # fmt: skip


def waiting_in(post: Post) -> int:
    """How many findings in a post wait for somebody to look at them."""
    return Finding.objects.filter(post=post, state=FindingState.OPEN).count()


def visible_to(person: Person) -> QuerySet[Finding]:
    """Findings that a person may read: of the units where a role lets them; and for those who look after an account,
    what was confirmed about it. A finding that nobody has looked at yet is no word to a manager.
    """
    if not person.is_active:
        return findings().none()
    units = seen_units(person, "finding:view")
    if units is None:
        return findings()
    mine = managed_by(person).order_by().values("pk")
    return findings().filter(Q(account__unit__in=units) | Q(account__in=mine, state__in=SHOWN_TO_MANAGERS))


def relations(person: Person, finding: Finding) -> frozenset[str]:
    """How a person stands to a finding: "named" for those who look after its account."""
    mine = finding.account.registration.designations.filter(
        person=person, accepted_at__isnull=False, released_at=None
    ).exists()
    return frozenset({"named"} if mine else ())


def allowed(person: Person, finding: Finding) -> list[Move]:
    """The moves on a finding that a person could make now. Whoever looks after the account answers and never judges."""
    related = relations(person, finding)
    moves = [m for m in FINDING_MOVES if finding.state in m.sources and may(person, m.permission, finding.unit, related)]
    if "named" in related:
        return [m for m in moves if m.name == "answer"]
    return [m for m in moves if m.name not in {"answer", "vanish"}]


def judges(person: Person) -> bool:
    """Whether a person decides on findings anywhere."""
    return may(person, "finding:dismiss")


def queue(person: Person) -> QuerySet[Finding]:
    """What waits for a look, worst first, then oldest. What Communications was handed waits for Communications."""
    states = [FindingState.OPEN, FindingState.ANSWERED]
    if may(person, "finding:settle"):
        states.append(FindingState.ESCALATED)
    return visible_to(person).filter(state__in=states).order_by("-rank", "found_at", "pk")


def to_judge(person: Person) -> QuerySet[Finding]:
    """What of the queue a person may decide on: nobody judges an account that they look after."""
    return queue(person).exclude(account__in=managed_by(person).order_by().values("pk"))


def asked_of(person: Person) -> QuerySet[Finding]:
    """Confirmed findings that wait for this person as a manager, the nearest day first."""
    if not has_posts(person):
        return findings().none()
    mine = managed_by(person).order_by().values("pk")
    return findings().filter(account__in=mine, state=FindingState.CONFIRMED).order_by("due_on", "moved_at", "pk")


def open_for(account: Account) -> QuerySet[Finding]:
    """The live findings of an account, worst first."""
    return findings().filter(account=account, state__in=LIVE_FINDINGS).order_by("-rank", "found_at", "pk")


def looked_at(finding: Finding, person: Person) -> Person | None:
    """Who else is looking at a finding at this moment; None when nobody is."""
    since = finding.looked_at_since
    if finding.looked_at_by_id in {None, person.pk} or since is None or since < clock.now() - LOOKING:
        return None
    return finding.looked_at_by


def following(person: Person, finding: Finding) -> Finding | None:
    """The next finding that waits for a person after one, in the queue's order; the first again after the last."""
    after = Q(rank__lt=finding.rank) | Q(rank=finding.rank, found_at__gt=finding.found_at)
    after |= Q(rank=finding.rank, found_at=finding.found_at, pk__gt=finding.pk)
    line = to_judge(person).exclude(pk=finding.pk)
    return line.filter(after).first() or line.first()


@dataclass(frozen=True)
class Exactness:
    """How exact a rule is, as people decided: `true` and `false` count their decisions."""

    rule: str
    true: int
    false: int
    open: int

    @property
    def decided(self) -> int:
        """How many decisions there are."""
        return self.true + self.false

    @property
    def share(self) -> int | None:
        """Of a hundred findings that people decided on, how many were what the rule says; None where nobody decided."""
        return round(100 * self.true / self.decided) if self.decided else None

    @property
    def sure(self) -> bool:
        """Whether there are enough decisions for the share to mean something."""
        return self.decided >= SURE_FROM


def exactness(rules: Iterable[str] | None = None) -> dict[str, Exactness]:
    """How exact each rule is, measured from people's decisions: one query.

    True: confirmed by a person, or dismissed as allowed, settled or small. False: dismissed as a false alarm. What
    vanished before anybody looked says nothing.
    """
    rows = Finding.objects.order_by()
    if rules is not None:
        rows = rows.filter(rule__in=list(rules))
    counted = rows.values("rule").annotate(
        false=Count("pk", filter=Q(state=FindingState.DISMISSED, ground=Ground.FALSE_ALARM)),
        true=Count("pk", filter=Q(decided_by__isnull=False) & ~Q(state=FindingState.DISMISSED, ground=Ground.FALSE_ALARM)),
        open=Count("pk", filter=Q(state__in=LIVE_FINDINGS)),
    )
    return {row["rule"]: Exactness(row["rule"], row["true"], row["false"], row["open"]) for row in counted}
