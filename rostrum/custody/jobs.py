"""Timed work: last days and roles that are over, people who left by another way, reminders of what is not confirmed."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from rostrum.audit.actions import hold_the_pen
from rostrum.core import clock
from rostrum.core.errors import Overtaken, WrongState
from rostrum.core.reading import reading
from rostrum.custody import departure_notices as N
from rostrum.custody.campaign_models import HandOverCampaign
from rostrum.custody.campaign_states import CampaignState
from rostrum.custody.campaigns import end as end_campaign
from rostrum.custody.campaigns import remind as remind_campaign
from rostrum.custody.departure_models import Departure
from rostrum.custody.departure_queries import ahead, departures, open_rows, with_nothing_to_wait_for
from rostrum.custody.departure_states import DepartureState
from rostrum.custody.departures import drop_retired, leave_on_time, sweep
from rostrum.custody.notices import ask_reading
from rostrum.custody.queries import LIVING
from rostrum.custody.roles import over, role_over
from rostrum.custody.touches import touches_of
from rostrum.guidance.queries import gate_is_set, read_at
from rostrum.jobs.registry import job
from rostrum.notices.actions import together
from rostrum.people.models import Person
from rostrum.policies.queries import in_force, setting
from rostrum.registry.models import Designation
from rostrum.registry.states import LIVE
from rostrum.schoolyear.counting import counting
from rostrum.schoolyear.series import Series, due_period, newest_given, once_each, once_in

# Rostrum's own rhythm where the division sets none; no letter presents it as the procedure's.
REMIND_EVERY_DAYS = 7
BATCH = 500
REMINDED_TOGETHER = 100  # departures of one transaction: the log's pen is held meanwhile
DEPARTURE = "custody.departure"


@job("custody.leave", cron="5 0 * * *")
def leave() -> None:
    """Each departure whose last day is over becomes real: no sign-in, and the managers who stay are asked."""
    for departure in ahead():
        try:
            leave_on_time(departure)
        except WrongState:  # taken back or moved since the list was read; the others still leave
            continue


@job("custody.roles", cron="10 0 * * *")
def roles_over() -> None:
    """Ask what follows from each role whose last day is over: terms that ran out, days that were set beforehand."""
    for appointment in over():
        with transaction.atomic():
            role_over([appointment], by=None)


@job("custody.sweep", cron="25 0 * * *")
def sweep_again() -> None:
    """Name what came to light since people left: an account registered later, somebody who left by another way."""
    gone = list(Person.objects.filter(is_active=False).order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(gone), BATCH):
        _sweep(gone[at : at + BATCH])
    for departure in with_nothing_to_wait_for():
        with transaction.atomic():
            drop_retired(departure)


def _sweep(people: list[int]) -> None:
    named = set(
        Departure.objects.filter(person__in=people, state=DepartureState.OPEN).values_list(
            "person_id", "items__account"
        )
    )
    missed = [pk for pk, many in touches_of(people).items() if any((pk, one.account.pk) not in named for one in many)]
    for person in Person.objects.filter(pk__in=missed).select_related("home_unit"):
        with transaction.atomic():
            sweep([person], by=None)


@job("custody.remind", cron="30 7 * * *")
def remind() -> None:
    """Remind the managers who stay of what is not confirmed, once per period; where there is none, the leaders.

    Where the division goes by school days, on those alone, as every reminder of this package.
    """
    counted = counting()
    if not counted.works(clock.today()):
        return
    every, today = remind_every(), clock.today()
    waiting = list(departures().filter(state=DepartureState.OPEN))
    given = newest_given(DEPARTURE, Departure, [one.pk for one in waiting])
    due: list[tuple[Departure, date]] = []
    for one in waiting:
        period = reminders(DEPARTURE, every, one.last_day).newest(today, counted.calendar)
        if period is not None and given.get(one.pk, date.min) < period:
            due.append((one, period))
    for at in range(0, len(due), REMINDED_TOGETHER):
        _remind(due[at : at + REMINDED_TOGETHER])


def _remind(due: list[tuple[Departure, date]]) -> None:
    """Remind of departures, each for the period that is owed; what is asked of the database is asked for all of them."""
    with transaction.atomic(), reading(), together():
        hold_the_pen()
        rows = open_rows(one for one, _period in due)
        fresh = once_in(DEPARTURE, Departure, {one.pk: period for one, period in due if rows[one.pk]})
        reminded = [one for one, _period in due if one.pk in fresh]
        letters = N.Letters(reminded, [row for one in reminded for row in rows[one.pk]])
        for one in reminded:
            alone = letters.to_managers(one, N.REMINDER, None, rows[one.pk])
            if alone:
                letters.to_leaders(one, N.NOBODY, None, alone)


@job("custody.campaigns", cron="40 7 * * *")
def campaigns_on_their_way() -> None:
    """End the hand-over campaigns whose last day is over; remind in the others, once per period."""
    counted, today = counting(), clock.today()
    known, works, every = counted.calendar, counted.works(today), remind_every()
    for campaign in HandOverCampaign.objects.filter(state=CampaignState.RUNNING).select_related("unit"):
        if campaign.ends_on < today:
            try:
                end_campaign(campaign, by=None)
            except (Overtaken, WrongState):  # somebody ended it since the list was read
                continue
        elif works:
            series = reminders("custody.campaign", every, campaign.starts_on, campaign.ends_on)
            period = due_period(series, campaign, known)
            if period is not None:
                remind_campaign(campaign, period)


@job("custody.reading", cron="50 7 * * *")
def ask_to_read() -> None:
    """Where the division asks managers to read the procedure: ask those who have not, once for each edition."""
    if not gate_is_set() or not counting().works(clock.today()):
        return
    edition = in_force()
    people = Person.objects.filter(
        is_active=True,
        pk__in=Designation.objects.filter(LIVING, registration__account__state__in=LIVE).values("person"),
    )
    ids = list(people.order_by("pk").values_list("pk", flat=True))
    have, series = read_at(ids, edition), f"custody.reading.{edition.pk}"
    asked = newest_given(series, Person, ids)
    left = [pk for pk in ids if pk not in have and pk not in asked]
    for at in range(0, len(left), BATCH):
        with transaction.atomic():
            hold_the_pen()
            fresh = once_each(series, Person, left[at : at + BATCH], edition.effective_from)
            ask_reading(Person.objects.filter(pk__in=fresh).order_by("pk"), edition)


def remind_every() -> int:
    """Days between two reminders: the division's number, else a week."""
    days = setting("handover_reminder_days")
    return days if isinstance(days, int) and days > 0 else REMIND_EVERY_DAYS


def reminders(key: str, every: int, begun: date, ends_on: date | None = None) -> Series:
    """When reminders of something begun on a day are given, every so many days."""
    return Series(key, first=_after(begun, every), every=every, ends_on=ends_on)


def _after(begun: date, days: int) -> date:
    return date.fromordinal(begun.toordinal() + days)
