"""Hand-over campaigns (AP 193 1.7, 3.4): who stays, who goes, what is missing; reminded once per period, ended once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.custody import campaigns, departures, keeping, managing
from rostrum.custody.campaign_models import HandOverCampaign, HandOverLine
from rostrum.custody.campaign_queries import campaigns_visible_to, lines, seen, waiting_for
from rostrum.custody.campaign_states import CAMPAIGN_MOVES, LINE_MOVES
from rostrum.custody.jobs import campaigns_on_their_way
from rostrum.keys import stating
from rostrum.notices.models import Notice
from rostrum.people.models import Unit
from rostrum.registry.models import AccessHolder, Account, Designation
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official
from tests.custody.holding import third_manager, told
from tests.keys.made import statement

pytestmark = pytest.mark.django_db


def started(cast: Cast, unit: Unit | None = None, days: int = 30) -> HandOverCampaign:
    """A campaign of the school with its one account, unless there are more."""
    if not Account.objects.exists():
        official(cast)
    return campaigns.start(
        unit or cast.school, by=cast.principal if (unit or cast.school) == cast.school else cast.communications,
        name="Hand-over June", ends_on=clock.today() + timedelta(days=days), note="Before the holidays.",
    )  # fmt: skip


def line_of(it: HandOverCampaign) -> HandOverLine:
    return lines().get(campaign=it)


def missing(it: HandOverCampaign) -> list[str]:
    return seen([line_of(it)])[0].missing


def test_a_campaign_asks_every_manager_once_and_tells_who_leads(cast: Cast) -> None:
    official(cast)
    official(cast)
    it = started(cast)
    assert it.lines.count() == 2
    assert told("handover.started") == {cast.teacher, cast.colleague}
    assert Notice.objects.filter(kind="handover.started", person=cast.teacher).count() == 1
    assert told("handover.started_told") == {cast.communications, cast.communications2}
    assert len(waiting_for(cast.teacher)) == 2


def test_a_line_says_what_is_missing_one_thing_after_the_other(cast: Cast) -> None:
    account = official(cast)
    group = keeping.add_helpers(account, by=cast.teacher, label="yearbook team", adult=cast.colleague, size=5)
    keeping.tie(account, cast.colleague, "recovery", by=cast.teacher)
    it = started(cast)
    assert missing(it) == ["Nobody has said yet who stays and who goes."]
    campaigns.answer(line_of(it), by=cast.teacher, goes=[cast.colleague.pk])
    said = missing(it)
    assert [one.split(":")[0] for one in said] == [
        "Only 1 manager stays", "Owen Clarke goes and still manages it", "Owen Clarke goes and can still get in",
        "Owen Clarke goes and is still noted", "The group “yearbook team” needs another adult.",
    ]  # fmt: skip
    mine = Designation.objects.get(registration=account.registration, person=cast.colleague)
    handed = managing.hand_over(mine, cast.superintendent, by=cast.colleague)
    managing.answer(handed.taken_by, by=cast.superintendent, accept=True)
    keeping.end_access(AccessHolder.objects.get(person=cast.colleague), by=cast.teacher)
    keeping.untie(account.ties.get(), by=cast.teacher)
    keeping.change_helpers(group, by=cast.teacher, label="yearbook team", adult=cast.teacher)
    assert missing(it) == ["Reset the account information now that they are out."]
    stating.confirm(stating.make(account, statement(), by=cast.teacher), by=cast.superintendent)
    assert missing(it) == []
    assert seen([line_of(it)])[0].settled


def test_a_group_of_student_editors_goes_as_a_group(cast: Cast) -> None:
    account = official(cast)
    group = keeping.add_helpers(account, by=cast.teacher, label="Grade 12 press team", adult=cast.teacher)
    it = started(cast)
    campaigns.answer(line_of(it), by=cast.colleague, groups=[group.pk])
    assert missing(it) == ["The group “Grade 12 press team” goes and still helps: end it."]
    keeping.end_helpers(group, by=cast.teacher)
    assert missing(it) == []


def test_an_account_without_a_manager_and_one_whose_manager_leaves(cast: Cast) -> None:
    official(cast)
    it = started(cast)
    campaigns.answer(line_of(it), by=cast.principal)
    assert missing(it) == []
    departures.plan(cast.teacher, by=cast.principal, on=clock.today() + timedelta(days=9))
    assert missing(it) == ["Only 1 manager stays: name another one."]
    departures.depart(cast.colleague, by=cast.sysadmin)
    assert "Nobody who stays manages it: name a content manager." in missing(it)


def test_it_may_be_said_again_and_replaces_what_was_said(cast: Cast) -> None:
    third_manager(cast, official(cast))
    it = started(cast)
    campaigns.answer(line_of(it), by=cast.teacher, goes=[cast.colleague.pk])
    campaigns.answer(line_of(it), by=cast.colleague, goes=[])
    assert missing(it) == []
    assert line_of(it).answers.count() == 3


@pytest.mark.parametrize("who", ["charlie", "director", "auditor", "privacy", "sysadmin"])
def test_who_may_not_start_answer_or_end(cast: Cast, who: str) -> None:
    by = getattr(cast, who)
    it = started(cast)
    with pytest.raises(NotAllowed):
        campaigns.start(cast.school, by=by, name="Other", ends_on=clock.today() + timedelta(days=9))
    with pytest.raises(NotAllowed):
        campaigns.answer(line_of(it), by=by)
    with pytest.raises(NotAllowed):
        campaigns.end(it, by=by)


def test_a_teacher_answers_and_starts_nothing(cast: Cast) -> None:
    official(cast)
    with pytest.raises(NotAllowed):
        campaigns.start(cast.school, by=cast.teacher, name="Mine", ends_on=clock.today() + timedelta(days=9))


@pytest.mark.parametrize(
    ("wanted", "field"),
    [({"name": " "}, "name"), ({"name": "x" * 81}, "name"), ({"days": 0}, "ends_on"), ({"days": 367}, "ends_on")],
)
def test_a_campaign_that_cannot_be_says_why(cast: Cast, wanted: dict[str, Any], field: str) -> None:
    official(cast)
    with pytest.raises(Invalid) as refused:
        campaigns.start(
            cast.school, by=cast.principal, name=wanted.get("name", "June"),
            ends_on=clock.today() + timedelta(days=wanted.get("days", 9)),
        )  # fmt: skip
    assert list(refused.value.fields) == [field]


def test_an_account_is_asked_by_one_campaign_at_a_time(cast: Cast) -> None:
    official(cast)
    started(cast)
    with pytest.raises(WrongState):
        started(cast)
    with pytest.raises(WrongState) as refused:
        started(cast, cast.division)
    assert "runs already" in refused.value.message
    official(cast)
    assert started(cast, cast.division).lines.count() == 1, "only the account that nobody asks about yet"


def test_a_place_without_accounts_has_nothing_to_ask(cast: Cast) -> None:
    with pytest.raises(WrongState):
        campaigns.start(cast.school, by=cast.principal, name="June", ends_on=clock.today() + timedelta(days=9))


def test_a_classroom_has_no_campaign_of_its_own(cast: Cast) -> None:
    official(cast)
    with pytest.raises(NotAllowed):
        campaigns.start(cast.classroom, by=cast.principal, name="June", ends_on=clock.today() + timedelta(days=9))


def test_a_stranger_cannot_be_said_to_go(cast: Cast) -> None:
    it = started(cast)
    with pytest.raises(Invalid):
        campaigns.answer(line_of(it), by=cast.teacher, goes=[cast.charlie.pk])


def test_two_who_answer_at_once_are_told(cast: Cast) -> None:
    it = started(cast)
    stale = line_of(it)
    campaigns.answer(line_of(it), by=cast.teacher, seen_version=1)
    with pytest.raises(Overtaken):
        campaigns.answer(stale, by=cast.colleague, seen_version=1)


def test_a_retired_account_is_asked_about_no_longer(cast: Cast) -> None:
    account = official(cast)
    it = started(cast)
    change_standing(account, "close", by=cast.communications, reason="Over.")
    assert not lines().filter(campaign=it).exists()


def test_reminders_come_once_a_week_and_end_with_the_campaign(cast: Cast) -> None:
    it = started(cast, days=30)
    start = timezone.now()

    def count(kind: str, person: Any) -> int:
        return Notice.objects.filter(kind=kind, person=person).count()

    for days in (1, 6, 7, 7, 8, 14, 29, 30, 31, 32, 60):
        with clock.standing_at(start + timedelta(days=days)):
            campaigns_on_their_way()
    it.refresh_from_db()
    assert it.state == "ended"
    assert count("handover.reminder", cast.teacher) == 3, "after one week, after two, and one after a gap"
    assert count("handover.ended", cast.communications) == 1
    assert Event.objects.get(act="handovercampaign:end").actor_id is None


def test_where_nobody_manages_it_whoever_leads_is_reminded(cast: Cast) -> None:
    it = started(cast)
    departures.depart_many([cast.teacher, cast.colleague], by=cast.sysadmin)
    with clock.standing_at(timezone.now() + timedelta(days=8)):
        campaigns_on_their_way()
    assert cast.principal in told("handover.reminder_alone")
    assert it.state == "running"


def test_what_is_finished_is_not_reminded_of(cast: Cast) -> None:
    it = started(cast)
    campaigns.answer(line_of(it), by=cast.teacher)
    with clock.standing_at(timezone.now() + timedelta(days=8)):
        campaigns_on_their_way()
    assert told("handover.reminder") == set()


def test_an_outsider_sees_no_campaign(cast: Cast) -> None:
    it = started(cast)
    for who in ("teacher", "colleague", "principal", "communications", "director", "auditor", "privacy"):
        assert list(campaigns_visible_to(getattr(cast, who))) == [it], who
    for who in ("charlie", "sysadmin"):
        assert list(campaigns_visible_to(getattr(cast, who))) == [], who


def test_lines_cost_the_same_however_many(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _n in range(3):
        official(cast)
    it = started(cast)
    many = list(lines().filter(campaign=it))
    with django_assert_max_num_queries(14) as first:
        seen(many[:1])
    with django_assert_max_num_queries(len(first)):
        seen(many)


REACHED: dict[str, Callable[[Cast], HandOverCampaign]] = {
    "running": started,
    "ended": lambda c: campaigns.end(started(c), by=c.principal),
}


@pytest.mark.parametrize("move", CAMPAIGN_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(REACHED))
def test_every_state_and_move(cast: Cast, state: str, move: Any) -> None:
    it = REACHED[state](cast)
    if state in move.sources:
        campaigns.end(it, by=cast.communications, reason="Done early.")
        assert HandOverCampaign.objects.get().state == move.target
    else:
        with pytest.raises(Refusal):
            campaigns.end(it, by=cast.communications)


@pytest.mark.parametrize("move", LINE_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize("state", ["open", "answered"])
def test_every_state_and_move_of_a_line(cast: Cast, state: str, ended: bool, move: Any) -> None:
    it = started(cast)
    if state == "answered":
        campaigns.answer(line_of(it), by=cast.teacher)
    assert line_of(it).state == state
    assert state in move.sources
    if ended:
        campaigns.end(it, by=cast.principal)
        with pytest.raises(WrongState):
            campaigns.answer(line_of(it), by=cast.teacher)
    else:
        campaigns.answer(line_of(it), by=cast.teacher)
        assert line_of(it).state == move.target
