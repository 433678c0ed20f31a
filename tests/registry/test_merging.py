"""Merging two live accounts (AP 193 1.3, 3.1, 3.2): who says yes, what stands in the way, what becomes of the one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.notices.models import Notice
from rostrum.orders import giving
from rostrum.people.models import Person
from rostrum.registry import actions, changing, closing
from rostrum.registry.change_models import AccountChange
from rostrum.registry.change_queries import allowed, open_change, waiting_for
from rostrum.registry.change_states import APPROVE, CHANGE_MOVES
from rostrum.registry.closing_models import Closing
from rostrum.registry.dated import RETIRED, newest_changes
from rostrum.registry.listing import public_fields
from rostrum.registry.merging import propose_merge
from rostrum.registry.models import Account
from rostrum.registry.obstacles import in_the_way
from rostrum.registry.splitting import split
from rostrum.registry.standing import change_standing
from rostrum.registry.verifying import verify
from tests.cases.reach import opened
from tests.cast import Cast, official, typed_request
from tests.reviews.made import found, started

pytestmark = pytest.mark.django_db
WHY = "One account is enough for both classes."


def elsewhere(cast: Cast) -> Account:
    """An official account of Winston Churchill School, looked after by its principal's colleague."""
    account = official(cast)
    Account.objects.filter(pk=account.pk).update(unit=cast.other_school)
    account.refresh_from_db()
    return account


def proposed(cast: Cast, by: Person | None = None) -> AccountChange:
    return propose_merge(official(cast), official(cast), by=by or cast.teacher, reason=WHY)


def agreed(cast: Cast) -> AccountChange:
    return changing.agree(proposed(cast), by=cast.principal)


def merged(cast: Cast) -> AccountChange:
    return changing.merge(agreed(cast), by=cast.communications)


def offered(cast: Cast) -> AccountChange:
    return propose_merge(official(cast), elsewhere(cast), by=cast.teacher, reason=WHY)


REACHED: dict[str, Callable[[Cast], AccountChange]] = {
    "offered": offered,
    "proposed": proposed,
    "agreed": agreed,
    "approved": merged,
    "declined": lambda c: changing.decline(proposed(c), by=c.principal, reason="Families know both."),
    "withdrawn": lambda c: changing.withdraw(proposed(c), by=c.teacher),
}
WHO = {"give": "principal", "agree": "principal", "merge": "communications", "withdraw": "teacher"}


@pytest.mark.parametrize("move", CHANGE_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(REACHED))
def test_every_state_and_move_of_a_merge(cast: Cast, state: str, move: Any) -> None:
    it = REACHED[state](cast)
    by = getattr(cast, WHO.get(move.name, "communications" if state == "agreed" else "principal"))
    events = Event.objects.count()
    if state in move.sources and move is not APPROVE:
        assert move in allowed(by, it)
        changing.ACTS[move.name](it, by=by, reason="Looked at it.")
        assert AccountChange.objects.get(pk=it.pk).state == move.target
        assert Event.objects.count() == events + 1, "one act, one event"
        assert Event.objects.latest("seq").act == f"accountchange:{move.name}"
    else:
        assert move not in allowed(by, it)
        with pytest.raises(Refusal):
            changing.ACTS[move.name](it, by=by, reason="Looked at it.")
        assert AccountChange.objects.get(pk=it.pk).state == state
        assert Event.objects.count() == events


