"""Timed work of the register: chasing approvals that nobody registered, letting them lapse when a period is set."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.timezone import make_aware

from rostrum.core import clock
from rostrum.core.errors import Overtaken, WrongState
from rostrum.jobs.registry import job
from rostrum.notices.models import Notice
from rostrum.people.queries import has_stepped_down
from rostrum.policies.queries import cite, setting
from rostrum.registry import notices as N
from rostrum.registry import reminding
from rostrum.registry.actions import lapse
from rostrum.registry.clearing import clear_evidence
from rostrum.registry.queries import overdue_lapse, registration_of, unregistered
from rostrum.registry.states import RegistrationState
from rostrum.registry.turns import Turns
from rostrum.schoolyear.counting import counting

# Rostrum's own rhythm where the division sets none; the letter does not present it as the procedure's.
CHASE_EVERY_DAYS = 7
REMINDERS = (N.REGISTER_REMINDER.key, N.NOBODY_REGISTERS.key)


@job("registry.chase", cron="0 7 * * *")
def chase() -> None:
    """Remind requesters of approved accounts that are not registered yet, once per period.

    Where whoever asked has left, or holds no role any more, Communications is told: nobody else would notice.
    """
    days = setting("registration_reminder_days")
    every = days if isinstance(days, int) and days > 0 else CHASE_EVERY_DAYS
    counted, today = counting(), clock.today()
    if not counted.works(today):  # a day without school, where the division goes by school days
        return
    # Whole local days: a job that starts a second earlier than last time must not skip its day, and an outage
    # brings one reminder, not one for each period that was missed.
    since = make_aware(datetime.combine(counted.back(today, every) + timedelta(days=1), time.min))
    for request in unregistered().filter(approved_at__lt=since):
        registration = registration_of(request)
        if registration and registration.state == RegistrationState.SENT:
            continue
        with transaction.atomic():
            recent = Notice.objects.filter(
                kind__in=REMINDERS, about_type="accountrequest", about_id=request.pk, owed_at__gte=since
            )
            if recent.exists():
                continue
            asker = request.requester
            said = N.context(request, None, clauses=cite(["3.2"]), requester=asker.name)
            if asker.is_active:
                N.tell([asker], N.REGISTER_REMINDER, request, said)
            if has_stepped_down(asker):
                N.tell(Turns([request]).approvers(request).people, N.NOBODY_REGISTERS, request, said)


@job("registry.lapse", cron="15 0 * * *")
def lapse_overdue() -> None:
    """Let approvals lapse whose time to register has run out. Does nothing while the division set no period."""
    for request in overdue_lapse():
        try:
            lapse(request)
        except (Overtaken, WrongState):  # someone acted since the list was read; the others still lapse
            continue


@job("evidence.clear", cron="40 3 * * *")
def clear_unused_evidence() -> None:
    """Delete uploaded pictures and documents that nothing refers to."""
    clear_evidence()


@job("registry.remind", cron="25 7 * * *")
def remind() -> None:
    """Remind of owed closing checklists, parked handles and suspensions whose day has come, once per period.

    Where the division goes by school days, on those alone: what came round meanwhile is asked for on the next one.
    """
    if not counting().works(clock.today()):
        return
    reminding.checklists()
    reminding.handles()
    reminding.suspensions()
