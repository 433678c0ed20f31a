"""The demonstration's school calendar is one that a division could have, whatever the year."""

from __future__ import annotations

from datetime import date

import pytest

from rostrum.demo.schoolyears import entries, school_year, span
from rostrum.schoolyear.actions import why_not
from rostrum.schoolyear.forward import next_span, suggest
from rostrum.schoolyear.models import NamedDays, SchoolYear
from rostrum.schoolyear.queries import Calendar
from rostrum.schoolyear.warnings import warnings_of


@pytest.mark.parametrize("began", range(2023, 2041))
def test_every_year_is_whole_and_the_next_can_be_made_of_it(began: int) -> None:
    first, last = span(began)
    year = SchoolYear(pk=1, label="x", starts_on=first, ends_on=last)
    found = entries(began)
    assert [why_not(one, first, last) for one in found if why_not(one, first, last)] == []
    assert len({(one.kind, one.starts_on) for one in found}) == len(found)
    days = [NamedDays(year=year, **vars(one)) for one in found]
    calendar = Calendar([year], days)
    assert warnings_of(year, days, calendar, first) == []
    assert 170 <= calendar.school_days_between(first, last) + 1 <= 195
    start, end = next_span(year)
    after = [one.entry for one in suggest(year, days, start, end)]
    assert [why_not(one, start, end) for one in after if why_not(one, start, end)] == []


def test_august_belongs_to_the_year_that_comes() -> None:
    assert [school_year(date(2026, month, 5)) for month in (1, 7, 8, 12)] == [2025, 2025, 2026, 2026]
