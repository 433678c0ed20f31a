"""Who may do what: capacities of a person towards a unit, on a day, own roles and lent ones."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rostrum.core import clock
from rostrum.people.actions import (
    appoint,
    change_person,
    end_appointment,
    name_stand_in,
    note_departure,
    note_return,
)
from rostrum.people.grants import CAPACITY_WORDS, GRANTS, PERMISSIONS
from rostrum.people.models import Person, Role, Unit
from rostrum.people.queries import capacities, may, needs_second_factor, roles_of, seen_units
from rostrum.registry.states import ACCOUNT_MOVES, REGISTRATION_MOVES, REQUEST_MOVES
from tests.cast import Cast


def fresh(person: Person) -> Person:
    """The person as the next request would read them, with nothing remembered."""
    return Person.objects.get(pk=person.pk)


def test_the_page_of_grants_names_only_permissions_and_capacities_that_exist() -> None:
    assert set(GRANTS) == set(CAPACITY_WORDS)
    assert set().union(*GRANTS.values()) == set(PERMISSIONS)
    assert set(Role.values) <= set(GRANTS)


def test_every_move_needs_a_permission_that_someone_has() -> None:
    needed = {move.permission for move in (*REQUEST_MOVES, *REGISTRATION_MOVES, *ACCOUNT_MOVES)}
    assert needed <= set().union(*GRANTS.values())


def test_ap193_3_1_no_role_endorses_or_approves_by_rank_alone() -> None:
    for role in Role.values:
        assert not GRANTS[role] & {"request:endorse", "request:approve", "registration:confirm"}


def test_a_role_holds_at_its_unit_and_beneath_it_only(cast: Cast) -> None:
    assert may(cast.principal, "request:view", cast.school)
    assert may(cast.principal, "request:view", cast.classroom)
    assert not may(cast.principal, "request:view", cast.other_school)
    assert not may(cast.principal, "request:view", cast.division)
    assert not may(cast.charlie, "request:view", cast.classroom)
    assert may(cast.director, "request:view", cast.classroom)


def test_a_unit_whose_number_begins_like_another_is_not_beneath_it(cast: Cast) -> None:
    """Paths are compared whole: /1/2/ is no beginning of /1/20/."""
    twin = Unit(path=f"{cast.school.path[:-1]}0/", parent=cast.division, kind="school")
    assert not may(cast.principal, "request:view", twin)


def test_anyone_here_may_ask_and_nobody_who_left_may_do_anything(cast: Cast) -> None:
    assert may(cast.teacher, "request:create")
    assert capacities(cast.teacher, cast.school, {"requester"}) == {"anyone", "requester"}
    note_departure(cast.teacher, by=cast.sysadmin)
    left = fresh(cast.teacher)
    assert capacities(left, cast.school, {"requester"}) == set()
    assert not may(left, "request:create")


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (0, None, True),
        (-5, 0, True),
        (0, 0, True),
        (-5, -1, False),
        (1, None, False),
        (1, 9, False),
        (-9, 9, True),
    ],
)
def test_an_appointment_holds_on_both_of_its_edge_days(
    cast: Cast, first: int, last: int | None, holds: bool
) -> None:
    today = clock.today()
    appoint(
        cast.colleague,
        role="auditor",
        unit=cast.division,
        by=None,
        starts_on=today + timedelta(days=first),
        ends_on=None if last is None else today + timedelta(days=last),
    )
    person = fresh(cast.colleague)
    assert ("auditor" in roles_of(person)) is holds
    assert may(person, "log:read") is holds


def test_a_role_can_be_asked_for_another_day(cast: Cast) -> None:
    today = clock.today()
    appoint(cast.colleague, role="auditor", unit=cast.division, by=None, starts_on=today + timedelta(days=3))
    person = fresh(cast.colleague)
    assert not may(person, "log:read")
    assert may(person, "log:read", on=today + timedelta(days=3))


@pytest.mark.parametrize(
    ("first", "last", "lent"), [(0, 0, True), (-3, 0, True), (0, 3, True), (1, 3, False), (-3, -1, False)]
)
def test_a_stand_in_has_the_role_on_the_days_named_and_no_other(
    cast: Cast, first: int, last: int, lent: bool
) -> None:
    today = clock.today()
    name_stand_in(
        cast.principal.appointments.get(),
        person=cast.colleague,
        starts_on=today + timedelta(days=first),
        ends_on=today + timedelta(days=last),
        reason="leave",
        by=None,
    )
    assert ("administrator" in roles_of(fresh(cast.colleague))) is lent
    assert "administrator" in roles_of(fresh(cast.principal))


def test_an_ended_appointment_lends_nobody_a_role(cast: Cast) -> None:
    today = clock.today()
    appointment = appoint(
        cast.charlie, role="supervisor", unit=cast.division, by=None, starts_on=today - timedelta(days=9)
    )
    name_stand_in(
        appointment,
        person=cast.colleague,
        starts_on=today,
        ends_on=today + timedelta(days=9),
        reason="leave",
        by=None,
    )
    assert may(fresh(cast.colleague), "standin:own")
    end_appointment(appointment, by=None, on=today - timedelta(days=1))
    assert not may(fresh(cast.colleague), "standin:own")


def test_what_is_remembered_of_a_person_follows_a_new_appointment(cast: Cast) -> None:
    assert not may(cast.colleague, "log:read")
    appoint(cast.colleague, role="auditor", unit=cast.division, by=None)
    assert may(cast.colleague, "log:read")


def test_an_entry_changed_keeps_the_roles(cast: Cast) -> None:
    change_person(cast.principal, by=cast.communications, name="Ana Petrova-Roy", home_unit=cast.school)
    assert may(fresh(cast.principal), "request:view", cast.school)


def test_a_return_brings_back_no_role_not_even_a_term_that_would_have_run_on(cast: Cast) -> None:
    today = clock.today()
    appoint(cast.principal, role="supervisor", unit=cast.school, by=None, ends_on=today + timedelta(days=90))
    note_departure(cast.principal, by=cast.sysadmin, on=today)
    note_return(fresh(cast.principal), by=cast.sysadmin)
    assert roles_of(fresh(cast.principal), today + timedelta(days=1)) == set()


def test_units_seen_by_role(cast: Cast) -> None:
    assert seen_units(cast.communications, "request:view") is None
    own = seen_units(cast.principal, "request:view")
    assert own is not None
    assert set(own) == {cast.school, cast.classroom}
    none = seen_units(cast.teacher, "request:view")
    assert none is not None
    assert not none.exists()


def test_a_second_factor_is_needed_by_who_approves_and_by_who_stands_in_for_them(cast: Cast) -> None:
    assert needs_second_factor(cast.communications)
    assert not needs_second_factor(cast.colleague)
    today = clock.today()
    name_stand_in(
        cast.principal.appointments.get(),
        person=cast.colleague,
        starts_on=today,
        ends_on=today,
        reason="ill",
        by=None,
    )
    assert needs_second_factor(fresh(cast.colleague))


def test_may_is_answered_from_two_reads_however_often_it_is_asked(
    cast: Cast, django_assert_num_queries: object
) -> None:
    person = fresh(cast.communications)
    with django_assert_num_queries(2):  # type: ignore[operator]  # a fixture without a public type
        for permission in PERMISSIONS:
            may(person, permission, cast.classroom)
