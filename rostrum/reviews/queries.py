"""What others may ask about reviews: which a person may read and do, what was found, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.rows import where_any
from rostrum.keys.queries import LEADS, Leads, in_post, managers_of
from rostrum.keys.queries import relations as account_relations
from rostrum.people.models import Person
from rostrum.people.queries import capacities, may, roles_of, seen_units
from rostrum.registry.models import Account
from rostrum.registry.obstacles import declare
from rostrum.registry.queries import accounts_visible_to, has_posts
from rostrum.registry.states import LIVE
from rostrum.reviews.conflicts import conflict
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review, ReviewEvidence
from rostrum.reviews.reviewers import Reviewers
from rostrum.reviews.states import (
    FINDING_MOVES,
    OPEN_FINDINGS,
    OPEN_REVIEWS,
    REVIEW_MOVES,
    FindingState,
    ReviewKind,
    ReviewState,
)
from rostrum.workflow.moves import Move

# Whoever may read how two reviewers compare, beside the two themselves.
COMPARES = "review:compare"


def reviews() -> QuerySet[Review]:
    """All reviews with the rows that every page about them needs."""
    return Review.objects.select_related(
        "account__unit__parent", "account__registration__request__edition__procedure", "reviewer", "asked_by", "sample",
        "first", "second", "edition__procedure",
    ).defer("edition__source", "account__registration__request__edition__source")  # fmt: skip


def findings() -> QuerySet[ReviewFinding]:
    """All findings with the rows that every page about them needs."""
    return ReviewFinding.objects.select_related(
        "account__unit__parent", "account__registration", "review__edition__procedure", "review__reviewer", "raised_by",
        "answered_by", "judged_by", "same_as",
    ).defer("review__edition__source")  # fmt: skip


def visible_to(person: Person) -> QuerySet[Review]:
    """Reviews whose existence a person may know of.

    Communications, the Director, the auditor and the privacy officer: all. A reviewer: their own. The managers and
    whoever leads the school: those that are done, and not the second reviewer's. See `reads_answers` for what is inside.
    """
    if not person.is_active:
        return reviews().none()
    everywhere = seen_units(person, "review:view")
    if everywhere is None:
        return reviews()
    led = seen_units(person, "review:read_done")
    done = Q(state=ReviewState.DONE, first=None)
    mine = Q(reviewer=person) | Q(account__unit__in=everywhere)
    here = Q() if led is None else Q(account__unit__in=led) | Q(account__in=_looked_after(person))
    return reviews().filter(mine | (done & here))


def _looked_after(person: Person) -> QuerySet[Account]:
    post = in_post().filter(registration=OuterRef("registration"), person=person)
    return Account.objects.filter(Exists(post)).values("pk")  # type: ignore[return-value]  # a subquery of keys


def blind_to(person: Person, review: Review) -> bool:
    """Whether a person must not see inside a review yet, because they look at the same account beside it.

    A second reviewer sees nothing of the first's until both have ended, and the other way round.
    """
    other = twin(review)
    return other is not None and other.reviewer_id == person.pk and other.state in OPEN_REVIEWS


def twin(review: Review) -> Review | None:
    """The other reviewer's review of a pair, either way round."""
    if review.first_id is not None:
        return review.first
    return review.second if hasattr(review, "second") else None


def reads_answers(person: Person, review: Review) -> bool:
    """Whether a person may see answers and pictures of a review that `visible_to` shows them.

    Its reviewer always. Of one that is under way, nobody else. Of a second review, the first reviewer once both have
    ended, and whoever compares reviewers (the Director, the auditor). Of any other that is done, all who may know of it,
    but not somebody who is still looking at the same account beside it.
    """
    if review.reviewer_id == person.pk:
        return True
    if review.state != ReviewState.DONE or blind_to(person, review):
        return False
    if review.first is None:
        return True
    return review.first.reviewer_id == person.pk or may(person, COMPARES, review.unit)


def compares(person: Person, review: Review) -> bool:
    """Whether a person may see the two reviews of a pair side by side: both have ended, and it is one of the two
    reviewers, the Director or the auditor.
    """
    other = twin(review)
    if other is None or {review.state, other.state} != {ReviewState.DONE.value}:
        return False
    return person.pk in {review.reviewer_id, other.reviewer_id} or may(person, COMPARES, review.unit)


