"""Whose turn it is: the nearest holder, a stand-in, else upward; never one's own request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rostrum.core import clock
from rostrum.people.actions import (
    add_unit,
    appoint,
    cancel_stand_in,
    end_appointment,
    name_stand_in,
    note_departure,
)
from rostrum.people.models import Person, StandIn
from rostrum.people.queries import Roster, Turn, in_turn
from tests.cast import Cast

STEPS = (frozenset({"administrator", "supervisor"}), frozenset({"director"}))


def turn(cast: Cast, *apart: Person) -> Turn:
    """Whose turn it is for the classroom."""
    return in_turn(cast.classroom, STEPS, apart={person.pk for person in apart})


def away(cast: Cast, person: Person | None, first: int = 0, last: int = 0) -> StandIn:
    """The principal is away from a day to a day, counted from today."""
    today = clock.today()
    return name_stand_in(
        cast.principal.appointments.get(role="administrator"),
        person=person,
        starts_on=today + timedelta(days=first),
        ends_on=today + timedelta(days=last),
        reason="leave",
        by=None,
    )


def codes(found: Turn) -> list[str]:
    """The detours, in their order."""
    return [code for code, _first, _second in found.detours]


def test_ap193_3_1_the_nearest_principal_is_in_turn_for_a_classroom(cast: Cast) -> None:
    found = turn(cast)
    assert found.people == (cast.principal,)
    assert (found.unit, found.role, found.detours) == (cast.school, "administrator", ())


def test_another_schools_principal_is_never_in_turn(cast: Cast) -> None:
    found = in_turn(cast.other_school, STEPS)
    assert found.people == (cast.charlie,)


def test_ap193_3_1_a_principals_own_request_goes_to_the_supervisor_above_and_says_so(cast: Cast) -> None:
    found = turn(cast, cast.principal)
    assert found.people == (cast.superintendent,)
    assert found.unit == cast.division
    assert found.detours == (("own_request", cast.school.name, cast.principal.name),)


def test_a_vacant_role_goes_upward_and_says_so(cast: Cast) -> None:
    end_appointment(cast.principal.appointments.get(), by=None, on=clock.today())
    assert turn(cast).people == (cast.principal,), "the last day still counts"
    note_departure(cast.principal, by=cast.sysadmin)
    found = turn(cast)
    assert found.people == (cast.superintendent,)
    assert ("vacant", cast.school.name, "") in found.detours


def test_someone_who_left_is_not_in_turn_although_their_last_day_is_today(cast: Cast) -> None:
    note_departure(cast.principal, by=cast.sysadmin, on=clock.today())
    assert cast.principal not in turn(cast).people


def test_the_stand_in_of_one_who_is_away_is_in_turn_and_says_for_whom(cast: Cast) -> None:
    away(cast, cast.colleague)
    found = turn(cast)
    assert found.people == (cast.colleague,)
    assert found.detours == (("stand_in", cast.principal.name, cast.colleague.name),)


def test_away_with_no_stand_in_goes_upward(cast: Cast) -> None:
    away(cast, None)
    found = turn(cast)
    assert found.people == (cast.superintendent,)
    assert ("away", cast.school.name, cast.principal.name) in found.detours


def test_a_stand_in_who_left_counts_as_nobody(cast: Cast) -> None:
    away(cast, cast.colleague)
    note_departure(cast.colleague, by=cast.sysadmin)
    assert turn(cast).people == (cast.superintendent,)
    assert "away" in codes(turn(cast))


def test_ap193_3_1_a_stand_in_does_not_decide_on_their_own_request(cast: Cast) -> None:
    away(cast, cast.teacher)
    found = turn(cast, cast.teacher)
    assert found.people == (cast.superintendent,)
    assert "away" in codes(found)


@pytest.mark.parametrize(("first", "last"), [(-3, -1), (1, 3)])
def test_absence_counts_on_its_days_only(cast: Cast, first: int, last: int) -> None:
    away(cast, cast.colleague, first, last)
    assert turn(cast).people == (cast.principal,)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (-2, 0), (0, 2)])
def test_absence_counts_on_both_its_edge_days(cast: Cast, first: int, last: int) -> None:
    away(cast, cast.colleague, first, last)
    assert turn(cast).people == (cast.colleague,)


def test_a_cancelled_absence_is_none(cast: Cast) -> None:
    cancel_stand_in(away(cast, cast.colleague), by=cast.principal)
    assert turn(cast).people == (cast.principal,)


def test_two_who_hold_the_role_are_both_in_turn_and_one_who_is_away_is_not_missed(cast: Cast) -> None:
    appoint(cast.colleague, role="administrator", unit=cast.school, by=None)
    assert set(turn(cast).people) == {cast.principal, cast.colleague}
    away(cast, None)
    assert turn(cast).people == (cast.colleague,)


def test_a_supervisor_of_the_club_itself_comes_before_the_principal(cast: Cast) -> None:
    club = add_unit(kind="club", name="Robotics Club", parent=cast.school, by=None)
    appoint(cast.colleague, role="supervisor", unit=club, by=None)
    assert in_turn(club, STEPS).people == (cast.colleague,)
    assert in_turn(club, STEPS, apart={cast.colleague.pk}).people == (cast.principal,)


def test_upward_ends_with_the_director_and_then_with_nobody(cast: Cast) -> None:
    apart = [cast.principal, cast.superintendent]
    assert turn(cast, *apart).people == (cast.director,)
    found = turn(cast, *apart, cast.director)
    assert (found.people, found.unit, found.role) == ((), None, "")
    assert "own_request" in codes(found)


def test_an_appointment_that_begins_tomorrow_is_not_in_turn_today(cast: Cast) -> None:
    end_appointment(cast.principal.appointments.get(), by=None, on=clock.today())
    appoint(
        cast.colleague,
        role="administrator",
        unit=cast.school,
        by=None,
        starts_on=clock.today() + timedelta(days=1),
    )
    assert turn(cast).people == (cast.principal,)
    tomorrow = in_turn(cast.classroom, STEPS, on=clock.today() + timedelta(days=1))
    assert tomorrow.people == (cast.colleague,)


def test_a_roster_reads_three_times_for_any_number_of_units(
    cast: Cast, django_assert_num_queries: object
) -> None:
    units = [add_unit(kind="classroom", name=f"Room {n}", parent=cast.school, by=None) for n in range(12)]
    with django_assert_num_queries(3):  # type: ignore[operator]  # a fixture without a public type
        roster = Roster(units)
        assert {roster.turn(unit, STEPS).people for unit in units} == {(cast.principal,)}
