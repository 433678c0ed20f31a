"""A school year of our own for the tests: 2026-2027, with what a year has."""

from __future__ import annotations

from datetime import date

import pytest

from rostrum.schoolyear.models import DayKind, NamedDays, SchoolYear
from rostrum.schoolyear.queries import Calendar

STRETCHES = (
    (DayKind.TERM, "First term", date(2026, 9, 1), date(2027, 1, 29)),
    (DayKind.TERM, "Second term", date(2027, 2, 1), date(2027, 6, 29)),
    (DayKind.HOLIDAY, "Thanksgiving Day", date(2026, 10, 12), date(2026, 10, 12)),
    (DayKind.BREAK, "Winter break", date(2026, 12, 19), date(2027, 1, 3)),
    (DayKind.EXAMS, "January exams", date(2027, 1, 20), date(2027, 1, 28)),
    (DayKind.STAFF_DAY, "Staff day", date(2027, 1, 29), date(2027, 1, 29)),
    (DayKind.BREAK, "Easter break", date(2027, 3, 26), date(2027, 4, 2)),
    (DayKind.EXAMS, "June exams", date(2027, 6, 16), date(2027, 6, 28)),
)


@pytest.fixture
def year() -> Calendar:
    """The year as the queries see it, without a database."""
    one = SchoolYear(label="2026-2027", starts_on=date(2026, 9, 1), ends_on=date(2027, 6, 29))
    return Calendar(
        [one], [NamedDays(year=one, kind=kind, name=name, starts_on=a, ends_on=b) for kind, name, a, b in STRETCHES]
    )