def the_evidence(person: Person, pk: int) -> ReviewEvidence | None:
    """A picture that the person may see; None otherwise, and for one that was taken out."""
    found = ReviewEvidence.objects.filter(pk=pk, withdrawn_at=None).first() if pk < 2**63 else None
    review = visible_to(person).filter(pk=found.review_id).first() if found else None
    return found if review is not None and reads_answers(person, review) else None


def relations(person: Person, review: Review) -> frozenset[str]:
    """How a person stands to a review: its reviewer, unless something ties them to the account meanwhile."""
    return frozenset({"reviewer"} if review.reviewer_id == person.pk else ())


def allowed(person: Person, review: Review) -> list[Move]:
    """The moves on a review that a person could make now."""
    mine = relations(person, review)
    found = [m for m in REVIEW_MOVES if review.state in m.sources and may(person, m.permission, review.unit, mine)]
    if review.reviewer_id == person.pk and conflict(person, review.account):
        return [m for m in found if m.name not in {"start", "finish"}]
    return found


def mine(person: Person) -> QuerySet[Review]:
    """The open reviews of a person, those with a day first."""
    return reviews().filter(reviewer=person, state__in=OPEN_REVIEWS).order_by("due_on", "assigned_at", "pk")


def without_reviewer() -> QuerySet[Review]:
    """Open reviews that nobody does: everybody who could is tied to the account, or has left."""
    return reviews().filter(state__in=OPEN_REVIEWS).filter(Q(reviewer=None) | Q(reviewer__is_active=False))


def last_review(account: Account) -> Review | None:
    """The newest review of an account that is done; never a second reviewer's."""
    return reviews().filter(account=account, state=ReviewState.DONE, first=None).order_by("-finished_at", "-pk").first()


def open_review(account: Account) -> Review | None:
    """The review of an account that is planned or under way, if there is one; never a second reviewer's."""
    return reviews().filter(account=account, state__in=OPEN_REVIEWS, first=None).first()


# --- Findings ------------------------------------------------------------------------------------------------------


def finding(pk: int) -> ReviewFinding | None:
    """A finding by its number, for a package above that cites it as evidence (it asks who may read it)."""
    return findings().filter(pk=pk).first() if pk < 2**63 else None


def findings_of(account: Account) -> QuerySet[ReviewFinding]:
    """What reviews found on an account, the newest first; what both reviewers found, once."""
    return findings().filter(account=account).exclude(state=FindingState.SAME)


def open_findings(account: Account) -> QuerySet[ReviewFinding]:
    """What was found on an account and still asks for somebody, the most pressing first."""
    return findings_of(account).filter(state__in=OPEN_FINDINGS).order_by("due_on", "raised_at", "pk")


def findings_visible_to(person: Person) -> QuerySet[ReviewFinding]:
    """Findings that a person may read: of accounts they look after or lead, of their own reviews, else by role.

    Nothing of an account that the person is reviewing beside another reviewer, until they have ended.
    """
    if not person.is_active:
        return findings().none()
    beside = Review.objects.filter(reviewer=person, state__in=OPEN_REVIEWS)
    blind = Exists(beside.filter(first=OuterRef("review"))) | Exists(beside.filter(second=OuterRef("review")))
    found = findings().filter(~blind)
    everywhere = seen_units(person, "review:view")
    if everywhere is None:
        return found
    led = seen_units(person, "review:read_done")
    over = Q() if led is None else Q(account__unit__in=led) | Q(account__in=_looked_after(person))
    own = Q(review__reviewer=person) | Q(account__unit__in=everywhere)
    return found.filter(own | (over & ~Q(state=FindingState.SAME)))


def the_finding(person: Person, ref: str) -> ReviewFinding | None:
    """A finding by its reference, if the person may read it."""
    return findings_visible_to(person).filter(ref=ref[:24]).first()


def answerers(account: Account, leads: Leads | None = None) -> list[Person]:
    """Who must answer what was found: the managers of today, else whoever leads the school (AP 193 1.7, 3.4)."""
    return managers_of(account) or list((leads or Leads([account.unit])).of(account.unit).people)


