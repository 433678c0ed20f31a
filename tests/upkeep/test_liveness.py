"""Last posts, looks, plans, pauses and nudges (AP 193 1.7): by hand, by list, and what "quiet" means."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.notices.models import Notice
from rostrum.people.actions import note_departure
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from rostrum.schoolyear.actions import add_year
from rostrum.schoolyear.queries import calendar
from rostrum.upkeep import liveness, nightly, pausing
from rostrum.upkeep.liveness import PostDay
from rostrum.upkeep.liveness_models import Liveness, Pause
from rostrum.upkeep.quiet import measure, plan_of, quiet_word, with_quiet
from rostrum.upkeep.states import PAUSE_MOVES
from tests.cast import Cast, official
from tests.upkeep.conftest import as_person, choose, on

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def closed(cast: Cast, account: Account) -> Account:
    change_standing(account, "close", by=cast.communications, reason="Over.")
    return account


@pytest.mark.parametrize("who", ["teacher", "colleague", "principal", "superintendent", "communications"])
def test_1_7_those_with_a_part_in_it_note_the_last_post(cast: Cast, account: Account, who: str) -> None:
    day = TODAY() - timedelta(days=3)
    row = liveness.note_post(account, day, by=as_person(cast, who))
    assert (row.last_post_on, row.post_source, row.post_noted_by) == (day, "hand", as_person(cast, who))
    assert (row.plan, row.version) == ("weekly", 2)


@pytest.mark.parametrize("who", ["privacy", "director", "auditor", "sysadmin", "charlie"])
def test_nobody_else_notes_pauses_or_nudges(cast: Cast, account: Account, who: str) -> None:
    by = as_person(cast, who)
    for act in (
        lambda: liveness.note_post(account, TODAY(), by=by), lambda: liveness.note_look(account, "there", by=by),
        lambda: liveness.change_plan(account, "daily", by=by), lambda: liveness.nudge(account, by=by),
        lambda: pausing.pause(account, by=by, reason="Rest.", ends_on=TODAY()),
        lambda: liveness.bring_in([], by=by),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()
    assert not Liveness.objects.exists()


def test_a_manager_cannot_nudge_or_bring_a_list_in(cast: Cast, account: Account) -> None:
    for act in (lambda: liveness.nudge(account, by=cast.teacher), lambda: liveness.bring_in([], by=cast.principal)):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(("day", "words"), [(TODAY() + timedelta(days=2), "still to come"), (date(1999, 1, 1), "year")])
def test_an_impossible_day_is_refused(cast: Cast, account: Account, day: date, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        liveness.note_post(account, day, by=cast.teacher)
    with pytest.raises(Invalid, match=words):
        liveness.bring_in([PostDay(account.pk, day)], by=cast.communications)


def test_an_older_day_corrects_by_hand_but_a_list_never_goes_back(cast: Cast, account: Account) -> None:
    new, old = TODAY() - timedelta(days=1), TODAY() - timedelta(days=9)
    liveness.note_post(account, new, by=cast.teacher)
    assert liveness.bring_in([PostDay(account.pk, old)], by=cast.communications) == 0
    assert Liveness.objects.get().last_post_on == new
    liveness.note_post(account, old, by=cast.teacher)
    assert Liveness.objects.get().last_post_on == old


def test_two_at_once_the_second_is_told(cast: Cast, account: Account) -> None:
    row = liveness.row_of(account)
    liveness.note_post(account, TODAY(), by=cast.teacher, seen=row.version)
    with pytest.raises(Overtaken):
        liveness.note_look(account, "there", by=cast.colleague, seen=row.version)


def test_nothing_is_noted_about_a_retired_account(cast: Cast, account: Account) -> None:
    closed(cast, account)
    for act in (
        lambda: liveness.note_post(account, TODAY(), by=cast.teacher),
        lambda: liveness.note_look(account, "gone", by=cast.teacher),
        lambda: liveness.change_plan(account, "daily", by=cast.teacher),
        lambda: liveness.nudge(account, by=cast.communications),
        lambda: pausing.pause(account, by=cast.teacher, reason="Rest.", ends_on=TODAY()),
    ):
        with pytest.raises(WrongState):
            act()


@pytest.mark.parametrize(("found", "told"), [("there", 0), ("locked", 1), ("taken", 1), ("gone", 1)])
def test_1_5_what_a_look_finds_wrong_is_told_to_communications(cast: Cast, account: Account, found: str, told: int) -> None:
    row = liveness.note_look(account, found, by=cast.teacher, note="Looked on my phone.")
    assert (row.alive, row.alive_on, row.alive_by) == (found, TODAY(), cast.teacher)
    notices = Notice.objects.filter(kind="quiet.trouble")
    assert notices.count() == told * 2  # both people of Communications
    assert quiet_word(account) == ("trouble" if told else "unknown")


def test_a_look_that_is_none_and_a_note_with_a_secret_are_refused(cast: Cast, account: Account) -> None:
    with pytest.raises(Invalid):
        liveness.note_look(account, "perhaps", by=cast.teacher)
    with pytest.raises(Invalid):
        liveness.note_look(account, "locked", by=cast.teacher, note="password: kitten77")


def test_a_list_is_taken_whole_and_is_one_event(cast: Cast) -> None:
    accounts = [official(cast) for _n in range(3)]
    gone = closed(cast, official(cast))
    days = [PostDay(one.pk, TODAY() - timedelta(days=n)) for n, one in enumerate([*accounts, gone])]
    days.append(PostDay(accounts[0].pk, TODAY() - timedelta(days=30)))  # the same account again, older
    before = Event.objects.count()
    assert liveness.bring_in(days, by=cast.communications, label="posts.csv", sha256="ab") == 3
    assert Event.objects.count() == before + 1
    assert Liveness.objects.get(account=accounts[0]).last_post_on == TODAY()
    assert not Liveness.objects.filter(account=gone).exists()
    assert liveness.bring_in(days, by=None, source="connector") == 0, "the same list twice changes nothing"


def test_one_bad_day_takes_nothing_in(cast: Cast) -> None:
    one, two = official(cast), official(cast)
    with pytest.raises(Invalid):
        liveness.bring_in([PostDay(one.pk, TODAY()), PostDay(two.pk, TODAY() + timedelta(days=1))], by=cast.communications)
    assert not Liveness.objects.exists()


def test_the_plan_comes_from_the_form_and_can_be_changed(cast: Cast, account: Account) -> None:
    nightly.keep_rows()
    assert Liveness.objects.get().plan == "weekly"
    assert liveness.change_plan(account, "events", by=cast.teacher).plan == "events"
    with pytest.raises(Invalid):
        liveness.change_plan(account, "hourly", by=cast.teacher)
    assert plan_of({}) == plan_of({"update_plan": ["x"]}) == plan_of({"update_plan": []}) == ""


def test_quiet_is_the_divisions_own_number_and_nothing_while_it_is_unset(cast: Cast, account: Account) -> None:
    later = TODAY() + timedelta(days=100)
    liveness.note_post(account, TODAY(), by=cast.teacher)
    with on(later):
        assert measure().floor is None
        assert quiet_word(account) == "behind", "behind its own plan, and that is all"
    choose("quiet_days", 100)
    with on(later - timedelta(days=1)):
        assert quiet_word(account) == "behind"
    with on(later):
        assert quiet_word(account) == "quiet"
        liveness.note_post(account, later, by=cast.teacher)
        assert quiet_word(account) == "active"


def test_a_new_account_is_not_quiet_because_its_last_post_is_older_than_it(cast: Cast, account: Account) -> None:
    choose("quiet_days", 30)
    liveness.note_post(account, TODAY() - timedelta(days=400), by=cast.teacher)
    assert quiet_word(account) == "behind"
    with on(TODAY() + timedelta(days=31)):
        assert quiet_word(account) == "quiet"


def test_school_days_count_where_the_division_says_so(cast: Cast, account: Account) -> None:
    y = TODAY().year + 1
    add_year(date(y - 1, 9, 1), date(y, 6, 29), by=cast.communications)
    add_year(date(y, 9, 1), date(y + 1, 6, 28), by=cast.communications)
    Account.objects.update(official_since=timezone.now() - timedelta(days=900))
    choose("quiet_days", 20)
    choose("deadline_days", "school")
    with on(date(y, 6, 25)):
        liveness.note_post(account, date(y, 6, 25), by=cast.teacher)
    with on(date(y, 9, 10)):
        assert quiet_word(account) != "quiet", "the summer does not count"
    with on(date(y, 10, 12)):
        assert quiet_word(account) == "quiet"


@pytest.mark.parametrize("who", ["teacher", "principal", "communications"])
def test_a_paused_account_is_left_alone_until_its_day(cast: Cast, account: Account, who: str) -> None:
    choose("quiet_days", 10)
    liveness.note_post(account, TODAY(), by=cast.teacher)
    pausing.pause(account, by=as_person(cast, who), reason="The teacher is on leave.", ends_on=TODAY() + timedelta(days=30))
    with on(TODAY() + timedelta(days=20)):
        assert quiet_word(account) == "paused"
        assert nightly.write_to_quiet() == 0
        with pytest.raises(WrongState, match="paused"):
            liveness.nudge(account, by=cast.principal)
    with on(TODAY() + timedelta(days=31)):
        assert quiet_word(account) == "quiet"
        assert nightly.end_pauses() == 1
        assert nightly.end_pauses() == 0
    assert Pause.objects.get().state == "passed"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": TODAY() - timedelta(days=1)}, "ends_on"),
        ({"ends_on": TODAY() + timedelta(days=500)}, "ends_on"),
        ({"starts_on": TODAY() - timedelta(days=1)}, "starts_on"),
        ({"reason": " "}, "reason"),
        ({"reason": "password: kitten77"}, "reason"),
        ({"reason": "x" * 301}, "reason"),
    ],
)
def test_a_pause_that_cannot_be_is_refused(cast: Cast, account: Account, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        pausing.pause(account, by=cast.teacher, **{"reason": "Rest.", "ends_on": TODAY(), **changes})
    assert list(refused.value.fields) == [field]


def test_one_pause_at_a_time_and_one_that_is_over_stands_in_nobodys_way(cast: Cast, account: Account) -> None:
    pausing.pause(account, by=cast.teacher, reason="Rest.", ends_on=TODAY())
    with pytest.raises(WrongState):
        pausing.pause(account, by=cast.colleague, reason="Rest.", ends_on=TODAY())
    with on(TODAY() + timedelta(days=1)):
        pausing.pause(account, by=cast.colleague, reason="More rest.", ends_on=TODAY() + timedelta(days=9))
    assert sorted(Pause.objects.values_list("state", flat=True)) == ["passed", "running"]


@pytest.mark.parametrize("move", PAUSE_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", ["running", "ended", "passed"])
def test_every_state_and_move_of_a_pause(cast: Cast, account: Account, state: str, move: Any) -> None:
    it = pausing.pause(account, by=cast.teacher, reason="Rest.", ends_on=TODAY())
    if state == "ended":
        pausing.resume(it, by=cast.colleague)
    elif state == "passed":
        with on(TODAY() + timedelta(days=1)):
            pausing.let_pass(account)
        it.refresh_from_db()
    assert it.state == state
    with on(TODAY() + timedelta(days=1)):
        if move.name == "pass":
            assert pausing.let_pass(account) == (state == "running")
        elif state == "running":
            pausing.resume(it, by=cast.principal)
        else:
            with pytest.raises(Refusal):
                pausing.resume(it, by=cast.principal)
    it.refresh_from_db()
    assert it.state == (move.target if state == "running" else state)


def test_the_summer_pause_comes_from_the_calendar(cast: Cast) -> None:
    assert pausing.summer(calendar(), date(2027, 6, 1)) is None
    add_year(date(2026, 9, 1), date(2027, 6, 29), by=cast.communications)
    assert pausing.summer(calendar(), date(2027, 6, 1)) is None, "the next year is not known"
    add_year(date(2027, 9, 1), date(2028, 6, 28), by=cast.communications)
    assert pausing.summer(calendar(), date(2027, 6, 1)) == (date(2027, 6, 30), date(2027, 9, 7))
    assert pausing.summer(calendar(), date(2027, 7, 15)) == (date(2027, 7, 15), date(2027, 9, 7))


def test_a_nudge_goes_to_the_managers_once_in_two_weeks(cast: Cast, account: Account) -> None:
    people = liveness.nudge(account, by=cast.principal, words="Spring concert?")
    assert people == [cast.teacher, cast.colleague]
    notice = Notice.objects.filter(kind="quiet.nudge").first()
    assert notice is not None
    assert notice.context["comment"] == "Spring concert?"
    with pytest.raises(WrongState, match="two weeks"):
        liveness.nudge(account, by=cast.communications)
    with on(TODAY() + timedelta(days=14)):
        assert liveness.nudge(account, by=cast.communications)


def test_there_is_nobody_to_nudge_where_nobody_but_the_nudger_is_left(cast: Cast, account: Account) -> None:
    for person in (cast.teacher, cast.colleague):
        note_departure(person, by=None)
    with pytest.raises(WrongState, match="nobody else"):
        liveness.nudge(account, by=cast.principal)


def test_the_list_takes_one_question(cast: Cast, django_assert_num_queries: Any) -> None:
    for _n in range(3):
        official(cast)
    choose("quiet_days", 30)
    by = measure()
    with django_assert_num_queries(1):
        assert {one.quiet for one in with_quiet(Account.objects.all(), by)} == {"unknown"}
