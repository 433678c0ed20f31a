"""The clock's own acts: chasing approvals that nobody registered, and letting them lapse when the division says when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rostrum.core import clock
from rostrum.core.errors import Overtaken
from rostrum.notices.models import Notice
from rostrum.people.actions import note_departure
from rostrum.policies.actions import set_setting
from rostrum.registry import actions, queries, registering
from rostrum.registry.jobs import CHASE_EVERY_DAYS, chase, lapse_overdue
from rostrum.registry.models import AccountRequest, Registration
from tests.cast import Cast, approved, build_cast, submitted, typed_registration
from tests.registry.conftest import taken_back
from tests.registry.seeing import nothing_changes, watching

HERE = ZoneInfo("America/Edmonton")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=HERE)  # the clocks go forward on 8 March


@pytest.fixture(scope="module")
def _house(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast, in office since the start of that year."""
    with django_db_blocker.unblock(), taken_back():
        with clock.standing_at(datetime(2026, 1, 5, 12, 0, tzinfo=UTC)):
            cast = build_cast()
        yield cast


@contextmanager
def on(day: int, hour: int = 7, minute: int = 0, second: int = 0) -> Iterator[None]:
    """So many days after the approval, at a local time of day."""
    local = (MONDAY + timedelta(days=day)).replace(hour=hour, minute=minute, second=second)
    with clock.standing_at(local.astimezone(UTC)):
        yield


def approved_on_monday(cast: Cast) -> AccountRequest:
    with clock.standing_at(MONDAY.astimezone(UTC)):
        return approved(cast)


def reminders() -> int:
    return Notice.objects.filter(kind="request.register_reminder").count()


def choose(key: str, value: int | None) -> None:
    set_setting(key, value, by_name="Board", reason="Decided in May.")


def test_ap193_3_2_an_unregistered_account_is_chased_every_week_by_rostrums_own_rhythm(cast: Cast) -> None:
    request = approved_on_monday(cast)
    days = [day for day in range(30) if _chased_on(day)]
    assert CHASE_EVERY_DAYS == 7
    assert days == [7, 14, 21, 28]
    notice = Notice.objects.filter(kind="request.register_reminder").first()
    assert notice is not None
    assert (notice.person, notice.about_id, notice.asks) == (cast.teacher, request.pk, True)
    assert notice.context["clauses"] == ["ap-193@2015-09#3.2"]


def _chased_on(day: int) -> bool:
    before = reminders()
    with on(day):
        chase()
        chase()  # a second run on the same day reminds nobody again
    assert reminders() - before in {0, 1}
    return reminders() > before


def test_a_run_that_starts_seconds_earlier_than_last_week_still_reminds(cast: Cast) -> None:
    approved_on_monday(cast)
    for day, second in ((7, 40), (14, 2), (21, 1)):
        with on(day, 7, 0, second):
            chase()
    assert reminders() == 3


def test_an_outage_of_a_month_brings_one_reminder_not_four(cast: Cast) -> None:
    approved_on_monday(cast)
    with on(7):
        chase()
    with on(38):
        chase()
    with on(39):
        chase()
    assert reminders() == 2


def test_the_divisions_own_rhythm_wins_and_clearing_it_returns_to_the_week(cast: Cast) -> None:
    approved_on_monday(cast)
    choose("registration_reminder_days", 3)
    assert [day for day in range(8) if _chased_on(day)] == [3, 6]
    choose("registration_reminder_days", None)
    assert [day for day in range(8, 21) if _chased_on(day)] == [13, 20]


def test_nobody_is_chased_who_has_done_their_part(cast: Cast) -> None:
    with clock.standing_at(MONDAY.astimezone(UTC)):
        sent = Registration.objects.get(request=approved(cast))
        registering.save(sent, typed_registration(sent, cast), by=cast.teacher)
        registering.send(sent, by=cast.teacher)
        actions.withdraw(approved(cast), by=cast.teacher)
        submitted(cast)
    with on(30):
        chase()
    assert reminders() == 0
    with on(31):
        registering.send_back(sent, by=cast.communications, reason="Vault?")
        chase()
    assert reminders() == 1  # returned: it is theirs again


def test_a_reminder_to_someone_who_has_left_is_no_letter(cast: Cast) -> None:
    approved_on_monday(cast)
    note_departure(cast.teacher, by=None)
    with on(7):
        chase()
    assert set(Notice.objects.filter(kind="request.register_reminder").values_list("mail", flat=True)) <= {"none"}


def test_while_the_division_has_set_no_period_nothing_ever_lapses(cast: Cast) -> None:
    approved_on_monday(cast)
    with on(5000), nothing_changes():
        lapse_overdue()
        assert not queries.overdue_lapse().exists()


def test_an_approval_lapses_after_the_divisions_period_and_everyone_is_told(cast: Cast) -> None:
    request = approved_on_monday(cast)
    choose("lapse_days", 60)
    with on(60, 0, 15), nothing_changes():
        lapse_overdue()  # the sixtieth day has not passed
    with watching() as seen, on(61, 0, 15):
        lapse_overdue()
        lapse_overdue()
    request.refresh_from_db()
    assert request.state == "lapsed"
    assert [event[:3] for event in seen.events] == [("accountrequest:lapse", None, "clock")]
    assert seen.told(cast) == dict.fromkeys(("teacher", "principal", "communications"), "request.lapsed")
    assert Registration.objects.get(request=request).state == "dropped"


def test_whoever_sent_the_form_in_time_is_safe(cast: Cast) -> None:
    request = approved_on_monday(cast)
    registration = Registration.objects.get(request=request)
    registering.save(registration, typed_registration(registration, cast), by=cast.teacher)
    registering.send(registration, by=cast.teacher)
    choose("lapse_days", 60)
    with on(400), nothing_changes():
        lapse_overdue()
    with on(400), nothing_changes(), pytest.raises(Overtaken):  # sent between the job's list and its act
        actions.lapse(AccountRequest.objects.get(pk=request.pk))


def test_one_request_that_someone_moves_meanwhile_does_not_stop_the_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, other = approved_on_monday(cast), approved_on_monday(cast)
    choose("lapse_days", 60)
    with on(100):
        listed = list(queries.overdue_lapse())
        actions.withdraw(AccountRequest.objects.get(pk=gone.pk), by=cast.teacher)
        monkeypatch.setattr("rostrum.registry.jobs.overdue_lapse", lambda: listed)
        lapse_overdue()
    other.refresh_from_db()
    gone.refresh_from_db()
    assert (gone.state, other.state) == ("withdrawn", "lapsed")


def test_due_dates_follow_the_settings_in_local_days(cast: Cast) -> None:
    with clock.standing_at(datetime(2026, 3, 2, 23, 30, tzinfo=HERE).astimezone(UTC)):
        submitted(cast)
    assert queries.waiting_for(cast.principal)[0].due is None
    choose("decision_days.endorse", 10)
    due = queries.waiting_for(cast.principal)[0].due
    assert due is not None
    assert due.isoformat() == "2026-03-12"  # 2 March late in the evening here, though it is 3 March in UTC
