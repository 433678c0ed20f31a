"""Every state of a review, a sample and a finding with every move: the legal ones once, the others change nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.reviews import drawing, planning, reviewing, settling
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review, ReviewSample
from rostrum.reviews.queries import allowed, finding_moves
from rostrum.reviews.states import FINDING_MOVES, REVIEW_MOVES, SAMPLE_MOVES, FindingState, ReviewState, SampleState
from tests.cast import Cast
from tests.reviews.made import FINDINGS, REVIEWS, SAMPLES, found, judge, planned, reviewer_of

pytestmark = pytest.mark.django_db
REASON = "Looked at it."


def assign(review: Review, by: Any, reason: str, seen: int | None = None) -> Any:
    others = planning.Reviewers([review.account]).communications
    other = next(one for one in others if one.pk != review.reviewer_id)
    return planning.assign(review, by=by, reviewer=other, reason=reason, seen=seen)


REVIEW_ACTS: dict[str, Callable[..., Any]] = {
    "assign": assign,
    "decline": lambda it, by, reason, seen=None: planning.decline(it, by=by, reason=reason, seen=seen),
    "start": lambda it, by, reason, seen=None: reviewing.start(it, by=by, seen=seen),
    "finish": lambda it, by, reason, seen=None: reviewing.finish(it, by=by, seen=seen),
    "drop": lambda it, by, reason, seen=None: planning.drop(it, by=by, reason=reason, seen=seen),
}
KEEPS = {"assign", "drop"}


def test_every_move_and_state_is_tried_here() -> None:
    assert set(REVIEW_ACTS) == {move.name for move in REVIEW_MOVES}
    assert set(settling.ACTS) == {move.name for move in FINDING_MOVES}
    assert set(REVIEWS) == set(ReviewState.values)
    assert set(FINDINGS) == set(FindingState.values)
    assert set(SAMPLES) == set(SampleState.values)


@pytest.mark.parametrize("move", REVIEW_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(REVIEWS))
def test_every_state_and_move_of_a_review(cast: Cast, state: str, move: Any) -> None:
    it = REVIEWS[state](cast)
    by = cast.communications if move.name in KEEPS else reviewer_of(it)
    events = Event.objects.count()
    if state in move.sources:
        assert move in allowed(by, it)
        REVIEW_ACTS[move.name](it, by, REASON)
        assert Review.objects.get(pk=it.pk).state == move.target
        assert Event.objects.filter(act=f"review:{move.name}", seq__gt=events).count() == 1
    else:
        assert move not in allowed(by, it)
        with pytest.raises(WrongState):
            REVIEW_ACTS[move.name](it, by, REASON)
        assert Review.objects.get(pk=it.pk).state == state
        assert Event.objects.count() == events


@pytest.mark.parametrize("move", REVIEW_MOVES, ids=lambda m: m.name)
def test_whoever_saw_an_older_review_is_too_late(cast: Cast, move: Any) -> None:
    it = REVIEWS["under_way" if move.name == "finish" else "planned"](cast)
    by = cast.communications if move.name in KEEPS else reviewer_of(it)
    with pytest.raises(Overtaken):
        REVIEW_ACTS[move.name](it, by, REASON, seen=it.version + 1)


@pytest.mark.parametrize("who", ["teacher", "colleague", "principal", "charlie", "privacy", "auditor", "sysadmin"])
@pytest.mark.parametrize("move", REVIEW_MOVES, ids=lambda m: m.name)
def test_nobody_else_moves_a_review(cast: Cast, move: Any, who: str) -> None:
    it = REVIEWS["under_way" if move.name == "finish" else "planned"](cast)
    assert move not in allowed(getattr(cast, who), it)
    with pytest.raises(NotAllowed):
        REVIEW_ACTS[move.name](it, getattr(cast, who), REASON)


@pytest.mark.parametrize("move", [m for m in REVIEW_MOVES if m.reason_required], ids=lambda m: m.name)
def test_a_reason_is_asked_for(cast: Cast, move: Any) -> None:
    it = planned(cast)
    by = cast.communications if move.name in KEEPS else reviewer_of(it)
    with pytest.raises(Invalid) as refusal:
        REVIEW_ACTS[move.name](it, by, " ")
    assert list(refusal.value.fields) == ["reason"]


def settle_by(it: ReviewFinding, name: str, cast: Cast) -> Any:
    """Who makes a move, and with what beside the reason."""
    who = cast.teacher if name in {"fix", "contest"} else judge(it)
    more = {"due_on": clock.today() + timedelta(days=9)} if name == "extend" else {}
    return settling.ACTS[name](it, by=who, reason=REASON, **more)


@pytest.mark.parametrize("move", FINDING_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(FINDINGS))
def test_every_state_and_move_of_a_finding(cast: Cast, state: str, move: Any) -> None:
    it = FINDINGS[state](cast)
    by = cast.teacher if move.name in {"fix", "contest"} else judge(it)
    events = Event.objects.count()
    if state in move.sources:
        assert move in finding_moves(by, it)
        settle_by(it, move.name, cast)
        assert ReviewFinding.objects.get(pk=it.pk).state == move.target
        assert Event.objects.count() == events + 1
        assert Event.objects.latest("seq").act == f"reviewfinding:{move.name}"
    else:
        assert move not in finding_moves(by, it)
        with pytest.raises(Refusal) as refusal:
            settle_by(it, move.name, cast)
        assert isinstance(refusal.value, WrongState | NotAllowed)
        assert ReviewFinding.objects.get(pk=it.pk).state == state
        assert Event.objects.count() == events


ANSWERING = {"teacher", "colleague", "principal", "superintendent"}
JUDGING = {"communications", "communications2", "director"}


@pytest.mark.parametrize("who", ["teacher", "colleague", "principal", "superintendent", "charlie", "privacy", "director",
                                 "communications", "communications2", "auditor", "sysadmin"])  # fmt: skip
def test_who_answers_and_who_judges(cast: Cast, who: str) -> None:
    it = found(cast)
    names = {move.name for move in finding_moves(getattr(cast, who), it)}
    assert names == {
        *({"fix", "contest"} if who in ANSWERING else ()), *({"extend", "take_back"} if who in JUDGING else ())
    }  # fmt: skip
    if who not in ANSWERING:
        with pytest.raises(NotAllowed):
            settling.fix(it, by=getattr(cast, who), reason=REASON)
    if who not in JUDGING:
        with pytest.raises(NotAllowed):
            settling.take_back(it, by=getattr(cast, who), reason=REASON)


@pytest.mark.parametrize("move", SAMPLE_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(SAMPLES))
def test_every_state_and_move_of_a_sample(cast: Cast, state: str, move: Any) -> None:
    it = SAMPLES[state](cast)
    if state in move.sources:
        drawing.call_off(it, by=cast.communications, reason=REASON)
        assert ReviewSample.objects.get(pk=it.pk).state == move.target
        assert set(Review.objects.filter(sample=it).values_list("state", flat=True)) == {"dropped"}
    else:
        with pytest.raises(WrongState):
            drawing.call_off(it, by=cast.communications, reason=REASON)
    for who in (cast.director, cast.principal, cast.teacher):
        with pytest.raises(Refusal):
            drawing.call_off(it, by=who, reason=REASON)
