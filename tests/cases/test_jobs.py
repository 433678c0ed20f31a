"""The nightly round of cases: what is due, once for a period, whatever was missed; no rule acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rostrum.cases.jobs import nightly
from rostrum.cases.models import Case
from rostrum.core import clock
from rostrum.notices.models import Notice
from rostrum.people.actions import note_departure
from rostrum.registry.models import Account
from tests.cast import Cast

from .reach import appealed, decided, opened, setting

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[str]:
    return sorted(one.person.name for one in Notice.objects.filter(kind=kind).select_related("person"))


def night(days: int) -> None:
    with clock.standing_at(clock.now() + timedelta(days=days)):
        nightly()
        nightly()


def test_a_case_that_is_due_is_told_once_and_again_after_a_week(cast: Cast) -> None:
    setting("case_days", 3)
    it = opened(cast)
    assert it.due_on is not None
    left = (it.due_on - clock.today()).days
    night(left - 1)
    assert told("case.due") == []
    night(left)
    assert told("case.due") == ["Julie Gagnon", "Marc Laurent"]
    night(left + 6)
    assert len(told("case.due")) == 2
    night(left + 30)
    assert len(told("case.due")) == 4, "after an outage one, not a burst"
    Case.objects.filter(pk=it.pk).update(assigned_to=cast.communications2)
    night(left + 40)
    assert len(told("case.due")) == 5, "whoever has it is asked alone"


def test_a_task_is_told_before_its_day_and_when_it_is_late(cast: Cast) -> None:
    it = decided(cast, "content")
    night(1)
    assert told("decision.to_do") == []
    night(5)
    assert told("decision.to_do") == ["Ana Petrova", "Owen Clarke", "Sofia Nguyen"]
    assert told("decision.late") == []
    night(8)
    assert told("decision.late") == ["Julie Gagnon", "Marc Laurent"]
    it.account.refresh_from_db()
    assert it.account.state == "recognised", "nothing happens by itself"


def test_a_stayed_task_is_not_reminded_of(cast: Cast) -> None:
    setting("appeal_suspends_effect", True)
    appealed(cast, "content")
    night(6)
    assert told("decision.to_do") == []


def test_a_warning_that_ended_is_told_once(cast: Cast) -> None:
    setting("strike_days", 10)
    decided(cast, "warning")
    night(10)
    assert told("decision.strike_ended") == []
    night(11)
    night(12)
    assert told("decision.strike_ended") == ["Owen Clarke", "Sofia Nguyen"]


def test_an_appeal_that_waits_is_told_weekly_or_somebody_must_name_who_decides(cast: Cast) -> None:
    appealed(cast)
    night(6)
    assert told("appeal.still") == []
    night(8)
    assert told("appeal.still") == ["Dana Whitford"]
    note_departure(cast.director, by=cast.sysadmin)
    night(16)
    assert told("appeal.nobody") == ["Taras Boyko"]


def test_no_night_restores_an_account(cast: Cast) -> None:
    it = decided(cast, "suspend", suspended_until=clock.today() + timedelta(days=3))
    night(9)
    assert Account.objects.get(pk=it.account_id).state == "suspended"


def test_what_is_not_due_costs_nothing(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _n in range(3):
        opened(cast)
        decided(cast, "warning")
    with django_assert_max_num_queries(10):
        nightly()