@pytest.mark.parametrize("who", ["charlie", "privacy", "director", "auditor", "sysadmin"])
def test_who_has_no_part_in_the_account_that_goes_proposes_no_merge(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        proposed(cast, by=getattr(cast, who))


@pytest.mark.parametrize("who", ["teacher", "colleague", "principal", "charlie", "privacy", "director", "auditor", "sysadmin"])
def test_nobody_but_communications_approves_a_merge(cast: Cast, who: str) -> None:
    it = agreed(cast)
    with pytest.raises(NotAllowed):
        changing.merge(it, by=getattr(cast, who))
    it.account.refresh_from_db()
    assert it.account.state == "recognised"


def test_3_2_a_merged_account_is_retired_and_leads_to_the_one_that_stays(cast: Cast) -> None:
    it = agreed(cast)
    gone, stays, old = it.account, it.into, it.account.address
    assert stays is not None
    changing.merge(it, by=cast.communications, reason="Both agree.")
    gone.refresh_from_db()
    assert (gone.state, gone.merged_into) == ("retired", stays)
    stretch = gone.standings.get(until=None)
    assert (stretch.state, stretch.by, stretch.reason) == ("retired", cast.communications, "Both agree.")
    assert [c.rpartition("#")[2] for c in stretch.citations] == ["1.5", "1.10", "3.2"]
    for typed in (old, gone.handle):
        answer = verify(typed)
        assert (answer.result, answer.account) == ("retired", stays)
        assert f"It is now part of {stays.name}." in answer.explanation
        assert stays.address in answer.explanation
    assert verify(stays.address).result == "official"
    assert public_fields(gone)["merged_into"] == stays.public_id
    newest = newest_changes(0, 1)[0]
    assert (newest.kind, newest.account.merged_into) == (RETIRED, stays)
    assert Closing.objects.get(account=gone).state == "owed", "its checklist is owed, as after every retirement in one step"


def test_an_address_that_it_had_before_leads_there_too(cast: Cast) -> None:
    account, stays = official(cast), official(cast)
    old = account.address
    change = changing.propose(
        account, by=cast.principal, name="Rendell Park School Grade 4 News", reason="New name.", unit=account.unit,
        address="https://rendellparkgrade4.wordpress.com/",
    )  # fmt: skip
    changing.approve(change, by=cast.communications)
    changing.merge(propose_merge(account, stays, by=cast.principal, reason=WHY), by=cast.communications)
    answer = verify(old)
    assert (answer.result, answer.account) == ("retired", stays)
    assert "now part of another account of ours" in answer.explanation


def test_everyone_with_a_part_in_either_account_is_told_once(cast: Cast) -> None:
    it = agreed(cast)
    told = Notice.objects.filter(about_type="accountchange", about_id=it.pk)
    assert list(told.filter(kind="change.merge_asked").values_list("person__name", flat=True)) == ["Ana Petrova"]
    assert told.filter(kind="change.merge_approval_asked", person=cast.communications).count() == 1
    changing.merge(it, by=cast.communications)
    for person in (cast.teacher, cast.colleague, cast.principal):
        assert told.filter(kind="change.merged", person=person).count() == 1
    assert not told.filter(kind="change.merged", person=cast.communications).exists()


def test_between_two_schools_both_principals_agree_before_communications(cast: Cast) -> None:
    it = offered(cast)
    assert (it.state, it.gives, it.unit) == ("offered", cast.classroom, cast.other_school)
    assert waiting_for(cast.charlie) == []
    with pytest.raises(NotAllowed):
        changing.agree(it, by=cast.charlie)
    changing.give(it, by=cast.principal)
    assert [one.pk for one in waiting_for(cast.charlie)] == [it.pk]
    with pytest.raises(NotAllowed):
        changing.agree(it, by=cast.principal)
    changing.agree(it, by=cast.charlie)
    assert (it.given_by, it.agreed_by) == (cast.principal, cast.charlie)
    changing.merge(it, by=cast.communications)
    assert it.state == "approved"


def _case(cast: Cast, account: Account) -> None:
    opened(cast, account, by=cast.communications2)


def _order(cast: Cast, account: Account) -> None:
    giving.give(account, by=cast.communications, kind="name", what="Name the school.", reason="1.3", clause="1.3",
                due_on=clock.today() + timedelta(days=14))  # fmt: skip


def _change(cast: Cast, account: Account) -> None:
    changing.propose(account, by=cast.teacher, name="Rendell Park School Choir", address=account.address,
                     unit=account.unit, reason="New.")  # fmt: skip


def _closing(cast: Cast, account: Account) -> None:
    closing.start(account, by=cast.teacher, reason="Over.")


def _retired(cast: Cast, account: Account) -> None:
    change_standing(account, "close", by=cast.communications, reason="Over.")


def _review(cast: Cast, account: Account) -> None:
    started(cast, account)


def _found(cast: Cast, account: Account) -> None:
    found(cast, account)


def _split(cast: Cast, account: Account) -> None:
    request = split(account, by=cast.teacher, reason="The band wants its own.")
    typed = typed_request(cast, name="Rendell Park School Band", handle="https://rendellparkband.wordpress.com/")
    actions.save_draft(request, typed, by=cast.teacher)
    actions.submit(request, by=cast.teacher)


GOES = {
    "A case about it is open": _case, "Communications has ordered a change": _order, "A change to": _change,
    "is being closed": _closing, "is asked for as an account of its own": _split, "is being reviewed": _review,
    "A finding about": _found,
}  # fmt: skip


@pytest.mark.parametrize("words", sorted(GOES))
def test_what_is_open_about_the_account_that_goes_is_named_and_stops_it(cast: Cast, words: str) -> None:
    account, into = official(cast), official(cast)
    GOES[words](cast, account)
    assert any(words in line for line in in_the_way(account, into))
    with pytest.raises(WrongState) as refused:
        propose_merge(account, into, by=cast.principal, reason=WHY)
    assert words in str(refused.value.message)
    assert not AccountChange.objects.exclude(into=None).exists()


@pytest.mark.parametrize(("words", "make"), [("is retired", _retired), ("A change to", _change), ("is being closed", _closing)])
def test_what_cannot_take_another_account_in_is_named(cast: Cast, words: str, make: Callable[..., None]) -> None:
    account, into = official(cast), official(cast)
    make(cast, into)
    with pytest.raises(WrongState) as refused:
        propose_merge(account, into, by=cast.principal, reason=WHY)
    assert words in str(refused.value.message)


@pytest.mark.parametrize("words", ["A case about it is open", "Communications has ordered a change", "is being closed"])
def test_what_came_in_the_way_meanwhile_stops_the_approval(cast: Cast, words: str) -> None:
    it = agreed(cast)
    GOES[words](cast, it.account)
    events = Event.objects.count()
    with pytest.raises(WrongState) as refused:
        changing.merge(it, by=cast.communications2)
    assert words in str(refused.value.message)
    fresh = AccountChange.objects.select_related("account").get(pk=it.pk)
    assert (fresh.state, fresh.account.state, Event.objects.count()) == ("agreed", "recognised", events)


def test_no_merge_into_what_is_being_merged_and_none_of_what_takes_in(cast: Cast) -> None:
    first, second, third = official(cast), official(cast), official(cast)
    on_its_way = propose_merge(second, third, by=cast.teacher, reason=WHY)
    with pytest.raises(WrongState) as refused:
        propose_merge(first, second, by=cast.teacher, reason=WHY)
    assert f"about to be merged into {third.name} itself" in str(refused.value.message)
    with pytest.raises(WrongState):
        propose_merge(third, first, by=cast.teacher, reason=WHY)
    with pytest.raises(WrongState):
        _change(cast, third)
    assert open_change(third) == on_its_way
    changing.merge(changing.agree(on_its_way, by=cast.principal), by=cast.communications)
    second.refresh_from_db()
    with pytest.raises(WrongState):
        propose_merge(first, second, by=cast.teacher, reason=WHY)
    changing.merge(propose_merge(third, first, by=cast.principal, reason=WHY), by=cast.communications)
    assert verify(second.address).account == first, "however many merges later"


def test_a_merge_into_an_account_that_closed_meanwhile_is_refused(cast: Cast) -> None:
    it = agreed(cast)
    assert it.into is not None
    _retired(cast, it.into)
    with pytest.raises(WrongState) as refused:
        changing.merge(it, by=cast.communications)
    assert "was retired meanwhile" in str(refused.value.message)
    it.refresh_from_db()
    it.account.refresh_from_db()
    assert (it.state, it.account.state, it.account.merged_into) == ("agreed", "recognised", None)
    assert changing.decline(it, by=cast.communications, reason="It is closed.").state == "declined"


def test_an_account_that_was_retired_meanwhile_is_not_merged(cast: Cast) -> None:
    it = agreed(cast)
    _retired(cast, it.account)
    with pytest.raises(WrongState):
        changing.merge(it, by=cast.communications)
    it.account.refresh_from_db()
    assert it.account.merged_into is None


def test_of_two_who_approve_at_once_one_is_too_late(cast: Cast) -> None:
    it = agreed(cast)
    stale = AccountChange.objects.select_related("account", "into").get(pk=it.pk)
    seen = it.version
    changing.merge(it, by=cast.communications, seen=seen)
    with pytest.raises(Refusal):
        changing.merge(stale, by=cast.communications2, seen=seen)
    fresh = AccountChange.objects.get(pk=it.pk)
    with pytest.raises((Overtaken, NotAllowed)):
        changing.merge(fresh, by=cast.communications2, seen=seen)
    assert Event.objects.filter(act="accountchange:merge").count() == 1
    assert Closing.objects.filter(account=it.account_id).count() == 1


def test_a_merge_into_itself_or_without_a_reason_is_refused(cast: Cast) -> None:
    account = official(cast)
    with pytest.raises(Invalid):
        propose_merge(account, account, by=cast.teacher, reason=WHY)
    with pytest.raises(Invalid) as refused:
        propose_merge(account, official(cast), by=cast.teacher, reason=" ")
    assert list(refused.value.fields) == ["reason"]


def test_a_merge_is_not_approved_as_a_change_nor_the_other_way_round(cast: Cast) -> None:
    it = agreed(cast)
    with pytest.raises(WrongState):
        changing.approve(it, by=cast.communications)
    _change(cast, account := official(cast))
    change = changing.agree(AccountChange.objects.get(account=account), by=cast.principal)
    with pytest.raises(WrongState):
        changing.merge(change, by=cast.communications)


def test_whoever_agreed_or_gave_does_not_approve(cast: Cast) -> None:
    it = proposed(cast, by=cast.communications)
    changing.agree(it, by=cast.principal)
    with pytest.raises(NotAllowed):
        changing.merge(it, by=cast.communications)
    assert changing.merge(it, by=cast.communications2).state == "approved"
