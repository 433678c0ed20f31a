"""Every write on units, people, appointments and stand-ins: what it does, refuses and writes down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from rostrum.audit.queries import history
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.people import actions
from rostrum.people.models import Appointment, Person, StandIn, Unit
from rostrum.people.queries import by_email, people_named, school_of, units_named
from tests.cast import Cast

TODAY = clock.today


def wrong_field(refused: pytest.ExceptionInfo[Invalid]) -> str:
    """The one field that a refusal is about."""
    (name,) = refused.value.fields
    return name


# Units


def test_a_unit_added_knows_its_place_and_the_log_knows_who_added_it(cast: Cast) -> None:
    club = actions.add_unit(kind="club", name=" Robotics  Club ", parent=cast.school, by=cast.communications)
    assert club.path == f"{cast.school.path}{club.pk}/"
    assert club.ancestor_ids == [club.pk, cast.school.pk, cast.division.pk]
    assert school_of(club) == cast.school
    (entry,) = history(club)
    assert (entry.act, entry.who) == ("unit:add", "Marc Laurent")


def test_two_units_of_one_name_get_two_codes(cast: Cast) -> None:
    first = actions.add_unit(kind="club", name="Chess", parent=cast.school, by=None)
    second = actions.add_unit(kind="club", name="Chess", parent=cast.other_school, by=None)
    assert {first.code, second.code} == {"chess", "chess-2"}


def test_a_name_of_no_latin_letters_still_gets_a_code(cast: Cast) -> None:
    assert actions.add_unit(kind="club", name="ᓀᐦᐃᔭᐍᐏᐣ", parent=cast.school, by=None).code.startswith("unit")


def test_a_unit_doubled_in_one_place_is_refused_and_nothing_is_written(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_unit(kind="classroom", name="Grade 4", parent=cast.school, by=None)
    assert wrong_field(refused) == "name"
    assert Unit.objects.filter(name="Grade 4").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "A\u202eB"}, "name"),
        ({"name": "A\x00"}, "name"),
        ({"kind": "kingdom"}, "kind"),
        ({"parent": None}, "parent"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "ftp://example.ca"}, "website"),
        ({"email": "office"}, "email"),
        ({"phone": "5" * 41}, "phone"),
    ],
)
def test_a_unit_with_wrong_fields_is_refused_by_the_field(
    cast: Cast, changes: dict[str, Any], field: str
) -> None:
    before = Unit.objects.count()
    with pytest.raises(Invalid) as refused:
        actions.add_unit(**{"kind": "club", "name": "Chess", "parent": cast.school, "by": None, **changes})
    assert wrong_field(refused) == field
    assert Unit.objects.count() == before


def test_a_field_that_units_do_not_have_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid, match="path"):
        actions.change_unit(cast.school, by=None, path="/1/")
    with pytest.raises(Invalid, match="closed_on"):
        actions.add_unit(kind="club", name="Chess", parent=cast.school, by=None, closed_on="2020-01-01")


def test_a_unit_changed_says_what_was_before(cast: Cast) -> None:
    actions.change_unit(cast.school, by=cast.sysadmin, name="Rendell Park Elementary", town="Lloydminster")
    entry = history(cast.school)[-1]
    assert entry.before == {"name": "Rendell Park School", "town": ""}
    assert entry.after == {"name": "Rendell Park Elementary", "town": "Lloydminster"}


def test_a_unit_closes_once_and_its_name_is_free_again(cast: Cast) -> None:
    actions.close_unit(cast.classroom, by=cast.communications)
    with pytest.raises(WrongState):
        actions.close_unit(cast.classroom, by=cast.communications)
    actions.add_unit(kind="classroom", name="Grade 4", parent=cast.school, by=None)


def test_the_division_is_never_closed(cast: Cast) -> None:
    with pytest.raises(WrongState):
        actions.close_unit(cast.division, by=cast.sysadmin)


# People


def test_a_person_is_known_by_their_work_address_in_any_letter_case(cast: Cast) -> None:
    made = actions.add_person(email="N.Roy@LPSD.ca", name="Nadia Roy", by=cast.communications)
    assert made.email == "n.roy@lpsd.ca"
    assert by_email(" N.ROY@lpsd.CA ") == made
    with pytest.raises(Invalid) as refused:
        actions.add_person(email="n.ROY@lpsd.ca", name="Another", by=None)
    assert wrong_field(refused) == "email"


def test_a_person_without_a_password_cannot_sign_in_with_one(cast: Cast) -> None:
    assert not actions.add_person(email="n.roy@lpsd.ca", name="Nadia Roy", by=None).has_usable_password()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nadia"}, "email"),
        ({"email": ""}, "email"),
        ({"name": " "}, "name"),
        ({"name": "N\u202eR"}, "name"),
        ({"kind": "student"}, "kind"),
        ({"title": "t" * 121}, "title"),
    ],
)
def test_a_person_with_wrong_fields_is_refused_by_the_field(
    cast: Cast, changes: dict[str, str], field: str
) -> None:
    before = Person.objects.count()
    with pytest.raises(Invalid) as refused:
        actions.add_person(**{"email": "n.roy@lpsd.ca", "name": "Nadia Roy", "by": None, **changes})  # type: ignore[arg-type]  # one call for many cases
    assert wrong_field(refused) == field
    assert Person.objects.count() == before


def test_a_departure_ends_what_was_open_and_leaves_what_was_over(cast: Cast) -> None:
    past = actions.appoint(
        cast.principal,
        role="supervisor",
        unit=cast.school,
        by=None,
        starts_on=TODAY() - timedelta(days=90),
        ends_on=TODAY() - timedelta(days=60),
    )
    actions.note_departure(
        cast.principal, by=cast.communications, on=TODAY() - timedelta(days=2), reason="moved"
    )
    person = Person.objects.get(pk=cast.principal.pk)
    assert not person.is_active
    assert person.left_on == TODAY() - timedelta(days=2)
    past.refresh_from_db()
    assert past.ends_on == TODAY() - timedelta(days=60)
    # It began after the day of leaving, so its first day is its last.
    assert person.appointments.get(role="administrator").ends_on == TODAY()
    assert history(person)[-1].note == "moved"


def test_a_departure_is_noted_once_by_someone_else_and_not_ahead(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.note_departure(cast.communications, by=cast.communications)
    with pytest.raises(Invalid) as refused:
        actions.note_departure(cast.teacher, by=cast.communications, on=TODAY() + timedelta(days=1))
    assert wrong_field(refused) == "on"
    actions.note_departure(cast.teacher, by=cast.communications)
    with pytest.raises(WrongState):
        actions.note_departure(cast.teacher, by=cast.communications)
    actions.note_return(cast.teacher, by=cast.communications)
    with pytest.raises(WrongState):
        actions.note_return(cast.teacher, by=cast.communications)


def test_preferences_are_ones_own_choice_from_a_short_list(cast: Cast) -> None:
    actions.set_preferences(cast.teacher, language="fr-ca", mail_rhythm="digest")
    assert cast.teacher.language == "fr-ca"
    with pytest.raises(Invalid):
        actions.set_preferences(cast.teacher, language="xx", mail_rhythm="digest")
    with pytest.raises(Invalid):
        actions.set_preferences(cast.teacher, language="en-ca", mail_rhythm="never")


# Appointments


def test_a_role_is_held_once_at_a_time_in_one_place(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        actions.appoint(cast.principal, role="administrator", unit=cast.school, by=cast.sysadmin)
    assert wrong_field(refused) == "person"
    actions.appoint(cast.principal, role="administrator", unit=cast.other_school, by=cast.sysadmin)


def test_an_appointment_backward_or_to_no_role_or_of_one_who_left_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        actions.appoint(
            cast.teacher, role="auditor", unit=cast.division, by=None, ends_on=TODAY() - timedelta(days=1)
        )
    assert wrong_field(refused) == "ends_on"
    with pytest.raises(Invalid) as refused:
        actions.appoint(cast.teacher, role="king", unit=cast.division, by=None)
    assert wrong_field(refused) == "role"
    actions.note_departure(cast.teacher, by=cast.sysadmin)
    with pytest.raises(WrongState):
        actions.appoint(cast.teacher, role="auditor", unit=cast.division, by=None)


def test_an_appointment_that_is_over_stays_as_it_was(cast: Cast) -> None:
    ended = actions.appoint(
        cast.teacher,
        role="auditor",
        unit=cast.division,
        by=None,
        starts_on=TODAY() - timedelta(days=30),
        ends_on=TODAY() - timedelta(days=10),
    )
    with pytest.raises(WrongState):
        actions.end_appointment(ended, by=cast.sysadmin)
    ended.refresh_from_db()
    assert ended.ends_on == TODAY() - timedelta(days=10)


def test_an_appointment_does_not_end_before_it_begins(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        actions.end_appointment(cast.principal.appointments.get(), by=None, on=TODAY() - timedelta(days=1))
    assert wrong_field(refused) == "on"


def test_two_who_end_one_appointment_at_once_one_is_told(cast: Cast) -> None:
    first, second = (Appointment.objects.get(person=cast.principal) for _ in range(2))
    actions.end_appointment(first, by=cast.sysadmin, on=TODAY() + timedelta(days=3))
    with pytest.raises(WrongState):
        actions.end_appointment(second, by=cast.sysadmin, on=TODAY())


# Stand-ins


def stand(cast: Cast, by: Person | None, **changes: Any) -> StandIn:
    """A stand-in for the principal today."""
    values = {
        "person": cast.colleague,
        "starts_on": TODAY(),
        "ends_on": TODAY(),
        "reason": "leave",
        **changes,
    }
    return actions.name_stand_in(cast.principal.appointments.get(), by=by, **values)


def test_a_holder_names_their_own_stand_in_and_others_need_the_right_to(cast: Cast) -> None:
    first = stand(cast, cast.principal)
    assert history(first)[-1].note == "leave"
    actions.cancel_stand_in(first, by=cast.principal)
    stand(cast, cast.communications)
    with pytest.raises(NotAllowed):
        stand(cast, cast.charlie, starts_on=TODAY() + timedelta(days=9), ends_on=TODAY() + timedelta(days=9))
    with pytest.raises(NotAllowed):
        stand(cast, cast.teacher, starts_on=TODAY() + timedelta(days=9), ends_on=TODAY() + timedelta(days=9))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (lambda cast: {"reason": " "}, "reason"),
        (lambda cast: {"ends_on": TODAY() - timedelta(days=1)}, "ends_on"),
        (lambda cast: {"person": cast.principal}, "person"),
        (lambda cast: {"reason": "x" * 301}, "reason"),
    ],
)
def test_a_stand_in_with_wrong_fields_is_refused(
    cast: Cast, changes: Callable[[Cast], dict[str, Any]], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        stand(cast, cast.principal, **changes(cast))
    assert wrong_field(refused) == field
    assert not StandIn.objects.exists()


def test_days_that_overlap_are_refused_until_the_first_is_cancelled(cast: Cast) -> None:
    first = stand(cast, cast.principal, ends_on=TODAY() + timedelta(days=5))
    with pytest.raises(Invalid) as refused:
        stand(
            cast, cast.principal, starts_on=TODAY() + timedelta(days=5), ends_on=TODAY() + timedelta(days=8)
        )
    assert wrong_field(refused) == "starts_on"
    actions.cancel_stand_in(first, by=cast.principal)
    stand(cast, cast.principal, starts_on=TODAY() + timedelta(days=5), ends_on=TODAY() + timedelta(days=8))
    with pytest.raises(WrongState):
        actions.cancel_stand_in(first, by=cast.principal)


def test_nobody_who_left_stands_in_and_nobody_stands_in_for_an_ended_role(cast: Cast) -> None:
    actions.note_departure(cast.colleague, by=cast.sysadmin)
    with pytest.raises(WrongState):
        stand(cast, cast.principal, person=Person.objects.get(pk=cast.colleague.pk))
    appointment = cast.principal.appointments.get()
    actions.end_appointment(appointment, by=None, on=TODAY())
    with pytest.raises(WrongState):
        stand(
            cast,
            cast.sysadmin,
            person=cast.teacher,
            starts_on=TODAY() + timedelta(days=1),
            ends_on=TODAY() + timedelta(days=2),
        )


def test_days_that_are_over_cannot_be_cancelled(cast: Cast) -> None:
    past = stand(cast, None, starts_on=TODAY() - timedelta(days=5), ends_on=TODAY() - timedelta(days=1))
    with pytest.raises(WrongState):
        actions.cancel_stand_in(past, by=cast.principal)


def test_only_the_holder_or_who_keeps_the_stand_ins_cancels(cast: Cast) -> None:
    named = stand(cast, cast.principal)
    with pytest.raises(NotAllowed):
        actions.cancel_stand_in(named, by=cast.colleague)
    actions.cancel_stand_in(named, by=cast.sysadmin)


# Who may


ACTS: dict[str, tuple[Callable[[Cast, Person], object], set[str]]] = {
    "add_unit": (
        lambda c, by: actions.add_unit(kind="club", name="Chess", parent=c.school, by=by),
        {"communications", "sysadmin"},
    ),
    "change_unit": (
        lambda c, by: actions.change_unit(c.school, by=by, town="Lloydminster"),
        {"communications", "sysadmin"},
    ),
    "close_unit": (lambda c, by: actions.close_unit(c.classroom, by=by), {"communications", "sysadmin"}),
    "add_person": (
        lambda c, by: actions.add_person(email="n@lpsd.ca", name="N", by=by),
        {"communications", "sysadmin"},
    ),
    "change_person": (
        lambda c, by: actions.change_person(c.teacher, by=by, name="S"),
        {"communications", "sysadmin"},
    ),
    "note_departure": (
        lambda c, by: actions.note_departure(c.colleague, by=by),
        {"communications", "sysadmin"},
    ),
    "appoint": (
        lambda c, by: actions.appoint(c.colleague, role="auditor", unit=c.school, by=by),
        {"sysadmin"},
    ),
    "end_appointment": (
        lambda c, by: actions.end_appointment(c.charlie.appointments.get(), by=by),
        {"sysadmin"},
    ),
    "name_stand_in": (lambda c, by: stand(c, by, person=None), {"principal", "communications", "sysadmin"}),
}
CAST = (
    "teacher",
    "principal",
    "superintendent",
    "communications",
    "privacy",
    "director",
    "auditor",
    "sysadmin",
    "charlie",
)


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_by_each_role(cast: Cast, act: str, who: str) -> None:
    perform, allowed = ACTS[act]
    by = getattr(cast, who)
    if who in allowed:
        perform(cast, by)
    else:
        with pytest.raises(NotAllowed):
            perform(cast, by)


# Finding by name


def test_people_are_found_and_ordered_whatever_accents_and_case_are_typed(cast: Cast) -> None:
    for name in ("Zoé Côté", "Émile Roy", "Eva Ash"):
        actions.add_person(email=f"{len(name)}.{name[0].encode().hex()}@lpsd.ca", name=name, by=None)
    everyone = Person.objects.all()
    assert [Person.objects.get(pk=pk).name for pk in people_named("COTE zoe", everyone)] == ["Zoé Côté"]
    names = [Person.objects.get(pk=pk).name for pk in people_named("", everyone)]
    assert names.index("Émile Roy") < names.index("Eva Ash")
    assert people_named("%", everyone) == []


def test_units_are_found_by_name_code_and_town(cast: Cast) -> None:
    actions.add_unit(
        kind="school", name="École Sainte-Thérèse", parent=cast.division, by=None, town="Saint-Paul"
    )
    units = list(Unit.objects.all())
    assert [unit.name for unit in units_named("ecole therese", units)] == ["École Sainte-Thérèse"]
    assert [unit.name for unit in units_named("saint-paul", units)] == ["École Sainte-Thérèse"]
    assert units_named("", units) == units
