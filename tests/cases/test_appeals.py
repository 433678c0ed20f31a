"""Appeals (AP 193 1.5): one for each decision, in its time, decided by somebody who did not act before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from rostrum.audit.actions import record
from rostrum.audit.models import Event
from rostrum.cases import appealing
from rostrum.cases.appeal_models import Appeal
from rostrum.cases.appealing import Attachment, lodge, name_decider, overturn, uphold, withdraw
from rostrum.cases.deciding import decide, supersede
from rostrum.cases.decision_models import Decision, Strike
from rostrum.cases.opening import Evidence, add_evidence, escalate
from rostrum.cases.queries import (
    allowed_appeal,
    appealable,
    appeals_visible_to,
    counting,
    find_appeal,
    find_case,
    holds,
    waiting_appeals,
)
from rostrum.cases.states import APPEAL_MOVES, AppealState
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.notices.models import Notice
from rostrum.people.actions import appoint, note_departure
from rostrum.people.models import Person
from rostrum.registry import holding
from rostrum.registry.models import AccountStanding, Designation
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official
from tests.registry.seeing import nothing_changes

from .reach import APPEALS, appealed, decided, opened, ruling, setting, vary
from .test_decisions import all_words

pytestmark = pytest.mark.django_db
DO: dict[str, Any] = {
    "uphold": lambda a, by, **k: uphold(a, by=by, reason="It stands.", **k),
    "overturn": lambda a, by, **k: overturn(a, by=by, reason="It falls.", **k),
    "vary": vary,
    "withdraw": lambda a, by, **k: withdraw(a, by=by, reason="Never mind.", **k),
}


def test_every_state_is_reached_and_every_move_is_tried() -> None:
    assert set(APPEALS) == set(AppealState.values)
    assert set(DO) == {move.name for move in APPEAL_MOVES}


@pytest.mark.parametrize("move", APPEAL_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(APPEALS))
def test_every_state_and_move(cast: Cast, state: str, move: Any) -> None:
    it = APPEALS[state](cast)
    by = cast.teacher if move.name == "withdraw" else cast.director
    if state in move.sources:
        assert move in allowed_appeal(by, it)
        DO[move.name](it, by)
        assert Appeal.objects.get(pk=it.pk).state == move.target
        assert list(Event.objects.filter(act=f"appeal:{move.name}").values_list("subject_id", flat=True)) == [it.pk]
    else:
        assert move not in allowed_appeal(by, it)
        with nothing_changes(), pytest.raises(Refusal):
            DO[move.name](it, by)


@pytest.mark.parametrize("who", ["teacher", "colleague", "principal", "superintendent", "communications", "communications2",
                                 "privacy", "auditor", "sysadmin", "charlie"])  # fmt: skip
@pytest.mark.parametrize("move", ["uphold", "vary", "overturn"])
def test_nobody_but_who_is_in_turn_decides_an_appeal(cast: Cast, move: str, who: str) -> None:
    it = appealed(cast)
    with nothing_changes(), pytest.raises(NotAllowed, match="waiting for Dana Whitford"):
        DO[move](it, getattr(cast, who))


def test_only_who_lodged_an_appeal_withdraws_it(cast: Cast) -> None:
    it = appealed(cast)
    for who in (cast.colleague, cast.principal, cast.communications, cast.director):
        with nothing_changes(), pytest.raises(NotAllowed):
            DO["withdraw"](it, who)


@pytest.mark.parametrize(("who", "may"), [("teacher", True), ("colleague", True), ("principal", True),
    ("superintendent", False), ("communications", False), ("director", False), ("charlie", False), ("auditor", False),
    ("sysadmin", False), ("privacy", False)])  # fmt: skip
def test_1_5_the_managers_and_the_administrator_may_appeal_and_strangers_may_not(
    cast: Cast, who: str, may: bool
) -> None:
    it, person = decided(cast), getattr(cast, who)
    assert appealable(person, it) is may
    if may:
        assert appealed(cast, decision=it, by=person).lodged_by == person
    else:
        with nothing_changes(), pytest.raises(NotAllowed):
            appealed(cast, decision=it, by=person)


def test_whoever_was_sent_a_decision_may_appeal_it_also_when_they_look_after_it_no_longer(cast: Cast) -> None:
    it = decided(cast)
    Designation.objects.filter(registration=it.account.registration, person=cast.teacher).update(
        released_at=clock.now()
    )
    assert appealed(cast, decision=it).lodged_by == cast.teacher
    other = decided(cast)
    note_departure(cast.colleague, by=cast.sysadmin)
    assert not appealable(Person.objects.get(pk=cast.colleague.pk), other)


def test_there_is_one_appeal_for_each_decision(cast: Cast) -> None:
    it = appealed(cast)
    with nothing_changes(), pytest.raises(WrongState, match="one appeal for each decision"):
        appealed(cast, decision=it.decision, by=cast.principal)
    withdraw(it, by=cast.teacher)
    with nothing_changes(), pytest.raises(WrongState, match="one appeal for each decision"):
        appealed(cast, decision=it.decision)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(
            decision=it.decision, first_decider=cast.communications, lodged_by=cast.principal, lodged_at=clock.now(),
            moved_at=clock.now(), reasons="Again.",
        )  # fmt: skip


def test_two_people_appeal_at_once_and_one_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    it = decided(cast)
    appealed(cast, decision=it)
    monkeypatch.setattr(appealing, "appeal_of", lambda decision: None)  # what the second one read a moment before
    with nothing_changes(), pytest.raises(Overtaken, match="a moment ago"):
        appealed(cast, decision=Decision.objects.get(pk=it.pk), by=cast.principal)


def test_an_appeal_after_its_day_is_too_late(cast: Cast) -> None:
    setting("appeal_days", 5)
    it = decided(cast)
    assert it.appeal_until is not None
    days = (it.appeal_until - clock.today()).days
    with clock.standing_at(clock.now() + timedelta(days=days + 1)):
        assert not appealable(cast.teacher, it)
        with nothing_changes(), pytest.raises(WrongState, match="too late: the last day"):
            appealed(cast, decision=it)
    with clock.standing_at(clock.now() + timedelta(days=days)):
        assert appealable(cast.teacher, it)
        appealed(cast, decision=it)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reasons": " "}, "reasons"),
        ({"reasons": "x" * 4001}, "reasons"),
        ({"reasons": "mot de passe: kite9"}, "reasons"),
        ({"reasons": "a\x00"}, "reasons"),
        ({"files": [Attachment(f"{n:064d}", "png") for n in range(11)]}, "attached"),
    ],
)
def test_bad_input_lodges_nothing(cast: Cast, changes: dict[str, Any], field: str) -> None:
    it = decided(cast)
    with nothing_changes(), pytest.raises(Invalid) as refused:
        lodge(it, by=cast.teacher, **{"reasons": "It was a joke.", **changes})
    assert list(refused.value.fields) == [field]


def test_an_old_page_lodges_nothing(cast: Cast) -> None:
    it = decided(cast)
    with nothing_changes(), pytest.raises(Overtaken):
        lodge(it, by=cast.teacher, reasons="It was a joke.", seen=it.version + 1)


def test_a_decision_no_longer_in_force_is_not_appealed(cast: Cast) -> None:
    it = decided(cast)
    supersede(it.case, by=cast.communications, ruling=ruling(it.case))
    with nothing_changes(), pytest.raises(WrongState, match="no longer in force"):
        appealed(cast, decision=it)


def test_an_appeal_brings_attachments_and_is_told_and_holds_the_account(cast: Cast) -> None:
    it = decided(cast)
    files = [
        Attachment("a" * 64, "png", "The post as it was"),
        Attachment("b" * 64, "pdf"),
        Attachment("a" * 64, "png"),
    ]
    appeal = lodge(it, by=cast.teacher, reasons="It was a joke.", files=files)
    assert [(one.file_type, one.words) for one in appeal.files.all()] == [("png", "The post as it was"), ("pdf", "")]
    assert {one.person for one in Notice.objects.filter(kind="appeal.lodged")} == {cast.director}
    told = {one.person for one in Notice.objects.filter(kind="appeal.lodged_told")}
    assert told == {cast.colleague, cast.principal, cast.communications}
    assert holds(it.account) == [f"An appeal about it is running ({it.ref})."]
    with nothing_changes(), pytest.raises(WrongState, match="An appeal about it is running"):
        change_standing(it.account, "close", by=cast.communications, reason="It is over.")
    uphold(appeal, by=cast.director, reason="It stands.")
    assert holds(it.account) == []


def test_an_overturned_decision_is_wiped_from_the_standing_and_kept_in_the_log(cast: Cast) -> None:
    it = appealed(cast, "warning", "suspend")
    account, decision = it.decision.account, it.decision
    assert [one.decision for one in counting([account.pk])] == [decision], "without a setting it holds meanwhile"
    overturn(it, by=cast.director, reason="It was plainly a joke among friends.")
    account.refresh_from_db()
    decision.refresh_from_db()
    assert (account.state, decision.state) == ("recognised", "overturned")
    assert list(counting([account.pk])) == []
    assert Strike.objects.get(decision=decision).wiped_by == cast.director
    assert Decision.objects.get(pk=decision.pk).letter["en"], "the letter stays"
    acts = list(Event.objects.order_by("-seq").values_list("act", flat=True)[:4])
    assert acts == ["account:restore", "decision:overturn", "account:unhold", "appeal:overturn"]
    words = all_words(it.letter)
    for said in ("is overturned", "official again from now on", "plainly a joke", "Dana Whitford, Director"):
        assert said in words, said
    told = {one.person for one in Notice.objects.filter(kind="appeal.answered")}
    assert told == {cast.teacher, cast.colleague, cast.principal, cast.communications}


def test_an_overturned_closing_makes_the_account_official_again(cast: Cast) -> None:
    it = appealed(cast, "close")
    overturn(it, by=cast.director, reason="It falls.")
    it.decision.account.refresh_from_db()
    assert it.decision.account.state == "recognised"


def test_an_account_that_something_else_keeps_stays_suspended_and_the_letter_says_so(cast: Cast) -> None:
    holding.declare("test_crisis", "All accounts are frozen (%(ref)s).")
    try:
        it = appealed(cast, "suspend")
        account = it.decision.account
        holding.place_hold(account, kind="test_crisis", ref="storm", by=cast.communications)
        overturn(it, by=cast.director, reason="It falls.")
        account.refresh_from_db()
        assert account.state == "suspended"
        assert "All accounts are frozen (storm)." in all_words(it.letter)
    finally:
        del holding.KINDS["test_crisis"]


def test_another_decision_in_force_keeps_the_suspension(cast: Cast) -> None:
    first = decided(cast, "suspend")
    account = first.account
    account.refresh_from_db()
    second = decided(cast, "suspend", case=opened(cast, account))
    it = overturn(appealed(cast, decision=second), by=cast.director, reason="It falls.")
    account.refresh_from_db()
    assert account.state == "suspended"
    assert f"Decision {first.ref} holds." in all_words(it.letter)
    overturn(appealed(cast, decision=first), by=cast.director, reason="It falls as well.")
    account.refresh_from_db()
    assert account.state == "recognised"


def test_a_suspension_of_somebody_else_stays_when_the_decision_falls(cast: Cast) -> None:
    it = appealed(cast, "suspend")
    account = it.decision.account
    account.refresh_from_db()
    change_standing(account, "restore", by=cast.communications, reason="Done.")
    change_standing(account, "suspend", by=cast.communications, reason="Stolen.")
    overturn(it, by=cast.director, reason="It falls.")
    account.refresh_from_db()
    assert account.state == "suspended"


def test_a_varied_decision_takes_the_place_of_the_first_and_is_final(cast: Cast) -> None:
    it = appealed(cast, "warning", "suspend")
    vary(it, cast.director, "warning")
    made = it.outcome
    assert made is not None
    account = made.account
    account.refresh_from_db()
    it.decision.refresh_from_db()
    assert (it.decision.state, made.state, account.state) == ("superseded", "stands", "recognised")
    assert made.decided_by == cast.director
    assert "There is no second appeal." in all_words(made.letter)
    assert [one.decision for one in counting([account.pk])] == [made]
    assert not appealable(cast.teacher, made)
    with nothing_changes(), pytest.raises(WrongState, match="no second appeal"):
        appealed(cast, decision=made)
    other, elsewhere = appealed(cast), opened(cast)
    with nothing_changes(), pytest.raises(Invalid):
        appealing.vary(other, by=cast.director, reason="Hm.", ruling=ruling(elsewhere))


def test_a_varied_closing_to_a_suspension_and_back(cast: Cast) -> None:
    it = vary(appealed(cast, "close"), cast.director, "suspend")
    it.decision.account.refresh_from_db()
    assert it.decision.account.state == "suspended"
    other = vary(appealed(cast, "warning"), cast.director, "close")
    other.decision.account.refresh_from_db()
    assert other.decision.account.state == "retired", "the appeal's own mark is lifted first"


def test_an_upheld_decision_stands_with_reasons(cast: Cast) -> None:
    it = uphold(appealed(cast, "suspend"), by=cast.director, reason="The names were real.")
    it.decision.account.refresh_from_db()
    assert (it.decision.state, it.decision.account.state) == ("stands", "suspended")
    assert "The names were real." in all_words(it.letter)
    other = appealed(cast)
    for reason in (" ", "x" * 2001, "pwd=kite9"):
        for act in (uphold, overturn):
            with nothing_changes(), pytest.raises(Invalid):
                act(other, by=cast.director, reason=reason)


@pytest.mark.parametrize("measure", ["suspend", "close"])
@pytest.mark.parametrize("end", ["uphold", "withdraw", "overturn", "vary"])
def test_an_appeal_suspends_the_effect_where_the_division_set_it_so(cast: Cast, end: str, measure: str) -> None:
    setting("appeal_suspends_effect", True)
    decision = decided(cast, "warning", measure)
    assert "what was decided does not hold" in all_words(decision.letter)
    it = appealed(cast, decision=decision)
    account = decision.account
    account.refresh_from_db()
    assert (it.stayed, account.state) == (True, "recognised")
    assert list(counting([account.pk])) == []
    by = cast.teacher if end == "withdraw" else cast.director
    DO[end](it, by)
    account.refresh_from_db()
    holds_again = {"suspend": "suspended", "close": "retired"}[measure]
    assert account.state == (holds_again if end in {"uphold", "withdraw"} else "recognised")
    assert counting([account.pk]).count() == (1 if end in {"uphold", "withdraw"} else 0)


def test_a_stayed_suspension_whose_day_has_passed_does_not_come_back(cast: Cast) -> None:
    setting("appeal_suspends_effect", True)
    it = appealed(cast, decision=decided(cast, "suspend", suspended_until=clock.today() + timedelta(days=3)))
    with clock.standing_at(clock.now() + timedelta(days=9)):
        uphold(it, by=cast.director, reason="It stood.")
    it.decision.account.refresh_from_db()
    assert it.decision.account.state == "recognised"


def test_the_director_who_acted_before_does_not_decide_and_names_somebody(cast: Cast) -> None:
    case = opened(cast)
    add_evidence(case, by=cast.communications, evidence=Evidence("More."))
    escalate(case, by=cast.communications, reason="It is about us.")
    it = appealed(cast, decision=decide(case, by=cast.director, ruling=ruling(case)))
    for move in ("uphold", "vary", "overturn"):
        with nothing_changes(), pytest.raises(NotAllowed, match=r"Nobody is left .* Dana Whitford names a person"):
            DO[move](it, cast.director)
    assert {one.person for one in Notice.objects.filter(kind="appeal.nobody")} == {cast.director}
    assert [(one.appeal, one.act) for one in waiting_appeals(cast.director)] == [(it, "name")]
    for who in (cast.communications, cast.teacher, cast.colleague, cast.principal, cast.director):
        with nothing_changes(), pytest.raises(Invalid):
            name_decider(it, by=cast.director, person=who, reason="They know it.")
    name_decider(it, by=cast.director, person=cast.superintendent, reason="She had no part in it.")
    assert [(one.appeal, one.act) for one in waiting_appeals(cast.superintendent)] == [(it, "decide")]
    assert waiting_appeals(cast.director) == []
    assert Notice.objects.filter(kind="appeal.named", person=cast.superintendent).count() == 1
    assert find_case(cast.superintendent, case.pk) is not None
    overturn(it, by=cast.superintendent, reason="It falls.")
    assert it.decided_by == cast.superintendent


@pytest.mark.parametrize("who", ["communications", "principal", "teacher", "sysadmin", "auditor", "charlie", "privacy"])
def test_only_the_director_names_who_decides(cast: Cast, who: str) -> None:
    it = appealed(cast)
    with nothing_changes(), pytest.raises(NotAllowed):
        name_decider(it, by=getattr(cast, who), person=cast.superintendent, reason="Why not.")


def test_naming_is_refused_late_twice_or_without_a_reason(cast: Cast) -> None:
    it = appealed(cast)
    with nothing_changes(), pytest.raises(Invalid):
        name_decider(it, by=cast.director, person=cast.superintendent, reason=" ")
    with nothing_changes(), pytest.raises(Overtaken):
        name_decider(it, by=cast.director, person=cast.superintendent, reason="So.", seen=it.version + 1)
    stale = Appeal.objects.get(pk=it.pk)
    name_decider(it, by=cast.director, person=cast.superintendent, reason="So.")
    with nothing_changes(), pytest.raises(Overtaken):
        name_decider(stale, by=cast.director, person=cast.auditor, reason="So.")
    with nothing_changes(), pytest.raises(NotAllowed, match="Ruth Okafor"):
        uphold(it, by=cast.director, reason="I do it myself.")
    uphold(it, by=cast.superintendent, reason="It stands.")
    with nothing_changes(), pytest.raises(WrongState):
        name_decider(it, by=cast.director, person=cast.auditor, reason="So.")


def test_a_named_person_who_leaves_or_acts_gives_way_to_the_director(cast: Cast) -> None:
    it = appealed(cast)
    name_decider(it, by=cast.director, person=cast.superintendent, reason="So.")
    note_departure(cast.superintendent, by=cast.sysadmin)
    it = Appeal.objects.get(pk=it.pk)
    assert uphold(it, by=cast.director, reason="It stands.").decided_by == cast.director


def test_whoever_approved_the_request_cannot_decide_the_appeal(cast: Cast) -> None:
    """Where Communications was apart, the Director approved the account: the appeal is for somebody else."""
    note_departure(cast.communications2, by=cast.sysadmin)
    account = official(cast)
    it = appealed(cast, decision=decided(cast, case=opened(cast, account)))
    request = account.registration.request
    with transaction.atomic():
        record(cast.director, "accountrequest:approve", request)
    with nothing_changes(), pytest.raises(NotAllowed, match="names a person"):
        uphold(it, by=cast.director, reason="It stands.")


def test_without_a_director_the_system_administrator_is_asked_to_appoint_one(cast: Cast) -> None:
    it = decided(cast)
    note_departure(cast.director, by=cast.sysadmin)
    appeal = appealed(cast, decision=it)
    assert {one.person for one in Notice.objects.filter(kind="appeal.nobody")} == {cast.sysadmin}
    with nothing_changes(), pytest.raises(NotAllowed, match="system administrator appoints"):
        uphold(appeal, by=cast.superintendent, reason="It stands.")
    appoint(cast.superintendent, role="director", unit=cast.division, by=None)
    uphold(appeal, by=Person.objects.get(pk=cast.superintendent.pk), reason="It stands.")


def test_an_old_page_decides_nothing_and_two_at_once_decide_once(cast: Cast) -> None:
    it = appealed(cast)
    stale = Appeal.objects.get(pk=it.pk)
    for move in ("uphold", "overturn", "vary"):
        with nothing_changes(), pytest.raises(Overtaken):
            DO[move](Appeal.objects.get(pk=it.pk), cast.director, seen=it.version + 1)
    uphold(it, by=cast.director, reason="It stands.")
    with nothing_changes(), pytest.raises((Overtaken, WrongState)):
        overturn(stale, by=cast.director, reason="It falls.", seen=stale.version)


def test_the_database_keeps_the_first_decider_from_deciding_again(cast: Cast) -> None:
    it = appealed(cast)
    for who in (cast.communications, cast.teacher):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appeal.objects.filter(pk=it.pk).update(state="upheld", decided_by=who, answer="Mine.")


def test_who_reads_an_appeal(cast: Cast) -> None:
    it = appealed(cast)
    assert find_appeal(cast.teacher, it.pk)
    assert find_appeal(cast.principal, it.pk)
    assert find_appeal(cast.director, it.pk)
    assert find_appeal(cast.charlie, it.pk) is None
    assert appeals_visible_to(cast.sysadmin).count() == 0
    assert find_appeal(cast.teacher, 2**70) is None


def test_how_often_it_waits_does_not_cost_more_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    appealed(cast)
    with django_assert_max_num_queries(20) as one:
        waiting_appeals(Person.objects.get(pk=cast.director.pk))
    for _n in range(3):
        appealed(cast)
    with django_assert_max_num_queries(len(one)):
        assert len(waiting_appeals(Person.objects.get(pk=cast.director.pk))) == 4


def test_standing_rows_say_why(cast: Cast) -> None:
    it = overturn(appealed(cast, "suspend"), by=cast.director, reason="It falls.")
    row = AccountStanding.objects.get(account=it.decision.account, until=None)
    assert it.decision.ref in row.reason
