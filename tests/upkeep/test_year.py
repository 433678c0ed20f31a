"""A whole school year, night by night, the year's end included: each letter exactly once, whatever the outages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.notices.models import Notice
from rostrum.people.actions import name_stand_in
from rostrum.people.models import Appointment
from rostrum.registry.models import Account
from rostrum.schoolyear.actions import Entry, add_days, add_year
from rostrum.schoolyear.counting import counting
from rostrum.schoolyear.queries import calendar
from rostrum.upkeep import certifying, liveness, nightly, windows
from rostrum.upkeep.jobs import nightly_round
from rostrum.upkeep.models import Certification, SuspensionProposal
from tests.cast import Cast, build_cast, official
from tests.schoolyear.test_actions import FIRST, LAST, whole
from tests.upkeep.conftest import all_right, choose, on

pytestmark = pytest.mark.django_db
BEFORE, CHOSEN = date(2026, 3, 2), date(2026, 8, 20)
AUTUMN, MAY = date(2026, 9, 8), date(2027, 5, 3)
DAY = timedelta(days=1)


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast as it was in spring, with two school years ahead."""
    with on(BEFORE):
        made = build_cast()
        add_year(FIRST, LAST, by=made.communications, entries=whole())
        add_year(date(2027, 9, 1), date(2028, 6, 28), by=made.communications)
        return made


def nights(first: date, last: date, down: set[date] | frozenset[date] = frozenset(), *, twice: bool = False) -> Iterator[date]:
    """Every night that the machine was up: the round runs, and where asked for once more, as after a crash."""
    day = first
    while day <= last:
        if day not in down:
            with on(day, hour=4):
                nightly_round()
                if twice:
                    nightly_round()
            yield day
        day += DAY


def letters(kind: str) -> list[tuple[str, date]]:
    """Who got a kind of letter on which day, in order."""
    rows = Notice.objects.filter(kind=kind).order_by("owed_at", "pk").values_list("person__name", "owed_at")
    return [(name, timezone.localdate(at)) for name, at in rows]


def setting_up(cast: Cast, many: int = 2) -> list[Account]:
    with on(BEFORE + DAY):
        accounts = [official(cast) for _n in range(many)]
    with on(CHOSEN):
        for key, value in (
            ("certification_windows", "autumn_spring"), ("certification_answer_days", 10),
            ("certification_consequence", "suspend"), ("certification_grace_days", 14), ("quiet_days", 120),
        ):  # fmt: skip
            choose(key, value)
    return accounts


END = date(2027, 7, 31)
# Which nights were lost, and how far the year is played: one of them whole.
OUTAGES: dict[str, set[date]] = {
    "none": set(),
    "the window's own days": {AUTUMN + n * DAY for n in range(3)},
    "a month": {date(2026, 9, 16) + n * DAY for n in range(30)},
    "every second day": {date(2026, 8, 25) + n * DAY for n in range(0, 400, 2)},
}


@pytest.mark.parametrize("outage", sorted(OUTAGES))
def test_a_school_year_asks_reminds_and_escalates_each_exactly_once(cast: Cast, outage: str) -> None:
    accounts, down, whole_year = setting_up(cast), OUTAGES[outage], outage == "none"
    up = list(nights(date(2026, 8, 25), END if whole_year else date(2026, 11, 20), down, twice=whole_year))
    first = {window: next(day for day in up if day >= window) for window in ((AUTUMN, MAY) if whole_year else (AUTUMN,))}
    both = ("Sofia Nguyen", "Owen Clarke")
    # Asked once a window, one letter for both accounts, on the first night that could.
    assert Counter(letters("certify.asked")) == {(name, day): 1 for name in both for day in first.values()}
    # Reminded once a week from the asking until four weeks after the due day; after an outage one, not a burst.
    expected: set[tuple[str, date]] = set()
    for window, opened in first.items():
        end = opened + (10 + windows.REMIND_FOR) * DAY
        given = opened
        for day in (d for d in up if opened < d <= end):
            period = opened + (day - opened).days // 7 * 7 * DAY
            if period > given:
                expected |= {(name, day) for name in both}
                given = period
        assert window in first
    assert Counter(letters("certify.reminder")) == dict.fromkeys(expected, 1)
    # Told upward once, proposed once, each on the first night after its day.
    late = [next(day for day in up if day > opened + 10 * DAY) for opened in first.values()]
    assert letters("certify.late") == [("Ana Petrova", day) for day in late]
    proposed = [next(day for day in up if day > opened + 24 * DAY) for opened in first.values()]
    assert [day for _name, day in letters("certify.suspension_proposed")] == proposed
    # The second window missed the first, and nothing was suspended by anybody.
    became = ((AUTUMN, "missed"), (MAY, "open")) if whole_year else ((AUTUMN, "open"),)
    states = Counter(Certification.objects.values_list("account", "period", "state"))
    assert states == Counter((account.pk, window, state) for account in accounts for window, state in became)
    assert set(Account.objects.values_list("state", flat=True)) == {"recognised"}
    left = ["open", "open", "over", "over"] if whole_year else ["open", "open"]
    assert sorted(SuspensionProposal.objects.values_list("state", flat=True)) == left
    assert Event.objects.filter(act="certification:open").count() == 2 * len(first)


