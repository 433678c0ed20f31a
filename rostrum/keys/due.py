"""When a reset is due: days to answer each kind of call, and the period that the division may set."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from rostrum.core import clock
from rostrum.keys.states import Trigger
from rostrum.policies.queries import setting, settings_states
from rostrum.schoolyear.queries import Calendar, Unit, calendar

PERIOD = "reset_days"
YEAR_START = "reset_year_start"
# Rostrum's own rhythm where the division sets none.
REMIND_EVERY_DAYS = 7
# The setting in school days for each trigger. A campaign brings its own day.
DAYS_KEYS: dict[str, str] = {one.value: f"reset_due_days.{one.value}" for one in Trigger if one is not Trigger.CAMPAIGN}


def number(value: object) -> int | None:
    """A setting in days, or None where it is unset."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def period_days() -> int | None:
    """Days between two resets; None where the division set none. AP 193 3.4 says periodically and gives no number."""
    return number(setting(PERIOD))


def due_on(trigger: str, on: date | None = None, school: Calendar | None = None) -> date | None:
    """The last day to answer a call raised on a day: so many school days later; None where no number is set."""
    key = DAYS_KEYS.get(trigger)
    days = number({one.setting.key: one.value for one in settings_states()}.get(key)) if key else None
    if days is None:
        return None
    return (school or calendar()).deadline(on or clock.today(), days, Unit.SCHOOL_DAYS).on


def confirm_days() -> int | None:
    """School days that the second person has; None where the division set none."""
    return number(setting("reset_confirm_days"))


def remind_every() -> int:
    """Days between two reminders. While unset, Rostrum's own rhythm; no letter presents it as the procedure's."""
    return number(setting("reset_reminder_days")) or REMIND_EVERY_DAYS


def confirm_by(made_at: datetime, days: int, school: Calendar) -> date:
    """The last day for the second person to confirm a statement."""
    return school.deadline(made_at, days, Unit.SCHOOL_DAYS).on


def local_midnight(on: date) -> datetime:
    """The first moment of a local day, whatever the clocks did in the night before."""
    return datetime.combine(on, time.min, tzinfo=timezone.get_default_timezone())


def next_due(since: datetime, days: int | None) -> date | None:
    """The day on which the next periodic reset falls due, counted in local days from the last one; None when unset."""
    return None if days is None else timezone.localdate(since) + timedelta(days=days)
