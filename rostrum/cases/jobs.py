"""The nightly round of cases: due dates, tasks, warnings that end, appeals that wait. It reminds; a person acts."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from rostrum.cases import notices as N
from rostrum.cases.decision_models import Strike
from rostrum.cases.parties import Parties, acted, keepers, managers
from rostrum.cases.queries import appeals, cases, decisions
from rostrum.cases.states import OPEN_CASES, AppealState, DecisionState
from rostrum.core import clock
from rostrum.jobs.registry import job
from rostrum.registry.notices import in_both
from rostrum.schoolyear.counting import counting
from rostrum.schoolyear.queries import Calendar, calendar
from rostrum.schoolyear.series import Series, due_period, once
from rostrum.schoolyear.words import by_words, long_day

# Rostrum's own rhythm, where nobody set one: a reminder when something is due, then once a week.
AGAIN = 7
BEFORE = timedelta(days=2)  # the first reminder of a task comes this long before its day


@job("cases.nightly", cron="40 5 * * *")
def nightly() -> None:
    """Remind of what is due in cases, decisions and appeals: each once for a period, whatever was missed before.

    Reads only what is due, in a number of queries that does not grow with what is not. No rule acts: a suspension
    that reached its day is asked about by the register, and a person restores the account. Where the division goes by
    school days, what asks for something waits for one; that a warning has ended asks nothing of anybody.
    """
    today, days = clock.today(), calendar()
    tell_of_ended_strikes(today)
    if not counting().works(today):
        return
    remind_of_cases(today, days)
    remind_of_tasks(today, days)
    remind_of_appeals(today, days)


def remind_of_cases(today: date, days: Calendar) -> None:
    """Whoever has a case, else those who may decide it, hear of it on its due day, and once a week after that."""
    due = list(cases().filter(state__in=OPEN_CASES, due_on__lte=today))
    if not due:
        return
    parties = Parties(one.account for one in due)
    for case in due:
        if case.due_on is None:
            continue
        with transaction.atomic():
            period = due_period(Series("cases.due", case.due_on, AGAIN), case, days, today)
            if period is None or not once("cases.due", case, period):
                continue
            deciders = parties.deciders(case).people
            mine = [one for one in deciders if one.pk == case.assigned_to_id]
            on = case.due_on
            N.tell(mine or deciders, N.DUE, case, None, "", {"due_words": in_both(partial(by_words, on))})


def remind_of_tasks(today: date, days: Calendar) -> None:
    """Those who look after an account hear of what is to be done two days before its day and weekly after it.

    Once the day has passed, whoever decides on such cases hears of it as well.
    """
    stayed = Q(appeal__state=AppealState.LODGED, appeal__stayed=True)
    due = list(
        decisions()
        .filter(state=DecisionState.STANDS, done_at=None, do_by__isnull=False, do_by__lte=today + BEFORE)
        .exclude(stayed)
    )
    if not due:
        return
    parties = Parties({one.account_id: one.account for one in due}.values())
    for decision in due:
        if decision.do_by is None:
            continue
        on, more = decision.do_by, {"due_words": in_both(partial(by_words, decision.do_by))}
        first = decision.do_by - BEFORE
        with transaction.atomic():
            period = due_period(Series("cases.to_do", first, AGAIN), decision, days, today)
            if period is not None and once("cases.to_do", decision, period):
                people = [*managers(decision.account), *parties.administrators(decision.account).people]
                N.tell_decision(people, N.TO_DO, decision, None, more=more)
        if on < today:
            with transaction.atomic():
                period = due_period(Series("cases.late", on + timedelta(days=1), AGAIN), decision, days, today)
                if period is not None and once("cases.late", decision, period):
                    N.tell_decision(parties.deciders(decision.case).people, N.LATE, decision, None, more=more)


def tell_of_ended_strikes(today: date) -> None:
    """The managers hear once that a warning counts no longer. Counting goes by the day itself: nothing is changed.

    Those that ended more than thirty days ago are left alone: news that old would only puzzle.
    """
    over = Strike.objects.filter(wiped_at=None, until__lt=today, until__gte=today - timedelta(days=30))
    for strike in over.select_related("decision__account__unit", "decision__case", "decision__account__registration"):
        if strike.until is None:
            continue
        with transaction.atomic():
            if once("cases.strike_ended", strike, strike.until):
                until = strike.until
                N.tell_decision(
                    managers(strike.decision.account), N.STRIKE_ENDED, strike.decision, None,
                    more={"day": in_both(partial(long_day, until))},
                )  # fmt: skip


def remind_of_appeals(today: date, days: Calendar) -> None:
    """Whoever decides an appeal hears of it once a week while it waits; where nobody may, whoever must name someone."""
    waiting = list(appeals().filter(state=AppealState.LODGED))
    if not waiting:
        return
    parties = Parties({one.decision.account_id: one.decision.account for one in waiting}.values())
    apart = acted(waiting)
    for appeal in waiting:
        begun = timezone.localdate(appeal.lodged_at)
        with transaction.atomic():
            period = due_period(Series("cases.appeal", begun + timedelta(days=AGAIN), AGAIN), appeal, days, today)
            if period is None or not once("cases.appeal", appeal, period):
                continue
            deciders = parties.appeal_deciders(appeal, apart[appeal.pk]).people
            more = {"day": in_both(partial(long_day, begun))}
            if deciders:
                N.tell_appeal(deciders, N.STILL, appeal, None, more=more)
            else:
                people = parties.directors(appeal.decision.account).people or tuple(keepers())
                N.tell_appeal(people, N.NOBODY, appeal, None)
