"""Standings beyond the table: a suspension with an end and a condition, and what a held account does not allow."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.notices.models import Notice
from rostrum.registry import changing, dated, directory, holding
from rostrum.registry.hold_models import AccountHold
from rostrum.registry.models import Account, AccountStanding
from rostrum.registry.standing import change_standing, extend
from tests.cast import Cast, official
from tests.registry.seeing import nothing_changes

pytestmark = pytest.mark.django_db
holding.declare("test", "A test holds it (%(ref)s).")
WHY = "A stranger posts in the account."


def suspended(cast: Cast, **more: object) -> Account:
    return change_standing(official(cast), "suspend", by=cast.communications, reason=WHY, **more)  # type: ignore[arg-type]


def test_1_5_a_suspension_says_until_when_and_what_must_be_done(cast: Cast) -> None:
    end = clock.today() + timedelta(days=14)
    it = suspended(cast, ends_on=end, condition="Change the sign-in.\nTake the old phone off.")
    stretch = AccountStanding.objects.get(account=it, until=None)
    assert (stretch.ends_on, stretch.condition) == (end, "Change the sign-in.\nTake the old phone off.")
    told = Notice.objects.filter(kind="account.standing", person=cast.teacher).latest("pk")
    assert "Change the sign-in." in str(told.context["facts"])
    said = Event.objects.filter(act="account:suspend").latest("seq").kept.payload["after"]
    assert said["ends_on"] == end.isoformat()


@pytest.mark.parametrize("days", [0, -1, -400, 3661])
def test_a_suspension_cannot_end_in_the_past_or_in_a_hundred_years(cast: Cast, days: int) -> None:
    account = official(cast)
    with nothing_changes(), pytest.raises(Invalid) as refused:
        change_standing(
            account, "suspend", by=cast.communications, reason=WHY, ends_on=clock.today() + timedelta(days=days)
        )
    assert list(refused.value.fields) == ["ends_on"]


def test_only_a_suspension_has_an_end(cast: Cast) -> None:
    account = official(cast)
    with nothing_changes(), pytest.raises(Invalid):
        change_standing(account, "review", by=cast.communications, reason=WHY, ends_on=clock.today() + timedelta(9))
    with nothing_changes(), pytest.raises(Invalid):
        change_standing(account, "close", by=cast.communications, reason=WHY, condition="Something")
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountStanding.objects.filter(account=account).update(condition="Something")


def test_a_suspension_goes_on_as_a_stretch_of_its_own_and_the_public_reads_one(cast: Cast) -> None:
    it = suspended(cast, ends_on=clock.today() + timedelta(days=3))
    since, version = it.standing_since, it.version
    later = clock.today() + timedelta(days=30)
    extend(it, by=cast.communications, reason="Not done yet.", ends_on=later, condition="The same.", seen=version)
    assert (it.state, it.standing_since, it.version) == ("suspended", since, version + 1)
    first, second, third = AccountStanding.objects.filter(account=it)
    assert (second.until, third.since) == (third.since, second.until)
    assert (third.ends_on, third.reason) == (later, "Not done yet.")
    assert [one.standing for one in directory.public_history(it)] == ["official", "suspended"]
    assert [one.kind for one in dated.newest_changes(0, 9)] == ["suspended", "official"]
    change_standing(it, "restore", by=cast.communications, reason="Done.")
    assert dated.newest_changes(0, 1)[0].kind == "restored"
    assert first.state == "recognised"


def test_only_communications_extends_and_only_a_suspension_and_once(cast: Cast) -> None:
    it = suspended(cast)
    for who in (cast.teacher, cast.principal, cast.director, cast.charlie):
        with nothing_changes(), pytest.raises(NotAllowed):
            extend(it, by=who, reason="More time.", ends_on=None)
    with nothing_changes(), pytest.raises(Invalid):
        extend(it, by=cast.communications, reason=" ", ends_on=None)
    other = official(cast)
    with nothing_changes(), pytest.raises(WrongState):
        extend(other, by=cast.communications, reason="More time.", ends_on=None)
    stale = Account.objects.get(pk=it.pk)
    extend(it, by=cast.communications, reason="More time.", ends_on=None)
    with nothing_changes(), pytest.raises(Overtaken):
        extend(stale, by=cast.communications2, reason="Less time.", ends_on=None)


def test_a_suspension_may_end_on_a_leap_day_and_on_the_day_clocks_change(cast: Cast) -> None:
    with clock.standing_at(datetime(2027, 12, 1, 12, tzinfo=timezone.get_default_timezone())):
        it = suspended(cast, ends_on=date(2028, 2, 29))
        extend(it, by=cast.communications, reason="Longer.", ends_on=date(2028, 3, 12))
    assert AccountStanding.objects.get(account=it, until=None).ends_on == date(2028, 3, 12)


def test_a_held_account_is_not_renamed_until_the_hold_is_lifted(cast: Cast) -> None:
    account = official(cast)
    wanted = {"name": "Rendell Park Choir", "address": account.address, "unit": account.unit, "reason": "New."}
    it = changing.propose(account, by=cast.principal, **wanted)
    with pytest.raises(KeyError):
        holding.hold_many([account], kind="nothing", ref="7", by=cast.communications)
    holding.hold_many([account], kind="test", ref="7", by=cast.communications)
    holding.hold_many([account], kind="test", ref="7", by=cast.communications)
    assert AccountHold.objects.count() == 1, "marking twice marks once"
    with nothing_changes(), pytest.raises(WrongState) as refused:
        changing.approve(it, by=cast.communications)
    assert refused.value.message == "This account cannot be changed now. A test holds it (7)."
    it.refresh_from_db()
    changing.withdraw(it, by=cast.principal)
    with nothing_changes(), pytest.raises(WrongState):
        changing.propose(account, by=cast.principal, **wanted)
    assert holding.lift_many(kind="test", ref="7", by=cast.communications) == 1
    assert changing.propose(account, by=cast.principal, **wanted).state == "agreed"


def test_many_are_marked_at_once_and_a_retired_one_is_passed_over(cast: Cast) -> None:
    live, gone = official(cast), official(cast)
    change_standing(gone, "close", by=cast.communications, reason="Over.")
    assert holding.hold_many([live, gone], kind="test", ref="8", by=None) == 1
    assert holding.held([live.pk, gone.pk]) == {live.pk}
