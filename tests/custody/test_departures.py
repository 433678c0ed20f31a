"""Departures (AP 193 1.7, 3.4): every account touched is named at once, and nothing is green before a living manager."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.custody import confirming, departures, managing
from rostrum.custody.departure_models import Departure, DepartureItem
from rostrum.custody.departure_queries import counts_from, departures_visible_to, progress, waiting_for
from rostrum.custody.departure_states import DEPARTURE_MOVES, ITEM_MOVES
from rostrum.custody.jobs import leave, remind, sweep_again
from rostrum.custody.models import AccountTie, HelperGroup, Shortage
from rostrum.custody.queries import hands_of, managers
from rostrum.custody.touches import touches_of
from rostrum.keys import stating
from rostrum.keys.models import ResetCall
from rostrum.notices.models import Notice
from rostrum.people.actions import note_departure
from rostrum.people.models import Person
from rostrum.policies.actions import set_setting
from rostrum.registry.models import AccessHolder, Account, Designation
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official
from tests.custody.holding import item_of, third_manager, told
from tests.keys.made import statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def reset_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every account was reset and witnessed a moment ago."""
    monkeypatch.setattr(confirming.Obstacles, "reset", lambda _found, item: counts_from(item))


def gone(cast: Cast, account: Account | None = None) -> Departure:
    account = account or official(cast)
    found = departures.depart(cast.colleague, by=cast.sysadmin, reason="Moved to Edmonton.")
    assert found is not None
    return found


def planned(cast: Cast, days: int = 10, account: Account | None = None) -> Departure:
    account = account or official(cast)
    found = departures.depart(cast.colleague, by=cast.principal, on=clock.today() + timedelta(days=days))
    assert found is not None
    return found


def test_a_departure_names_every_account_in_the_same_transaction(cast: Cast) -> None:
    account = official(cast)
    it = gone(cast, account)
    assert (it.state, it.person, it.reason) == ("open", cast.colleague, "Moved to Edmonton.")
    assert item_of(it).parts == ["second", "access"]
    assert hands_of([account])[account.pk].managers == 1
    assert Shortage.objects.get().left == 1
    assert told("custody.few") == {cast.principal, cast.communications, cast.communications2, cast.teacher}
    assert told("departure.open") == {cast.teacher}
    assert told("departure.open_told") == {cast.principal, cast.communications, cast.communications2}
    acts = list(Event.objects.order_by("-seq").values_list("act", flat=True)[:4])
    assert acts == ["resetcall:ask", "shortage:raise", "departure:note", "person:leave"]


