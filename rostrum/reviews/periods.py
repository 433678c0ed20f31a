"""Periods for samples: the month, quarter, half-year or school year that a day lies in. Pure, but for the calendar given."""

from __future__ import annotations

import calendar as months
from datetime import date

from rostrum.schoolyear.queries import Calendar

MONTHS = {"month": 1, "quarter": 3, "half_year": 6}
Period = tuple[date, date]


def period_of(kind: str, on: date, school: Calendar) -> Period | None:
    """The first and last day of the period that a day lies in; None where no period is set.

    Months are counted from September, with which a school year begins; a year is the school year as entered, else
    1 September to 31 August.
    """
    if kind == "year":
        entered = school.year_of(on)
        if entered is not None:
            return entered.starts_on, entered.ends_on
        first = on.year if on.month >= 9 else on.year - 1
        return date(first, 9, 1), date(first + 1, 8, 31)
    step = MONTHS.get(kind)
    if step is None:
        return None
    since = (on.month - 9) % 12 // step * step  # months after September at which this period begins
    year = on.year if on.month >= 9 else on.year - 1
    begin = _shifted(year, 9 + since)
    last = _shifted(year, 9 + since + step - 1)
    return begin, date(last.year, last.month, months.monthrange(last.year, last.month)[1])


def _shifted(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
