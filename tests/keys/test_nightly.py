"""The night's round: period and school year ask once, reminders come once in a period, what is late is told once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.jobs.actions import tick, work_off
from rostrum.keys import nightly, telling
from rostrum.keys.actions import call_for_reset, call_off
from rostrum.keys.due import local_midnight, next_due
from rostrum.keys.jobs import night_round
from rostrum.keys.models import Reset, ResetCall
from rostrum.notices.models import MailState, Notice
from rostrum.notices.render import letter
from rostrum.people.actions import note_departure
from rostrum.people.models import Person
from rostrum.policies.actions import set_setting
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from rostrum.schoolyear.models import NamedDays, SchoolYear
from tests.cast import Cast, official
from tests.keys.made import asked, confirmed, local, stated

pytestmark = pytest.mark.django_db
START = local(2026, 9, 14, 9, 0)


@pytest.fixture(autouse=True)
def _at_the_start() -> Iterator[None]:
    with clock.standing_at(START):
        yield


def chosen(cast: Cast, key: str, value: int | str) -> None:
    set_setting(key, value, by_name="Marc", reason="Board decision.", by=cast.communications)


def school_year(first: int = 2026) -> SchoolYear:
    return SchoolYear.objects.create(
        label=f"{first}-{(first + 1) % 100:02}", starts_on=date(first, 9, 1), ends_on=date(first + 1, 6, 28)
    )


def night(*parts: int) -> None:
    """The round as it runs on a morning."""
    with clock.standing_at(local(*parts, 5, 40)):
        night_round()


def letters(kind: str) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind=kind).select_related("person").order_by("pk")
    return sorted((one.person.name, one.context["count"]["en"]) for one in rows)


def test_3_4_without_a_period_the_calendar_asks_for_nothing(cast: Cast) -> None:
    official(cast)
    school_year()
    night(2027, 6, 1)
    assert not ResetCall.objects.exists()


def test_3_4_a_period_asks_once_and_again_after_the_next_reset(cast: Cast) -> None:
    chosen(cast, "reset_days", 100)
    account = official(cast)
    due = timezone.localdate(START) + timedelta(days=100)
    assert due == date(2026, 12, 23)
    assert next_due(account.official_since, 100) == due
    night(2026, 12, 22)
    assert not ResetCall.objects.exists()
    night(2026, 12, 23)
    call = ResetCall.objects.get()
    assert (call.trigger, call.asked_by, call.due_on) == ("period", None, None)
    line = Event.objects.get(act="resetcall:ask")
    assert line.kept.payload["citations"] == ["ap-193@2015-09#3.4"]
    for later in (24, 28, 31):
        night(2026, 12, later)
    assert ResetCall.objects.count() == 1
    assert Event.objects.filter(act="resetcall:ask").count() == 1
    with clock.standing_at(local(2027, 1, 5, 10, 0)):
        confirmed(cast, account)
    night(2027, 4, 14)
    assert ResetCall.objects.filter(state="open").count() == 0
    night(2027, 4, 15)
    assert ResetCall.objects.filter(state="open").count() == 1


def test_a_period_counts_from_when_somebody_called_it_off(cast: Cast) -> None:
    chosen(cast, "reset_days", 30)
    official(cast)
    night(2026, 10, 14)
    with clock.standing_at(local(2026, 10, 20, 9, 0)):
        call_off(ResetCall.objects.get(), by=cast.communications, reason="It was done last week by hand.")
    night(2026, 11, 18)
    assert ResetCall.objects.filter(state="open").count() == 0
    night(2026, 11, 19)
    assert ResetCall.objects.filter(state="open").count() == 1


@pytest.mark.parametrize(
    ("made", "days", "due"),
    [
        ((2028, 2, 29, 23, 30), 365, date(2029, 2, 28)),  # a leap day
        ((2027, 2, 28, 12, 0), 366, date(2028, 2, 29)),
        ((2026, 10, 31, 23, 59), 2, date(2026, 11, 2)),  # the night in which the clocks go back
        ((2026, 11, 1, 0, 30), 1, date(2026, 11, 2)),
        ((2027, 3, 13, 23, 59), 2, date(2027, 3, 15)),  # the night in which they go forward
        ((2027, 3, 14, 3, 5), 1, date(2027, 3, 15)),
        ((2026, 12, 31, 0, 0), 1, date(2027, 1, 1)),
    ],
)
def test_a_period_counts_local_days(cast: Cast, made: tuple[int, ...], days: int, due: date) -> None:
    chosen(cast, "reset_days", days)
    account = official(cast)
    with clock.standing_at(local(*made)):
        reset = confirmed(cast, account)
    assert next_due(reset.made_at, days) == due
    assert not nightly.due_by_period(due - timedelta(days=1)).exists()
    assert list(nightly.due_by_period(due)) == [account]


def test_a_local_midnight_is_one_also_when_the_clocks_change() -> None:
    for day in (date(2026, 11, 1), date(2026, 11, 2), date(2027, 3, 14), date(2027, 3, 15)):
        at = timezone.localtime(local_midnight(day))
        assert (at.date(), at.hour, at.minute) == (day, 0, 0)


def test_the_new_school_year_asks_once_after_its_first_week_and_not_in_march(cast: Cast) -> None:
    school_year(2026)
    school_year(2027)
    account, fresh = official(cast), official(cast)
    chosen(cast, "reset_year_start", "asked")
    night(2026, 9, 21)
    assert not ResetCall.objects.exists(), "both became official in this school year"
    night(2027, 9, 3)
    assert not ResetCall.objects.exists(), "nothing heavy in the first week"
    with clock.standing_at(local(2027, 9, 2, 9, 0)):
        confirmed(cast, fresh)
    night(2027, 9, 8)
    call = ResetCall.objects.get()
    assert (call.account, call.trigger) == (account, "year_start")
    with clock.standing_at(local(2027, 9, 9, 9, 0)):
        call_off(call, by=cast.communications, reason="The account ends in October.")
    night(2027, 9, 10)
    night(2027, 10, 20)
    assert ResetCall.objects.count() == 1, "each call once"


def test_a_year_that_began_long_ago_is_not_asked_for_any_more(cast: Cast) -> None:
    official(cast)
    SchoolYear.objects.create(label="2026-28", starts_on=date(2026, 9, 15), ends_on=date(2028, 6, 28))
    chosen(cast, "reset_year_start", "asked")
    night(2027, 3, 1)
    assert not ResetCall.objects.exists()


def test_nothing_is_asked_in_breaks_and_exams_and_what_was_due_comes_after_them(cast: Cast) -> None:
    year = school_year()
    for kind, name, first, last in (("break", "Winter break", (2026, 12, 21), (2027, 1, 3)),
                                    ("exams", "Exams", (2027, 1, 4), (2027, 1, 8))):  # fmt: skip
        NamedDays.objects.create(year=year, kind=kind, name=name, starts_on=date(*first), ends_on=date(*last))
    chosen(cast, "reset_days", 100)
    official(cast)
    for day in ((2026, 12, 23), (2027, 1, 2), (2027, 1, 5), (2027, 1, 8)):
        night(*day)
    assert not ResetCall.objects.exists()
    night(2027, 1, 11)
    assert ResetCall.objects.count() == 1


def test_one_letter_tells_a_manager_of_many_accounts(cast: Cast) -> None:
    chosen(cast, "reset_days", 30)
    chosen(cast, "reset_due_days.period", 10)
    for _n in range(3):
        official(cast)
    night(2026, 10, 14)
    assert letters("keys.many_asked") == [("Owen Clarke", "3 accounts"), ("Sofia Nguyen", "3 accounts")]
    night(2026, 10, 14)
    night(2026, 10, 15)
    assert len(letters("keys.many_asked")) == 2
    first = Notice.objects.filter(kind="keys.many_asked").first()
    assert first is not None
    text = letter(first).text
    assert "The division’s period has passed" in text
    assert "Wednesday 28 October" in text
    assert "/staff/resets/show/mine/" in text


def test_a_night_that_breaks_off_goes_on_where_it_was(cast: Cast) -> None:
    chosen(cast, "reset_days", 30)
    official(cast)
    with clock.standing_at(local(2026, 10, 14, 5, 40)):
        assert nightly.ask_due() == 1
        assert nightly.ask_due() == 0
    night(2026, 10, 15)
    assert len(letters("keys.many_asked")) == 2, "nobody was told on the night that broke off"


def test_reminders_come_once_in_a_period_and_one_after_an_outage(cast: Cast) -> None:
    asked(cast, trigger="ad_hoc", by=cast.principal)
    night(2026, 9, 18)
    assert letters("keys.reminder") == []
    night(2026, 9, 21)
    assert letters("keys.reminder") == [("Owen Clarke", "1 account to reset"), ("Sofia Nguyen", "1 account to reset")]
    for day in (21, 22, 24, 25):
        night(2026, 9, day)
    assert len(letters("keys.reminder")) == 2
    night(2026, 10, 30)  # the machine was off for five weeks
    night(2026, 10, 30)
    assert len(letters("keys.reminder")) == 4
    chosen(cast, "reset_reminder_days", 2)
    night(2026, 11, 2)
    assert len(letters("keys.reminder")) == 6
    confirmed(cast, ResetCall.objects.get().account)
    night(2026, 11, 30)
    assert len(letters("keys.reminder")) == 6


def test_a_reminder_waits_for_a_school_day_and_an_alarm_does_not(cast: Cast) -> None:
    asked(cast, trigger="ad_hoc", by=cast.principal)
    asked(cast)
    with clock.standing_at(local(2026, 9, 26, 5, 40)):  # a Saturday
        telling.remind()
    assert letters("keys.reminder") == [("Owen Clarke", "1 account to reset"), ("Sofia Nguyen", "1 account to reset")]
    night(2026, 9, 28)
    assert len(letters("keys.reminder")) == 4


def test_the_second_person_is_reminded_and_the_first_no_more(cast: Cast) -> None:
    call = asked(cast)
    stated(cast, call.account)
    night(2026, 9, 21)
    assert letters("keys.reminder") == [("Owen Clarke", "1 reset to confirm")]


def test_who_has_left_is_not_told(cast: Cast) -> None:
    asked(cast, trigger="ad_hoc", by=cast.principal)
    note_departure(cast.colleague, by=cast.communications)
    note_departure(cast.teacher, by=cast.communications)
    night(2026, 9, 21)
    assert letters("keys.reminder") == [("Ana Petrova", "1 account to reset")], "nobody is left, so the school is asked"


def test_what_is_late_is_told_once_to_the_school_and_communications(cast: Cast) -> None:
    chosen(cast, "reset_due_days.phishing", 2)
    call = asked(cast)
    assert call.due_on == date(2026, 9, 16)
    night(2026, 9, 16)
    assert letters("keys.late") == []
    night(2026, 9, 17)
    assert {name for name, _count in letters("keys.late")} == {"Ana Petrova", "Marc Laurent", "Julie Gagnon"}
    night(2026, 9, 18)
    night(2026, 9, 25)
    assert len(letters("keys.late")) == 3
    call.refresh_from_db()
    assert (call.state, call.account.state) == ("open", "recognised"), "a notice, never an act"


def test_the_first_second_after_local_midnight_is_late(cast: Cast) -> None:
    chosen(cast, "reset_due_days.phishing", 2)
    asked(cast)
    for moment, late in ((local(2026, 9, 16, 23, 59, 59), 0), (local(2026, 9, 17, 0, 0, 0), 3)):
        with clock.standing_at(moment):
            telling.tell_late()
        assert len(letters("keys.late")) == late


def test_what_asks_for_a_retired_account_lapses(cast: Cast) -> None:
    call = asked(cast)
    change_standing(call.account, "close", by=cast.communications, reason="The class is over.")
    night(2026, 9, 30)
    call.refresh_from_db()
    assert (call.state, call.closed_by) == ("called_off", None)
    assert Event.objects.filter(act="resetcall:lapse").count() == 1
    assert letters("keys.reminder") == []
    night(2026, 10, 1)
    assert Event.objects.filter(act="resetcall:lapse").count() == 1


def test_the_round_is_a_job_that_the_clock_starts_before_school(cast: Cast) -> None:
    chosen(cast, "reset_days", 30)
    official(cast)
    with clock.standing_at(local(2026, 10, 14, 6, 0)):
        tick("keys.round")
        work_off()
    assert ResetCall.objects.count() == 1
    assert not Notice.objects.filter(kind="keys.many_asked", mail=MailState.OWED).exists(), "the letters went out"


def test_a_school_year_of_nights_gives_every_reminder_exactly_once(cast: Cast) -> None:
    """From September to the next: period, year start, an alarm, one late. Every night runs, some of them twice."""
    year = school_year(2026)
    NamedDays.objects.create(year=year, kind="break", name="Winter break", starts_on=date(2026, 12, 21),
                             ends_on=date(2027, 1, 3))  # fmt: skip
    school_year(2027)
    for key, value in (("reset_days", 120), ("reset_year_start", "asked"), ("reset_due_days.period", 10)):
        chosen(cast, key, value)
    account, day = official(cast), date(2026, 9, 15)
    while day < date(2027, 9, 20):
        night(day.year, day.month, day.day)
        if day.day % 5 == 0:
            night(day.year, day.month, day.day)
        if day in {date(2027, 2, 15), date(2027, 9, 15)}:
            with clock.standing_at(local(day.year, day.month, day.day, 15, 0)):
                confirmed(cast, account)
        day += timedelta(days=1)
    rows = [(one.trigger, timezone.localdate(one.asked_at), one.due_on, one.state) for one in
            ResetCall.objects.order_by("asked_at")]  # fmt: skip
    assert rows == [
        ("period", date(2027, 1, 12), date(2027, 1, 26), "answered"),
        ("period", date(2027, 6, 15), date(2027, 9, 1), "answered"),
        ("year_start", date(2027, 9, 8), None, "answered"),
    ]
    assert len(letters("keys.late")) == 2 * 3
    reminded = [timezone.localdate(one.owed_at) for one in
                Notice.objects.filter(kind="keys.reminder", person=cast.teacher).order_by("owed_at")]  # fmt: skip
    assert reminded[:4] == [date(2027, 1, 19), date(2027, 1, 26), date(2027, 2, 2), date(2027, 2, 9)]
    assert len(reminded) == len(set(reminded))
    assert not [one for one in reminded if one.weekday() > 4 or date(2027, 6, 28) < one < date(2027, 9, 1)]


def test_the_round_over_many_accounts_takes_a_constant_number_of_statements(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    chosen(cast, "reset_days", 30)
    for _n in range(2):
        official(cast)
    with clock.standing_at(local(2026, 10, 14, 5, 40)), django_assert_max_num_queries(110):  # type: ignore[operator]
        night_round()
    more = [official(cast) for _n in range(12)]
    Account.objects.filter(pk__in=[one.pk for one in more]).update(official_since=START - timedelta(days=90))
    with clock.standing_at(local(2026, 10, 15, 5, 40)), django_assert_max_num_queries(110):  # type: ignore[operator]
        night_round()
    assert ResetCall.objects.count() == 14
    assert Person.objects.filter(notices__kind="keys.many_asked").distinct().count() == 2
    assert not Reset.objects.exists()
    assert call_for_reset(more[0], trigger="period", by=None).trigger == "period"
    assert ResetCall.objects.count() == 14
