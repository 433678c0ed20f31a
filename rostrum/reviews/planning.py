"""Every write that plans a review: asked for with a reason, due by the clock, another look; whose it is; called off."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.keys.plain import plain
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite, setting
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.standing import future_day
from rostrum.registry.states import LIVE
from rostrum.reviews import notices as N
from rostrum.reviews.conflicts import conflict, conflict_words
from rostrum.reviews.models import Review, ReviewSample
from rostrum.reviews.queries import may_ask, relations, reviews
from rostrum.reviews.reviewers import Reviewers
from rostrum.reviews.states import ASSIGN, DECLINE, DROP, OPEN_REVIEWS, ReviewKind, ReviewState
from rostrum.schoolyear.counting import Counting, counting
from rostrum.workflow.moves import advance

DAYS = "review_done_days"


def number(key: str) -> int | None:
    """A setting that is a number; None where it is unset."""
    found = setting(key)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None


@dataclass(frozen=True)
class Wanted:
    """One review to be made: of which account, why, in which sample, beside which first, after which other."""

    account: Account
    kind: str
    reason: str = ""
    sample: ReviewSample | None = None
    first: Review | None = None
    follows: Review | None = None
    reviewer: Person | None = None
    due_on: date | None = None


def check_live(account: Account) -> None:
    """Raise WrongState for an account that is retired: what nobody uses any more is not reviewed."""
    if account.state not in LIVE:
        raise WrongState(
            _("This account is retired. Its record stays, and nobody reviews it any more."),
            way_forward=_("What was found before stays on its record."),
        )


def make_reviews(
    wanted: Collection[Wanted],
    *,
    by: Person | None,
    act: str,
    crew: Reviewers | None = None,
    days: int | None = None,
    counted: Counting | None = None,
) -> list[Review]:
    """Plan reviews and share them out; one event and one notice for each. Part of an act that has asked who may.

    Raises WrongState when an account is being reviewed already (the database holds to that).
    """  # fmt: skip
    hold_the_pen()
    crew = crew or Reviewers([one.account for one in wanted])
    days = number(DAYS) if days is None else days
    made, now = [], clock.now()
    for one in wanted:
        chosen = crew.choose(one.account) if one.reviewer is None else None
        person = one.reviewer if chosen is None else chosen.person
        detour = chosen.detour if chosen else "" if person and crew.is_usual(person) else "by_grant"
        due = one.due_on
        if due is None and person is not None and days:
            counted = counted or counting()
            due = counted.due(now, days).on
        review = Review(
            account=one.account, kind=one.kind, reason=one.reason, sample=one.sample, first=one.first,
            follows=one.follows, asked_by=by, asked_at=now, moved_at=now, reviewer=person,
            assigned_at=now if person else None, detour=detour, due_on=due,
        )  # fmt: skip
        try:
            with transaction.atomic():
                review.save(force_insert=True)
        except IntegrityError:
            raise WrongState(_("%(name)s is being reviewed already. That review is done or called off first.")
                             % {"name": one.account.name}) from None  # fmt: skip
        review.ref = f"RV-{now.year}-{review.pk:04d}"
        Review.objects.filter(pk=review.pk).update(ref=review.ref)
        record(
            by, act, review, citations=cite(["1.5", "1.10"]), note=one.reason,
            after={"account": one.account.public_id, "ref": review.ref, "kind": one.kind,
                   "reviewer": person.name if person else ""},
        )  # fmt: skip
        N.assigned(review, by)
        made.append(review)
    return made


def second_beside(review: Review, by: Person | None, crew: Reviewers) -> Review | None:
    """A second reviewer's review beside a first, where somebody is free to do it; None where nobody is."""
    chosen = crew.choose(review.account, apart=[review.reviewer_id]).person if review.reviewer_id else None
    if chosen is None:
        return None
    wanted = Wanted(review.account, ReviewKind.SECOND.value, sample=review.sample, first=review, reviewer=chosen)
    return make_reviews([wanted], by=by, act="review:ask", crew=crew)[0]


