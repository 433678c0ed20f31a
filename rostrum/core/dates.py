"""Dates in words, in the reader's language and the division's own time zone."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.core import clock

# Canadian usage, which Django's own tables do not follow: French has points after most short names and no
# capital, English has neither points nor commas inside the day.
_DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "fr": ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
}
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": (
        "janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.",
    ),
}  # fmt: skip


def _language() -> str:
    return "fr" if (translation.get_language() or "en").startswith("fr") else "en"


def _local(value: date | datetime) -> date:
    """The day in the division's zone that a moment falls on."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def day(value: date | datetime | None) -> str:
    """A day as people write it: "Tue 12 Nov 2026", "mar. 12 nov. 2026", "dim. 1er nov. 2026"."""
    if value is None:
        return ""
    local, lang = _local(value), _language()
    number = "1er" if lang == "fr" and local.day == 1 else str(local.day)
    return f"{_DAYS[lang][local.weekday()]} {number} {_MONTHS[lang][local.month - 1]} {local.year}"


def hour(value: datetime) -> str:
    """A time of day on the 24-hour clock: "15:40", "15 h 40"."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return (
        f"{local.hour} h {local.minute:02}" if _language() == "fr" else f"{local.hour:02}:{local.minute:02}"
    )


def when(value: datetime | date | None) -> str:
    """A moment in the division's zone: "Tue 12 Nov 2026, 15:40"; a plain date gets no time of day."""
    if value is None:
        return ""
    return f"{day(value)}, {hour(value)}" if isinstance(value, datetime) else day(value)


def ago_words(value: date | datetime | None, *, today: date | None = None) -> str:
    """How long ago a day was, in calendar days: today, yesterday, 5 days ago; from 60 days on, in months."""
    if value is None:
        return ""
    days = ((today or clock.today()) - _local(value)).days
    if days < 0:
        return due_words(value, today=today)
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days < 60:
        return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}
    if days < 730:
        months = days // 30
        return ngettext("%(months)d month ago", "%(months)d months ago", months) % {"months": months}
    years = days // 365
    return ngettext("%(years)d year ago", "%(years)d years ago", years) % {"years": years}


def due_words(value: date | datetime | None, *, today: date | None = None) -> str:
    """How far off a due day is, in calendar days: today, tomorrow, in 3 days, 2 days late."""
    if value is None:
        return ""
    days = (_local(value) - (today or clock.today())).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 1:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
