"""Two at once, with real threads: the last managers released or gone, and a hand-over to somebody who leaves that moment."""

from __future__ import annotations

import pytest

from rostrum.audit.models import Event
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.custody import departures, managing, roles
from rostrum.custody.departure_models import Departure, DepartureItem
from rostrum.custody.models import HandOver, Shortage
from rostrum.custody.queries import managers
from rostrum.keys.models import ResetCall
from rostrum.notices.models import Notice
from rostrum.people.models import Appointment, Person
from rostrum.registry.models import Account, Designation
from tests.cast import Cast, build_cast, official
from tests.workflow.test_races import together, won_and_lost

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast in a database that several threads share."""
    return build_cast()


def copy_of(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def designation(account: Account, person: Person) -> Designation:
    return Designation.objects.select_related("person").get(registration=account.registration_id, person=person)


def living(account: Account) -> list[str]:
    return sorted(one.person.name for one in managers(account))


def test_of_two_managers_released_at_once_one_stays(cast: Cast) -> None:
    account = official(cast)
    one, two = designation(account, cast.teacher), designation(account, cast.colleague)
    won, refused = won_and_lost(
        together(
            lambda: managing.release(one, by=copy_of(cast.principal)),
            lambda: managing.release(two, by=copy_of(cast.communications)),
        )
    )
    assert (won, [type(one) for one in refused]) == (1, [WrongState])
    assert len(living(account)) == 1
    assert Event.objects.filter(act="designation:release").count() == 1
    assert Shortage.objects.get().left == 1


def test_both_managers_release_themselves_at_once(cast: Cast) -> None:
    account = official(cast)
    one, two = designation(account, cast.teacher), designation(account, cast.colleague)
    won, _refused = won_and_lost(
        together(
            lambda: managing.release(one, by=copy_of(cast.teacher)),
            lambda: managing.release(two, by=copy_of(cast.colleague)),
        )
    )
    assert won == 1
    assert len(living(account)) == 1


def test_the_last_manager_is_noted_as_gone_by_two_people_at_once(cast: Cast) -> None:
    account = official(cast)
    departures.depart(cast.colleague, by=cast.sysadmin)
    before = Notice.objects.filter(kind="custody.few").count()
    won, refused = won_and_lost(
        together(
            lambda: departures.depart(copy_of(cast.teacher), by=copy_of(cast.sysadmin)),
            lambda: departures.depart(copy_of(cast.teacher), by=copy_of(cast.communications)),
        )
    )
    assert (won, [type(one) for one in refused]) == (1, [WrongState])
    assert living(account) == []
    assert Departure.objects.filter(person=cast.teacher).count() == 1
    assert DepartureItem.objects.filter(departure__person=cast.teacher).count() == 1
    assert Shortage.objects.get(resolved_at=None).left == 0
    assert Notice.objects.filter(kind="custody.few").count() - before == 3  # the principal, both of Communications
    assert Event.objects.filter(act="person:leave", subject_id=cast.teacher.pk).count() == 1


def test_both_managers_leave_at_once_and_the_account_is_one_shortage(cast: Cast) -> None:
    account = official(cast)
    together(
        lambda: departures.depart(copy_of(cast.teacher), by=copy_of(cast.sysadmin)),
        lambda: departures.depart(copy_of(cast.colleague), by=copy_of(cast.communications)),
    )
    assert living(account) == []
    assert Shortage.objects.get().left == 0
    assert Departure.objects.filter(state="open").count() == 2


@pytest.mark.parametrize("round_", range(3))
def test_a_hand_over_is_accepted_by_somebody_who_leaves_at_the_same_moment(cast: Cast, round_: int) -> None:
    """Either they took over and then left, and it is theirs to hand over; or it stays with whoever had it."""
    account = official(cast)
    asked = managing.hand_over(designation(account, cast.colleague), cast.superintendent, by=cast.colleague)
    taker = Designation.objects.select_related("person").get(pk=asked.taken_by_id)
    leaver = copy_of(cast.superintendent)
    results = together(
        lambda: managing.answer(taker, by=leaver, accept=True),
        lambda: departures.depart(copy_of(cast.superintendent), by=copy_of(cast.sysadmin)),
    )
    assert not isinstance(results[1], Refusal)
    assert designation(account, cast.superintendent).pk == taker.pk
    given = HandOver.objects.get(pk=asked.pk)
    if isinstance(results[0], Refusal):
        assert living(account) == ["Owen Clarke", "Sofia Nguyen"]
        assert given.state != "done"
    else:
        assert given.state == "done"
        assert living(account) == ["Sofia Nguyen"]
        assert Shortage.objects.filter(resolved_at=None, left=1).exists()
    item = DepartureItem.objects.get(departure__person=cast.superintendent)
    assert item.account == account
    assert ResetCall.objects.filter(account=account, trigger="leaver", state="open").exists()


def test_who_has_left_accepts_nothing_with_a_page_still_open(cast: Cast) -> None:
    account = official(cast)
    asked = managing.hand_over(designation(account, cast.colleague), cast.superintendent, by=cast.colleague)
    stale = copy_of(cast.superintendent)
    taker = Designation.objects.select_related("person").get(pk=asked.taken_by_id)
    departures.depart(copy_of(cast.superintendent), by=cast.sysadmin)
    with pytest.raises((NotAllowed, WrongState)):
        managing.answer(taker, by=stale, accept=True)
    assert living(account) == ["Owen Clarke", "Sofia Nguyen"]


@pytest.mark.parametrize("round_", range(3))
def test_somebody_is_asked_to_take_over_and_leaves_at_the_same_moment(cast: Cast, round_: int) -> None:
    account = official(cast)
    giver = designation(account, cast.colleague)
    results = together(
        lambda: managing.hand_over(giver, copy_of(cast.superintendent), by=copy_of(cast.colleague)),
        lambda: departures.depart(copy_of(cast.superintendent), by=copy_of(cast.sysadmin)),
    )
    assert not isinstance(results[1], Refusal)
    assert living(account) == ["Owen Clarke", "Sofia Nguyen"]
    if isinstance(results[0], Refusal):
        assert isinstance(results[0], Invalid)
        assert not HandOver.objects.exists()
    else:  # they were asked first: the departure names it, so that somebody else is asked
        assert DepartureItem.objects.get(departure__person=cast.superintendent).parts == ["named"]


def test_a_role_ended_twice_at_once_asks_for_one_reset(cast: Cast) -> None:
    account = official(cast)
    managing.name_manager(account, cast.principal, by=cast.principal)
    role = Appointment.objects.get(person=cast.principal)
    one, two = Appointment.objects.get(pk=role.pk), Appointment.objects.get(pk=role.pk)
    together(
        lambda: roles.end_appointment(one, by=copy_of(cast.sysadmin)),
        lambda: roles.end_appointment(two, by=copy_of(cast.sysadmin)),
    )
    assert ResetCall.objects.filter(trigger="role_change").count() == 1
    assert Event.objects.filter(act="resetcall:ask").count() == 1