def test_whoever_answers_is_left_alone_for_the_rest_of_the_window(cast: Cast) -> None:
    one, other = setting_up(cast)
    for day in nights(date(2026, 9, 7), date(2026, 11, 20)):
        if day == date(2026, 9, 16):
            with on(day):
                certifying.answer(Certification.objects.get(account=one), all_right(), by=cast.teacher)
        if day == date(2026, 10, 20):
            with on(day):
                certifying.answer(Certification.objects.get(account=other), all_right(), by=cast.colleague)
    names = {tuple(facts[0][1].split(", ")) for facts in Notice.objects.filter(kind="certify.reminder")
             .exclude(owed_at__lt=datetime(2026, 9, 17, tzinfo=UTC)).values_list("context__facts", flat=True)}  # fmt: skip
    assert names == {(other.name,)}
    assert SuspensionProposal.objects.get().state == "over"
    assert not Certification.objects.filter(state="open").exists()
    last = max(day for _name, day in letters("certify.reminder"))
    assert last <= date(2026, 10, 20)


def test_heavy_work_waits_for_a_calm_school_day(cast: Cast) -> None:
    with on(BEFORE + DAY):
        official(cast)
    with on(CHOSEN):
        choose("certification_days", 325)  # comes round in January, while exams are written
    opened = next(day for day in nights(date(2027, 1, 20), date(2027, 2, 10)) if Certification.objects.exists())
    assert opened == date(2027, 2, 1)
    assert calendar().calm(opened)
    with on(opened):
        assert Certification.objects.get().period == BEFORE + DAY + 325 * DAY


def test_choosing_a_rhythm_in_november_does_not_make_up_for_september(cast: Cast) -> None:
    with on(BEFORE + DAY):
        official(cast)
    with on(date(2026, 11, 20)):
        choose("certification_windows", "autumn_spring")
    list(nights(date(2026, 11, 20), date(2026, 12, 1)))
    list(nights(date(2027, 4, 28), date(2027, 5, 2)))
    assert not Certification.objects.exists()
    assert list(nights(date(2027, 5, 3), date(2027, 5, 4)))
    assert Certification.objects.get().period == MAY


def test_nothing_is_asked_while_no_rhythm_is_set(cast: Cast) -> None:
    with on(BEFORE + DAY):
        official(cast)
    list(nights(date(2026, 9, 1), date(2026, 9, 20)))
    assert not Certification.objects.exists()
    assert not Notice.objects.filter(kind__startswith="certify").exists()


def test_an_account_of_its_own_clock_is_asked_again_after_its_last_answer(cast: Cast) -> None:
    with on(BEFORE + DAY):
        official(cast)
    with on(CHOSEN):
        choose("certification_days", 60)
        choose("certification_answer_days", 180)
    answered: list[date] = []
    for day in nights(date(2026, 9, 1), date(2027, 3, 1)):
        it = Certification.objects.filter(state="open").first()
        if it is not None:
            answered.append(day)
            with on(day, hour=15):
                certifying.answer(it, all_right(), by=cast.teacher)
    gaps = [(b - a).days for a, b in pairwise(answered)]
    assert answered[0] == AUTUMN
    assert all(60 <= gap <= 60 + 17 for gap in gaps), gaps  # later only where a break or exams lay in between


