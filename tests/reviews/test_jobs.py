"""Timed work of reviews: once per period, upward when late, nothing while the division set nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rostrum.core import clock
from rostrum.notices.models import Notice
from rostrum.registry.standing import change_standing
from rostrum.reviews import jobs, settling
from rostrum.reviews.models import Review
from tests.cast import Cast, official
from tests.reviews.made import chosen, done, drawn, fixed, found, judge, planned, reviewer_of

pytestmark = pytest.mark.django_db


def run(days: int) -> None:
    """Every night of some days, twice: a job that runs again does nothing twice."""
    now = clock.now()
    for day in range(1, days + 1):
        with clock.standing_at(now + timedelta(days=day)):
            for _again in range(2):
                jobs.remind()


def told(kind: str, name: str) -> int:
    return Notice.objects.filter(kind=f"reviews.{kind}", person__name=name).count()


def test_managers_are_reminded_once_a_period_and_the_principal_once_it_is_late(cast: Cast) -> None:
    chosen("finding_days.minor", 10)
    it = found(cast)
    run(6)
    assert told("finding_reminder", "Sofia Nguyen") == 0
    run(30)
    assert told("finding_reminder", "Sofia Nguyen") == 4  # on days 7, 14, 21 and 28
    assert told("late", "Ana Petrova") == 3  # on days 11, 18 and 25
    assert told("late_keeper", "Marc Laurent") == 2
    settling.fix(it, by=cast.teacher, reason="Done.")
    before = Notice.objects.count()
    run(3)
    assert Notice.objects.count() == before


def test_nobody_is_reminded_of_a_retired_account(cast: Cast) -> None:
    chosen("finding_days.minor", 1)
    it, review = found(cast), planned(cast)
    for account in (it.account, review.account):
        change_standing(account, "close", by=cast.communications, reason="Not used.")
    before = Notice.objects.count()
    run(20)
    assert Notice.objects.count() == before


def test_judges_and_reviewers_are_reminded_by_the_divisions_rhythm(cast: Cast) -> None:
    chosen("review_reminder_days", 5)
    it = fixed(cast)
    review = planned(cast)
    run(11)
    assert told("judge_reminder", judge(it).name) == 2
    assert told("reminder", reviewer_of(review).name) == 2
    chosen("review_done_days", 30)
    quiet = planned(cast)
    run(11)
    assert Notice.objects.filter(kind="reviews.reminder", about_id=quiet.pk).count() == 0


def test_an_account_whose_turn_has_come_is_put_down_once(cast: Cast) -> None:
    for _n in range(3):
        official(cast)
    recent = done(cast)
    jobs.put_due_down()
    assert Review.objects.count() == 1, "the division set no cycle"
    chosen("review_days", 100)
    jobs.put_due_down()
    assert Review.objects.count() == 1, "none is old enough"
    now = clock.now() + timedelta(days=101)
    while now.weekday() > 4:
        now += timedelta(days=1)
    for _again in range(2):
        with clock.standing_at(now):
            jobs.put_due_down()
    assert Review.objects.filter(kind="scheduled", state="planned").count() == 4
    assert Review.objects.filter(account=recent.account, kind="scheduled").count() == 1


def test_communications_is_reminded_of_a_sample_once_in_its_period(cast: Cast) -> None:
    official(cast)

    def days(n: int) -> int:
        now = clock.now()
        for day in range(n):
            with clock.standing_at(now + timedelta(days=day)):
                jobs.sample_due()
        return told("sample_due", "Marc Laurent")

    assert days(3) == 0, "the division set no period"
    chosen("review_period", "year")
    assert days(9) == 1
    drawn(cast, 1)
    assert days(9) == 1