def test_a_departure_that_fails_leaves_nothing_behind(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    official(cast)

    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("rostrum.custody.departures.follow", fails)
    with pytest.raises(RuntimeError):
        departures.depart(cast.colleague, by=cast.sysadmin)
    cast.colleague.refresh_from_db()
    assert cast.colleague.is_active
    assert not Departure.objects.exists()


def test_somebody_who_touched_nothing_leaves_no_departure(cast: Cast) -> None:
    assert departures.depart(cast.auditor, by=cast.sysadmin) is None
    cast.auditor.refresh_from_db()
    assert not cast.auditor.is_active


def test_two_managers_who_leave_together_are_one_shortage(cast: Cast) -> None:
    account = official(cast)
    both = departures.depart_many([cast.teacher, cast.colleague], by=cast.sysadmin)
    assert [one and one.state for one in both] == ["open", "open"]
    assert Shortage.objects.get(account=account).left == 0
    assert told("departure.open") == set()
    assert told("departure.nobody") == {cast.principal, cast.communications, cast.communications2}
    assert Notice.objects.filter(kind="custody.few", person=cast.principal).count() == 1


def test_3_4_nothing_is_green_before_a_living_manager_has_confirmed_all_three(cast: Cast, reset_done: None) -> None:
    account = official(cast)
    third_manager(cast, account)
    it = gone(cast, account)
    item = item_of(it)
    assert waiting_for(cast.teacher) == [item]
    confirming.confirm(item, ["hand_over"], by=cast.teacher)
    assert item.state == "open"
    assert Designation.objects.get(person=cast.colleague).released_at is not None
    confirming.confirm(item, ["removal"], by=cast.teacher)
    assert not AccessHolder.objects.filter(person=cast.colleague, until=None).exists()
    item.refresh_from_db()
    assert item.state == "open"
    confirming.confirm(item, ["reset"], by=cast.teacher)
    it.refresh_from_db()
    assert (item.state, it.state) == ("done", "done")
    assert progress([item]).confirmed == 3
    assert told("departure.done") >= {cast.principal, cast.communications}


def test_all_three_at_once_and_twice(cast: Cast, reset_done: None) -> None:
    it = gone(cast)
    item = item_of(it)
    confirming.confirm(item, ["hand_over", "removal", "reset"], by=cast.teacher)
    assert item.state == "done"
    with pytest.raises(WrongState):
        confirming.confirm(item, ["reset"], by=cast.teacher)


@pytest.mark.parametrize("who", ["principal", "communications", "director", "sysadmin", "charlie", "superintendent"])
def test_nobody_but_a_living_manager_confirms(cast: Cast, who: str) -> None:
    item = item_of(gone(cast))
    with pytest.raises(NotAllowed) as refused:
        confirming.confirm(item, ["hand_over"], by=getattr(cast, who))
    assert "Sofia Nguyen" in refused.value.message


def test_an_account_without_a_manager_is_confirmed_by_one_who_is_named_first(cast: Cast, reset_done: None) -> None:
    account = official(cast)
    it, _other = departures.depart_many([cast.teacher, cast.colleague], by=cast.sysadmin)
    assert it is not None
    item = item_of(it)
    with pytest.raises(NotAllowed) as refused:
        confirming.confirm(item, ["hand_over"], by=cast.principal)
    assert "this account has none" in refused.value.message
    managing.name_manager(account, cast.principal, by=cast.principal)
    assert Shortage.objects.get().left == 1
    confirming.confirm(item, ["hand_over", "removal", "reset"], by=cast.principal)
    assert item.state == "done"
    assert managers(account)[0].kind == "primary"


def test_a_reset_counts_only_once_the_leaver_is_out(cast: Cast) -> None:
    item = item_of(planned(cast))
    with pytest.raises(Invalid) as refused:
        confirming.confirm(item, ["reset"], by=cast.teacher)
    assert list(refused.value.fields) == ["reset"]
    assert "can still get in" in refused.value.fields["reset"][0]
    confirming.confirm(item, ["removal"], by=cast.teacher)
    with pytest.raises(Invalid) as refused:
        confirming.confirm(item, ["reset"], by=cast.teacher)
    assert "No reset has been made" in refused.value.fields["reset"][0]


def test_case_15_helpers_whose_adult_left_need_another_adult(cast: Cast) -> None:
    account = official(cast)
    group = HelperGroup.objects.create(account=account, label="yearbook team", adult=cast.colleague, since=clock.now())
    item = item_of(gone(cast, account))
    assert "helpers" in item.parts
    with pytest.raises(Invalid) as refused:
        confirming.confirm(item, ["hand_over"], by=cast.teacher)
    assert "yearbook team" in refused.value.fields["hand_over"][0]
    HelperGroup.objects.filter(pk=group.pk).update(adult=cast.teacher)
    confirming.confirm(item, ["hand_over"], by=cast.teacher)


def test_case_3_the_mailbox_of_a_leaver_is_a_touch_and_stands_in_the_way(cast: Cast) -> None:
    account = official(cast)
    Account.objects.filter(pk=account.pk).update(mailbox="O.Clarke@lpsd.ca")
    item = item_of(gone(cast, account))
    assert "mailbox" in item.parts
    with pytest.raises(Invalid) as refused:
        confirming.confirm(item, ["removal"], by=cast.teacher)
    assert "O.Clarke@lpsd.ca" in refused.value.fields["removal"][0]


def test_ties_are_touches_and_end_with_the_confirmations(cast: Cast) -> None:
    account = official(cast)
    for kind in ("answers", "recovery", "app_owner"):
        AccountTie.objects.create(account=account, person=cast.colleague, kind=kind, since=clock.now(), by=cast.teacher)
    item = item_of(gone(cast, account))
    assert item.parts == ["second", "access", "answers", "recovery", "app_owner"]
    confirming.confirm(item, ["hand_over"], by=cast.teacher)
    assert {one.kind for one in AccountTie.objects.filter(until=None)} == {"recovery", "app_owner"}
    confirming.confirm(item, ["removal"], by=cast.teacher)
    assert not AccountTie.objects.filter(until=None).exists()


def test_where_two_are_the_minimum_a_hand_over_needs_two_who_stay(cast: Cast) -> None:
    account = official(cast)
    set_setting("managers_min", 2, by_name="Board", reason="Two on every account.")
    item = item_of(gone(cast, account))
    with pytest.raises(Invalid) as refused:
        confirming.confirm(item, ["hand_over"], by=cast.teacher)
    assert "at least 2" in refused.value.fields["hand_over"][0]


# --- last days still to come ---------------------------------------------------------------------------------------


def test_a_last_day_to_come_names_the_accounts_and_takes_nothing_away(cast: Cast) -> None:
    it = planned(cast)
    assert (it.state, it.since) == ("ahead", None)
    cast.colleague.refresh_from_db()
    assert cast.colleague.is_active
    assert not Shortage.objects.exists()
    assert told("departure.ahead") == {cast.teacher, cast.colleague} - {cast.colleague}
    assert cast.communications in told("departure.ahead_told")


def test_on_the_morning_after_the_last_day_it_becomes_real_once(cast: Cast) -> None:
    it = planned(cast)
    with clock.standing_at(timezone.now() + timedelta(days=10)):
        leave()
    it.refresh_from_db()
    assert it.state == "ahead", "the last day itself is worked"
    with clock.standing_at(timezone.now() + timedelta(days=11)):
        leave()
        leave()
    it.refresh_from_db()
    cast.colleague.refresh_from_db()
    assert (it.state, cast.colleague.is_active, cast.colleague.left_on) == ("open", False, it.last_day)
    assert Shortage.objects.get().left == 1
    assert Notice.objects.filter(kind="departure.open", person=cast.teacher).count() == 1


def test_after_an_outage_the_day_they_left_is_the_day_that_was_noted(cast: Cast) -> None:
    it = planned(cast, 1)
    with clock.standing_at(timezone.now() + timedelta(days=20)):
        leave()
    it.refresh_from_db()
    assert it.last_day == it.person.left_on == clock.today() + timedelta(days=1)
    assert it.since is not None
    assert it.since < timezone.now() + timedelta(days=3)


def test_leap_day_is_a_last_day_like_any_other(cast: Cast) -> None:
    official(cast)
    with clock.standing_at(timezone.make_aware(timezone.datetime(2028, 2, 28, 9, 0))):  # type: ignore[attr-defined]
        it = departures.depart(cast.colleague, by=cast.sysadmin, on=date(2028, 2, 29))
        assert it is not None
    with clock.standing_at(timezone.make_aware(timezone.datetime(2028, 3, 1, 0, 5))):  # type: ignore[attr-defined]
        leave()
    it.refresh_from_db()
    cast.colleague.refresh_from_db()
    assert (it.state, cast.colleague.left_on) == ("open", date(2028, 2, 29))


def test_a_last_day_is_moved_and_taken_back(cast: Cast) -> None:
    it = planned(cast)
    later = clock.today() + timedelta(days=30)
    departures.depart(cast.colleague, by=cast.principal, on=later)
    it.refresh_from_db()
    assert it.last_day == later
    with pytest.raises(Invalid):
        departures.depart(cast.colleague, by=cast.principal, on=later)
    departures.cancel(it, by=cast.principal, reason="The position was extended.")
    assert (it.state, item_of(it).state) == ("cancelled", "dropped")
    with clock.standing_at(timezone.now() + timedelta(days=40)):
        leave()
    cast.colleague.refresh_from_db()
    assert cast.colleague.is_active


@pytest.mark.parametrize("days", [731, 4000])
def test_a_last_day_years_ahead_is_a_slip(cast: Cast, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        planned(cast, days)
    assert list(refused.value.fields) == ["on"]


@pytest.mark.parametrize("who", ["teacher", "auditor", "charlie", "privacy", "director"])
def test_who_may_not_note_a_last_day(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        departures.plan(cast.colleague, by=getattr(cast, who), on=clock.today() + timedelta(days=5))


def test_nobody_notes_their_own_last_day(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        departures.plan(cast.principal, by=cast.principal, on=clock.today() + timedelta(days=5))


def test_a_principal_notes_a_last_day_to_come_but_no_departure_of_today(cast: Cast) -> None:
    official(cast)
    with pytest.raises(NotAllowed):
        departures.depart(cast.colleague, by=cast.principal)
    assert planned(cast).noted_by == cast.principal


# --- a return ------------------------------------------------------------------------------------------------------


def test_somebody_who_comes_back_has_what_nobody_took_over(cast: Cast) -> None:
    account = official(cast)
    it = gone(cast, account)
    departures.come_back(cast.colleague, by=cast.sysadmin)
    it.refresh_from_db()
    assert (it.state, item_of(it).state) == ("returned", "dropped")
    assert {one.person for one in managers(account)} == {cast.teacher, cast.colleague}
    assert Shortage.objects.get().resolved_at is not None
    assert cast.teacher in told("departure.returned")


def test_what_was_handed_over_stays_so_after_a_return(cast: Cast) -> None:
    account = official(cast)
    confirming.confirm(item_of(gone(cast, account)), ["hand_over", "removal"], by=cast.teacher)
    departures.come_back(cast.colleague, by=cast.sysadmin)
    assert {one.person for one in managers(account)} == {cast.teacher}
    assert touches_of([cast.colleague.pk])[cast.colleague.pk] == []


def test_leaving_again_after_a_return_is_a_new_departure(cast: Cast) -> None:
    account = official(cast)
    gone(cast, account)
    departures.come_back(cast.colleague, by=cast.sysadmin)
    assert gone(cast, account).state == "open"
    assert Departure.objects.count() == 2


# --- bad input and races ---------------------------------------------------------------------------------------------


def test_a_leaver_who_is_still_a_manager_confirms_nothing_of_their_own(cast: Cast) -> None:
    item = item_of(planned(cast))
    with pytest.raises(NotAllowed) as refused:
        confirming.confirm(item, ["hand_over"], by=cast.colleague)
    assert "You are the one who leaves" in refused.value.message


def test_a_manager_who_left_themself_confirms_nothing_for_others(cast: Cast) -> None:
    account = official(cast)
    third_manager(cast, account)
    item = item_of(gone(cast, account))
    departures.depart(cast.teacher, by=cast.sysadmin)
    with pytest.raises(NotAllowed):
        confirming.confirm(item, ["hand_over"], by=Person.objects.get(pk=cast.teacher.pk))


def test_two_who_confirm_at_once_are_told(cast: Cast) -> None:
    account = official(cast)
    third_manager(cast, account)
    item = item_of(gone(cast, account))
    stale = DepartureItem.objects.get(pk=item.pk)
    confirming.confirm(item, ["hand_over"], by=cast.teacher, seen=1)
    with pytest.raises(Overtaken):
        confirming.confirm(stale, ["removal"], by=cast.superintendent, seen=1)


def test_nothing_ticked_is_said(cast: Cast) -> None:
    item = item_of(gone(cast))
    with pytest.raises(Invalid):
        confirming.confirm(item, [], by=cast.teacher)
    confirming.confirm(item, ["removal"], by=cast.teacher)
    with pytest.raises(Invalid):
        confirming.confirm(item, ["removal"], by=cast.teacher)


def test_an_account_retired_meanwhile_is_dropped_and_the_departure_is_over(cast: Cast) -> None:
    account = official(cast)
    it = gone(cast, account)
    account.refresh_from_db()
    change_standing(account, "close", by=cast.communications, reason="The class is over.")
    with pytest.raises(WrongState):
        confirming.confirm(item_of(it), ["hand_over"], by=cast.teacher)
    sweep_again()
    it.refresh_from_db()
    assert (item_of(it).state, it.state) == ("dropped", "done")


def test_somebody_who_left_by_another_way_is_found_at_night(cast: Cast) -> None:
    official(cast)
    note_departure(cast.colleague, by=cast.sysadmin)
    assert not Departure.objects.exists()
    sweep_again()
    sweep_again()
    it = Departure.objects.get()
    assert (it.source, it.state) == ("found", "open")
    assert Shortage.objects.get().left == 1


def test_the_database_knows_no_green_without_three_names(cast: Cast) -> None:
    item = item_of(gone(cast))
    with pytest.raises(IntegrityError):
        DepartureItem.objects.filter(pk=item.pk).update(state="done")


def test_reminders_come_once_a_week_and_end(cast: Cast, reset_done: None) -> None:
    item = item_of(gone(cast))
    start = timezone.now()

    def count() -> int:
        return Notice.objects.filter(kind="departure.reminder", person=cast.teacher).count()

    for days in (1, 6, 7, 7, 8, 13, 14, 30):
        with clock.standing_at(start + timedelta(days=days)):
            remind()
    assert count() == 3, "after one week, after two, and one after an outage"
    confirming.confirm(item, ["hand_over", "removal", "reset"], by=cast.teacher)
    with clock.standing_at(start + timedelta(days=60)):
        remind()
    assert count() == 3


def test_an_outsider_sees_no_departure(cast: Cast) -> None:
    it = gone(cast)
    for who in ("principal", "communications", "director", "auditor", "sysadmin", "teacher"):
        assert list(departures_visible_to(getattr(cast, who))) == [it], who
    for who in ("charlie", "colleague"):
        assert list(departures_visible_to(getattr(cast, who))) == [], who


# --- every state and every move ---------------------------------------------------------------------------------------


def _done(cast: Cast) -> Departure:
    it = gone(cast)
    confirming.confirm(item_of(it), ["hand_over", "removal", "reset"], by=cast.teacher)
    it.refresh_from_db()
    return it


REACHED: dict[str, Callable[[Cast], Departure]] = {
    "ahead": planned,
    "open": gone,
    "done": _done,
    "cancelled": lambda c: departures.cancel(planned(c), by=c.principal, reason="Stays."),
    "returned": lambda c: [gone(c), departures.come_back(c.colleague, by=c.sysadmin), Departure.objects.get()][-1],
}


def _make(move: str, it: Departure, cast: Cast) -> Any:
    if move == "leave":
        with clock.standing_at(timezone.now() + timedelta(days=11)):
            return departures.leave_on_time(it)
    if move == "cancel":
        return departures.cancel(it, by=cast.principal, reason="Stays after all.")
    if move == "return":
        return departures.come_back(Person.objects.get(pk=it.person_id), by=cast.sysadmin)
    confirming.confirm(item_of(it), ["hand_over", "removal"], by=cast.teacher)
    return confirming.confirm(item_of(it), ["reset"], by=cast.teacher)


@pytest.mark.parametrize("move", DEPARTURE_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(REACHED))
def test_every_state_and_move(cast: Cast, reset_done: None, state: str, move: Any) -> None:
    it = REACHED[state](cast)
    assert it.state == state
    if state in move.sources:
        _make(move.name, it, cast)
        assert Departure.objects.get(pk=it.pk).state == move.target
        assert Event.objects.filter(act=f"departure:{move.name}").count() == 1
    elif (state, move.name) == ("done", "return"):
        _make(move.name, it, cast)  # they may come back; what was handed over stays so
        assert Departure.objects.get(pk=it.pk).state == "done"
    elif (state, move.name) == ("ahead", "finish"):
        item = _make(move.name, it, cast)  # every account is green before the last day; the departure waits for it
        assert (item.state, Departure.objects.get(pk=it.pk).state) == ("done", "ahead")
    else:
        with pytest.raises(Refusal):
            _make(move.name, it, cast)
        assert Departure.objects.get(pk=it.pk).state == state


ITEMS: dict[str, Callable[[Cast], Departure]] = {"open": gone, "done": _done, "dropped": REACHED["returned"]}


@pytest.mark.parametrize("move", ITEM_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(ITEMS))
def test_every_state_and_move_of_an_account(cast: Cast, reset_done: None, state: str, move: Any) -> None:
    it = ITEMS[state](cast)
    item = item_of(it)
    assert item.state == state
    steps = ["hand_over"] if move.name == "confirm" else ["hand_over", "removal", "reset"]

    def make() -> None:
        if move.name == "drop":
            departures.come_back(Person.objects.get(pk=it.person_id), by=cast.sysadmin)
        else:
            confirming.confirm(item, steps, by=cast.teacher)

    if state in move.sources:
        make()
        assert item_of(it).state == move.target
    else:
        if move.name == "drop" and state == "done":
            make()
        else:
            with pytest.raises(Refusal):
                make()
        assert item_of(it).state == state


def test_3_4_a_reset_is_called_for_and_only_a_witnessed_one_counts(cast: Cast) -> None:
    account = official(cast)
    before = stating.confirm(stating.make(account, statement(), by=cast.teacher), by=cast.colleague)
    item = item_of(gone(cast, account))
    call = ResetCall.objects.get(trigger="leaver")
    assert (call.account, call.note, call.state) == (account, "Owen Clarke", "open")
    assert confirming.Obstacles([item]).reset(item) is None, f"{before} was made while the leaver could still get in"
    reset = stating.make(account, statement(), by=cast.teacher)
    with pytest.raises(Invalid):
        confirming.confirm(item, ["reset"], by=cast.teacher)
    stating.confirm(reset, by=cast.principal)  # no other manager is left, so whoever leads the school witnesses
    confirming.confirm(item, ["hand_over", "removal", "reset"], by=cast.teacher)
    call.refresh_from_db()
    assert (item.state, call.state) == ("done", "answered")


def test_a_manager_who_is_released_calls_for_a_reset_too(cast: Cast) -> None:
    account = official(cast)
    mine = Designation.objects.get(registration=account.registration, person=cast.colleague)
    managing.release(mine, by=cast.principal)
    assert ResetCall.objects.get().trigger == "role_change"
