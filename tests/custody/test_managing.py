"""Content managers over time (AP 193 1.7, 3.4): named, accepted, released, first and second, handed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from rostrum.audit.models import Event
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.custody import departures, managing
from rostrum.custody.models import HandOver, Shortage
from rostrum.custody.queries import hands_of, managers, managers_wanted, short_of_managers, with_hands
from rostrum.custody.states import HAND_OVER_MOVES
from rostrum.custody.touches import touches_of
from rostrum.guidance.actions import acknowledge
from rostrum.people.models import Person
from rostrum.policies.actions import set_setting
from rostrum.policies.queries import in_force
from rostrum.registry import registering
from rostrum.registry.models import Account, Designation
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official, sent_registration
from tests.custody.holding import third_manager, told

pytestmark = pytest.mark.django_db


def of(account: Account, person: Person) -> Designation:
    """The newest designation of a person on an account."""
    return Designation.objects.filter(registration=account.registration, person=person).latest("pk")


def names(account: Account) -> list[tuple[str, str]]:
    return [(one.person.name, one.kind) for one in managers(account)]


def test_a_named_person_counts_once_they_accept(cast: Cast) -> None:
    account = official(cast)
    made = managing.name_manager(account, cast.superintendent, by=cast.principal, reason="Ruth knows the families.")
    assert len(managers(account)) == 2
    assert told("custody.named") == {cast.superintendent}
    managing.answer(made, by=cast.superintendent, accept=True)
    assert names(account)[-1] == ("Ruth Okafor", "second")
    assert told("custody.answered") >= {cast.principal, cast.teacher}


def test_whoever_declines_says_why_and_does_not_count(cast: Cast) -> None:
    account = official(cast)
    made = managing.name_manager(account, cast.superintendent, by=cast.principal)
    with pytest.raises(Invalid):
        managing.answer(made, by=cast.superintendent, accept=False)
    managing.answer(made, by=cast.superintendent, accept=False, reason="I have six already.")
    made.refresh_from_db()
    assert (made.reason, len(managers(account))) == ("I have six already.", 2)
    with pytest.raises(WrongState):
        managing.answer(made, by=cast.superintendent, accept=True)


def test_whoever_names_themself_has_accepted(cast: Cast) -> None:
    account = official(cast)
    assert managing.name_manager(account, cast.principal, by=cast.principal).accepted_at is not None


@pytest.mark.parametrize("who", ["charlie", "privacy", "director", "auditor", "sysadmin"])
def test_who_may_not_name_or_release(cast: Cast, who: str) -> None:
    account, by = official(cast), getattr(cast, who)
    with pytest.raises(NotAllowed):
        managing.name_manager(account, cast.principal, by=by)
    with pytest.raises(NotAllowed):
        managing.release(of(account, cast.colleague), by=by)
    with pytest.raises(NotAllowed):
        managing.make_first(of(account, cast.colleague), by=by)
    with pytest.raises(NotAllowed):
        managing.hand_over(of(account, cast.colleague), cast.principal, by=by)


def test_a_manager_releases_nobody_but_themself(cast: Cast) -> None:
    account = official(cast)
    with pytest.raises(NotAllowed):
        managing.release(of(account, cast.colleague), by=cast.teacher)
    managing.release(of(account, cast.teacher), by=cast.teacher)
    assert names(account) == [("Owen Clarke", "primary")], "the other one is the first now"
    assert Shortage.objects.get().left == 1


def test_3_4_the_last_manager_cannot_be_released(cast: Cast) -> None:
    account = official(cast)
    managing.release(of(account, cast.colleague), by=cast.principal)
    for who in (cast.principal, cast.communications, cast.teacher):
        with pytest.raises(WrongState) as refused:
            managing.release(of(account, cast.teacher), by=who)
        assert "only content manager" in refused.value.message
    assert len(managers(account)) == 1


def test_where_two_are_the_minimum_the_second_last_stays(cast: Cast) -> None:
    account = official(cast)
    set_setting("managers_min", 2, by_name="Board", reason="Two on every account.")
    with pytest.raises(WrongState) as refused:
        managing.release(of(account, cast.colleague), by=cast.principal)
    assert "At least 2" in refused.value.message


def test_where_exactly_one_is_legal_one_is_enough_and_a_hand_over_keeps_it_one(cast: Cast) -> None:
    account = official(cast)
    set_setting("managers_max", 1, by_name="Board", reason="One person, one account.")
    assert managers_wanted() == 1
    managing.release(of(account, cast.colleague), by=cast.principal)
    assert not Shortage.objects.exists()
    with pytest.raises(Invalid) as refused:
        managing.name_manager(account, cast.superintendent, by=cast.principal)
    assert "at most 1" in refused.value.message
    handed = managing.hand_over(of(account, cast.teacher), cast.superintendent, by=cast.teacher)
    managing.answer(handed.taken_by, by=cast.superintendent, accept=True)
    assert names(account) == [("Ruth Okafor", "primary")]


def test_where_nothing_is_set_two_are_wanted_by_the_reading_of_1_7(cast: Cast) -> None:
    account = official(cast)
    assert managers_wanted() == 2
    managing.release(of(account, cast.colleague), by=cast.principal)
    assert list(short_of_managers(Account.objects.all())) == [account]
    third_manager(cast, account)
    assert list(short_of_managers(Account.objects.all())) == []
    assert Shortage.objects.get().resolved_at is not None


def test_an_account_that_never_had_more_has_not_fallen(cast: Cast) -> None:
    account = official(cast)
    Designation.objects.filter(pk=of(account, cast.colleague).pk).delete()
    third_manager(cast, account)
    assert not Shortage.objects.exists()


@pytest.mark.parametrize("who", ["gone", "leaves"])
def test_nobody_who_left_or_leaves_is_named_or_takes_over(cast: Cast, who: str) -> None:
    account, person = official(cast), cast.superintendent
    if who == "gone":
        departures.depart(person, by=cast.sysadmin)
    else:
        departures.plan(person, by=cast.communications, on=clock.today() + timedelta(days=9))
    for act in (
        lambda: managing.name_manager(account, person, by=cast.teacher),
        lambda: managing.hand_over(of(account, cast.teacher), person, by=cast.teacher),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert list(refused.value.fields) == ["person"]


def test_somebody_who_leaves_before_they_answer_cannot_accept(cast: Cast) -> None:
    account = official(cast)
    handed = managing.hand_over(of(account, cast.teacher), cast.superintendent, by=cast.teacher)
    departures.depart(cast.superintendent, by=cast.sysadmin)
    with pytest.raises(NotAllowed):
        managing.answer(handed.taken_by, by=Person.objects.get(pk=cast.superintendent.pk), accept=True)
    managing.withdraw_hand_over(handed, by=cast.teacher)
    assert len(managers(account)) == 2


def test_named_twice_is_said(cast: Cast) -> None:
    account = official(cast)
    with pytest.raises(Invalid) as refused:
        managing.name_manager(account, cast.colleague, by=cast.principal)
    assert "named already" in refused.value.message


def test_a_retired_account_keeps_who_it_had(cast: Cast) -> None:
    account = official(cast)
    waiting = managing.name_manager(account, cast.superintendent, by=cast.principal)
    account.refresh_from_db()
    change_standing(account, "close", by=cast.communications, reason="The class is over.")
    for act in (
        lambda: managing.name_manager(account, cast.principal, by=cast.principal),
        lambda: managing.release(of(account, cast.colleague), by=cast.principal),
        lambda: managing.answer(waiting, by=cast.superintendent, accept=True),
        lambda: managing.make_first(of(account, cast.colleague), by=cast.principal),
    ):
        with pytest.raises(WrongState):
            act()


def test_the_first_and_the_second_change_places(cast: Cast) -> None:
    account = official(cast)
    managing.make_first(of(account, cast.colleague), by=cast.teacher)
    assert names(account) == [("Owen Clarke", "primary"), ("Sofia Nguyen", "second")]
    with pytest.raises(WrongState):
        managing.make_first(of(account, cast.colleague), by=cast.teacher)


def test_a_hand_over_is_done_when_the_other_accepts(cast: Cast) -> None:
    account = official(cast)
    handed = managing.hand_over(of(account, cast.teacher), cast.superintendent, by=cast.teacher, reason="New school.")
    assert told("custody.take_over") == {cast.superintendent}
    assert names(account)[0] == ("Sofia Nguyen", "primary"), "nothing changes before the answer"
    managing.answer(handed.taken_by, by=cast.superintendent, accept=True)
    handed.refresh_from_db()
    assert handed.state == "done"
    assert names(account) == [("Ruth Okafor", "primary"), ("Owen Clarke", "second")]
    assert not Shortage.objects.exists()
    assert "access" in touches_of([cast.teacher.pk])[cast.teacher.pk][0].parts, "access is another matter"
    assert told("custody.handed_over") >= {cast.teacher, cast.principal}


def test_the_place_of_somebody_who_left_is_handed_over_by_whoever_leads(cast: Cast) -> None:
    account = official(cast)
    departures.depart(cast.teacher, by=cast.sysadmin)
    handed = managing.hand_over(of(account, cast.teacher), cast.principal, by=cast.principal)
    assert handed.state == "done", "whoever takes it over themself has accepted"
    assert names(account) == [("Ana Petrova", "primary"), ("Owen Clarke", "second")]


def test_a_manager_hands_over_their_own_part_only(cast: Cast) -> None:
    account = official(cast)
    with pytest.raises(NotAllowed):
        managing.hand_over(of(account, cast.colleague), cast.superintendent, by=cast.teacher)
    with pytest.raises(Invalid):
        managing.hand_over(of(account, cast.teacher), cast.teacher, by=cast.teacher)
    managing.hand_over(of(account, cast.teacher), cast.superintendent, by=cast.teacher)
    with pytest.raises(WrongState):
        managing.hand_over(of(account, cast.teacher), cast.principal, by=cast.teacher)
    with pytest.raises(WrongState):
        managing.release(of(account, cast.teacher), by=cast.principal)


def test_two_who_release_at_once_leave_one(cast: Cast) -> None:
    """Both read two managers; the second is told that theirs would be the last."""
    account = official(cast)
    mine, other = of(account, cast.teacher), of(account, cast.colleague)
    managing.release(other, by=cast.colleague)
    with pytest.raises(WrongState):
        managing.release(mine, by=cast.teacher)
    assert len(managers(account)) == 1


def test_withdrawn_and_answered_at_once(cast: Cast) -> None:
    account = official(cast)
    handed = managing.hand_over(of(account, cast.teacher), cast.superintendent, by=cast.teacher)
    stale = HandOver.objects.get(pk=handed.pk)
    managing.answer(handed.taken_by, by=cast.superintendent, accept=True)
    with pytest.raises((Overtaken, WrongState)):
        managing.withdraw_hand_over(stale, by=cast.principal, seen=1)


# --- the reading of the procedure (1.8) -----------------------------------------------------------------------------


def gate() -> None:
    set_setting("manager_reading", "required", by_name="Board", reason="Everybody reads it.")


def test_1_8_nobody_is_held_up_while_the_division_has_not_set_it(cast: Cast) -> None:
    made = managing.name_manager(official(cast), cast.superintendent, by=cast.principal)
    assert managing.answer(made, by=cast.superintendent, accept=True).accepted_at is not None


def test_1_8_where_it_is_set_a_manager_reads_the_edition_first(cast: Cast) -> None:
    account = official(cast)
    gate()
    made = managing.name_manager(account, cast.superintendent, by=cast.principal)
    with pytest.raises(WrongState) as refused:
        managing.answer(made, by=cast.superintendent, accept=True)
    assert "read the procedure" in refused.value.message
    with pytest.raises(WrongState):
        managing.name_manager(account, cast.principal, by=cast.principal)
    acknowledge(in_force(), by=cast.superintendent)
    assert managing.answer(made, by=cast.superintendent, accept=True).accepted_at is not None
    assert len(managers(account)) == 3, "those who were managers before stay managers"


def test_1_8_a_registration_waits_for_the_reading_too(cast: Cast) -> None:
    gate()
    registration = sent_registration(cast)
    mine = registration.designations.get(person=cast.teacher)
    assert mine.accepted_at is None, "sending the form is no acceptance before the reading"
    with pytest.raises(WrongState):
        registering.answer_designation(mine, by=cast.teacher, accept=True)
    acknowledge(in_force(), by=cast.teacher)
    assert registering.answer_designation(mine, by=cast.teacher, accept=True).accepted_at is not None


def test_declining_needs_no_reading(cast: Cast) -> None:
    made = managing.name_manager(official(cast), cast.superintendent, by=cast.principal)
    gate()
    managing.answer(made, by=cast.superintendent, accept=False, reason="No time.")


# --- every state and every move ---------------------------------------------------------------------------------------


def asked(cast: Cast) -> HandOver:
    return managing.hand_over(of(official(cast), cast.teacher), cast.superintendent, by=cast.teacher)


def _answered(cast: Cast, accept: bool) -> HandOver:
    it = asked(cast)
    managing.answer(it.taken_by, by=cast.superintendent, accept=accept, reason="Said.")
    it.refresh_from_db()
    return it


REACHED: dict[str, Callable[[Cast], HandOver]] = {
    "asked": asked,
    "done": lambda c: _answered(c, True),
    "declined": lambda c: _answered(c, False),
    "withdrawn": lambda c: managing.withdraw_hand_over(asked(c), by=c.teacher),
}


@pytest.mark.parametrize("move", HAND_OVER_MOVES, ids=lambda m: m.name)
@pytest.mark.parametrize("state", sorted(REACHED))
def test_every_state_and_move(cast: Cast, state: str, move: Any) -> None:
    it = REACHED[state](cast)
    assert it.state == state
    events = Event.objects.filter(act=f"handover:{move.name}").count()

    def make() -> None:
        if move.name == "withdraw":
            managing.withdraw_hand_over(it, by=cast.communications)
        else:
            taker = Designation.objects.get(pk=it.taken_by_id)
            managing.answer(taker, by=cast.superintendent, accept=move.name == "accept", reason="Looked at it.")

    if state in move.sources:
        make()
        assert HandOver.objects.get(pk=it.pk).state == move.target
        assert Event.objects.filter(act=f"handover:{move.name}").count() == events + 1
    else:
        with pytest.raises(Refusal):
            make()
        assert HandOver.objects.get(pk=it.pk).state == state


# --- counting ----------------------------------------------------------------------------------------------------------


def test_hands_are_counted_alike_one_by_one_and_in_a_list(cast: Cast) -> None:
    accounts = [official(cast), official(cast), official(cast)]
    managing.release(of(accounts[1], cast.colleague), by=cast.principal)
    departures.depart_many([cast.teacher], by=cast.sysadmin)
    listed = {one.pk: (one.living, one.inside) for one in with_hands(Account.objects.all())}
    counted = {pk: (one.managers, one.get_in) for pk, one in hands_of(accounts).items()}
    assert listed == counted == {accounts[0].pk: (1, 1), accounts[1].pk: (0, 1), accounts[2].pk: (1, 1)}


def test_counting_costs_the_same_however_many(cast: Cast, django_assert_max_num_queries: Any) -> None:
    accounts = [official(cast) for _n in range(3)]
    with django_assert_max_num_queries(2):
        hands_of(accounts)
    with django_assert_max_num_queries(7):
        touches_of([cast.teacher.pk, cast.colleague.pk])
