"""Certification (AP 193 1.6, 1.7, 3.4): every state and move, who may, what becomes of what is not right, who is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.notices.models import Notice
from rostrum.people.actions import note_departure
from rostrum.registry import changing
from rostrum.registry.change_models import AccountChange
from rostrum.registry.models import Account, Designation
from rostrum.registry.standing import change_standing
from rostrum.upkeep import certifying, nightly
from rostrum.upkeep.certifying import WRONG, Said
from rostrum.upkeep.facts import rows_of
from rostrum.upkeep.models import Certification, Correction
from rostrum.upkeep.states import CERTIFICATION_MOVES
from tests.cast import Cast, official
from tests.upkeep.conftest import CERTIFICATIONS, MAILBOX, all_right, as_person, asked, but, certified, choose, on

pytestmark = pytest.mark.django_db


def make(it: Certification, name: str, cast: Cast) -> None:
    """One move, by whoever may make it."""
    if name == "certify":
        certifying.answer(it, all_right(), by=cast.teacher)
    elif name == "correct":
        certifying.answer(it, but(mailbox=MAILBOX), by=cast.teacher)
    elif name == "settle":
        Correction.objects.filter(certification=it).update(state="made")
        if not certifying.settle_when_done(it, by=cast.communications):
            raise WrongState("Nothing to settle.")
    elif name == "miss":
        raise WrongState("Only a new window misses the one before.")
    else:
        Account.objects.filter(pk=it.account_id).update(state="retired")
        it.account.refresh_from_db()
        certifying.drop(it)


@pytest.mark.parametrize("move", [m for m in CERTIFICATION_MOVES if m.name != "miss"], ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(CERTIFICATIONS))
def test_every_state_and_move(cast: Cast, state: str, move: Any) -> None:
    it = CERTIFICATIONS[state](cast)
    assert it.state == state
    events = Event.objects.count()
    if state in move.sources:
        make(it, move.name, cast)
        assert Certification.objects.get(pk=it.pk).state == move.target
        assert Event.objects.filter(seq__gt=events, act=f"certification:{move.name}").count() == 1
    else:
        with pytest.raises(Refusal):
            make(it, move.name, cast)
        assert Certification.objects.get(pk=it.pk).state == state
        assert not Event.objects.filter(seq__gt=events, act=f"certification:{move.name}").exists()


def test_1_7_a_manager_certifies_that_the_account_is_still_ours_and_right(cast: Cast) -> None:
    it = asked(cast)
    told = Notice.objects.filter(kind="certify.asked")
    assert set(told.values_list("person", flat=True)) == {cast.teacher.pk, cast.colleague.pk}
    certifying.answer(it, all_right(), by=cast.colleague, note="Looked at it on my phone.", seen=it.version)
    assert (it.state, it.answered_by, it.note) == ("certified", cast.colleague, "Looked at it on my phone.")
    shown = {row["fact"]: row for row in it.answers}
    assert shown["name"]["register"] == shown["name"]["approved"] == it.account.name
    assert shown["managers"]["register"] == "Sofia Nguyen, Owen Clarke"


@pytest.mark.parametrize("who", ["principal", "communications", "director", "privacy", "auditor", "sysadmin", "charlie"])
def test_nobody_but_a_manager_certifies(cast: Cast, who: str) -> None:
    it = asked(cast)
    with pytest.raises(NotAllowed, match="waiting for Sofia Nguyen, Owen Clarke"):
        certifying.answer(it, all_right(), by=as_person(cast, who))
    assert it.state == "open"


def test_whoever_is_no_manager_any_more_is_told_so_and_by_whom_it_waits(cast: Cast) -> None:
    it = asked(cast)
    Designation.objects.filter(person=cast.teacher).update(released_at=timezone.now())
    with pytest.raises(NotAllowed, match="waiting for Owen Clarke"):
        certifying.answer(it, all_right(), by=cast.teacher)


def test_where_nobody_looks_after_it_whoever_leads_the_school_answers(cast: Cast) -> None:
    it = asked(cast)
    for person in (cast.teacher, cast.colleague):
        note_departure(person, by=None)
    with pytest.raises(NotAllowed):
        certifying.answer(it, all_right(), by=cast.superintendent)
    assert certifying.answer(it, all_right(), by=cast.principal).state == "certified"


def test_two_at_once_one_certifies_and_the_other_is_told(cast: Cast) -> None:
    it = asked(cast)
    stale = Certification.objects.get(pk=it.pk)
    certifying.answer(it, all_right(), by=cast.teacher, seen=1)
    with pytest.raises(Overtaken):
        certifying.answer(stale, all_right(), by=cast.colleague, seen=1)
    fresh = Certification.objects.get(pk=it.pk)
    with pytest.raises(WrongState):
        certifying.answer(fresh, all_right(), by=cast.colleague)


def test_an_account_that_was_retired_meanwhile_cannot_be_certified(cast: Cast) -> None:
    it = asked(cast)
    change_standing(Account.objects.get(pk=it.account_id), "close", by=cast.communications, reason="Over.")
    with pytest.raises(WrongState, match="retired meanwhile"):
        certifying.answer(it, all_right(), by=cast.teacher)
    nightly.follow()
    it.refresh_from_db()
    assert it.state == "over"


def test_1_3_what_is_wrong_with_name_or_address_becomes_a_proposed_change(cast: Cast) -> None:
    it = asked(cast)
    certifying.answer(it, but(name="Rendell Park School Grade 4 and 5"), by=cast.teacher, note="The class grew.")
    change = AccountChange.objects.get()
    assert (change.account, change.state, change.name) == (it.account, "proposed", "Rendell Park School Grade 4 and 5")
    assert change.address == it.account.address
    assert it.state == "correcting"
    changing.approve(changing.agree(change, by=cast.principal), by=cast.communications)
    assert nightly.follow() == 1
    it.refresh_from_db()
    assert (it.state, it.corrections.get().state) == ("certified", "made")


def test_a_declined_change_leaves_the_register_and_settles_the_certification(cast: Cast) -> None:
    it = certifying.answer(asked(cast), but(name="Rendell Park School Grade 4 and 5"), by=cast.teacher)
    changing.decline(AccountChange.objects.get(), by=cast.principal, reason="The old name is known.")
    nightly.follow()
    it.refresh_from_db()
    assert (it.state, it.corrections.get().state) == ("certified", "kept")


def test_whom_it_speaks_for_is_chosen_and_proposed(cast: Cast) -> None:
    it = asked(cast)
    said = {**all_right(), "unit": Said(WRONG, "", cast.other_school), "name": Said(WRONG, "Winston Churchill School News")}
    certifying.answer(it, said, by=cast.teacher)
    change = AccountChange.objects.get()
    assert (change.unit, change.name) == (cast.other_school, "Winston Churchill School News")
    assert it.corrections.filter(change=change).count() == 2


def test_while_a_change_is_on_its_way_what_is_wrong_becomes_a_task(cast: Cast) -> None:
    it = asked(cast)
    changing.propose(
        it.account, by=cast.colleague, name="Rendell Park Class 4", address=it.account.address, unit=it.account.unit,
        reason="Shorter.",
    )  # fmt: skip
    certifying.answer(it, but(name="Rendell Park School Grade 4 and 5"), by=cast.teacher)
    assert AccountChange.objects.count() == 1
    assert it.corrections.get().change is None
    assert Notice.objects.filter(kind="certify.to_correct", person=cast.communications).count() == 1


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, {"name", "address", "unit", "purpose", "mailbox", "managers", "custody"}),
        ({"name": Said("maybe")}, {"name"}),
        ({"purpose": Said(WRONG, " ")}, {"should_purpose"}),
        ({"mailbox": Said(WRONG, "rendell.class4@gmail.com")}, {"should_mailbox"}),
        ({"custody": Said(WRONG, "password: kitten77")}, {"should_custody"}),
        ({"managers": Said(WRONG, "the password is kitten77")}, {"should_managers"}),
        ({"unit": Said(WRONG, "somewhere")}, {"should_unit"}),
        ({"address": Said(WRONG, "no address at all")}, {"should_address"}),
        ({"name": Said(WRONG, "a\u202eb")}, {"should_name"}),
    ],
)
def test_answers_that_cannot_be_used_say_so_beside_their_field(cast: Cast, said: dict[str, Said], fields: set[str]) -> None:
    it = asked(cast)
    answers = {} if not said else {**all_right(), **said}
    with pytest.raises(Invalid) as refused:
        certifying.answer(it, answers, by=cast.teacher)
    assert set(refused.value.fields) == fields
    it.refresh_from_db()
    assert (it.state, it.version, it.corrections.count()) == ("open", 1, 0)


def test_many_are_certified_at_once_and_what_changed_meanwhile_stops_none_of_them(cast: Cast) -> None:
    items = [asked(cast) for _n in range(4)]
    certifying.answer(Certification.objects.get(pk=items[1].pk), all_right(), by=cast.colleague)
    change_standing(items[2].account, "close", by=cast.communications, reason="Over.")
    done = certifying.certify_many([(it, it.version) for it in items], by=cast.teacher)
    assert done.certified == [items[0], items[3]]
    assert [it for it, _why in done.refused] == items[1:3]
    assert all(why for _it, why in done.refused)


@pytest.mark.parametrize("who", ["teacher", "principal", "director", "sysadmin", "charlie"])
def test_only_communications_asks_by_hand(cast: Cast, account: Account, who: str) -> None:
    with pytest.raises(NotAllowed):
        certifying.ask(account, by=as_person(cast, who), reason="Why not.")


def test_one_certification_at_a_time_and_none_of_a_retired_account(cast: Cast) -> None:
    it = asked(cast)
    with pytest.raises(WrongState, match="asked already"):
        asked(cast, it.account)
    certifying.answer(it, all_right(), by=cast.teacher)
    assert asked(cast, it.account).state == "open"
    gone = official(cast)
    change_standing(gone, "close", by=cast.communications, reason="Over.")
    with pytest.raises(WrongState):
        asked(cast, gone)


def test_asking_by_hand_needs_a_reason_and_a_day_that_is_to_come(cast: Cast, account: Account) -> None:
    with pytest.raises(Invalid):
        certifying.ask(account, by=cast.communications, reason=" ")
    with pytest.raises(Invalid):
        certifying.ask(
            account, by=cast.communications, reason="Now.", due_on=timezone.localdate() - timedelta(days=1)
        )


def test_without_a_number_nobody_is_late(cast: Cast) -> None:
    assert asked(cast).due_on is None
    choose("certification_answer_days", 5)
    assert asked(cast).due_on == timezone.localdate() + timedelta(days=5)


def test_facts_show_what_was_approved_beside_the_register(cast: Cast, account: Account) -> None:
    changing.approve(
        changing.agree(
            changing.propose(account, by=cast.teacher, name="Rendell Park School Grade 4 News", unit=account.unit,
                             address=account.address, reason="New."), by=cast.principal),
        by=cast.communications,
    )  # fmt: skip
    account.refresh_from_db()
    rows = {row.fact: row for row in rows_of(account)}
    assert rows["name"].differs
    assert rows["name"].register == "Rendell Park School Grade 4 News"
    assert not rows["address"].differs
    assert rows["custody"].register == "Office vault, entry 14"


def test_a_missed_one_keeps_its_story(cast: Cast) -> None:
    it = CERTIFICATIONS["missed"](cast)
    assert Event.objects.filter(act="certification:miss", subject_id=it.pk).count() == 1
    new = Certification.objects.get(account=it.account, state="open")
    assert new.pk != it.pk
    with pytest.raises(WrongState):
        certifying.answer(it, all_right(), by=cast.teacher)
    assert certified(cast).state == "certified"
    with on(timezone.localdate()):
        assert new.origin == "rhythm"
