"""What calls for a reset (AP 193 3.4, "periodically or as the need arises"): asked once, answered, called off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.core.reading import reading
from rostrum.keys import queries, stating
from rostrum.keys.actions import answer_calls, call_for_reset, call_for_resets, call_off
from rostrum.keys.models import ResetCall
from rostrum.keys.states import CALL_MOVES
from rostrum.notices.actions import together
from rostrum.notices.models import Notice
from rostrum.people.actions import note_departure
from rostrum.policies.actions import set_setting
from rostrum.registry.standing import change_standing
from rostrum.schoolyear.models import NamedDays, SchoolYear
from tests.cast import Cast, official
from tests.keys.made import CALLS, asked, confirmed, local, stated, statement

pytestmark = pytest.mark.django_db


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("person__name", flat=True))


@pytest.mark.parametrize("move", CALL_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(CALLS))
def test_every_state_and_move_of_a_call(cast: Cast, state: str, move: object) -> None:
    call = CALLS[state](cast)
    before = Event.objects.count()
    if move is CALL_MOVES[0] and state == "open":
        call_off(call, by=cast.communications, reason="A false alarm.")
        assert call.state == "called_off"
        assert Event.objects.latest("seq").act == "resetcall:call_off"
    elif state == "open":
        confirmed(cast, call.account)
        call.refresh_from_db()
        assert call.state == "answered"
    elif move is CALL_MOVES[0]:
        with pytest.raises(Refusal):
            call_off(call, by=cast.communications, reason="A false alarm.")
        assert Event.objects.count() == before
    else:
        reset = confirmed(cast, call.account)
        assert not reset.answers.filter(pk=call.pk).exists(), "what is closed is not answered again"


def test_asking_again_while_one_is_open_writes_nothing(cast: Cast) -> None:
    first = asked(cast, note="A strange message came.")
    events, letters = Event.objects.count(), Notice.objects.count()
    for note in ("", "A strange message came."):
        assert call_for_reset(first.account, trigger="phishing", by=cast.colleague, note=note) == first
    assert (Event.objects.count(), Notice.objects.count()) == (events, letters)
    assert ResetCall.objects.count() == 1


def test_another_reason_for_the_same_call_counts_from_now_on(cast: Cast) -> None:
    account, start = official(cast), timezone.now()
    call = call_for_reset(account, trigger="leaver", by=None, note="Owen Clarke left.")
    with clock.standing_at(start + timedelta(hours=1)):
        waiting = stated(cast, account)
    with clock.standing_at(start + timedelta(hours=2)):
        again = call_for_reset(account, trigger="leaver", by=None, note="Ruth Okafor left.")
        assert again.pk == call.pk
        assert again.note == "Owen Clarke left.\nRuth Okafor left."
        assert Event.objects.latest("seq").act == "resetcall:ask_again"
        stating.confirm(waiting, by=cast.colleague)
    again.refresh_from_db()
    assert again.state == "open", "a statement made before cannot know of the second departure"


def test_several_accounts_are_asked_for_as_one_alone_would_be_and_in_their_order(cast: Cast) -> None:
    accounts = [official(cast) for _one in range(4)]
    call_for_reset(accounts[1], trigger="leaver", by=None, note="Owen Clarke")
    call_for_reset(accounts[2], trigger="leaver", by=None, note="Ruth Okafor")
    before, letters = Event.objects.latest("seq").seq, Notice.objects.filter(kind="keys.asked").count()
    found = call_for_resets(accounts, trigger="leaver", by=None, note="Ruth Okafor")
    assert [one.account for one in found] == accounts
    assert [one.note for one in found] == ["Ruth Okafor", "Owen Clarke\nRuth Okafor", "Ruth Okafor", "Ruth Okafor"]
    acts = Event.objects.filter(seq__gt=before).order_by("seq").values_list("act", "subject_id")
    assert list(acts) == [
        ("resetcall:ask", found[0].pk), ("resetcall:ask_again", found[1].pk), ("resetcall:ask", found[3].pk)
    ]  # fmt: skip
    assert Notice.objects.filter(kind="keys.asked").count() - letters == 6, "both managers of three"
    assert [ResetCall.objects.get(pk=one.pk).version for one in found] == [1, 2, 1, 1]


def test_one_retired_among_several_stops_them_all(cast: Cast) -> None:
    accounts = [official(cast), official(cast)]
    change_standing(accounts[1], "close", by=cast.communications, reason="The class is over.")
    with pytest.raises(WrongState):
        call_for_resets(accounts, trigger="leaver", by=None)
    assert not ResetCall.objects.exists()


def test_whoever_asked_in_the_same_moment_has_the_answer(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = [official(cast), official(cast)]
    first = call_for_reset(accounts[0], trigger="leaver", by=None, note="Owen Clarke")
    create, late = ResetCall.objects.bulk_create, [True]

    def before_they_were_seen(made: list[ResetCall]) -> list[ResetCall]:
        if late and late.pop():
            raise IntegrityError
        return create(made)

    monkeypatch.setattr(ResetCall.objects, "bulk_create", before_they_were_seen)
    monkeypatch.setattr("rostrum.keys.actions.calls", lambda: queries.calls().exclude(pk=first.pk if late else None))
    found = call_for_resets(accounts, trigger="leaver", by=None, note="Ruth Okafor")
    assert [one.account for one in found] == accounts
    assert found[0] == first
    assert Event.objects.filter(act="resetcall:ask").count() == 2


def test_more_accounts_ask_hardly_more_of_the_database(cast: Cast) -> None:
    accounts, counts = [official(cast) for _one in range(5)], []
    for some in (accounts[:1], accounts[1:]):
        with CaptureQueriesContext(connection) as asked_, reading(), together():
            call_for_resets(some, trigger="leaver", by=None, note="Owen Clarke")
        counts.append(len(asked_))
    assert counts[1] == counts[0]


def test_several_calls_are_answered_by_one_reset(cast: Cast) -> None:
    account = official(cast)
    calls = [asked(cast, account), asked(cast, account, "lost_phone"),
             call_for_reset(account, trigger="leaver", by=None)]  # fmt: skip
    assert [one.trigger for one in queries.open_calls(account)] == ["phishing", "lost_phone", "leaver"]
    reset = confirmed(cast, account)
    assert set(reset.answers.all()) == set(calls)
    assert queries.open_calls(account) == []


def test_a_call_after_the_statement_stays_open(cast: Cast) -> None:
    account, start = official(cast), timezone.now()
    waiting = stated(cast, account)
    with clock.standing_at(start + timedelta(minutes=5)):
        call = asked(cast, account)
        stating.confirm(waiting, by=cast.colleague)
    call.refresh_from_db()
    assert (call.state, call.answered_by) == ("open", None)


def test_an_answer_is_given_once(cast: Cast) -> None:
    call = asked(cast)
    reset = confirmed(cast, call.account)
    assert answer_calls(reset) == []
    with pytest.raises(ValueError, match="confirmed"):
        answer_calls(stated(cast, call.account))


def test_reset_after_a_moment_is_the_newest_confirmed_one_made_since(cast: Cast) -> None:
    account, start = official(cast), timezone.now()
    assert queries.reset_after(account, start) is None
    with clock.standing_at(start + timedelta(days=1)):
        first = confirmed(cast, account)
    with clock.standing_at(start + timedelta(days=3)):
        second = confirmed(cast, account)
    with clock.standing_at(start + timedelta(days=5)):
        stated(cast, account)
    assert queries.reset_after(account, start) == second
    assert queries.reset_after(account, first.made_at) == second
    assert queries.reset_after(account, second.made_at) is None, "one made at the moment itself does not count"


def test_the_last_resets_of_many_accounts_come_in_one_query(cast: Cast, django_assert_num_queries: object) -> None:
    accounts = [official(cast) for _n in range(3)]
    newest = {}
    for account in accounts[:2]:
        confirmed(cast, account)
        newest[account.pk] = confirmed(cast, account)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert queries.last_resets(one.pk for one in accounts) == newest
    assert queries.last_reset(accounts[2]) is None


@pytest.mark.parametrize("trigger", ["phishing", "lost_phone", "shared"])
def test_an_alarm_is_at_once_with_communications_and_the_school(cast: Cast, trigger: str) -> None:
    asked(cast, trigger=trigger, note="The page asked me to sign in again.")
    assert told("keys.alarm") == {"Ana Petrova", "Marc Laurent", "Julie Gagnon"}
    assert told("keys.asked") == {"Owen Clarke"}
    assert [one.trigger for one in queries.alarms_for(cast.communications)] == [trigger]
    assert not queries.alarms_for(cast.teacher).exists()
    assert not queries.alarms_for(cast.charlie).exists()


MAY = {
    "phishing": {"teacher", "colleague", "principal", "superintendent", "communications"},
    "ad_hoc": {"principal", "superintendent", "communications"},
}
EVERYONE = ("teacher", "colleague", "principal", "superintendent", "communications", "privacy", "director", "auditor",
            "sysadmin", "charlie")  # fmt: skip


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("trigger", sorted(MAY))
def test_who_may_ask(cast: Cast, trigger: str, who: str) -> None:
    account = official(cast)
    if who in MAY[trigger]:
        assert asked(cast, account, trigger, by=getattr(cast, who)).trigger == trigger
    else:
        with pytest.raises(NotAllowed):
            asked(cast, account, trigger, by=getattr(cast, who))


def test_nobody_asks_in_the_clocks_name_for_what_a_person_must_say(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        call_for_reset(official(cast), trigger="phishing", by=None)
    with pytest.raises(ValueError, match="nonsense"):
        call_for_reset(official(cast), trigger="nonsense", by=None)


@pytest.mark.parametrize("who", EVERYONE)
def test_who_may_call_off(cast: Cast, who: str) -> None:
    call = asked(cast)
    if who in {"teacher", "principal", "superintendent", "communications"}:
        assert call_off(call, by=getattr(cast, who), reason="It was nothing.").state == "called_off"
    else:
        with pytest.raises(NotAllowed):
            call_off(call, by=getattr(cast, who), reason="It was nothing.")


def test_a_call_off_says_why_and_two_at_once_are_told_apart(cast: Cast) -> None:
    call = asked(cast)
    with pytest.raises(Invalid) as refused:
        call_off(call, by=cast.teacher, reason=" ")
    assert list(refused.value.fields) == ["reason"]
    stale = ResetCall.objects.get(pk=call.pk)
    call_off(call, by=cast.teacher, reason="It was nothing.", seen=1)
    with pytest.raises(Overtaken):
        call_off(stale, by=cast.communications, reason="It was nothing.", seen=1)
    assert told("keys.called_off") >= {"Owen Clarke", "Marc Laurent"}


def test_a_retired_account_is_not_asked(cast: Cast) -> None:
    account = official(cast)
    change_standing(account, "close", by=cast.communications, reason="The class is over.")
    with pytest.raises(WrongState):
        call_for_reset(account, trigger="leaver", by=None)


def test_where_nobody_looks_after_an_account_the_school_is_asked(cast: Cast) -> None:
    account = official(cast)
    for one in (cast.teacher, cast.colleague):
        note_departure(one, by=cast.communications)
    call = call_for_reset(account, trigger="leaver", by=None)
    assert told("keys.asked") == {"Ana Petrova"}
    assert list(queries.calls_waiting_for(cast.principal)) == [call]


def test_a_due_day_counts_school_days_and_is_the_end_of_the_local_day(cast: Cast) -> None:
    year = SchoolYear.objects.create(label="2026-27", starts_on=date(2026, 9, 1), ends_on=date(2027, 6, 28))
    NamedDays.objects.create(year=year, kind="holiday", name="Remembrance Day", starts_on=date(2026, 11, 11),
                             ends_on=date(2026, 11, 11))  # fmt: skip
    account = official(cast)
    assert call_for_reset(account, trigger="leaver", by=None).due_on is None, "not set by the procedure"
    set_setting("reset_due_days.phishing", 3, by_name="Marc", reason="Board decision.", by=cast.communications)
    friday = local(2026, 11, 6, 23, 30)
    with clock.standing_at(friday):
        call = asked(cast, account)
    assert call.due_on == date(2026, 11, 12), "Monday, Tuesday, not Wednesday, Thursday"
    with clock.standing_at(local(2026, 11, 12, 23, 59, 30)):
        assert not call.late(clock.today())
        assert not queries.late(queries.calls()).exists()
    with clock.standing_at(local(2026, 11, 13, 0, 0, 1)):
        assert call.late(clock.today())
        assert list(queries.late(queries.calls())) == [call]


def test_the_database_holds_to_one_open_call_per_account_and_trigger(cast: Cast) -> None:
    call = asked(cast)
    twin = {"account": call.account, "trigger": "phishing", "asked_at": call.asked_at, "since": call.since}
    for wrong in (twin, {**twin, "trigger": "boredom"}, {**twin, "trigger": "shared", "state": "answered"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ResetCall.objects.create(**wrong)  # type: ignore[misc]


def test_a_call_waits_for_a_manager_until_a_statement_waits_for_the_second(cast: Cast) -> None:
    call = asked(cast)
    assert list(queries.calls_waiting_for(cast.teacher)) == [call]
    assert list(queries.calls_waiting_for(cast.colleague)) == [call]
    assert not queries.calls_waiting_for(cast.principal).exists()
    stating.make(call.account, statement(), by=cast.teacher)
    assert not queries.calls_waiting_for(cast.teacher).exists()
    assert [one.account for one in queries.resets_waiting_for(cast.colleague)] == [call.account]
    assert queries.resets_waiting_for(cast.teacher) == []
