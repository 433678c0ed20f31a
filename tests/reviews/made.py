"""Builders of reviews, samples and findings in every state, by the actions that people use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from rostrum.core import clock
from rostrum.core.evidence import keep_file
from rostrum.people.models import Person
from rostrum.policies.actions import set_setting
from rostrum.registry.models import Account, Designation
from rostrum.reviews import drawing, planning, reviewing, settling
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review, ReviewEvidence, ReviewSample
from rostrum.reviews.reviewing import Said, items_of
from tests.cast import Cast, official
from tests.core.test_pictures import png

WHY = "A parent asked about a picture."
BAD = Said(answer="not_in_order", found="The name says LPSD only.", fix="Name the school.", severity="minor")


def chosen(key: str, value: Any) -> None:
    """What the division chose for a setting."""
    set_setting(key, value, by_name="Marc Laurent", reason="For this test.")


def planned(cast: Cast, account: Account | None = None, **changes: Any) -> Review:
    """A review with a reason, handed to whoever is next in Communications."""
    by = changes.pop("by", cast.communications)
    return planning.ask(account or official(cast), **{"by": by, "reason": WHY, **changes})


def reviewer_of(review: Review) -> Person:
    assert review.reviewer is not None
    return review.reviewer


def started(cast: Cast, account: Account | None = None, **changes: Any) -> Review:
    review = planned(cast, account, **changes)
    return reviewing.start(review, by=reviewer_of(review))


def answers(review: Review, bad: Iterable[str] = (), **special: Said) -> dict[str, Said]:
    """Everything in order but the questions named."""
    keys = [one.key for one in items_of(review).items.questions]
    return {key: special.get(key, BAD if key in set(bad) else Said(answer="in_order")) for key in keys}


def answered(cast: Cast, account: Account | None = None, bad: Iterable[str] = (), **changes: Any) -> Review:
    review = started(cast, account, **changes)
    reviewing.keep_answers(review, answers(review, bad), by=reviewer_of(review))
    return review


def end(review: Review, bad: Iterable[str] = (), **special: Said) -> Review:
    """Start where needed, answer everything and end."""
    by = reviewer_of(review)
    if review.state == "planned":
        reviewing.start(review, by=by)
    reviewing.keep_answers(review, answers(review, bad, **special), by=by)
    return reviewing.finish(review, by=by)


def done(cast: Cast, account: Account | None = None, bad: Iterable[str] = (), **changes: Any) -> Review:
    return end(planned(cast, account, **changes), bad)


def picture(review: Review, question: str = "avatar", width: int = 3) -> ReviewEvidence:
    kept = keep_file(SimpleUploadedFile("Emma in class.png", png(width=width)), field="picture")
    return reviewing.attach(review, kept, question=question, caption="The banner.", by=reviewer_of(review))


REVIEWS: dict[str, Callable[[Cast], Review]] = {
    "planned": planned,
    "under_way": answered,
    "done": done,
    "dropped": lambda cast: planning.drop(planned(cast), by=cast.communications, reason="Asked twice."),
}


def found(cast: Cast, account: Account | None = None, **changes: Any) -> ReviewFinding:
    """One thing to be put right, found by somebody of Communications."""
    review = done(cast, account, bad=["name"], **changes)
    return ReviewFinding.objects.get(review=review)


def fixed(cast: Cast) -> ReviewFinding:
    return settling.fix(found(cast), by=cast.teacher, reason="The name says the school now.")


def contested(cast: Cast) -> ReviewFinding:
    return settling.contest(found(cast), by=cast.teacher, reason="The principal chose that name with you.")


def judge(it: ReviewFinding) -> Person:
    return reviewer_of(it.review)


def settled(cast: Cast) -> ReviewFinding:
    it = fixed(cast)
    return settling.settle(it, by=judge(it))


def taken_back(cast: Cast) -> ReviewFinding:
    it = contested(cast)
    return settling.take_back(it, by=judge(it), reason="You are right.")


def pair(cast: Cast, account: Account | None = None) -> tuple[Review, Review]:
    """A first review and a second one beside it, by different people, both planned."""
    first = planned(cast, account, twice=True)
    return first, Review.objects.get(first=first)


def same(cast: Cast) -> ReviewFinding:
    first, second = pair(cast)
    end(first, ["name"])
    end(second, ["name"])
    return ReviewFinding.objects.get(review=second)


FINDINGS: dict[str, Callable[[Cast], ReviewFinding]] = {
    "open": found, "fixed": fixed, "contested": contested, "settled": settled, "taken_back": taken_back, "same": same,
}  # fmt: skip


def drawn(cast: Cast, wanted: int = 2, seed: str = "a seed", **changes: Any) -> ReviewSample:
    """A sample of this month, drawn from the seed of the test."""
    today = clock.today()
    period = {
        "starts_on": today.replace(day=1),
        "ends_on": date(today.year + (today.month == 12), today.month % 12 + 1, 1),
    }
    return drawing.draw(
        cast.division, **{**period, "by": cast.communications, "wanted": wanted, "seed": seed, **changes}
    )


SAMPLES: dict[str, Callable[[Cast], ReviewSample]] = {
    "drawn": lambda cast: official(cast) and drawn(cast, 1),
    "called_off": lambda cast: drawing.call_off(
        (official(cast) and drawn(cast, 1)), by=cast.communications, reason="Too early."
    ),
}


def manages(cast: Cast, account: Account, person: Person) -> None:
    Designation.objects.create(registration=account.registration, person=person, kind="second", named_at=clock.now())


def reviews_of(cast: Cast) -> dict[str, Any]:
    """For the walk over all pages: a review planned, one under way with a picture, a finding of one done, a sample."""
    who = cast.communications
    sample = drawn(cast, 1)
    return {
        "review": planned(cast, reviewer=who),
        "going": picture(answered(cast, reviewer=who)),
        "found": found(cast, reviewer=who),
        "sample": sample,
    }
