"""Campaigns of resets (AP 193 3.4): started, how far they are, who is missing, reminded once in a period, ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.jobs.actions import work_off
from rostrum.keys import campaigns, stating
from rostrum.keys.models import CampaignAccount, ResetCall, ResetCampaign
from rostrum.keys.states import CAMPAIGN_MOVES
from rostrum.notices.models import Notice
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official
from tests.keys.made import CAMPAIGNS, asked, confirmed, running, started, stated

pytestmark = pytest.mark.django_db
EVERYONE = ("teacher", "colleague", "principal", "superintendent", "communications", "privacy", "director", "auditor",
            "sysadmin", "charlie")  # fmt: skip


def letters(kind: str) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind=kind).select_related("person").order_by("person__name", "pk")
    return [(one.person.name, one.context["count"]["en"]) for one in rows]


@pytest.mark.parametrize("move", CAMPAIGN_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(CAMPAIGNS))
def test_every_state_and_move(cast: Cast, state: str, move: Any) -> None:
    it = CAMPAIGNS[state](cast)
    events = Event.objects.count()
    if state in move.sources:
        assert move in campaigns.allowed(cast.communications, it)
        campaigns.ACTS[move.name](it, by=cast.communications, reason="Time.")
        assert ResetCampaign.objects.get(pk=it.pk).state == move.target
        assert Event.objects.count() == events + 1
        assert Event.objects.latest("seq").act == f"resetcampaign:{move.name}"
    else:
        assert move not in campaigns.allowed(cast.communications, it)
        with pytest.raises(Refusal):
            campaigns.ACTS[move.name](it, by=cast.communications, reason="Time.")
        assert Event.objects.count() == events


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("scope", ["division", "school"])
def test_who_may_start_one(cast: Cast, scope: str, who: str) -> None:
    official(cast)
    may = {"communications", "superintendent"} | ({"principal"} if scope == "school" else set())
    if who in may:
        assert started(cast, getattr(cast, who), scope=getattr(cast, scope)).state == "running"
    else:
        with pytest.raises(NotAllowed):
            started(cast, getattr(cast, who), scope=getattr(cast, scope))


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("move", ["nudge", "end"])
def test_who_may_remind_and_end(cast: Cast, move: str, who: str) -> None:
    it = running(cast)
    if who in {"communications", "superintendent"}:
        campaigns.ACTS[move](it, by=getattr(cast, who), reason="Time.")
    else:
        with pytest.raises(NotAllowed):
            campaigns.ACTS[move](it, by=getattr(cast, who), reason="Time.")


def test_it_asks_every_live_account_of_its_scope_and_tells_each_manager_once(cast: Cast) -> None:
    mine = [official(cast), official(cast)]
    retired = official(cast)
    change_standing(retired, "close", by=cast.communications, reason="The class is over.")
    it = started(cast)
    assert set(it.places.values_list("account", flat=True)) == {one.pk for one in mine}
    assert set(it.calls.values_list("trigger", "due_on")) == {("campaign", it.due_on)}
    assert letters("keys.many_asked") == [], "a job tells them"
    work_off()
    work_off()
    assert letters("keys.many_asked") == [("Owen Clarke", "2 accounts"), ("Sofia Nguyen", "2 accounts")]
    later = official(cast)
    assert not it.places.filter(account=later).exists(), "the accounts are those of the day it started"


def test_a_filter_by_platform_and_by_school(cast: Cast) -> None:
    account = official(cast)
    assert started(cast, platform="blog").places.get().account == account
    for nothing in ({"platform": "instagram"}, {"scope": cast.other_school}):
        with pytest.raises(Invalid) as refused:
            started(cast, **nothing)
        assert list(refused.value.fields) == ["scope"]


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"name": " "}, ["name"]),
        ({"reason": ""}, ["reason"]),
        ({"name": "", "reason": "pw: Winter2026!"}, ["name", "reason"]),
        ({"due_on": timezone.localdate() - timedelta(days=1)}, ["due_on"]),
        ({"due_on": timezone.localdate() + timedelta(days=500)}, ["due_on"]),
        ({"platform": "friendster"}, ["platform"]),
    ],
)
def test_what_cannot_be_says_why_beside_its_field(cast: Cast, wrong: Any, fields: list[str]) -> None:
    official(cast)
    with pytest.raises(Invalid) as refused:
        started(cast, **wrong)
    assert list(refused.value.fields) == fields
    assert not ResetCampaign.objects.exists()


def test_a_classroom_is_no_scope(cast: Cast) -> None:
    official(cast)
    with pytest.raises(Invalid):
        started(cast, scope=cast.classroom)


def test_how_far_it_is(cast: Cast) -> None:
    accounts = [official(cast) for _n in range(4)]
    start = timezone.now()
    with clock.standing_at(start - timedelta(days=1)):
        confirmed(cast, accounts[3])
    it = started(cast)
    whole = campaigns.progress(it)
    assert (whole.total, whole.done, whole.stated, whole.missing) == (4, 0, 0, 4), "what was before does not count"
    confirmed(cast, accounts[0])
    stated(cast, accounts[1])
    whole = campaigns.progress(it, cast.principal)
    assert (whole.total, whole.done, whole.stated, whole.missing) == (4, 1, 1, 2)
    assert [one.account for one in campaigns.missing(it)] == sorted(accounts[2:], key=lambda one: one.name)
    change_standing(accounts[2], "close", by=cast.communications, reason="The class is over.")
    assert campaigns.progress(it).total == 3, "a retired account is not missing"
    assert campaigns.progress(it, cast.charlie).total == 0


def test_one_reset_answers_the_campaign_and_everything_else(cast: Cast) -> None:
    account = official(cast)
    call = asked(cast, account)
    it = started(cast)
    confirmed(cast, account)
    assert set(ResetCall.objects.values_list("state", flat=True)) == {"answered"}
    call.refresh_from_db()
    assert call.answered_by == it.calls.get().answered_by
    assert campaigns.progress(it).missing == 0


def test_reminding_is_once_in_a_period_and_only_of_those_missing(cast: Cast) -> None:
    accounts = [official(cast) for _n in range(2)]
    it = started(cast)
    confirmed(cast, accounts[0])
    campaigns.nudge(it, by=cast.communications, reason="Two days are left.")
    assert letters("keys.nudged") == [("Owen Clarke", "1 account"), ("Sofia Nguyen", "1 account")]
    assert Notice.objects.filter(kind="keys.nudged").latest("pk").context["comment"] == "Two days are left."
    with pytest.raises(WrongState) as refused:
        campaigns.nudge(it, by=cast.communications)
    assert "again from" in refused.value.message
    with clock.standing_at(timezone.now() + timedelta(days=7)):
        campaigns.nudge(it, by=cast.communications)
    assert len(letters("keys.nudged")) == 4


def test_two_people_remind_or_end_at_once(cast: Cast) -> None:
    it = running(cast)
    stale = ResetCampaign.objects.get(pk=it.pk)
    campaigns.nudge(it, by=cast.communications, seen=1)
    with pytest.raises(Overtaken):
        campaigns.end(stale, by=cast.communications2, reason="Over.", seen=1)
    again = ResetCampaign.objects.get(pk=it.pk)
    twin = ResetCampaign.objects.get(pk=it.pk)
    campaigns.end(again, by=cast.communications, reason="Over.")
    with pytest.raises(Overtaken):
        campaigns.end(twin, by=cast.communications2, reason="Over.")


def test_ending_it_lets_lapse_what_it_still_asks_for_and_keeps_the_numbers(cast: Cast) -> None:
    accounts = [official(cast) for _n in range(2)]
    alarm = asked(cast, accounts[1])
    it = started(cast)
    confirmed(cast, accounts[0])
    with pytest.raises(Invalid):
        campaigns.end(it, by=cast.communications, reason=" ")
    campaigns.end(it, by=cast.communications, reason="The year has begun.")
    states = set(it.calls.values_list("account", "state"))
    assert states == {(accounts[0].pk, "answered"), (accounts[1].pk, "called_off")}
    alarm.refresh_from_db()
    assert alarm.state == "open", "what else asks for a reset stays"
    with clock.standing_at(timezone.now() + timedelta(days=1)):
        confirmed(cast, accounts[1])
    assert campaigns.progress(it).done == 1, "as it was when it ended"
    assert started(cast).state == "running"


def test_a_second_campaign_takes_over_what_the_first_still_asks_for(cast: Cast) -> None:
    account, start = official(cast), timezone.now()
    first = started(cast, cast.principal, scope=cast.school)
    waiting = stated(cast, account)
    with clock.standing_at(start + timedelta(days=1)):
        second = started(cast, name="After the leak")
        stating.confirm(waiting, by=cast.colleague)
    call = ResetCall.objects.get()
    assert (call.campaign, call.state, call.due_on) == (second, "open", second.due_on)
    assert campaigns.progress(first).done == 1, "made after the first began"
    assert campaigns.progress(second).missing == 1, "made before the second"


def test_one_runs_at_a_time_for_the_same_accounts(cast: Cast) -> None:
    it = running(cast)
    with pytest.raises(WrongState):
        started(cast)
    assert started(cast, platform="blog").state == "running"
    for wrong in ({"scope": cast.division, "platform": ""}, {"scope": cast.school, "state": "ended"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ResetCampaign.objects.create(
                name="x", reason="x", due_on=it.due_on, started_by=cast.communications, started_at=it.started_at,
                **wrong,  # type: ignore[misc]
            )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignAccount.objects.create(campaign=it, account=it.places.first().account)  # type: ignore[union-attr]


def test_who_may_read_one(cast: Cast) -> None:
    whole = running(cast)
    school = started(cast, cast.principal, scope=cast.school)
    for who in ("principal", "superintendent", "communications", "privacy", "director", "auditor"):
        assert set(campaigns.visible_to(getattr(cast, who))) == {whole, school}, who
    assert set(campaigns.visible_to(cast.charlie)) == {whole}
    for who in ("teacher", "sysadmin"):
        assert not campaigns.visible_to(getattr(cast, who)).exists(), who
