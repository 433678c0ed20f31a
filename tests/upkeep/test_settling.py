"""What managers said is not right is put right or left; a suspension that a rule proposes is decided by a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from rostrum.audit.models import Event
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.notices.models import Notice
from rostrum.registry import changing
from rostrum.registry.models import Account, Registration
from rostrum.registry.standing import change_standing
from rostrum.upkeep import certifying, nightly, settling
from rostrum.upkeep.models import Correction, SuspensionProposal
from rostrum.upkeep.states import CORRECTION_MOVES, PROPOSAL_MOVES
from tests.cast import Cast
from tests.upkeep.conftest import MAILBOX, all_right, as_person, asked, but, choose, on, proposed, task

pytestmark = pytest.mark.django_db


def made(cast: Cast) -> Correction:
    return settling.put_right(task(cast), by=cast.communications)


def kept(cast: Cast) -> Correction:
    return settling.leave_as_it_is(task(cast), by=cast.communications, reason="It is right.")


def over(cast: Cast) -> Correction:
    it = task(cast)
    change_standing(it.account, "close", by=cast.communications, reason="Over.")
    nightly.follow()
    it.refresh_from_db()
    return it


CORRECTIONS: dict[str, Callable[[Cast], Correction]] = {"open": task, "made": made, "kept": kept, "over": over}


def move_correction(it: Correction, name: str, cast: Cast) -> None:
    if name in settling.SETTLING:
        settling.SETTLING[name](it, by=cast.communications, reason="Looked at it.")
    elif name == "drop":
        Account.objects.filter(pk=it.account_id).update(state="retired")
        it.account.refresh_from_db()
        if not settling.follow(it):
            raise WrongState("Nothing to follow.")
    else:
        raise WrongState("Only a decided change is followed; see test_certifying.")


@pytest.mark.parametrize("move", [m for m in CORRECTION_MOVES if m.name not in {"follow", "give_up"}], ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(CORRECTIONS))
def test_every_state_and_move_of_a_correction(cast: Cast, state: str, move: Any) -> None:
    it = CORRECTIONS[state](cast)
    assert it.state == state
    events = Event.objects.count()
    if state in move.sources:
        move_correction(it, move.name, cast)
        assert Correction.objects.get(pk=it.pk).state == move.target
        assert Event.objects.filter(seq__gt=events, act=f"correction:{move.name}").count() == 1
    else:
        with pytest.raises(Refusal):
            move_correction(it, move.name, cast)
        assert Correction.objects.get(pk=it.pk).state == state
        assert Event.objects.count() == events


def test_1_6_a_mailbox_is_put_right_in_the_register_and_the_account_is_certified(cast: Cast) -> None:
    it = task(cast)
    account = it.account
    settling.put_right(it, by=cast.communications, reason="Asked the office.")
    account.refresh_from_db()
    assert account.mailbox == MAILBOX
    it.certification.refresh_from_db()
    assert it.certification.state == "certified"
    told = Notice.objects.get(kind="certify.settled")
    assert (told.person, told.context["comment"]) == (cast.teacher, "Asked the office.")


def test_3_4_where_the_password_is_kept_is_a_place_and_never_a_secret(cast: Cast) -> None:
    it = certifying.answer(asked(cast), but(custody="Office vault, entry 22"), by=cast.teacher)
    settling.put_right(it.corrections.get(), by=cast.communications)
    assert Registration.objects.get(account=it.account).custody == "Office vault, entry 22"


def test_a_name_without_a_change_is_put_right_only_when_the_register_says_so(cast: Cast) -> None:
    it = asked(cast)
    other = changing.propose(it.account, by=cast.colleague, name="Rendell Park Class 4", unit=it.account.unit,
                             address=it.account.address, reason="Shorter.")  # fmt: skip
    certifying.answer(it, but(name="Rendell Park School Grade 4 and 5"), by=cast.teacher)
    correction = it.corrections.get()
    with pytest.raises(WrongState, match="does not say so yet"):
        settling.put_right(correction, by=cast.communications)
    correction.refresh_from_db()
    assert correction.state == "open"
    changing.withdraw(other, by=cast.colleague)
    new = changing.propose(it.account, by=cast.teacher, name="Rendell Park School Grade 4 and 5", unit=it.account.unit,
                           address=it.account.address, reason="The class grew.")  # fmt: skip
    changing.approve(changing.agree(new, by=cast.principal), by=cast.communications)
    assert settling.put_right(correction, by=cast.communications).state == "made"


def test_what_is_decided_with_a_change_is_not_decided_twice(cast: Cast) -> None:
    it = certifying.answer(asked(cast), but(name="Rendell Park School Grade 4 and 5"), by=cast.teacher)
    with pytest.raises(WrongState, match="decided with the proposed change"):
        settling.put_right(it.corrections.get(), by=cast.communications)


@pytest.mark.parametrize("who", ["teacher", "colleague", "principal", "director", "auditor", "sysadmin", "charlie"])
def test_only_communications_settles_and_decides(cast: Cast, who: str) -> None:
    by = as_person(cast, who)
    it, suspension = task(cast), proposed(cast)
    for act in (
        lambda: settling.put_right(it, by=by), lambda: settling.leave_as_it_is(it, by=by, reason="No."),
        lambda: settling.suspend(suspension, by=by, reason="No."),
        lambda: settling.leave_official(suspension, by=by, reason="No."),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()


def test_whoever_looked_at_an_older_page_is_too_late(cast: Cast) -> None:
    it = task(cast)
    stale = Correction.objects.get(pk=it.pk)
    settling.leave_as_it_is(it, by=cast.communications, reason="Right as it is.", seen=1)
    with pytest.raises(Overtaken):
        settling.put_right(stale, by=cast.communications2, seen=1)
    suspension = proposed(cast)
    older = SuspensionProposal.objects.get(pk=suspension.pk)
    settling.leave_official(suspension, by=cast.communications, reason="She is ill.", seen=1)
    with pytest.raises(Overtaken):
        settling.suspend(older, by=cast.communications2, reason="Late.", seen=1)


def suspended(cast: Cast) -> SuspensionProposal:
    return settling.suspend(proposed(cast), by=cast.communications, reason="Nobody answers.")


def left(cast: Cast) -> SuspensionProposal:
    return settling.leave_official(proposed(cast), by=cast.communications, reason="She is ill.")


def moot(cast: Cast) -> SuspensionProposal:
    it = proposed(cast)
    certifying.answer(it.certification, all_right(), by=cast.teacher)
    it.refresh_from_db()
    return it


PROPOSALS: dict[str, Callable[[Cast], SuspensionProposal]] = {
    "open": proposed, "suspended": suspended, "left": left, "over": moot,
}  # fmt: skip


@pytest.mark.parametrize("move", PROPOSAL_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(PROPOSALS))
def test_every_state_and_move_of_a_proposed_suspension(cast: Cast, state: str, move: Any) -> None:
    it = PROPOSALS[state](cast)
    assert it.state == state

    def act() -> None:
        if move.name in settling.DECIDING:
            settling.DECIDING[move.name](it, by=cast.communications, reason="Looked at it.")
        elif not certifying.end_proposals(it.account):
            raise WrongState("Nothing is open.")

    events = Event.objects.count()
    if state in move.sources:
        act()
        assert SuspensionProposal.objects.get(pk=it.pk).state == move.target
        assert Event.objects.filter(seq__gt=events, act=f"suspensionproposal:{move.name}").count() == 1
    else:
        with pytest.raises(Refusal):
            act()
        assert SuspensionProposal.objects.get(pk=it.pk).state == state


def test_1_5_a_rule_proposes_to_a_named_person_and_never_suspends(cast: Cast) -> None:
    it = proposed(cast)
    it.account.refresh_from_db()
    assert it.account.state == "recognised", "a rule never acts"
    assert it.proposed_to in {cast.communications, cast.communications2}
    told = Notice.objects.get(kind="certify.suspension_proposed")
    assert told.person == it.proposed_to
    settling.suspend(it, by=cast.communications2, reason="Nobody answers since May.")
    it.account.refresh_from_db()
    assert it.account.state == "suspended"
    assert it.account.standings.get(until=None).reason == "Nobody answers since May."
    assert certifying.answer(it.certification, all_right(), by=cast.teacher).state == "certified"


def test_a_suspension_decided_otherwise_meanwhile_makes_the_proposal_moot(cast: Cast) -> None:
    it = proposed(cast)
    change_standing(it.account, "suspend", by=cast.communications2, reason="Something else.")
    with pytest.raises(WrongState):
        settling.suspend(it, by=cast.communications, reason="Late.")
    nightly.follow()
    it.refresh_from_db()
    assert it.state == "over"


@pytest.mark.parametrize(
    ("consequence", "upward", "proposals"),
    [("none", 0, 0), (None, 0, 0), ("mark", 0, 0), ("upward", 1, 0), ("suspend", 1, 1)],
)
def test_the_consequence_is_the_divisions_and_nothing_more(
    cast: Cast, consequence: str | None, upward: int, proposals: int
) -> None:
    choose("certification_answer_days", 5)
    choose("certification_consequence", consequence)
    it = asked(cast)
    for days in (5, 6, 7, 15, 16, 40):
        with on(timezone.localdate() + timedelta(days=days)):
            nightly.tell_upward()
            nightly.propose_suspensions()
            if days == 15:
                assert not SuspensionProposal.objects.exists(), "not before the grace is over"
    late = Notice.objects.filter(kind="certify.late")
    assert list(late.values_list("person__name", flat=True)) == ["Ana Petrova"] * upward
    assert SuspensionProposal.objects.filter(certification=it).count() == proposals


def test_a_reason_is_needed_to_say_no_and_to_suspend(cast: Cast) -> None:
    it, suspension = task(cast), proposed(cast)
    for act in (
        lambda: settling.leave_as_it_is(it, by=cast.communications, reason=" "),
        lambda: settling.suspend(suspension, by=cast.communications, reason=""),
        lambda: settling.leave_official(suspension, by=cast.communications, reason=""),
    ):
        with pytest.raises(Invalid):
            act()