@transaction.atomic
def ask(
    account: Account, *, by: Person, reason: str, due_on: date | None = None, reviewer: Person | None = None,
    twice: bool = False,
) -> Review:  # fmt: skip
    """Ask for a review of an account, with a reason (AP 193 1.5, 1.10: as the need arises).

    Without a named `reviewer` the next of Communications whom nothing ties to the account does it. `twice` asks a second
    reviewer as well. Raises NotAllowed, WrongState (retired, being reviewed already), Invalid (no reason, a day that has
    passed, a reviewer who is tied to the account or has left).
    """
    hold_the_pen()
    if not may_ask(by, account):
        raise NotAllowed(worded(_("Only {keeper} asks for a review of an account.")))
    account.refresh_from_db(fields=["state", "version"])
    check_live(account)
    why = plain(reason, "reason", needed=_("Say why, so that the reviewer knows what to look for."))
    future_day(due_on, "due_on")
    if reviewer is not None:
        check_free(reviewer, account)
    crew = Reviewers([account])
    wanted = Wanted(account, ReviewKind.AD_HOC.value, reason=why, reviewer=reviewer, due_on=due_on)
    review = make_reviews([wanted], by=by, act="review:ask", crew=crew)[0]
    if twice and second_beside(review, by, crew) is None:
        message = _("Nobody else is free to review it a second time. Ask for one review, or name the reviewer.")
        raise Invalid(message, fields={"twice": [message]})
    return review


@transaction.atomic
def look_again(
    review: Review, *, by: Person, reason: str, due_on: date | None = None, reviewer: Person | None = None
) -> Review:
    """Plan another look at an account after a review that is done: by its reviewer, or whoever asks for reviews.

    Raises as `ask` does, and WrongState while the review is not done.
    """
    hold_the_pen()
    if review.reviewer_id != by.pk and not may_ask(by, review.account):
        raise NotAllowed(worded(_("Only its reviewer and {keeper} plan another look.")))
    review.refresh_from_db()
    account = review.account
    account.refresh_from_db(fields=["state", "version"])
    if review.state != ReviewState.DONE or review.first_id is not None:
        raise WrongState(_("Another look is planned after a review that is done."))
    check_live(account)
    why = plain(reason, "reason", needed=_("Say why, so that the reviewer knows what to look for."))
    future_day(due_on, "due_on")
    if reviewer is not None:
        check_free(reviewer, account)
    wanted = Wanted(account, ReviewKind.AGAIN.value, reason=why, follows=review, reviewer=reviewer, due_on=due_on)
    return make_reviews([wanted], by=by, act="review:ask")[0]


@transaction.atomic
def ask_second(review: Review, *, by: Person) -> Review:
    """Have a review done a second time by somebody else, who does not see the first answers. While it is still open.

    Raises NotAllowed, WrongState (done or called off, has a second already, nobody is free).
    """
    hold_the_pen()
    if not may_ask(by, review.account):
        raise NotAllowed(worded(_("Only {keeper} asks for a second reviewer.")))
    review.refresh_from_db()
    if review.state not in OPEN_REVIEWS or review.first_id is not None:
        raise WrongState(_("A second reviewer is asked while the first review is open."))
    if Review.objects.filter(first=review).exists():
        raise WrongState(_("A second reviewer was asked already."))
    made = second_beside(review, by, Reviewers([review.account]))
    if made is None:
        raise WrongState(
            _("Nobody is free to review it a second time: everybody else is tied to the account."),
            way_forward=worded(_("Name somebody as reviewer first, so that a person of {keeper} is free.")),
        )
    return made


def check_free(person: Person, account: Account, first: Review | None = None) -> None:
    """Raise Invalid beside the field when somebody cannot review an account: left, tied to it, the first reviewer."""
    if not person.is_active:
        message = _("%(name)s has left.") % {"name": person.name}
    elif tie := conflict(person, account):
        message = conflict_words(tie, person.name) + " " + _("Somebody who is not tied to it reviews it.")
    elif first is not None and first.reviewer_id == person.pk:
        message = _("%(name)s does the first review. The second is done by somebody else.") % {"name": person.name}
    else:
        return
    raise Invalid(message, fields={"reviewer": [message]})


def _not_yours(review: Review) -> str:
    if review.reviewer is None:
        return worded(_("Nobody is named to do this review. {keeper} or {director} names somebody."))
    return _("This review is not yours. It is with %(name)s.") % {"name": review.reviewer.name}


