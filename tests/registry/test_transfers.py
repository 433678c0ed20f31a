"""An account goes to another school (AP 193 3.1), gets another number of its platform, or is split into two."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.notices.models import Notice
from rostrum.people.models import Appointment, Person
from rostrum.registry import actions, changing
from rostrum.registry.change_models import AccountChange, AccountSplit, FormerDetails
from rostrum.registry.change_queries import outsiders, turns_of, waiting_for
from rostrum.registry.dated import newest_changes
from rostrum.registry.models import Account
from rostrum.registry.numbers import read_number
from rostrum.registry.splitting import split, split_from, splits
from rostrum.registry.standing import change_standing
from rostrum.registry.verifying import verify
from tests.cast import Cast, official, typed_request

pytestmark = pytest.mark.django_db
CHANNEL, OTHER = "UCabcdefghijklmnopqrstuv", "UCzyxwvutsrqponmlkjihgfe"


def transfer(cast: Cast, by: Person | None = None, account: Account | None = None) -> AccountChange:
    account = account or official(cast)
    return changing.propose(
        account, by=by or cast.teacher, name="Winston Churchill School News", address=account.address,
        unit=cast.other_school, reason="The class moves to Winston Churchill.",
    )  # fmt: skip


def channel(cast: Cast, number: str = CHANNEL) -> Account:
    """An official account on YouTube, known by its name, with a number."""
    account = official(cast)
    Account.objects.filter(pk=account.pk).update(
        platform="youtube", handle="RendellParkChoir", canonical_id="@rendellparkchoir", platform_id=number,
        address="https://www.youtube.com/@rendellparkchoir",
    )  # fmt: skip
    account.refresh_from_db()
    return account


def renumber(account: Account, by: Person, number: str) -> AccountChange:
    return changing.propose(
        account, by=by, name=account.name, address=account.address, unit=account.unit, number=number,
        reason="The number was that of a test channel.",
    )  # fmt: skip


def test_3_1_an_account_goes_to_another_school_only_when_both_principals_agree(cast: Cast) -> None:
    it = transfer(cast)
    assert (it.state, it.gives) == ("offered", cast.classroom)
    with pytest.raises(NotAllowed):
        changing.give(it, by=cast.charlie)
    with pytest.raises(NotAllowed):
        changing.approve(it, by=cast.communications)
    changing.give(it, by=cast.principal, reason="We do without it.")
    with pytest.raises(NotAllowed):
        changing.agree(it, by=cast.principal)
    changing.agree(it, by=cast.charlie)
    changing.approve(it, by=cast.communications)
    account = Account.objects.get(pk=it.account_id)
    assert account.unit == cast.other_school
    assert FormerDetails.objects.get(account=account).unit == cast.classroom
    assert (it.given_by, it.agreed_by, it.decided_by) == (cast.principal, cast.charlie, cast.communications)
    told = Notice.objects.filter(about_type="accountchange", about_id=it.pk)
    assert list(told.filter(kind="change.give_asked").values_list("person__name", flat=True)) == ["Ana Petrova"]
    assert list(told.filter(kind="change.agree_asked").values_list("person__name", flat=True)) == ["Charlie Dubois"]
    assert told.filter(kind="change.approved", person=cast.principal).count() == 1


def test_whoever_leads_a_school_has_said_yes_for_it_by_proposing(cast: Cast) -> None:
    gave = transfer(cast, by=cast.principal)
    assert (gave.state, gave.given_by, gave.agreed_by) == ("proposed", cast.principal, None)
    account = official(cast)
    Account.objects.filter(pk=account.pk).update(unit=cast.other_school)
    account.refresh_from_db()
    back = changing.propose(
        account, by=cast.communications, name=account.name, address=account.address, unit=cast.school, reason="Ours.",
    )  # fmt: skip
    AccountChange.objects.filter(pk=back.pk).update(agreed_by=cast.principal, agreed_at=clock.now())
    back.refresh_from_db()
    changing.give(back, by=cast.charlie)
    assert back.state == "agreed", "the other school has agreed before, so Communications is asked at once"
    assert cast.communications not in turns_of(back).approvers(back).people


def test_within_one_school_one_yes_of_the_school_is_enough(cast: Cast) -> None:
    account = official(cast)
    it = changing.propose(
        account, by=cast.teacher, name=account.name, address=account.address, unit=cast.school, reason="For all classes.",
    )  # fmt: skip
    assert (it.state, it.gives) == ("proposed", None)


def test_where_a_school_has_no_leader_the_next_above_decides_and_at_last_communications(cast: Cast) -> None:
    account, today = official(cast), clock.today()
    over = {"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=1)}
    Appointment.objects.filter(person=cast.principal).update(**over)
    it = transfer(cast, account=account)
    asked = turns_of(it).of(it)
    assert asked is not None
    assert [one.pk for one in asked.people] == [cast.superintendent.pk]
    Appointment.objects.filter(person__in=[cast.superintendent, cast.director]).update(**over)
    turn = turns_of(it).of(it)
    assert turn is not None
    assert {one.pk for one in turn.people} == {cast.communications.pk, cast.communications2.pk}
    changing.give(it, by=cast.communications)
    changing.agree(it, by=cast.charlie)
    with pytest.raises(NotAllowed):
        changing.approve(it, by=cast.communications)
    assert changing.approve(it, by=cast.communications2).state == "approved"


def test_refusals_of_a_transfer_are_three(cast: Cast) -> None:
    it = transfer(cast)
    stale, seen = AccountChange.objects.get(pk=it.pk), it.version
    with pytest.raises(NotAllowed):
        changing.give(it, by=cast.colleague)
    changing.give(it, by=cast.principal, seen=seen)
    with pytest.raises((Overtaken, NotAllowed)):
        changing.give(stale, by=cast.principal, seen=seen)
    changing.decline(it, by=cast.charlie, reason="We have one.")
    assert it.state == "declined"
    assert waiting_for(cast.charlie) == []


def test_1_7_managers_who_do_not_belong_to_the_new_school_are_named(cast: Cast) -> None:
    it = transfer(cast)
    assert {one.pk for one in outsiders(it)} == {cast.teacher.pk, cast.colleague.pk}
    Person.objects.filter(pk=cast.colleague.pk).update(home_unit=cast.other_school)
    assert {one.pk for one in outsiders(it)} == {cast.teacher.pk}


def test_a_new_number_alone_is_proposed_and_the_old_one_still_resolves(cast: Cast) -> None:
    account = channel(cast)
    old = f"https://www.youtube.com/channel/{CHANNEL}"
    assert verify(old).result == "official"
    it = renumber(account, cast.principal, f"https://www.youtube.com/channel/{OTHER}")
    assert (it.platform_id, it.name, it.address) == (OTHER, account.name, account.address)
    feed = len(newest_changes(0, 50))
    changing.approve(it, by=cast.communications)
    account.refresh_from_db()
    assert account.platform_id == OTHER
    answer = verify(old)
    assert (answer.result, answer.account) == ("retired", account)
    assert account.address in answer.explanation
    assert verify(f"https://www.youtube.com/channel/{OTHER}").result == "official"
    assert verify(account.address).result == "official"
    assert len(newest_changes(0, 50)) == feed, "the public reads no numbers, so the feed tells nothing"


@pytest.mark.parametrize(
    ("platform", "typed", "number"),
    [
        ("youtube", CHANNEL, CHANNEL), ("x", "1234567", "1234567"), ("x", "https://x.com/i/user/1234567", "1234567"),
        ("facebook", "100064123", "100064123"), ("instagram", "17841400000", "17841400000"), ("youtube", "  ", ""),
        ("flickr", "12345678@N01", "12345678@N01"),
    ],
)  # fmt: skip
def test_a_number_is_read_by_the_connector(cast: Cast, platform: str, typed: str, number: str) -> None:
    assert read_number(typed, platform) == (number, "")


@pytest.mark.parametrize(
    ("platform", "typed"),
    [("youtube", "https://www.youtube.com/@rendellpark"), ("youtube", "UCshort"), ("x", "https://www.facebook.com/100064123"),
     ("instagram", "rendellpark"), ("x", "\u202e1234"), ("flickr", "not a number")],
)  # fmt: skip
def test_what_is_no_number_of_the_platform_is_refused_beside_its_field(cast: Cast, platform: str, typed: str) -> None:
    number, wrong = read_number(typed, platform)
    assert number == ""
    assert wrong
    account = official(cast)
    Account.objects.filter(pk=account.pk).update(platform=platform)
    account.refresh_from_db()
    with pytest.raises(Invalid) as refused:
        renumber(account, cast.principal, typed)
    assert "number" in refused.value.fields


def test_a_number_of_another_live_account_is_refused_at_once_and_at_the_end(cast: Cast) -> None:
    account, other = channel(cast), official(cast)
    it = renumber(account, cast.principal, OTHER)
    Account.objects.filter(pk=other.pk).update(platform="youtube", platform_id=OTHER)
    with pytest.raises(WrongState):
        changing.approve(it, by=cast.communications)
    it.refresh_from_db()
    changing.decline(it, by=cast.communications, reason="It is theirs.")
    with pytest.raises(Invalid) as refused:
        renumber(account, cast.principal, OTHER)
    assert list(refused.value.fields) == ["number"]


def splitted(cast: Cast, account: Account) -> Any:
    return split(account, by=cast.teacher, reason="The band wants its own.")


def test_3_1_a_split_begins_as_a_request_filled_in_from_the_record(cast: Cast) -> None:
    account = official(cast)
    events = Event.objects.count()
    request = splitted(cast, account)
    assert (request.state, request.unit, request.platform) == ("draft", account.unit, account.platform)
    assert (request.mailbox, request.name, request.handle) == (account.mailbox, "", "")
    assert request.answers["primary_manager"] == [cast.teacher.email]
    kept = split_from(request)
    assert kept is not None
    assert (kept.account, kept.by, kept.reason) == (account, cast.teacher, "The band wants its own.")
    acts = list(Event.objects.order_by("seq").values_list("act", flat=True)[events:])
    assert acts == ["accountrequest:draft", "account:split"]
    account.refresh_from_db()
    assert (account.state, account.version) == ("recognised", 1), "the account itself stays as it is"
    assert Notice.objects.filter(kind="change.split", person=cast.colleague).count() == 1
    assert not Notice.objects.filter(kind="change.split", person=cast.teacher).exists()


def test_a_split_takes_its_yeses_like_any_other_request(cast: Cast) -> None:
    account = official(cast)
    request = splitted(cast, account)
    actions.save_draft(
        request, typed_request(cast, name="Rendell Park School Band", handle="https://rendellparkband.wordpress.com/"),
        by=cast.teacher,
    )  # fmt: skip
    actions.submit(request, by=cast.teacher)
    with pytest.raises(WrongState):
        actions.approve(request, by=cast.communications)
    actions.endorse(request, by=cast.principal, reason="Yes.")
    assert actions.approve(request, by=cast.communications).state == "approved"
    assert [one.request for one in splits(account)] == [request]


def test_one_split_at_a_time_for_each_person(cast: Cast) -> None:
    account = official(cast)
    first = splitted(cast, account)
    with pytest.raises(WrongState) as refused:
        splitted(cast, account)
    assert str(first.ref) in str(refused.value.message)
    assert split(account, by=cast.principal, reason="Another part.").pk != first.pk
    actions.withdraw(first, by=cast.teacher)
    assert splitted(cast, account).state == "draft"


def test_refusals_of_a_split(cast: Cast) -> None:
    account = official(cast)
    for who in ("charlie", "privacy", "director", "auditor", "sysadmin"):
        with pytest.raises(NotAllowed):
            split(account, by=getattr(cast, who), reason="Why.")
    with pytest.raises(Invalid):
        split(account, by=cast.teacher, reason=" ")
    with pytest.raises(Overtaken):
        split(account, by=cast.teacher, reason="Why.", seen=99)
    change_standing(account, "close", by=cast.communications, reason="Over.")
    with pytest.raises(WrongState):
        split(account, by=cast.teacher, reason="Why.")
    assert not AccountSplit.objects.exists()
