"""What stands on a person's desk of the school years of the division."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.schoolyear.actions import MANAGE
from rostrum.schoolyear.queries import last_day_entered
from rostrum.schoolyear.words import long_day
from rostrum.web.shapes import DeskCard

AHEAD = timedelta(days=60)  # before a year's end, whoever keeps the calendar is asked for the next one


def cards(person: Person) -> list[DeskCard]:
    """For whoever keeps the calendar: the school year that is missing, from two months before it is needed."""
    if not may(person, MANAGE):
        return []
    last, today = last_day_entered(), clock.today()
    # A division that counts plain days may never enter a year; the page and the hub say so, and nobody is nagged.
    if last is None or today < last - AHEAD:
        return []
    since = datetime.combine(last - AHEAD, time(0), tzinfo=timezone.get_default_timezone())
    return [
        DeskCard(
            title=_("The next school year is not entered"),
            lines=[_("After %(day)s, Monday to Friday count as school days.") % {"day": long_day(last, today=today)}],
            since=since, url=reverse("web:calendar"), button=_("Enter it"), icon="calendar", due=last, late=today > last,
        )
    ]  # fmt: skip