def finding_relations(person: Person, it: ReviewFinding) -> frozenset[str]:
    """How a person stands to a finding: looks after the account, or judges what is answered.

    Whoever reviewed the account judges, and so may Communications and the Director, each as far as nothing ties them to
    the account. Nobody judges what they answered themselves.
    """
    found = set(account_relations(person, it.account)) & {"looks_after", "named"}
    reviews_it = it.review.reviewer_id == person.pk or capacities(person, it.unit) & {"communications", "director"}
    if reviews_it and person.pk != it.answered_by_id and not conflict(person, it.account):
        found.add("finding_judge")
    return frozenset(found)


def finding_moves(person: Person, it: ReviewFinding) -> list[Move]:
    """The moves on a finding that a person could make now."""
    if it.state not in OPEN_FINDINGS:
        return []
    mine = finding_relations(person, it)
    return [m for m in FINDING_MOVES if it.state in m.sources and may(person, m.permission, it.unit, mine)]


def judges_of(it: ReviewFinding) -> list[Person]:
    """Who is told that a finding was answered: its reviewer while they are here and free of ties, else Communications."""
    reviewer = it.review.reviewer
    free = reviewer is not None and reviewer.is_active and reviewer.pk != it.answered_by_id
    if reviewer is not None and free and not conflict(reviewer, it.account):
        return [reviewer]
    crew = Reviewers([it.account])
    apart = crew.conflicts.apart(it.account) | {it.answered_by_id}
    usual = [one for one in crew.communications if one.pk not in apart]
    return usual or [one for one in crew.upward if one.pk not in apart]


def to_fix(person: Person) -> QuerySet[ReviewFinding]:
    """What a person must put right or contest: on accounts they look after; where nobody does, on those they lead."""
    post = in_post().filter(registration=OuterRef("account__registration"))
    led = Q(pk__in=())
    if roles_of(person) & LEADS:
        units = seen_units(person, "reviewfinding:answer")
        led = ~Exists(post) & (Q() if units is None else Q(account__unit__in=units))
    elif not has_posts(person):
        return findings().none()
    found = findings().filter(state=FindingState.OPEN, account__state__in=LIVE)
    return found.filter(Exists(post.filter(person=person)) | led).order_by("due_on", "raised_at", "pk")


def to_judge(person: Person) -> list[ReviewFinding]:
    """What was answered and waits for this person: of their own reviews, and of reviewers who have left."""
    waiting = findings().filter(state__in=[FindingState.FIXED, FindingState.CONTESTED]).exclude(answered_by=person)
    left = Q(review__reviewer__is_active=False) if roles_of(person) & {"communications", "director"} else Q(pk__in=())
    found = where_any(waiting.filter(Q(review__reviewer=person) | left).order_by("moved_at", "pk"))
    return [one for one in found if "finding_judge" in finding_relations(person, one)]


def late(found: QuerySet[ReviewFinding]) -> QuerySet[ReviewFinding]:
    """Of some findings: those that nobody has answered though their day has passed, on live accounts."""
    return found.filter(state=FindingState.OPEN, due_on__lt=clock.today(), account__state__in=LIVE)


def may_ask(person: Person, account: Account) -> bool:
    """Whether a person may ask for a review of an account, with a reason: Communications (AP 193 1.5, 1.10)."""
    return may(person, "review:plan", account.unit)


def kinds_not_second() -> Iterable[tuple[str, str]]:
    """The kinds of reviews but the second reviewer's, for filters."""
    return [(key, str(label)) for key, label in ReviewKind.choices if key != ReviewKind.SECOND]


def readable_account(person: Person, account: Account) -> bool:
    """Whether a person may open the account's full record."""
    return accounts_visible_to(person).filter(pk=account.pk).exists()


def _in_the_way(account: Account) -> list[str]:
    """Why an account is not merged while somebody reviews it, or while what a review found is not settled."""
    said = []
    for one in Review.objects.filter(account=account, state=ReviewState.UNDER_WAY):
        said.append(_("%(name)s is being reviewed (%(ref)s). The review is ended or called off first.")
                    % {"name": account.name, "ref": one.ref})  # fmt: skip
    for found in ReviewFinding.objects.filter(account=account, state__in=OPEN_FINDINGS):
        said.append(_("A finding about %(name)s is open (%(ref)s). It is settled first.")
                    % {"name": account.name, "ref": found.ref})  # fmt: skip
    return said


declare("reviews", _in_the_way)
