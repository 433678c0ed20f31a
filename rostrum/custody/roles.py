"""What follows when somebody's role ends: a reset is asked for, and a shortage raised, where it touches accounts.

`people` knows no account; whoever ends an appointment (a page, a list) calls `end_appointment` here. A term that runs
out by itself is found by the clock on the morning after its last day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet

from rostrum.audit.actions import hold_the_pen
from rostrum.core import clock
from rostrum.custody.following import follow
from rostrum.custody.resets import ROLE_CHANGE, ask_for_resets
from rostrum.custody.touches import Touch, touches_of
from rostrum.people import actions as people
from rostrum.people.models import Appointment, Person, Role
from rostrum.schoolyear.series import newest_given, once

SERIES = "custody.role_over"
MANAGES = frozenset({"primary", "second"})
# A role that ended longer ago than this, before Rostrum looked, asks nobody: what it left has been seen by then.
LOOKS_BACK = timedelta(days=60)


@transaction.atomic
def end_appointment(
    appointment: Appointment, *, by: Person | None, on: date | None = None, reason: str = ""
) -> Appointment:
    """End a role. Where its last day is today or over, what it leaves behind is asked for in the same transaction.

    Every live account of the role's place that the person touches is to be reset (AP 193 3.4, "as the need arises"),
    and one that has too few managers is a shortage at once (1.7). Nobody is released: that is a person's decision.
    Raises what `people.end_appointment` does.
    """
    hold_the_pen()
    ended = people.end_appointment(appointment, by=by, on=on, reason=reason)
    if ended.ends_on is not None and ended.ends_on <= clock.today():
        role_over([ended], by=by)
    return ended


def role_over(appointments: Iterable[Appointment], *, by: Person | None) -> int:
    """Ask for what follows from roles that are over, once for each; says how many accounts were asked about.

    Nothing follows for somebody who has left (their departure asks) or who holds the same role at the same place
    still. Belongs inside a transaction.
    """
    ended = [one for one in appointments if one.ends_on and once(SERIES, one, one.ends_on) and not _goes_on(one)]
    touched = touches_of({one.person_id for one in ended})
    asked = 0
    for one in ended:
        here = [touch for touch in touched[one.person_id] if _within(touch, one)]
        why = f"{one.person.name}: {Role(one.role).label}"
        ask_for_resets([touch.account for touch in here], ROLE_CHANGE, by=by, note=why)
        follow([touch.account for touch in here if MANAGES.intersection(touch.parts)], by=by, fell=True)
        asked += len(here)
    return asked


def _within(touch: Touch, appointment: Appointment) -> bool:
    return appointment.unit_id in touch.account.unit.ancestor_ids


def _goes_on(appointment: Appointment) -> bool:
    """Whether the person has left, or holds this role here by another appointment from the day after on."""
    if not appointment.person.is_active:
        return True
    after = max(appointment.ends_on or clock.today(), clock.today()) + timedelta(days=1)
    others = Appointment.objects.filter(
        person=appointment.person, role=appointment.role, unit=appointment.unit, starts_on__lte=after
    ).exclude(pk=appointment.pk)
    return others.exclude(ends_on__lt=after).exists()


def over() -> list[Appointment]:
    """The roles whose last day is behind us and that nobody has been asked about, the oldest first."""
    today = clock.today()
    rows: QuerySet[Appointment] = Appointment.objects.filter(ends_on__lt=today, ends_on__gte=today - LOOKS_BACK)
    found = list(rows.select_related("person", "unit").order_by("ends_on", "pk"))
    given = newest_given(SERIES, Appointment, [one.pk for one in found])
    return [one for one in found if one.ends_on and given.get(one.pk, date.min) < one.ends_on]
