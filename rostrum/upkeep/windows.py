"""When certification is asked for: windows by the school calendar, or each account's own clock. Nothing while unset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone

from rostrum.core import clock
from rostrum.policies.queries import SettingState, settings_states
from rostrum.schoolyear.counting import KEY as DEADLINE_DAYS
from rostrum.schoolyear.counting import Counting
from rostrum.schoolyear.models import DayKind
from rostrum.schoolyear.queries import FIRST_WEEK, Calendar

WINDOWS, DAYS = "certification_windows", "certification_days"
AUTUMN, AUTUMN_SPRING, TERMS = "autumn", "autumn_spring", "terms"
SPRING = (5, 1)
SEPTEMBER = (9, 1)  # where no school year is entered
# Rostrum's own, where the division set nothing. Pages say so; they are never shown as the procedure's.
REMIND_EVERY, GRACE, REMIND_FOR, QUIET_AGAIN = 7, 10, 28, 30


NOTHING, MARK, UPWARD, SUSPEND = "none", "mark", "upward", "suspend"
_LEVELS = (NOTHING, MARK, UPWARD, SUSPEND)


@dataclass(frozen=True)
class Rhythm:
    """How often managers are asked: in windows (`choice`), or so many days after the last time (`days`), since a day."""

    choice: str
    days: int | None
    since: date | None

    @property
    def asks(self) -> bool:
        """Whether the division set any rhythm. AP 193 sets none."""
        return bool(self.choice or self.days)


class Choices:
    """What the division chose about certification and quiet accounts, read once, with Rostrum's own where it did not."""

    def __init__(self, states: Iterable[SettingState]) -> None:
        self._states = {state.setting.key: state for state in states}
        self.today = clock.today()

    def _value(self, key: str) -> object:
        state = self._states.get(key)
        return None if state is None else state.value

    def number(self, key: str) -> int | None:
        """A setting in days; None while it is unset."""
        value = self._value(key)
        return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None

    @cached_property
    def counted(self) -> Counting:
        """Which days deadlines count, with the calendar."""
        return Counting(self._value(DEADLINE_DAYS))

    @property
    def answer_days(self) -> int | None:
        """Days that a manager has to answer; None while the division set none: then nobody is late."""
        return self.number("certification_answer_days")

    @property
    def remind_every(self) -> int:
        """Days between reminders of an open certification."""
        return self.number("certification_reminder_days") or REMIND_EVERY

    @property
    def grace(self) -> int:
        """Days after the due day until a suspension is proposed, where the division wants that."""
        return self.number("certification_grace_days") or GRACE

    @property
    def quiet_days(self) -> int | None:
        """Days without a post until an account counts as quiet; None while unset: then none does (1.7 has no number)."""
        return self.number("quiet_days")

    @property
    def quiet_reminder_days(self) -> int:
        """Days between two letters about one quiet account."""
        return self.number("quiet_reminder_days") or QUIET_AGAIN

    @property
    def consequence(self) -> str:
        """What a late certification leads to: nothing, a mark (also while unset), a notice upward, a proposed suspension."""
        value = self._value("certification_consequence")
        return str(value) if value in _LEVELS else MARK

    def leads_to(self, step: str) -> bool:
        """Whether the division's consequence goes as far as a step; each step includes those before it."""
        return _LEVELS.index(self.consequence) >= _LEVELS.index(step)

    @property
    def rhythm(self) -> Rhythm:
        """The division's rhythm. Windows win where both are set. What lies before the day of choosing is not made up for."""
        choice, days = str(self._value(WINDOWS) or ""), self.number(DAYS)
        choice = choice if choice in {AUTUMN, AUTUMN_SPRING, TERMS} else ""
        if not choice and days is None:
            return Rhythm("", None, None)
        chosen = self._states[WINDOWS if choice else DAYS].chosen
        return Rhythm(
            choice, None if choice else days, timezone.localdate(chosen.set_at) if chosen is not None else None
        )


def choices() -> Choices:
    """What the division chose, as it stands now."""
    return Choices(settings_states())


def planned(calendar: Calendar, choice: str, year: int) -> Iterator[date]:
    """The windows of the school year that begins in a calendar year: each opens on a calm school day."""
    entered = next((one for one in calendar.years if one.starts_on.year == year and one.starts_on.month >= 7), None)
    start = entered.starts_on if entered is not None else date(year, *SEPTEMBER)
    terms = [
        one for one in calendar.days if entered is not None and one.year_id == entered.pk and one.kind == DayKind.TERM
    ]
    if choice == TERMS and terms:
        for term in terms:
            yield calendar.calm_day(term.starts_on)  # a calm day lies after the first week of the year
        return
    yield calendar.calm_day(start + FIRST_WEEK)
    if choice in {AUTUMN_SPRING, TERMS}:
        yield calendar.calm_day(date(year + 1, *SPRING))


def window(calendar: Calendar, choice: str, today: date, since: date | None = None) -> date | None:
    """The newest window that has opened by a day, not before the day on which the division chose its rhythm."""
    days = [day for year in (today.year - 1, today.year) for day in planned(calendar, choice, year)]
    come = [day for day in days if day <= today and (since is None or day >= since)]
    return max(come, default=None)


def next_window(calendar: Calendar, choice: str, today: date) -> date | None:
    """The first window still to come."""
    days = [day for year in (today.year - 1, today.year, today.year + 1) for day in planned(calendar, choice, year)]
    return min((day for day in days if day > today), default=None)


def good_day(calendar: Calendar, today: date) -> bool:
    """Whether managers may be asked on a day: a school day, not in the first week of a year, nor during exams."""
    return calendar.is_school_day(today) and calendar.calm(today)
