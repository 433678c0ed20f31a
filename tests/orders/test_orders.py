"""Orders of Communications (AP 193 1.5, 1.10): given with a clause and a day, answered, confirmed; late ones are told of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.notices.models import Notice
from rostrum.orders import giving, jobs, queries
from rostrum.orders.models import AccountOrder
from rostrum.orders.states import ORDER_MOVES
from rostrum.people.actions import note_departure
from rostrum.policies.actions import set_setting
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official

pytestmark = pytest.mark.django_db


def given(cast: Cast, account: Account | None = None, **changes: Any) -> AccountOrder:
    """An order to change the profile text within a week."""
    usual: dict[str, Any] = {
        "kind": "name", "what": "Put the school's name into the profile.", "clause": "1.3",
        "reason": "Nobody can tell whose it is.", "due_on": clock.today() + timedelta(days=7),
    }  # fmt: skip
    return giving.give(account or official(cast), by=cast.communications, **{**usual, **changes})


def done(cast: Cast) -> AccountOrder:
    return giving.fulfil(given(cast), by=cast.teacher, reason="It is there now.")


def impossible(cast: Cast) -> AccountOrder:
    return giving.cannot(given(cast), by=cast.teacher, reason="The platform allows twenty letters.")


def lapsed(cast: Cast) -> AccountOrder:
    it = given(cast)
    change_standing(it.account, "close", by=cast.communications, reason="Over.")
    return giving.lapse(it)


REACHED: dict[str, Callable[[Cast], AccountOrder]] = {
    "given": given, "done": done, "cannot": impossible,
    "confirmed": lambda c: giving.confirm(done(c), by=c.communications),
    "accepted": lambda c: giving.accept(impossible(c), by=c.communications, reason="Then leave it."),
    "withdrawn": lambda c: giving.withdraw(given(c), by=c.communications, reason="A mistake of mine."),
    "lapsed": lapsed,
}  # fmt: skip


@pytest.mark.parametrize("move", [m for m in ORDER_MOVES if m.name != "lapse"], ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(REACHED))
def test_every_state_and_move(cast: Cast, state: str, move: Any) -> None:
    it = REACHED[state](cast)
    by = cast.teacher if move.permission == "order:answer" else cast.communications
    events = Event.objects.count()
    if state in move.sources:
        assert move in queries.allowed(by, it)
        giving.ACTS[move.name](it, by=by, reason="Looked at it.")
        assert AccountOrder.objects.get(pk=it.pk).state == move.target
        assert Event.objects.count() == events + 1
        event = Event.objects.latest("seq")
        assert event.act == f"accountorder:{move.name}"
        assert "ap-193@2015-09#1.3" in event.kept.payload["citations"]
    else:
        assert move not in queries.allowed(by, it)
        with pytest.raises(Refusal):
            giving.ACTS[move.name](it, by=by, reason="Looked at it.")
        assert AccountOrder.objects.get(pk=it.pk).state == state
        assert Event.objects.count() == events


@pytest.mark.parametrize("state", sorted(REACHED))
def test_only_the_end_of_its_account_ends_an_order_by_the_clock(cast: Cast, state: str) -> None:
    it = REACHED[state](cast)
    if it.account.state != "retired":
        with pytest.raises(WrongState):
            giving.lapse(it)
        change_standing(it.account, "close", by=cast.communications, reason="Over.")
    jobs.remind()
    jobs.remind()
    it.refresh_from_db()
    assert it.state == ("lapsed" if state in {"given", "done", "cannot", "lapsed"} else state)
    assert Event.objects.filter(act="accountorder:lapse").count() == int(it.state == "lapsed")


@pytest.mark.parametrize("who", ["teacher", "principal", "superintendent", "director", "privacy", "sysadmin", "charlie"])
def test_only_communications_orders_and_judges(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    with pytest.raises(NotAllowed):
        giving.give(
            official(cast), by=person, kind="name", what="x", clause="1.3", reason="y", due_on=clock.today()
        )
    it = done(cast)
    for act in ("confirm", "send_back", "withdraw"):
        with pytest.raises(NotAllowed):
            giving.ACTS[act](it, by=person, reason="I think so.")


@pytest.mark.parametrize("who", ["principal", "communications", "director", "charlie"])
def test_only_whoever_looks_after_it_answers(cast: Cast, who: str) -> None:
    it = given(cast)
    for act in ("fulfil", "cannot"):
        with pytest.raises(NotAllowed) as refused:
            giving.ACTS[act](it, by=getattr(cast, who), reason="Done.")
        assert "Sofia Nguyen" in refused.value.message


def test_1_5_an_order_is_asked_answered_sent_back_and_confirmed(cast: Cast) -> None:
    it = given(cast)
    told = Notice.objects.filter(about_type="accountorder", about_id=it.pk)
    assert set(told.values_list("kind", "person__name", "asks")) == {
        ("order.given", "Sofia Nguyen", True), ("order.given", "Owen Clarke", True), ("order.told", "Ana Petrova", False),
    }  # fmt: skip
    assert [one.pk for one in queries.waiting_for(cast.teacher)] == [it.pk]
    assert queries.waiting_for(cast.communications) == []
    giving.fulfil(it, by=cast.colleague, reason="It is there now.", screenshot="a" * 64, kind="png")
    assert (it.answered_by, it.screenshot) == (cast.colleague, "a" * 64)
    assert queries.waiting_for(cast.teacher) == []
    assert [one.pk for one in queries.waiting_for(cast.communications2)] == [it.pk]
    later = clock.today() + timedelta(days=9)
    giving.send_back(it, by=cast.communications, reason="The French one is missing.", due_on=later)
    assert (it.state, it.due_on, it.last_comment) == ("given", later, "The French one is missing.")
    giving.fulfil(it, by=cast.teacher, reason="Both are there.")
    assert it.screenshot == "", "the picture of the last answer is no proof of this one; the log keeps its hash"
    giving.confirm(it, by=cast.communications)
    assert it.closed_by == cast.communications
    assert told.filter(kind="order.over", person=cast.teacher).count() == 1
    assert "a" * 64 in str([e.kept.payload for e in Event.objects.filter(act="accountorder:fulfil")])


def test_where_the_last_manager_has_left_the_principal_answers(cast: Cast) -> None:
    it = given(cast)
    note_departure(cast.teacher, by=cast.sysadmin)
    note_departure(cast.colleague, by=cast.sysadmin)
    assert [one.pk for one in queries.waiting_for(cast.principal)] == [it.pk]
    assert queries.Answerers([it.account]).alone(it.account)
    assert giving.fulfil(it, by=cast.principal, reason="I changed it myself.").state == "done"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "colour"}, "kind"),
        ({"what": " "}, "what"),
        ({"what": "Right \u202eleft"}, "what"),
        ({"what": "Set the password: kite99!Q"}, "what"),
        ({"clause": "9.9"}, "clause"),
        ({"clause": "2.4"}, "clause"),  # guidance on personal use binds no official account
        ({"reason": ""}, "reason"),
        ({"due_on": None}, "due_on"),
        ({"due_on": date(2020, 1, 1)}, "due_on"),
        ({"due_on": date(2199, 1, 1)}, "due_on"),
    ],
)
def test_an_order_that_cannot_be_says_why_beside_its_field(cast: Cast, changes: dict[str, Any], field: str) -> None:
    account = official(cast)
    with pytest.raises(Invalid) as refused:
        given(cast, account, **changes)
    assert list(refused.value.fields) == [field]
    assert not AccountOrder.objects.exists()


def test_a_secret_in_an_answer_is_not_kept(cast: Cast) -> None:
    it = given(cast)
    with pytest.raises(Invalid):
        giving.fulfil(it, by=cast.teacher, reason="Done, the password is kite99!Q")
    assert "kite99" not in str([event.kept.payload for event in Event.objects.all()])


def test_an_order_on_a_retired_account_has_nothing_to_change(cast: Cast) -> None:
    it = given(cast)
    change_standing(it.account, "close", by=cast.communications, reason="Over.")
    with pytest.raises(WrongState):
        given(cast, it.account)
    with pytest.raises(WrongState) as refused:
        giving.fulfil(it, by=cast.teacher, reason="Done.")
    assert "retired meanwhile" in refused.value.message
    assert queries.waiting_for(cast.teacher) == []


def test_two_answers_at_once_and_an_older_page(cast: Cast) -> None:
    it = given(cast)
    stale = AccountOrder.objects.get(pk=it.pk)
    giving.fulfil(it, by=cast.teacher, reason="Done.", seen=1)
    with pytest.raises(Overtaken):
        giving.cannot(stale, by=cast.colleague, reason="I could not.", seen=1)
    account = official(cast)
    with pytest.raises(Overtaken):
        given(cast, account, seen=account.version + 1)


def test_a_day_that_has_passed_is_no_new_day(cast: Cast) -> None:
    it = done(cast)
    with clock.standing_at(clock.now() + timedelta(days=30)):
        with pytest.raises(Invalid):
            giving.send_back(it, by=cast.communications, reason="Again.")
        fresh = AccountOrder.objects.get(pk=it.pk)
        giving.send_back(fresh, by=cast.communications, reason="Again.", due_on=clock.today() + timedelta(days=2))
    assert fresh.state == "given"


def _count(kind: str, person: Any) -> int:
    return Notice.objects.filter(kind=kind, person=person).count()


def test_due_and_late_orders_are_told_of_once_per_period(cast: Cast) -> None:
    account, monday = official(cast), datetime(2027, 11, 1, 9, tzinfo=timezone.get_default_timezone())
    with clock.standing_at(monday):
        it = given(cast, account, due_on=date(2027, 11, 8))  # a Monday
    told = ((2, 0, 0), (4, 0, 0), (5, 1, 0), (6, 1, 0), (8, 1, 0), (9, 1, 1), (10, 1, 1), (15, 1, 1), (16, 1, 2))
    for day, due, late in told:
        with clock.standing_at(monday.replace(day=day, hour=7, minute=20)):
            jobs.remind()
            jobs.remind()
        assert (_count("order.due", cast.teacher), _count("order.late", cast.teacher)) == (due, late), day
    assert _count("order.late", cast.principal) == _count("order.late", cast.communications) == 2
    with clock.standing_at(monday + timedelta(days=90)):  # an outage of two months brings one reminder, not a burst
        jobs.remind()
        assert _count("order.late", cast.teacher) == 3
        giving.fulfil(it, by=cast.teacher, reason="At last.")
        jobs.remind()
    assert _count("order.late", cast.teacher) == 3, "an answered order is not late"


def test_the_division_sets_how_often_late_ones_are_told_of(cast: Cast) -> None:
    account, monday = official(cast), datetime(2027, 11, 1, 9, tzinfo=timezone.get_default_timezone())
    set_setting("order_reminder_days", 2, by_name="M", reason="Often.", by=cast.communications, role="communications")
    with clock.standing_at(monday):
        given(cast, account, due_on=date(2027, 11, 2))
    for day in range(3, 8):
        with clock.standing_at(monday.replace(day=day)):
            jobs.remind()
    assert _count("order.late", cast.teacher) == 3


def test_a_leap_day_is_a_day(cast: Cast) -> None:
    with clock.standing_at(datetime(2028, 2, 20, 9, tzinfo=timezone.get_default_timezone())):
        it = given(cast, due_on=date(2028, 2, 29))
    with clock.standing_at(datetime(2028, 3, 1, 8, tzinfo=timezone.get_default_timezone())):
        assert queries.is_late(it)
        assert list(queries.late()) == [it]


def test_who_may_read_an_order(cast: Cast) -> None:
    it = given(cast)
    reads = {
        name for name in ("teacher", "principal", "communications", "director", "auditor", "sysadmin", "charlie")
        if queries.visible_to(getattr(cast, name)).filter(pk=it.pk).exists()
    }  # fmt: skip
    assert reads == {"teacher", "principal", "communications", "director", "auditor"}


def test_the_database_holds_the_promises(cast: Cast) -> None:
    it = given(cast)
    for change in (
        {"state": "done"}, {"state": "withdrawn"}, {"what": ""}, {"reason": ""}, {"screenshot": "a" * 64},
        {"screenshot_type": "png"}, {"screenshot": "a" * 64, "screenshot_type": "exe"},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountOrder.objects.filter(pk=it.pk).update(**change)