@transaction.atomic
def assign(review: Review, *, by: Person, reviewer: Person, reason: str = "", seen: int | None = None) -> Review:
    """Name who reviews an account: anybody who is here and whom nothing ties to it. A word without a role may be asked.

    What was answered so far stays. Raises Invalid beside `reviewer`, and the refusals of `advance`.
    """
    hold_the_pen()
    if review.state in OPEN_REVIEWS and may(by, ASSIGN.permission, review.unit):
        check_free(reviewer, review.account, review.first)
        second = getattr(review, "second", None)
        if second is not None and second.reviewer_id == reviewer.pk:
            message = _("%(name)s does the second review beside this one.") % {"name": reviewer.name}
            raise Invalid(message, fields={"reviewer": [message]})
    usual = Reviewers([review.account]).is_usual(reviewer)
    _give(review, reviewer, "" if usual else "by_grant", ASSIGN, by, reason, seen)
    return review


def _give(
    review: Review, reviewer: Person | None, detour: str, move: Any, by: Person | None, reason: str, seen: int | None
) -> None:
    """Move a review to another reviewer, who is told; the day is counted anew from today."""
    now, days = clock.now(), number(DAYS)
    due = counting().due(now, days).on if days and reviewer else None
    advance(
        review, move, by=by, relations=relations(by, review) if by else (), seen=seen, reason=reason,
        not_you=worded(_("Only {keeper} and {director} name who reviews an account."))
        if move is ASSIGN else _not_yours(review),
        fields={"reviewer": reviewer, "assigned_at": now if reviewer else None, "detour": detour, "due_on": due,
                "moved_at": now, "last_comment": plain(reason, "reason")},
        after={"account": review.account.public_id, "reviewer": reviewer.name if reviewer else ""},
    )  # fmt: skip
    N.assigned(review, by)


@transaction.atomic
def decline(review: Review, *, by: Person, reason: str, seen: int | None = None) -> Review:
    """The reviewer leaves the review to somebody else, with a word why: tied to the account, away, too much at once."""
    hold_the_pen()
    why = plain(reason, "reason", needed=_("Say why, so that somebody else can be asked."))
    apart = {one.reviewer_id for one in (review, review.first, getattr(review, "second", None)) if one is not None}
    chosen = Reviewers([review.account]).choose(review.account, apart={pk for pk in apart if pk})
    _give(review, chosen.person, chosen.detour, DECLINE, by, why, seen)
    return review


@transaction.atomic
def drop(review: Review, *, by: Person, reason: str, seen: int | None = None) -> Review:
    """Call a review off, with a reason. A second reviewer's review that nobody has ended goes with its first."""
    hold_the_pen()
    _drop(review, by, reason, seen)
    second = Review.objects.filter(first=review, state__in=OPEN_REVIEWS).first()
    if second is not None:
        _drop(second, by, reason, None)
    return review


def _drop(review: Review, by: Person, reason: str, seen: int | None) -> None:
    why = plain(reason, "reason", needed=_("Say why it is called off."))
    note = advance(
        review, DROP, by=by, seen=seen, reason=why, not_you=worded(_("Only {keeper} calls a review off.")),
        fields={"moved_at": clock.now(), "dropped_by": by, "last_comment": why},
        after={"account": review.account.public_id},
    )  # fmt: skip
    if review.reviewer is not None:
        N.send([review.reviewer], N.DROPPED, review, review.ref or "", N.said_of_review(review, by, note), by)


@transaction.atomic
def put_down_due(accounts: Iterable[int]) -> int:
    """Plan the reviews whose turn has come by the division's own cycle; says how many. Part of a job (reviews/jobs.py).

    Raises WrongState when somebody asked for one of them in the same moment: the next run does the rest.
    """
    rows = list(
        Account.objects.filter(pk__in=list(accounts), state__in=LIVE)
        .select_related("unit", "registration")
        .order_by("pk")
    )
    wanted = [Wanted(one, ReviewKind.SCHEDULED.value) for one in rows]
    return len(make_reviews(wanted, by=None, act="review:due")) if wanted else 0


def the_review(pk: int) -> Review:
    """A review as it stands, with everything that pages need."""
    found = reviews().filter(pk=pk).first()
    if found is None:
        raise Overtaken(_("This review is not there any more."))
    return found