def test_the_only_manager_who_is_away_is_due_when_they_are_back(cast: Cast) -> None:
    with on(BEFORE + DAY):
        account = official(cast, second_manager="")
        account.registration.designations.filter(person=cast.colleague).update(released_at=timezone.now())
        account.registration.designations.filter(person=cast.teacher).update(person=cast.principal)
    setting_up(cast, many=0)
    with on(date(2026, 9, 1)):
        appointment = Appointment.objects.get(person=cast.principal)
        name_stand_in(appointment, person=None, starts_on=date(2026, 9, 14), ends_on=date(2026, 10, 2), reason="Leave.",
                      by=cast.principal)  # fmt: skip
    list(nights(AUTUMN, AUTUMN))
    assert Certification.objects.get().due_on == date(2026, 10, 3)


@pytest.mark.parametrize(("hour", "asked"), [(23, 1), (0, 0)])
def test_a_window_begins_at_local_midnight_also_when_clocks_change(cast: Cast, hour: int, asked: int) -> None:
    """An account of the evening before is asked, one of the first minutes of the window's day is not."""
    window = date(2027, 3, 15)  # the Monday after clocks changed
    with on(BEFORE + DAY):
        account = official(cast)
    at = datetime.combine(window - DAY if hour else window, time(hour, 30), tzinfo=timezone.get_default_timezone())
    Account.objects.update(official_since=at.astimezone(UTC))
    term = Entry("term", "Third term", window, date(2027, 4, 30))
    year = calendar().year_of(window)
    assert year is not None
    add_days(year, [term], by=cast.communications)
    with on(CHOSEN):
        choose("certification_windows", "terms")
    with on(window + DAY):
        nightly.open_windows()
    assert Certification.objects.filter(account=account, period=window).count() == asked


def test_a_leap_day_is_a_day_like_any_other(cast: Cast) -> None:
    with on(BEFORE + DAY):
        official(cast)
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    Account.objects.update(official_since=leap)
    with clock.standing_at(leap):
        choose("certification_days", 365)
    counted = counting()
    assert counted.due(leap, 365).on == date(2029, 2, 28)
    with on(date(2029, 2, 27)):
        assert nightly.open_windows() == 0
    with on(date(2029, 2, 28)):
        assert nightly.open_windows() == 1


def test_quiet_accounts_are_written_about_once_a_month_and_a_post_begins_anew(cast: Cast) -> None:
    (account,) = setting_up(cast, many=1)
    choose("certification_windows", None)
    with on(date(2026, 9, 2)):
        liveness.note_post(account, date(2026, 9, 2), by=cast.teacher)
    down = {date(2027, 2, 10) + n * DAY for n in range(5)}
    for day in nights(date(2026, 12, 28), date(2027, 6, 1), down):
        if day == date(2027, 4, 12):
            with on(day):
                liveness.note_post(account, day, by=cast.colleague)
    got = [day for name, day in letters("quiet.reminder") if name == "Sofia Nguyen"]
    became = date(2026, 9, 2) + 120 * DAY  # 31 December, in the break: the first school day after it
    assert got[0] == date(2027, 1, 4)
    assert got == [date(2027, 1, 4), became + 30 * DAY + 2 * DAY, became + 60 * DAY, date(2027, 4, 5)]
    assert [name for name, _day in letters("quiet.reminder")].count("Owen Clarke") == len(got)


def test_the_round_takes_as_many_questions_for_many_accounts_as_for_two(cast: Cast) -> None:
    took: dict[int, list[int]] = {}
    setting_up(cast, many=2)
    with on(BEFORE + 2 * DAY):
        later = [official(cast) for _n in range(7)]
    Account.objects.filter(pk__in=[one.pk for one in later]).update(state="retired")
    for many in (2, 9):
        took[many] = []
        for day in (AUTUMN, AUTUMN + 7 * DAY, AUTUMN + 11 * DAY, AUTUMN + 25 * DAY):
            with on(day, hour=4), CaptureQueriesContext(connection) as asked:
                nightly_round()
            took[many].append(len(asked))
        for table in (SuspensionProposal, Certification, Notice):
            table.objects.all().delete()
        Account.objects.update(state="recognised")
    assert [max(0, many - few) for few, many in zip(took[2], took[9], strict=True)] == [0, 0, 0, 0], took
    assert max(took[9]) <= 90, took  # PostgreSQL counts its savepoints, too
