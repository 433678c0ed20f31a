"""Closing an account (AP 193 1.5, 1.10, 3.4): the checklist, retiring, what is owed afterwards, the parked handle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.notices.models import Notice
from rostrum.people.actions import note_departure
from rostrum.people.models import Person
from rostrum.policies.actions import set_setting
from rostrum.registry import closing, holding, jobs, parking
from rostrum.registry import closing_queries as Q
from rostrum.registry.closing_models import Closing, ClosingAnswer, ParkedHandle
from rostrum.registry.closing_states import ANSWERS, CLOSING_MOVES, HANDLE_MOVES, ClosingItem
from rostrum.registry.models import Account, AccountRequest
from rostrum.registry.standing import change_standing, extend
from rostrum.registry.verifying import verify
from tests.cast import Cast, official
from tests.registry.seeing import nothing_changes

pytestmark = pytest.mark.django_db
WHY = "The class has ended."
SAID: dict[str, dict[str, Any]] = {
    "told": {"answer": "told", "detail": "Families, in the newsletter of June."},
    "archive": {"answer": "taken", "detail": "Office drive, folder Grade 4."},
    "keys": {"answer": "recovered", "detail": "Office vault, entry 14."},
    "handle": {"answer": "parked"},
    "notice": {"answer": "shown", "detail": "Thank you for a good year.", "detail_fr": "Merci pour cette belle année."},
}


def renewal() -> date:
    return clock.today() + timedelta(days=200)


def started(cast: Cast, account: Account | None = None, by: Person | None = None) -> Closing:
    return closing.start(account or official(cast), by=by or cast.teacher, reason=WHY)


def filled(cast: Cast, it: Closing | None = None, by: Person | None = None, **changes: dict[str, Any]) -> Closing:
    """A closing with every item answered."""
    it = it or started(cast)
    for item, said in {**SAID, **changes}.items():
        day = renewal() if item == "handle" and said["answer"] == "parked" else None
        closing.answer(it, item, by=by or cast.teacher, day=day, **said)
    it.refresh_from_db()
    return it


def ready(cast: Cast) -> Closing:
    return closing.hand_in(filled(cast), by=cast.teacher)


def retired(cast: Cast, **changes: dict[str, Any]) -> Closing:
    it = closing.hand_in(filled(cast, **changes), by=cast.teacher)
    return closing.retire(it, by=cast.communications, reason=WHY)


def in_a_hurry(cast: Cast, account: Account | None = None, **more: Any) -> Closing:
    account = change_standing(account or official(cast), "close", by=cast.communications, reason="Stolen.", **more)
    return Closing.objects.get(account=account, state="owed")


REACHED: dict[str, Callable[[Cast], Closing]] = {
    "preparing": filled, "ready": ready, "owed": lambda c: filled(c, in_a_hurry(c)), "done": retired,
    "abandoned": lambda c: closing.abandon(started(c), by=c.teacher, reason="It goes on."),
}  # fmt: skip


@pytest.mark.parametrize("move", CLOSING_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(REACHED))
def test_every_state_and_move(cast: Cast, state: str, move: Any) -> None:
    it, by = REACHED[state](cast), cast.communications
    events = Event.objects.count()
    if state in move.sources:
        assert move in Q.allowed(by, it)
        closing.ACTS[move.name](it, by=by, reason="Looked at it.")
        assert Closing.objects.get(pk=it.pk).state == move.target
        acts = list(Event.objects.order_by("seq").values_list("act", flat=True))[events:]
        assert acts == [f"closing:{move.name}", *(["account:close"] if move.name == "retire" else [])]
    else:
        assert move not in Q.allowed(by, it)
        with pytest.raises(Refusal):
            closing.ACTS[move.name](it, by=by, reason="Looked at it.")
        assert Closing.objects.get(pk=it.pk).state == state
        assert Event.objects.count() == events


def test_1_5_an_account_is_closed_with_its_checklist(cast: Cast) -> None:
    it = started(cast)
    assert Q.missing(it) == ["told", "archive", "keys", "handle", "notice"]
    with pytest.raises(WrongState) as refused:
        closing.hand_in(it, by=cast.teacher)
    assert "Missing: Who was told" in refused.value.message
    it.refresh_from_db()
    filled(cast, it)
    closing.hand_in(it, by=cast.teacher)
    asked = Notice.objects.get(kind="closing.ready", person=cast.communications)
    assert asked.asks
    with pytest.raises(NotAllowed):
        closing.retire(it, by=cast.principal, reason=WHY)
    closing.send_back(it, by=cast.communications, reason="Which newsletter?")
    assert Notice.objects.filter(kind="closing.returned", person=cast.teacher).count() == 1
    closing.hand_in(it, by=cast.principal)
    closing.retire(it, by=cast.communications, reason=WHY)
    account = Account.objects.get(pk=it.account_id)
    assert (it.state, it.urgent, account.state) == ("done", False, "retired")
    handle = ParkedHandle.objects.get(account=account)
    assert (handle.state, handle.renew_on) == ("parked", renewal())
    assert Q.notice_of(account) == "Thank you for a good year."
    with translation.override("fr-ca"):
        assert Q.notice_of(account) == "Merci pour cette belle année."
    assert Account.objects.filter(pk=account.pk).exists(), "nothing official is deleted"


def test_an_item_is_answered_anew_and_the_log_keeps_both(cast: Cast) -> None:
    it = started(cast)
    closing.answer(it, "told", by=cast.teacher, answer="nobody", detail="It had no followers.")
    closing.answer(it, "told", by=cast.colleague, answer="told", detail="The parents of the class.")
    row = ClosingAnswer.objects.get(closing=it, item="told")
    assert (row.answer, row.by) == ("told", cast.colleague)
    assert Event.objects.filter(act="closing:answer").count() == 2


@pytest.mark.parametrize(
    ("item", "said", "field"),
    [
        ("told", {"answer": "told", "detail": " "}, "detail"),
        ("told", {"answer": "maybe"}, "answer"),
        ("archive", {"answer": "taken", "detail": "Right \u202eleft"}, "detail"),
        ("archive", {"answer": "taken", "detail": "a" * 1001}, "detail"),
        ("keys", {"answer": "recovered", "detail": "password: kite99!Q"}, "detail"),
        ("keys", {"answer": "lost", "detail": ""}, "detail"),
        ("handle", {"answer": "parked"}, "day"),
        ("handle", {"answer": "parked", "day": date(2020, 1, 1)}, "day"),
        ("handle", {"answer": "parked", "day": date(2199, 1, 1)}, "day"),
        ("handle", {"answer": "given_up", "detail": ""}, "detail"),
        ("handle", {"answer": "taken_up"}, "answer"),
        ("notice", {"answer": "shown", "detail": ""}, "detail"),
        ("notice", {"answer": "shown", "detail": "b" * 601}, "detail"),
        ("notice", {"answer": "shown", "detail": "Fine.", "detail_fr": "c" * 601}, "detail_fr"),
    ],
)
def test_an_answer_that_cannot_be_says_why_beside_its_field(
    cast: Cast, item: str, said: dict[str, Any], field: str
) -> None:
    it = started(cast)
    with pytest.raises(Invalid) as refused:
        closing.answer(it, item, by=cast.teacher, **said)
    assert list(refused.value.fields) == [field]
    assert not ClosingAnswer.objects.exists()
    assert "kite99" not in str([event.kept.payload for event in Event.objects.all()])


def test_every_item_has_its_answers_and_an_unknown_item_is_none(cast: Cast) -> None:
    assert set(ANSWERS) == set(ClosingItem.values)
    with pytest.raises(KeyError):
        closing.answer(started(cast), "crest", by=cast.teacher, answer="told")


@pytest.mark.parametrize("who", ["charlie", "privacy", "director", "auditor", "sysadmin"])
def test_who_has_no_part_in_an_account_does_not_close_it(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    with pytest.raises(NotAllowed):
        started(cast, by=person)
    it = filled(cast)
    with pytest.raises(NotAllowed):
        closing.answer(it, "told", by=person, answer="nobody", detail="x")
    for act in closing.ACTS.values():
        with pytest.raises(NotAllowed):
            act(it, by=person, reason="I think so.")


def test_one_closing_at_a_time_and_only_of_a_live_account(cast: Cast) -> None:
    it = started(cast)
    with pytest.raises(WrongState):
        started(cast, it.account)
    closing.abandon(it, by=cast.principal, reason="It goes on.")
    assert started(cast, it.account).state == "preparing"
    gone = in_a_hurry(cast).account
    with pytest.raises(WrongState):
        started(cast, gone)
    with pytest.raises(Overtaken):
        closing.start(official(cast), by=cast.teacher, reason=WHY, seen=99)
    with pytest.raises(Invalid):
        closing.start(official(cast), by=cast.teacher, reason=" ")


def test_a_checklist_that_was_handed_in_is_not_filled_in_any_more(cast: Cast) -> None:
    it = ready(cast)
    with pytest.raises(WrongState):
        closing.answer(it, "told", by=cast.teacher, answer="nobody", detail="x")


def test_in_a_hurry_the_account_is_retired_first_and_the_checklist_is_owed(cast: Cast) -> None:
    due = clock.today() + timedelta(days=14)
    it = in_a_hurry(cast, checklist_due=due)
    assert (it.state, it.urgent, it.due_on, it.retired_by) == ("owed", True, due, cast.communications)
    assert it.account.state == "retired"
    assert [one.pk for one in Q.waiting_for(cast.communications2)] == [it.pk]
    assert [one.pk for one in Q.waiting_for(cast.teacher)] == [it.pk]
    assert [one.pk for one in Q.waiting_for(cast.principal)] == [it.pk]
    assert Q.waiting_for(cast.charlie) == []
    with pytest.raises(WrongState):
        closing.finish(it, by=cast.teacher)
    it.refresh_from_db()
    filled(cast, it)
    assert ParkedHandle.objects.get(account=it.account).renew_on == renewal(), "parked at once: the account is retired"
    closing.answer(it, "handle", by=cast.communications, answer="given_up", detail="Nobody wants it.")
    assert ParkedHandle.objects.get(account=it.account).state == "given_up"
    closing.finish(it, by=cast.teacher)
    assert it.state == "done"


def test_what_was_answered_before_the_hurry_stays(cast: Cast) -> None:
    it = started(cast)
    closing.answer(it, "handle", by=cast.teacher, answer="parked", day=renewal())
    change_standing(it.account, "close", by=cast.communications, reason="Stolen.")
    it.refresh_from_db()
    assert (it.state, Q.missing(it)) == ("owed", ["told", "archive", "keys", "notice"])
    assert ParkedHandle.objects.get(account=it.account).state == "parked"


@pytest.mark.parametrize("days", [0, -3, 4000])
def test_a_checklist_is_not_due_in_the_past(cast: Cast, days: int) -> None:
    account = official(cast)
    with nothing_changes(), pytest.raises(Invalid) as refused:
        in_a_hurry(cast, account, checklist_due=clock.today() + timedelta(days=days))
    assert list(refused.value.fields) == ["checklist_due"]


def test_the_division_sets_how_long_a_checklist_may_be_owed_and_a_name_be_left_alone(cast: Cast) -> None:
    def choose(key: str, value: int) -> None:
        set_setting(key, value, by_name="M", reason="So be it.", by=cast.communications, role="communications")

    assert in_a_hurry(cast).due_on is None, "not set by the procedure"
    choose("closing_days", 21)
    choose("parking_days", 90)
    it = in_a_hurry(cast)
    assert it.due_on == clock.today() + timedelta(days=21)
    closing.answer(it, "handle", by=cast.teacher, answer="parked")
    assert ParkedHandle.objects.get(account=it.account).renew_on == clock.today() + timedelta(days=90)


def test_two_close_and_suspend_and_retire_at_once(cast: Cast) -> None:
    it = ready(cast)
    stale = Closing.objects.get(pk=it.pk)
    change_standing(it.account, "suspend", by=cast.communications2, reason="Meanwhile.")
    closing.retire(it, by=cast.communications, reason=WHY, seen=it.version)
    with pytest.raises(Overtaken):
        closing.abandon(stale, by=cast.teacher, reason="It goes on.")
    other = ready(cast)
    fresh = Closing.objects.get(pk=other.pk)
    change_standing(other.account, "close", by=cast.communications, reason="Stolen.")
    with pytest.raises(Overtaken):
        closing.retire(fresh, by=cast.communications2, reason=WHY)
    fresh.refresh_from_db()
    with pytest.raises(WrongState):
        closing.retire(fresh, by=cast.communications2, reason=WHY)
    with pytest.raises(Refusal):
        change_standing(Account.objects.get(pk=other.account_id), "restore", by=cast.communications, reason="Back.")


def test_a_held_account_is_not_closed(cast: Cast) -> None:
    holding.declare("test", "A test holds it (%(ref)s).")
    it = ready(cast)
    account = it.account
    holding.hold_many([account], kind="test", ref="1", by=None)
    with pytest.raises(WrongState) as refused:
        closing.retire(it, by=cast.communications, reason=WHY)
    assert "A test holds it" in refused.value.message
    assert Closing.objects.get(pk=it.pk).state == "ready"
    other = official(cast)
    holding.hold_many([other], kind="test", ref="2", by=None)
    with pytest.raises(WrongState):
        started(cast, other)


def test_the_last_manager_has_left_and_it_is_closed_all_the_same(cast: Cast) -> None:
    it = started(cast)
    note_departure(cast.teacher, by=cast.sysadmin)
    note_departure(cast.colleague, by=cast.sysadmin)
    filled(cast, it, by=cast.principal)
    closing.hand_in(it, by=cast.principal)
    assert closing.retire(it, by=cast.communications, reason=WHY).state == "done"


def test_the_public_reads_of_a_parked_a_given_up_and_a_closed_name(cast: Cast) -> None:
    for said, words in (
        (SAID["handle"], "We keep its name"),
        ({"answer": "given_up", "detail": "Nobody wants it."}, "anyone may have taken it"),
        ({"answer": "gone"}, "The platform has closed it"),
    ):
        it = retired(cast, handle=said)
        found = verify(it.account.address)
        assert (found.result, found.account) == ("retired", it.account)
        assert words in found.explanation
    assert "name" not in verify(in_a_hurry(cast).account.address).explanation.split("It no longer does.")[1]


PARKED: dict[str, Callable[[Cast], ParkedHandle]] = {
    "parked": lambda c: ParkedHandle.objects.get(account=retired(c).account),
    "given_up": lambda c: parking.give_up(PARKED["parked"](c), by=c.communications, reason="Nobody wants it."),
    "gone": lambda c: ParkedHandle.objects.get(account=retired(c, handle={"answer": "gone"}).account),
    "taken_up": lambda c: _taken_up(c),
}


def _taken_up(cast: Cast) -> ParkedHandle:
    it = PARKED["parked"](cast)
    official(cast, handle=it.account.address)
    it.refresh_from_db()
    return it


@pytest.mark.parametrize("move", [m for m in HANDLE_MOVES if m.name != "take_up"], ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(PARKED))
def test_every_state_of_a_handle_and_move(cast: Cast, state: str, move: Any) -> None:
    it, by = PARKED[state](cast), cast.communications
    assert it.state == state
    more = {"day": renewal() + timedelta(days=9)} if move.name == "renew" else {}
    events = Event.objects.count()
    if state in move.sources:
        assert move in Q.allowed_with_handle(by, it)
        parking.ACTS[move.name](it, by=by, reason="Looked at it.", **more)
        assert ParkedHandle.objects.get(pk=it.pk).state == move.target
        assert Event.objects.latest("seq").act == f"parkedhandle:{move.name}"
    else:
        assert move not in Q.allowed_with_handle(by, it)
        with pytest.raises(Refusal):
            parking.ACTS[move.name](it, by=by, reason="Looked at it.", **more)
        assert Event.objects.count() == events


@pytest.mark.parametrize("state", ["parked", "given_up", "gone"])
def test_a_name_is_in_use_again_once_an_account_of_ours_has_it(cast: Cast, state: str) -> None:
    it = PARKED[state](cast)
    request = parking.ask_again(it, by=cast.colleague)
    assert request.requester == cast.colleague
    assert (request.platform, request.name, request.unit) == (it.account.platform, it.account.name, it.account.unit)
    assert request.handle_key == it.account.canonical_id
    assert AccountRequest.objects.get(pk=request.pk).state == "draft"
    new = official(cast, handle=it.account.address)
    it.refresh_from_db()
    assert (it.state, it.renew_on) == ("taken_up", None)
    assert Event.objects.filter(act="parkedhandle:take_up").count() == 1
    found = verify(new.address)
    assert (found.result, found.account) == ("official", new)
    with pytest.raises(WrongState):
        parking.ask_again(it, by=cast.teacher)


def test_who_keeps_a_parked_name(cast: Cast) -> None:
    it = PARKED["parked"](cast)
    parking.renew(it, by=cast.principal, day=renewal())
    for who in (cast.charlie, cast.director, cast.sysadmin):
        with pytest.raises(NotAllowed):
            parking.renew(it, by=who, day=renewal())
    with pytest.raises(NotAllowed):
        parking.give_up(it, by=cast.teacher, reason="Not wanted.")
    with pytest.raises(Invalid) as refused:
        parking.renew(it, by=cast.principal)
    assert list(refused.value.fields) == ["day"]
    stale = ParkedHandle.objects.get(pk=it.pk)
    parking.give_up(it, by=cast.communications, reason="Not wanted.", seen=it.version)
    with pytest.raises(Overtaken):
        parking.renew(stale, by=cast.principal, day=renewal())


def test_a_retirement_taken_back_owes_nothing_and_uses_its_name(cast: Cast) -> None:
    it = in_a_hurry(cast)
    closing.answer(it, "handle", by=cast.teacher, answer="parked", day=renewal())
    change_standing(it.account, "reinstate", by=cast.director, reason="Appeal.", relations={"appeal_decider"})
    it.refresh_from_db()
    assert (it.state, it.account.state) == ("abandoned", "recognised")
    assert ParkedHandle.objects.get(account=it.account).state == "taken_up"
    again = filled(cast, started(cast, it.account))
    closing.hand_in(again, by=cast.teacher)
    closing.retire(again, by=cast.communications, reason=WHY)
    assert ParkedHandle.objects.filter(account=it.account).count() == 2


def _told(kind: str, person: Person) -> int:
    return Notice.objects.filter(kind=kind, person=person).count()


def test_names_checklists_and_suspensions_are_reminded_of_once_per_period(cast: Cast) -> None:
    zone = timezone.get_default_timezone()
    parked, hurried, account = PARKED["parked"](cast), in_a_hurry(cast), official(cast)
    ParkedHandle.objects.filter(pk=parked.pk).update(renew_on=date(2028, 2, 29))
    Closing.objects.filter(pk=hurried.pk).update(due_on=date(2028, 2, 28))
    with clock.standing_at(datetime(2028, 2, 1, 12, tzinfo=zone)):
        change_standing(account, "suspend", by=cast.communications, reason="x", ends_on=date(2028, 2, 29))
    seen = []
    for month, day in ((2, 27), (2, 28), (2, 29), (3, 1), (3, 5), (3, 6), (3, 7), (3, 8)):
        with clock.standing_at(datetime(2028, month, day, 7, 25, tzinfo=zone)):
            jobs.remind()
            jobs.remind()
            seen.append(tuple(_told(k, cast.communications) for k in ("parking.renew", "closing.owed", "standing.ended")))
    assert seen == [(0, 0, 0), (0, 1, 0), (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 2, 1), (2, 2, 2), (2, 2, 2)]
    assert _told("closing.owed", cast.teacher) == 2
    with clock.standing_at(datetime(2028, 3, 9, 9, tzinfo=zone)):
        parking.renew(parked, by=cast.communications, day=date(2028, 9, 1))
        extend(account, by=cast.communications, reason="Longer.", ends_on=date(2028, 9, 1))
        filled(cast, hurried)
        closing.finish(hurried, by=cast.teacher)
    with clock.standing_at(datetime(2028, 3, 20, 9, tzinfo=zone)):
        jobs.remind()
    assert (_told("parking.renew", cast.communications), _told("standing.ended", cast.communications)) == (2, 2)
    with clock.standing_at(datetime(2028, 9, 1, 9, tzinfo=zone)):
        jobs.remind()
    assert (_told("parking.renew", cast.communications), _told("standing.ended", cast.communications)) == (3, 3)
    assert _told("closing.owed", cast.communications) == 2


def test_the_database_holds_the_promises(cast: Cast) -> None:
    it, hurried = started(cast), in_a_hurry(cast)
    parked = PARKED["parked"](cast)
    for change in (
        lambda: Closing.objects.filter(pk=it.pk).update(state="done"),
        lambda: Closing.objects.filter(pk=it.pk).update(due_on=clock.today()),
        lambda: Closing.objects.filter(pk=it.pk).update(reason=""),
        lambda: Closing.objects.create(account=it.account, reason="x", started_by=cast.teacher, started_at=clock.now(),
                                       moved_at=clock.now()),
        lambda: ClosingAnswer.objects.create(closing=it, item="crest", answer="x", by=cast.teacher, at=clock.now()),
        lambda: ParkedHandle.objects.filter(pk=parked.pk).update(renew_on=None),
        lambda: ParkedHandle.objects.create(account=parked.account, state="parked", since=clock.now(),
                                            moved_at=clock.now(), renew_on=clock.today()),
        lambda: Account.objects.filter(pk=it.account_id).update(merged_into=hurried.account_id),
        lambda: Account.objects.filter(pk=hurried.account_id).update(merged_into=hurried.account_id),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
