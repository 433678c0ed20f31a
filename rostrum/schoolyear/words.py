"""Deadlines and acts of the calendar in words, in the reader's language."""

from __future__ import annotations

from datetime import date

from django.utils import translation
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.core import clock
from rostrum.schoolyear.counting import assumed_note
from rostrum.schoolyear.queries import Due

NEAR = 180  # days within which nobody doubts which year is meant


def long_day(on: date, *, today: date | None = None) -> str:
    """A day as people say it: "Friday 12 September", "vendredi 12 septembre"; with its year when that is far off."""
    french = (translation.get_language() or "en").startswith("fr")
    number = "1er" if french and on.day == 1 else str(on.day)
    year = f" {on.year}" if abs((on - (today or clock.today())).days) > NEAR else ""
    return f"{WEEKDAYS[on.weekday()]} {number} {MONTHS[on.month]}{year}"


def by_words(on: date, *, today: date | None = None) -> str:
    """A deadline in words: "by Friday 12 September", "d’ici le vendredi 12 septembre"."""
    return _("by %(day)s") % {"day": long_day(on, today=today)}


def assumed_words(due: Due) -> str:
    """A sentence where no school year was entered for the days counted; nothing where the calendar knew."""
    if not due.assumed:
        return ""
    return assumed_note()


WORDS = {
    "schoolyear:add": gettext_lazy("{who} entered the school year {subject}."),
    "schoolyear:change": gettext_lazy("{who} changed the first or last day of the school year {subject}."),
    "schoolyear:remove": gettext_lazy("{who} removed the school year {subject}."),
    "schoolyear:add_days": gettext_lazy("{who} entered days of the school year {subject}."),
    "schoolyear:change_days": gettext_lazy("{who} changed days of the school year {subject}."),
    "schoolyear:remove_days": gettext_lazy("{who} removed days of the school year {subject}."),
}
