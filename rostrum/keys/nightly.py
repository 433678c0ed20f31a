"""The night's round of resets: asking where the period or the year says so, telling, reminding, telling what is late.

Set-based: the number of statements grows with batches of a thousand, never with accounts. Every step may be run
twice and may break off: what it did is in the rows, and the next run goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from rostrum.audit.actions import Line, hold_the_pen, record_many
from rostrum.core import clock
from rostrum.keys.due import YEAR_START, due_on, local_midnight, period_days
from rostrum.keys.models import Reset, ResetCall
from rostrum.keys.states import LAPSE, CallState, ResetState, Trigger
from rostrum.policies.queries import cite, setting
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.schoolyear.queries import Calendar, calendar

BATCH = 1000
# A school year that began longer ago is asked for no more: a setting made in March means next September.
YEAR_WINDOW = timedelta(days=60)


def batches(things: Iterable[int]) -> Iterator[list[int]]:
    """The things in lists of at most a thousand."""
    rest = iter(things)
    while part := list(islice(rest, BATCH)):
        yield part


def due_by_period(today: date) -> QuerySet[Account]:
    """Live accounts whose period has passed on a day; none while the division set no period (AP 193 3.4).

    Counted in local days from the last confirmed reset, or from the day the account became official; from the day
    somebody called the periodic reset off where that came later.
    """
    days = period_days()
    if days is None:
        return Account.objects.none()
    since = local_midnight(today - timedelta(days=days - 1))  # made on the day before this one or earlier: due
    newer = Reset.objects.filter(account=OuterRef("pk"), state=ResetState.CONFIRMED, made_at__gte=since)
    asked = ResetCall.objects.filter(account=OuterRef("pk"), trigger=Trigger.PERIOD)
    asked = asked.filter(Q(state=CallState.OPEN) | Q(state=CallState.CALLED_OFF, closed_at__gte=since))
    return Account.objects.filter(~Exists(newer), ~Exists(asked), state__in=LIVE, official_since__lt=since)


def due_by_year(today: date, school: Calendar) -> QuerySet[Account]:
    """Live accounts that the new school year asks for: once in a year, in its first two months, after its first week.

    Not those that were reset, became official or were asked in this school year already. None while the division
    has not chosen it, and where no school year is entered.
    """
    year = school.year_of(today)
    if year is None or setting(YEAR_START) != "asked":
        return Account.objects.none()
    if not school.calm_day(year.starts_on) <= today <= year.starts_on + YEAR_WINDOW:
        return Account.objects.none()
    begun = local_midnight(year.starts_on)
    newer = Reset.objects.filter(account=OuterRef("pk"), state=ResetState.CONFIRMED, made_at__gte=begun)
    asked = ResetCall.objects.filter(account=OuterRef("pk"), trigger=Trigger.YEAR_START)
    asked = asked.filter(Q(asked_at__gte=begun) | Q(state=CallState.OPEN))
    return Account.objects.filter(~Exists(newer), ~Exists(asked), state__in=LIVE, official_since__lt=begun)


def ask_due() -> int:
    """Ask for the resets that the period and the new school year call for; says how many calls were made.

    On calm school days only: nothing heavy in the first week of a year, during exams, in breaks and in summer.
    """
    today, school = clock.today(), calendar()
    if not (school.is_school_day(today) and school.calm(today)):
        return 0
    made = 0
    for trigger, accounts in ((Trigger.PERIOD, due_by_period(today)), (Trigger.YEAR_START, due_by_year(today, school))):
        ids = list(accounts.order_by("pk").values_list("pk", flat=True))
        if ids:
            due = due_on(trigger, today, school)
            made += sum(_ask(trigger, part, due) for part in batches(ids))
    return made


@transaction.atomic
def _ask(trigger: Trigger, ids: list[int], due: date | None) -> int:
    """One batch of calls, each with its line in the log. What was asked meanwhile is passed over."""
    hold_the_pen()
    now = clock.now()
    taken = ResetCall.objects.filter(account__in=ids, trigger=trigger, state=CallState.OPEN)
    already = set(taken.values_list("account_id", flat=True))
    found = Account.objects.filter(pk__in=ids, state__in=LIVE).exclude(pk__in=already).order_by("pk")
    names = {pk: (public_id, name) for pk, public_id, name in found.values_list("pk", "public_id", "name")}
    calls = ResetCall.objects.bulk_create(
        ResetCall(account_id=pk, trigger=trigger, asked_at=now, since=now, due_on=due) for pk in names
    )
    record_many(
        None, "resetcall:ask",
        (Line(one, names[one.account_id][1], after={"account": names[one.account_id][0], "trigger": trigger.value,
                                                    "due_on": due}) for one in calls),
        citations=cite(["3.4"]), role="clock",
    )  # fmt: skip
    return len(calls)


def lapse_retired() -> int:
    """Close what asks for resets of accounts that are retired by now; says how many."""
    gone = ResetCall.objects.filter(state=CallState.OPEN).exclude(account__state__in=LIVE)
    return sum(_lapse(part) for part in batches(list(gone.order_by("pk").values_list("pk", flat=True))))


@transaction.atomic
def _lapse(ids: list[int]) -> int:
    hold_the_pen()
    now = clock.now()
    gone = ResetCall.objects.filter(pk__in=ids, state__in=LAPSE.sources).select_related("account")
    calls = list(gone.exclude(account__state__in=LIVE))
    for one in calls:
        one.state, one.closed_at, one.version = LAPSE.target, now, one.version + 1
    ResetCall.objects.bulk_update(calls, ["state", "closed_at", "version"])
    lines = (Line(one, one.account.name) for one in calls)
    record_many(None, "resetcall:lapse", lines, citations=cite(LAPSE.cites), role="clock")
    return len(calls)
