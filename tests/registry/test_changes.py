"""Changes to a live account (AP 193 1.3, 3.1, 3.2): two yeses, what it was called before, and what the public reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.notices.models import Notice
from rostrum.people.models import Person
from rostrum.registry import changing, directory
from rostrum.registry.change_models import AccountChange, FormerDetails
from rostrum.registry.change_queries import allowed, waiting_for
from rostrum.registry.change_states import CHANGE_MOVES, MERGE
from rostrum.registry.dated import CHANGED, last_change, newest_changes
from rostrum.registry.lookalike import search_keys
from rostrum.registry.models import Account, AccountKey
from rostrum.registry.standing import change_standing
from rostrum.registry.verifying import verify
from tests.cast import Cast, official

pytestmark = pytest.mark.django_db
NEW = "https://rendellparkgrade4.wordpress.com/"


def proposed(
    cast: Cast, account: Account | None = None, by: Person | None = None, **changes: Any
) -> AccountChange:
    """A new name and address for an account of the school, proposed by its manager."""
    account = account or official(cast)
    wanted = {"name": "Rendell Park School Grade 4", "address": NEW, "unit": account.unit, **changes}
    return changing.propose(account, by=by or cast.teacher, reason="The class has a new name.", **wanted)


def agreed(cast: Cast, **changes: Any) -> AccountChange:
    return changing.agree(proposed(cast, **changes), by=cast.principal)


def done(cast: Cast, **changes: Any) -> AccountChange:
    return changing.approve(agreed(cast, **changes), by=cast.communications)


def transferred(cast: Cast) -> AccountChange:
    """An account on its way to another school, which its own principal is asked about first."""
    account = official(cast)
    return proposed(cast, account, unit=cast.other_school, name="Winston Churchill School News", address=account.address)


REACHED: dict[str, Callable[[Cast], AccountChange]] = {
    "offered": transferred,
    "proposed": proposed,
    "agreed": agreed,
    "approved": done,
    "declined": lambda c: changing.decline(proposed(c), by=c.principal, reason="The old name is known."),
    "withdrawn": lambda c: changing.withdraw(proposed(c), by=c.teacher),
}
WHO = {"agree": "principal", "approve": "communications", "withdraw": "teacher"}


@pytest.mark.parametrize("move", CHANGE_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(REACHED))
def test_every_state_and_move(cast: Cast, state: str, move: Any) -> None:
    it = REACHED[state](cast)
    by = getattr(cast, WHO.get(move.name, "communications" if state == "agreed" else "principal"))
    events = Event.objects.count()
    if state in move.sources and move is not MERGE:  # a merge of its own is in test_merging
        assert move in allowed(by, it)
        changing.ACTS[move.name](it, by=by, reason="Looked at it.")
        assert AccountChange.objects.get(pk=it.pk).state == move.target
        assert Event.objects.count() == events + 1
        assert Event.objects.latest("seq").act == f"accountchange:{move.name}"
    else:
        assert move not in allowed(by, it)
        with pytest.raises(Refusal):
            changing.ACTS[move.name](it, by=by, reason="Looked at it.")
        assert AccountChange.objects.get(pk=it.pk).state == state
        assert Event.objects.count() == events


@pytest.mark.parametrize("who", ["teacher", "colleague", "charlie", "privacy", "director", "auditor", "sysadmin"])
@pytest.mark.parametrize("move", ["agree", "approve", "decline"])
def test_nobody_but_those_in_turn_decides(cast: Cast, move: str, who: str) -> None:
    it = agreed(cast) if move == "approve" else proposed(cast)
    with pytest.raises(NotAllowed):
        changing.ACTS[move](it, by=getattr(cast, who), reason="I think so.")


def test_3_1_a_change_takes_the_schools_yes_and_then_communications(cast: Cast) -> None:
    account = official(cast)
    before, at = account.address, account.official_since
    it = proposed(cast, account)
    assert [one.pk for one in waiting_for(cast.principal)] == [it.pk]
    assert waiting_for(cast.communications) == []
    with pytest.raises(NotAllowed):
        changing.approve(it, by=cast.communications)
    changing.agree(it, by=cast.principal)
    assert [one.pk for one in waiting_for(cast.communications)] == [it.pk]
    account.refresh_from_db()
    assert account.address == before, "nothing changes before the last yes"
    changing.approve(it, by=cast.communications)
    account.refresh_from_db()
    assert (account.name, account.address) == ("Rendell Park School Grade 4", NEW)
    kept = FormerDetails.objects.get(account=account)
    assert (kept.address, kept.since, kept.change) == (before, at, it)
    assert set(AccountKey.objects.filter(account=account).values_list("key", flat=True)) == search_keys(account.handle)


def test_whoever_leads_the_school_has_agreed_to_what_they_propose(cast: Cast) -> None:
    it = proposed(cast, by=cast.principal)
    assert (it.state, it.agreed_by) == ("agreed", cast.principal)
    changing.approve(it, by=cast.communications)
    assert it.state == "approved"


def test_communications_cannot_approve_what_one_of_them_proposed_alone(cast: Cast) -> None:
    it = changing.agree(proposed(cast, by=cast.communications), by=cast.principal)
    with pytest.raises(NotAllowed):
        changing.approve(it, by=cast.communications)
    assert changing.approve(it, by=cast.communications2).state == "approved"


def test_1_3_an_old_address_is_no_longer_relied_on_and_leads_to_the_new_one(cast: Cast) -> None:
    account = official(cast)
    old, handle = account.address, account.handle
    assert verify(old).result == "official"
    changing.approve(changing.agree(proposed(cast, account), by=cast.principal), by=cast.communications)
    for typed in (old, handle):
        answer = verify(typed)
        assert (answer.result, answer.account) == ("retired", account)
        assert NEW in answer.explanation
    assert verify(NEW).result == "official"
    assert [one.pk for one in directory.directory(text=handle)] == [account.pk], "it is found under its old handle"


def test_an_old_address_that_another_account_of_ours_took_is_official_again(cast: Cast) -> None:
    account = official(cast)
    old = account.address
    changing.approve(changing.agree(proposed(cast, account), by=cast.principal), by=cast.communications)
    other = official(cast, handle=old)
    assert other.address == old
    assert verify(old).account == other


def test_a_past_day_is_told_with_the_words_of_then(cast: Cast) -> None:
    start = timezone.now()
    account = official(cast)
    old = account.name
    with clock.standing_at(start + timedelta(days=10)):
        changing.approve(changing.agree(proposed(cast, account), by=cast.principal), by=cast.communications)
    day = timezone.localdate(start)
    assert [row["name"] for row in directory.page(on=day + timedelta(days=5)).rows] == [old]
    assert [row["name"] for row in directory.page(on=day + timedelta(days=12)).rows] == ["Rendell Park School Grade 4"]
    newest = newest_changes(0, 5)
    assert [one.kind for one in newest] == [CHANGED, "official"]
    assert last_change() == newest[0].at
    assert newest[0].before is not None
    assert newest[0].before.name == old


def test_a_second_change_begins_where_the_first_ended(cast: Cast) -> None:
    account = official(cast)
    first = changing.approve(changing.agree(proposed(cast, account), by=cast.principal), by=cast.communications)
    account.refresh_from_db()
    second = proposed(cast, account, name="Rendell Park School Grade 4 and 5", address=NEW)
    changing.approve(changing.agree(second, by=cast.principal), by=cast.communications)
    newest, oldest = FormerDetails.objects.filter(account=account)
    assert (oldest.change, newest.change) == (first, second)
    assert newest.since == oldest.until


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Right \u202eleft"}, "name"),
        ({"address": ""}, "address"),
        ({"address": "https://www.facebook.com/rendellpark"}, "address"),
        ({"address": "not an address at all"}, "address"),
    ],
)
def test_a_proposal_that_cannot_be_says_why_beside_its_field(cast: Cast, wanted: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        proposed(cast, **wanted)
    assert list(refused.value.fields) == [field]
    assert not AccountChange.objects.exists()


def test_a_proposal_without_a_difference_or_a_reason_is_refused(cast: Cast) -> None:
    account = official(cast)
    with pytest.raises(Invalid):
        proposed(cast, account, name=account.name, address=account.address)
    with pytest.raises(Invalid) as refused:
        changing.propose(account, by=cast.teacher, name="Other", address=NEW, unit=account.unit, reason=" ")
    assert list(refused.value.fields) == ["reason"]


def test_an_address_of_another_account_is_refused_at_once_and_at_the_end(cast: Cast) -> None:
    account, other = official(cast), official(cast)
    with pytest.raises(Invalid) as refused:
        proposed(cast, account, address=other.address)
    assert list(refused.value.fields) == ["address"]
    it = changing.agree(proposed(cast, account), by=cast.principal)
    official(cast, handle=NEW)
    with pytest.raises(WrongState):
        changing.approve(it, by=cast.communications)
    it.refresh_from_db()
    assert it.state == "agreed"
    assert not FormerDetails.objects.exists()


def test_one_change_at_a_time(cast: Cast) -> None:
    it = proposed(cast)
    with pytest.raises(WrongState):
        proposed(cast, it.account, name="Rendell Park School Class 4")
    changing.withdraw(it, by=cast.teacher)
    assert proposed(cast, it.account).state == "proposed"


def test_a_retired_account_keeps_what_it_was_called(cast: Cast) -> None:
    it = agreed(cast)
    change_standing(it.account, "close", by=cast.communications, reason="The class is over.")
    with pytest.raises(WrongState):
        changing.approve(it, by=cast.communications)
    with pytest.raises(WrongState):
        changing.propose(it.account, by=cast.teacher, name="Other", address=NEW, unit=cast.school, reason="Why not.")
    assert changing.decline(it, by=cast.communications, reason="It is retired.").state == "declined"


def test_too_late_is_said_to_whoever_looked_at_an_older_page(cast: Cast) -> None:
    it = proposed(cast)
    stale = AccountChange.objects.get(pk=it.pk)
    changing.agree(it, by=cast.principal, seen=it.version)
    with pytest.raises(Overtaken):
        changing.decline(stale, by=cast.principal, reason="No.", seen=1)
    with pytest.raises(Overtaken):
        changing.propose(
            official(cast), by=cast.principal, name="Other", address=NEW, unit=cast.school, reason="Why.", seen=99
        )


@pytest.mark.parametrize("who", ["charlie", "privacy", "director", "auditor", "sysadmin"])
def test_who_has_no_part_in_an_account_cannot_propose(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        proposed(cast, by=getattr(cast, who))


def test_everyone_with_a_part_in_it_is_told_once(cast: Cast) -> None:
    it = proposed(cast)
    told = Notice.objects.filter(about_type="accountchange", about_id=it.pk)
    assert list(told.filter(kind="change.agree_asked").values_list("person__name", flat=True)) == ["Ana Petrova"]
    assert not told.filter(person=cast.teacher).exists(), "nobody is told of what they did themselves"
    changing.agree(it, by=cast.principal)
    changing.approve(it, by=cast.communications)
    assert told.filter(kind="change.approved", person=cast.teacher).count() == 1
    assert told.filter(kind="change.approved", person=cast.principal).count() == 1
    assert not told.filter(kind="change.approved", person=cast.communications).exists()
