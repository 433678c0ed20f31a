"""What each reminder of the year should have been, reckoned slowly and by hand: day by day, without the house's own code.

Nothing here asks `schoolyear` or any job: the days without school are written down as a person reads them off the
division's calendar, and every series is walked one day at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
FIRST, LAST = date(2027, 8, 1), date(2028, 9, 15)
SCHOOL = ((date(2027, 9, 1), date(2028, 6, 29)), (date(2028, 9, 1), date(2029, 6, 29)))
# The invented division's days without school that lie in the year: holidays, breaks, days of the staff.
CLOSED = (
    (date(2027, 9, 6), date(2027, 9, 6)),  # Labour Day
    (date(2027, 9, 30), date(2027, 9, 30)),  # Truth and Reconciliation: no statutory day in either province
    (date(2027, 10, 1), date(2027, 10, 1)),  # staff
    (date(2027, 10, 11), date(2027, 10, 11)),  # Thanksgiving
    (date(2027, 11, 11), date(2027, 11, 11)),  # Remembrance Day
    (date(2027, 11, 19), date(2027, 11, 19)),  # staff
    (date(2027, 12, 25), date(2028, 1, 9)),
    (date(2028, 1, 28), date(2028, 1, 28)),  # turn of the semester
    (date(2028, 2, 4), date(2028, 2, 4)),  # staff
    (date(2028, 2, 21), date(2028, 2, 25)),  # Family Day and the break
    (date(2028, 4, 14), date(2028, 4, 23)),  # Good Friday and the break
    (date(2028, 5, 22), date(2028, 5, 22)),  # Victoria Day
    (date(2028, 9, 4), date(2028, 9, 4)),
    # Family Day and Heritage Day are kept in one province each; the division closes for what both of its provinces
    # keep, and for these two, which it entered by hand.
    (date(2028, 6, 21), date(2028, 6, 21)),
    (date(2027, 10, 25), date(2027, 10, 25)),
)
EXAMS = ((date(2028, 1, 20), date(2028, 1, 27)), (date(2028, 6, 17), date(2028, 6, 28)))
Gate = Callable[[date], bool]


def days(first: date = FIRST, last: date = LAST) -> Iterator[date]:
    """Every day from one to another, both counted."""
    while first <= last:
        yield first
        first += DAY


def school(on: date) -> bool:
    """Whether there is school on a day."""
    return (
        on.weekday() < 5
        and any(first <= on <= last for first, last in SCHOOL)
        and not any(first <= on <= last for first, last in CLOSED)
    )


def calm(on: date) -> bool:
    """A school day on which schools may be asked for heavy work."""
    opening = any(first <= on < first + 7 * DAY for first, _last in SCHOOL)
    return school(on) and not opening and not any(first <= on <= last for first, last in EXAMS)


def always(_on: date) -> bool:
    """Any day: a crisis, and news that asks for nothing."""
    return True


@dataclass
class Reckoning:
    """Which letters are expected: by kind, who on which day how often."""

    up: Gate
    letters: dict[str, Counter[tuple[str, date]]] = field(default_factory=dict)

    def once(self, kind: str, who: Iterable[str], on: date, gate: Gate = school) -> date:
        """One letter on the first day from `on` on that will do; says which that is."""
        day = next(one for one in days(on, LAST + 30 * DAY) if self.up(one) and gate(one))
        if day <= LAST:
            self._note(kind, who, day)
        return day

    def planned(
        self, kind: str, who: Iterable[str], first: date, until: date, every: int = 7, gate: Gate = school
    ) -> list[date]:
        """Periods that stand fast: each from its own day on, once, until a day; of missed ones only the newest."""
        given, found = None, []
        for day in days(first, min(until, LAST)):
            if self.up(day) and gate(day):
                period = first
                while period + every * DAY <= day:
                    period += every * DAY
                if given is None or given < period:
                    given = period
                    found.append(day)
                    self._note(kind, who, day)
        return found

    def sliding(
        self, kind: str, who: Iterable[str], begun: date, until: date, every: int = 7, gate: Gate = school
    ) -> list[date]:
        """So many days after the last time, whenever that was, until a day."""
        last, found = begun, []
        for day in days(begun + DAY, min(until, LAST)):
            if self.up(day) and gate(day) and day - last >= every * DAY:
                last = day
                found.append(day)
                self._note(kind, who, day)
        return found

    def _note(self, kind: str, who: Iterable[str], day: date) -> None:
        for name in who:
            self.letters.setdefault(kind, Counter())[name, day] += 1
