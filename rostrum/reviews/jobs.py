"""Timed work of reviews: putting accounts down whose turn has come, reminding reviewers and managers, telling upward."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import models, transaction
from django.db.models import Max, Q
from django.utils import timezone

from rostrum.core import clock
from rostrum.core.errors import WrongState
from rostrum.jobs.registry import job
from rostrum.keys.notices import keepers_of_the_register
from rostrum.keys.queries import Leads
from rostrum.people.models import Person
from rostrum.people.queries import division
from rostrum.policies.queries import setting
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.reviews import notices as N
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.models import Review, ReviewSample
from rostrum.reviews.periods import period_of
from rostrum.reviews.planning import number, put_down_due
from rostrum.reviews.queries import answerers, findings, reviews
from rostrum.reviews.states import OPEN_REVIEWS, FindingState, ReviewState
from rostrum.schoolyear.counting import counting
from rostrum.schoolyear.queries import calendar
from rostrum.schoolyear.series import once

# Rostrum's own rhythm where the division sets none; no letter presents it as the procedure's.
REMIND_EVERY_DAYS = 7
# Reviews that the cycle puts down in one night, the longest-waiting accounts first: a new cycle floods nobody.
IN_A_NIGHT = 25


def every() -> int:
    """Days between two reminders of the same thing."""
    return number("review_reminder_days") or REMIND_EVERY_DAYS


@job("reviews.put_down_due", cron="20 5 * * *")
def put_due_down() -> None:
    """Put accounts down for review whose last one is longer ago than the division's cycle, some each night.

    Nothing while the division set no cycle (AP 193 1.10 sets none), nor on days on which schools are asked for nothing.
    """
    days, today, school = number("review_days"), clock.today(), calendar()
    if days is None or not school.is_school_day(today) or not school.calm(today):
        return
    limit = timezone.make_aware(datetime.combine(today - timedelta(days=days), time.max))
    live = Account.objects.filter(state__in=LIVE, official_since__lte=limit)
    last = Max("reviews__finished_at", filter=Q(reviews__state=ReviewState.DONE, reviews__first=None))
    open_now = Review.objects.filter(state__in=OPEN_REVIEWS).values("account")
    waiting = live.exclude(pk__in=open_now).annotate(last=last).filter(Q(last=None) | Q(last__lte=limit))
    due = list(waiting.order_by(models.F("last").asc(nulls_first=True), "official_since", "pk").values_list("pk", flat=True)[
        :IN_A_NIGHT
    ])  # fmt: skip
    try:
        put_down_due(due)
    except WrongState:  # somebody asked for one of them in the same moment; the next night does the rest
        return


@job("reviews.remind", cron="40 6 * * *")
def remind() -> None:
    """Remind reviewers of open reviews, managers of findings, and judges of answers; each once in a period."""
    today, counted = clock.today(), counting()
    if not counted.works(today):
        return
    step = every()
    _remind_reviewers(today, step)
    _remind_of_findings(today, step)
    _remind_judges(today, step)


def _period(begun: date, today: date, step: int, *, at_once: bool = False) -> date | None:
    """The period that a reminder belongs to, counted from a day: the newest that has come.

    None before the first, which comes a whole step after the day; with `at_once` it comes on the day itself.
    """
    passed = (today - begun).days // step
    return begun + timedelta(days=passed * step) if passed >= (0 if at_once else 1) else None


def _remind_reviewers(today: date, step: int) -> None:
    """From the day after the last one on; where no day is set, from one step after it was asked for."""
    waiting = reviews().filter(state__in=OPEN_REVIEWS, reviewer__is_active=True, account__state__in=LIVE)
    begun = Q(due_on__lt=today) | Q(due_on=None, assigned_at__lt=_start_of(today - timedelta(days=step - 1)))
    for one in waiting.filter(begun).order_by("pk"):
        if one.due_on is not None:
            period = _period(one.due_on + timedelta(days=1), today, step, at_once=True)
        else:
            period = _period(timezone.localdate(one.assigned_at), today, step)
        with transaction.atomic():
            if period is not None and one.reviewer is not None and once("reviews.reminder", one, period):
                N.send([one.reviewer], N.REVIEWER_REMINDED, one, one.ref or "", N.said_of_review(one, None), None)


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _remind_of_findings(today: date, step: int) -> None:
    """Managers in every period while nobody has answered; once the day has passed the principal, then Communications."""
    waiting = findings().filter(state=FindingState.OPEN, account__state__in=LIVE)
    due = waiting.filter(Q(moved_at__lt=_start_of(today - timedelta(days=step - 1))) | Q(due_on__lt=today))
    rows = list(due.order_by("pk"))
    leads, keepers = Leads(one.unit for one in rows), keepers_of_the_register()
    for one in rows:
        with transaction.atomic():
            _remind_of(one, today, step, leads, keepers)


def _remind_of(one: ReviewFinding, today: date, step: int, leads: Leads, keepers: Iterable[Person]) -> None:
    said = N.said_of_finding(one, None, "")
    period = _period(timezone.localdate(one.moved_at), today, step)
    if period is not None and once("reviews.finding_reminder", one, period):
        N.send(answerers(one.account, leads), N.FINDING_REMINDED, one, one.ref, said, None)
    if not one.late(today) or one.due_on is None:
        return
    # The day after the last one is the first period, for the principal; every further one tells Communications too.
    begun = one.due_on + timedelta(days=1)
    late = _period(begun, today, step, at_once=True)
    if late is None or not once("reviews.late", one, late):
        return
    N.send(leads.of(one.unit).people, N.LATE, one, one.ref, said, None)
    if late > begun:
        N.send(keepers, N.LATE_KEEPER, one, one.ref, said, None)


def _remind_judges(today: date, step: int) -> None:
    waiting = findings().filter(state__in=[FindingState.FIXED, FindingState.CONTESTED])
    for one in waiting.filter(moved_at__lt=_start_of(today - timedelta(days=step - 1))).order_by("pk"):
        period = _period(timezone.localdate(one.moved_at), today, step)
        with transaction.atomic():
            if period is not None and once("reviews.judge_reminder", one, period):
                N.to_judges(one, N.JUDGE_REMINDED, None, one.answer)


@job("reviews.sample_due", cron="10 7 * * *")
def sample_due() -> None:
    """Remind Communications that the sample of this period is not drawn; once in a period, and on a calm school day.

    Nothing while the division set no period: then a sample is drawn when somebody wants one (AP 193 1.10).
    """
    today, school = clock.today(), calendar()
    period, root = period_of(str(setting("review_period") or ""), today, school), division()
    if period is None or root is None or not school.is_school_day(today) or not school.calm(today):
        return
    starts_on, ends_on = period
    if ReviewSample.objects.filter(state="drawn", starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        return
    with transaction.atomic():
        if once("reviews.sample_due", root, starts_on):
            N.sample_due(keepers_of_the_register(), root, starts_on)
