"""Days out of cells: every way people write them, no guess between two readings, never an error."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.intake.days import Unreadable, as_day

FIRST = date(2026, 9, 1)


@pytest.mark.parametrize(
    "text",
    ["2026-09-01", "2026/9/1", "20260901", " 2026-09-01 ", "2026-09-01 08:30:00", "2026-09-01T08:30:00.000Z",
     "2026-09-01T08:30:00-06:00", "1 Sept 2026", "1 September 2026", "September 1, 2026", "Sep. 1st, 2026",
     "1er septembre 2026", "mardi 1 septembre 2026", "1-Sep-2026", "46266", "46266.5"],
)  # fmt: skip
def test_one_day_in_many_writings(text: str) -> None:
    assert as_day(text) == FIRST


@pytest.mark.parametrize("text", ["13/09/2026", "09/13/2026", "13.09.2026", "13 septembre 2026"])
def test_figures_with_one_reading(text: str) -> None:
    assert as_day(text) == date(2026, 9, 13)


@pytest.mark.parametrize("text", ["03/04/2026", "12/11/2026", "1/2/2026"])
def test_two_readings_are_no_day(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        as_day(text)
    assert refused.value.ambiguous


@pytest.mark.parametrize(
    "text", ["", "soon", "2026", "2026-13-01", "2026-02-30", "31/02/2026", "1 Foo 2026", "0", "99999", "1926-01-01",
             "9999-01-01", "2026-09-01 or so"]
)  # fmt: skip
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        as_day(text)
    assert not refused.value.ambiguous


@given(st.text(max_size=40))
def test_nothing_makes_it_fail(text: str) -> None:
    with contextlib.suppress(Unreadable):
        as_day(text)


@given(st.dates(date(1930, 1, 1), date(2150, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y"]))
def test_what_a_computer_writes_comes_back(day: date, form: str) -> None:
    assert as_day(day.strftime(form)) == day
