"""What the database itself refuses of the school calendar: forged rows that no page could make."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from rostrum.core import clock
from rostrum.schoolyear.models import NamedDays, Reminder, SchoolYear

A, B = date(2026, 9, 1), date(2027, 6, 29)
pytestmark = pytest.mark.django_db


def _days(**changes: Any) -> None:
    year = SchoolYear.objects.get_or_create(label="2026-2027", defaults={"starts_on": A, "ends_on": B})[0]
    NamedDays.objects.create(**{"year": year, "kind": "break", "name": "Break", "starts_on": A, "ends_on": A} | changes)


def _reminder() -> None:
    Reminder.objects.create(series="a", subject_type="unit", subject_id="1", period=A, fired_at=clock.now())


def _year(**changes: Any) -> None:
    SchoolYear.objects.create(**{"label": "x", "starts_on": A, "ends_on": B} | changes)


def _twice(forge: Callable[[], None]) -> None:
    forge()
    forge()


FORGED: dict[str, Callable[[], None]] = {
    "a_school_year_ends_after_it_starts": lambda: _year(starts_on=B, ends_on=A),
    "one_stretch_of_a_kind_from_a_day": lambda: _twice(_days),
    "named_days_end_after_they_start": lambda: _days(starts_on=B),
    "named_days_have_a_name": lambda: _days(name=""),
    "named_days_are_of_a_known_kind": lambda: _days(kind="party"),
    "one_reminder_for_a_period": lambda: _twice(_reminder),
    "two years of one label": lambda: _twice(_year),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_row_is_refused(name: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        FORGED[name]()
