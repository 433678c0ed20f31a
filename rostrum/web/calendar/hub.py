"""What the page "Reviews" shows of the school years of the division."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.schoolyear.queries import calendar
from rostrum.web.calendar.showing import today_words
from rostrum.web.shapes import HubCard


def cards(person: Person) -> list[HubCard]:
    """The one door to the calendar, open to everyone, with what today is."""
    known, today = calendar(), clock.today()
    missing = not known.covers(today)
    line = " ".join(today_words(known, today)) or _("No school year is entered. Monday to Friday count as school days.")
    return [
        HubCard(
            title=_("School calendar"), line=line, url=reverse("web:calendar"), icon="calendar",
            state=_("Not entered") if missing else "", tone="act", order=900,
        )
    ]  # fmt: skip
