"""Reminders of many things at once: each is let through once for a period, and never for an older one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from rostrum.people.models import Unit
from rostrum.schoolyear import series
from rostrum.schoolyear.models import Reminder
from rostrum.schoolyear.series import once, once_each, once_in

PERIOD = date(2026, 9, 8)
WEEK = timedelta(days=7)


@pytest.mark.django_db
def test_each_once_for_a_period_and_no_older_one() -> None:
    assert once_each("walk", Unit, [1, 2, 3], PERIOD) == {1, 2, 3}
    assert once_each("walk", Unit, [1, 2, 3, 4], PERIOD) == {4}
    assert once_each("walk", Unit, [1, 2], PERIOD + WEEK) == {1, 2}
    assert once_each("walk", Unit, [1, 2, 3], PERIOD) == set()
    assert once_each("other", Unit, [1], PERIOD) == {1}


@pytest.mark.django_db
def test_it_and_once_know_of_each_other() -> None:
    unit = Unit.objects.create(kind="division", name="A division", code="a")
    assert once("walk", unit, PERIOD)
    assert once_each("walk", Unit, [unit.pk], PERIOD) == set()
    assert once_each("walk", Unit, [unit.pk], PERIOD + WEEK) == {unit.pk}
    assert not once("walk", unit, PERIOD + WEEK)


@pytest.mark.django_db
def test_of_two_runs_that_saw_nothing_the_database_lets_one_through(monkeypatch: pytest.MonkeyPatch) -> None:
    once_each("walk", Unit, [1], PERIOD)
    monkeypatch.setattr(series, "newest_given", lambda *_args: {})
    with pytest.raises(IntegrityError), transaction.atomic():
        once_each("walk", Unit, [1, 2], PERIOD)
    assert Reminder.objects.count() == 1


@pytest.mark.django_db
def test_things_with_periods_of_their_own() -> None:
    assert once_in("walk", Unit, {1: PERIOD, 2: PERIOD + WEEK}) == {1, 2}
    assert once_in("walk", Unit, {1: PERIOD, 2: PERIOD, 3: PERIOD}) == {3}, "never again, nor for an older period"
    assert once_in("walk", Unit, {1: PERIOD + WEEK, 2: PERIOD + WEEK}) == {1}
    assert once_in("walk", Unit, {}) == set()
