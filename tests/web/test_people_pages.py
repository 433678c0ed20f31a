"""The pages of people: who may open each, what they show to whom, what they refuse, nothing typed lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from rostrum.core import clock
from rostrum.people import actions
from rostrum.people.models import Person, StandIn
from tests.cast import Cast, approved, drafted, official, sent_registration, submitted

EVERYONE = (
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
KEEPERS = {"communications", "sysadmin"}


def as_(person: Person) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def iso(days: int = 0) -> str:
    """A day, counted from today, as a browser's calendar sends it."""
    return (clock.today() + timedelta(days=days)).isoformat()


def absence(cast: Cast, person: Person | None = None, reason: str = "surgery") -> StandIn:
    """The principal is away today."""
    return actions.name_stand_in(
        cast.principal.appointments.get(),
        person=person,
        starts_on=clock.today(),
        ends_on=clock.today(),
        reason=reason,
        by=cast.principal,
    )


def urls(cast: Cast) -> dict[str, tuple[str, set[str]]]:
    """Every page of this area with who may open it."""
    person, appointment = cast.principal.pk, cast.principal.appointments.get().pk
    everyone = set(EVERYONE)
    return {
        "people": (reverse("web:people"), everyone),
        "people_suggest": (reverse("web:people_suggest") + "?q=ana", everyone),
        "away": (reverse("web:away"), everyone),
        "person": (reverse("web:person", args=[person]), everyone),
        "person_add": (reverse("web:person_add"), KEEPERS),
        "person_change": (reverse("web:person_change", args=[person]), KEEPERS),
        "person_left": (reverse("web:person_left", args=[cast.teacher.pk]), KEEPERS),
        "appoint": (reverse("web:appoint", args=[person]), {"sysadmin"}),
        "appointment_end": (reverse("web:appointment_end", args=[appointment]), {"sysadmin"}),
        "stand_in_new": (reverse("web:stand_in_new"), everyone),
        "stand_in_for": (reverse("web:stand_in_new") + f"?person={person}", KEEPERS | {"principal"}),
        "stand_in_cancel": (reverse("web:stand_in_cancel", args=[absence(cast).pk]), KEEPERS | {"principal"}),
        "grants": (reverse("web:grants"), everyone),
    }


@pytest.mark.parametrize("who", EVERYONE)
def test_each_role_on_each_page(cast: Cast, who: str) -> None:
    client = as_(getattr(cast, who))
    for name, (url, allowed) in urls(cast).items():
        assert client.get(url).status_code == (200 if who in allowed else 403), name


def test_nobody_signed_out_sees_a_page(cast: Cast) -> None:
    for url, _allowed in urls(cast).values():
        answer = Client().get(url)
        assert answer.status_code == 302, url
        assert "/me/login" in answer["Location"]


def test_who_left_is_signed_out_of_all_of_it(cast: Cast) -> None:
    client = as_(cast.teacher)
    actions.note_departure(cast.teacher, by=cast.sysadmin)
    assert client.get(reverse("web:people")).status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "person",
        "person_change",
        "person_left",
        "person_back",
        "appoint",
        "appointment_end",
        "stand_in_cancel",
    ],
)
@pytest.mark.parametrize("pk", [999_999, 10**18, 10**30])
def test_nothing_is_at_a_number_that_nobody_has(cast: Cast, name: str, pk: int) -> None:
    assert as_(cast.sysadmin).get(reverse(f"web:{name}", args=[pk])).status_code == 404


# The list and the suggestions


def test_the_list_finds_filters_and_counts(cast: Cast) -> None:
    client, url = as_(cast.teacher), reverse("web:people")
    actions.note_departure(cast.colleague, by=cast.sysadmin)
    page = client.get(url, {"q": "PETROVA"}).content.decode()
    assert "Ana Petrova" in page
    assert "1 person" in page
    assert "Owen Clarke" not in client.get(url).content.decode()
    assert "Owen Clarke" in client.get(url, {"here": "left"}).content.decode()
    found = client.get(url, {"role": "administrator", "unit": cast.school.pk}).content.decode()
    assert "Ana Petrova" in found
    assert "Charlie Dubois" not in found
    assert "Nobody fits" in client.get(url, {"q": "zzz"}).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00"},
        {"q": "%_'\";--"},
        {"q": "x" * 5000},
        {"q": "\u202e\ud7ff"},
        {"role": "king"},
        {"unit": "9" * 40},
        {"unit": "-1"},
        {"here": "x"},
        {"sort": "password"},
        {"page": "-4"},
        {"page": "x"},
        {"page": "9" * 30},
    ],
)
def test_the_lists_bear_any_query(cast: Cast, query: dict[str, str]) -> None:
    for name in ("people", "units", "people_suggest", "stand_in_new", "person_add"):
        assert as_(cast.sysadmin).get(reverse(f"web:{name}"), query).status_code == 200, name


def test_the_list_costs_the_same_for_ten_people_and_for_forty(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    client = as_(cast.teacher)
    client.get(reverse("web:people"))
    for n in range(30):
        made = actions.add_person(email=f"p{n}@lpsd.ca", name=f"Person {n}", home_unit=cast.school, by=None)
        actions.appoint(made, role="supervisor", unit=cast.school, by=None)
    with django_assert_max_num_queries(14):  # type: ignore[operator]  # a fixture without a public type
        page = client.get(reverse("web:people")).content.decode()
    assert "1–25 of" in page


def test_suggestions_hold_name_and_work_address_of_ten_people_who_are_here(cast: Cast) -> None:
    client, url = as_(cast.teacher), reverse("web:people_suggest")
    for n in range(12):
        actions.add_person(email=f"p{n}@lpsd.ca", name=f"Anton Roy {n}", by=None)
    actions.note_departure(cast.principal, by=cast.sysadmin)
    found = client.get(url, {"q": "an"}, headers={"accept": "application/json"}).json()["people"]
    assert len(found) == 10
    assert all("Ana Petrova" not in one for one in found)
    assert client.get(url, {"q": "ruth"}, headers={"accept": "application/json"}).json() == {
        "people": ["Ruth Okafor <r.okafor@lpsd.ca>"]
    }
    assert client.get(url, {"q": "a"}, headers={"accept": "application/json"}).json() == {"people": []}
    assert (
        client.get(url, {"q": "ruth"}).content.decode()
        == '<option value="Ruth Okafor &lt;r.okafor@lpsd.ca&gt;"></option>'
    )


# One person


def test_a_persons_page_shows_what_the_reader_may_see_and_no_more(cast: Cast) -> None:
    account, on_the_way = official(cast), submitted(cast)
    draft = drafted(cast)
    url = reverse("web:person", args=[cast.teacher.pk])
    own = as_(cast.teacher).get(url).content.decode()
    assert account.name in own
    assert draft.name in own
    principal = as_(cast.principal).get(url).content.decode()
    assert on_the_way.name in principal
    assert draft.name not in principal
    charlie = as_(cast.charlie).get(url).content.decode()
    assert cast.teacher.email in charlie
    for hidden in (account.name, on_the_way.name, draft.name, "History"):
        assert hidden not in charlie


def test_why_someone_is_away_is_for_them_and_for_who_keeps_the_stand_ins(cast: Cast) -> None:
    absence(cast, cast.colleague)
    url = reverse("web:person", args=[cast.principal.pk])
    for reader, sees in (
        (cast.principal, True),
        (cast.communications, True),
        (cast.charlie, False),
        (cast.teacher, False),
    ):
        page = as_(reader).get(url).content.decode()
        assert "Owen Clarke" in page
        assert ("surgery" in page) is sees, reader.name
    assert "surgery" not in as_(cast.teacher).get(reverse("web:away")).content.decode()


def test_a_name_is_shown_as_typed_and_never_as_markup(cast: Cast) -> None:
    made = actions.add_person(email="x@lpsd.ca", name="<script>alert(1)</script>", title="<b>x", by=None)
    for url in (
        reverse("web:people"),
        reverse("web:person", args=[made.pk]),
        reverse("web:person_left", args=[made.pk]),
    ):
        page = as_(cast.sysadmin).get(url).content.decode()
        assert "<script>alert" not in page
        assert "<b>x" not in page
    suggested = as_(cast.teacher).get(reverse("web:people_suggest"), {"q": "script"}).content.decode()
    assert "<script" not in suggested


def test_a_person_is_added_once_however_often_the_form_is_sent(cast: Cast) -> None:
    client, url = as_(cast.communications), reverse("web:person_add")
    typed = {
        "name": "Nadia Roy",
        "email": "n.roy@lpsd.ca",
        "title": "Teacher",
        "kind": "employee",
        "language": "fr-ca",
        "home_unit": cast.school.pk,
        "_key": "k1",
    }
    first, again = client.post(url, typed), client.post(url, typed)
    made = Person.objects.get(email="n.roy@lpsd.ca")
    assert (made.home_unit, made.language) == (cast.school, "fr-ca")
    assert first["Location"] == again["Location"] == reverse("web:person", args=[made.pk])
    other = client.post(url, {**typed, "email": "m.roy@lpsd.ca"})
    assert other.status_code == 422
    assert not Person.objects.filter(email="m.roy@lpsd.ca").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "not an address"),
        ("email", "A.PETROVA@lpsd.ca"),
        ("name", ""),
        ("name", "N\u202eR"),
        ("name", "n" * 121),
        ("name", "a\x00b"),
        ("kind", "student"),
        ("home_unit", "999999"),
        ("language", "xx"),
    ],
)
def test_a_wrong_field_is_shown_beside_it_and_the_rest_is_kept(cast: Cast, field: str, value: str) -> None:
    typed = {
        "name": "Nadia Roy",
        "email": "n.roy@lpsd.ca",
        "title": "Grade 2 teacher",
        "kind": "employee",
        "language": "en-ca",
        "home_unit": "",
        field: value,
    }
    before = Person.objects.count()
    answer = as_(cast.sysadmin).post(reverse("web:person_add"), typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Grade 2 teacher" in answer.content.decode()
    assert "Error:" in answer.content.decode()
    assert Person.objects.count() == before


@pytest.mark.parametrize("field", ["is_active", "left_on", "role", "password", "is_superuser", "pk"])
def test_a_field_that_the_form_never_had_is_refused(cast: Cast, field: str) -> None:
    typed = {"name": "Sofia N.", "title": "", "kind": "employee", "home_unit": "", field: "1"}
    assert (
        as_(cast.sysadmin).post(reverse("web:person_change", args=[cast.teacher.pk]), typed).status_code
        == 422
    )
    cast.teacher.refresh_from_db()
    assert cast.teacher.name == "Sofia Nguyen"


def test_an_entry_is_changed(cast: Cast) -> None:
    url = reverse("web:person_change", args=[cast.teacher.pk])
    typed = {
        "name": "Sofia Nguyen-Roy",
        "title": "Grade 5 teacher",
        "kind": "volunteer",
        "home_unit": cast.other_school.pk,
    }
    assert as_(cast.communications).post(url, typed).status_code == 302
    cast.teacher.refresh_from_db()
    assert (cast.teacher.name, cast.teacher.kind, cast.teacher.home_unit) == (
        "Sofia Nguyen-Roy",
        "volunteer",
        cast.other_school,
    )


# Leaving and coming back


def test_ap193_3_4_a_departure_lists_every_account_it_touches_and_where_nobody_is_left(cast: Cast) -> None:
    shared, alone, waiting = official(cast), sent_registration(cast), approved(cast)
    draft = drafted(cast)
    page = as_(cast.sysadmin).get(reverse("web:person_left", args=[cast.teacher.pk])).content.decode()
    for name in (shared.name, alone.request.name, waiting.name):
        assert name in page
    assert page.count("Nobody else looks after it") == 1
    assert draft.name not in page, "a draft is its writer's alone"


def test_a_departure_says_which_roles_stand_empty(cast: Cast) -> None:
    page = as_(cast.sysadmin).get(reverse("web:person_left", args=[cast.principal.pk])).content.decode()
    assert "Administrator (principal), Rendell Park School" in page
    both = as_(cast.sysadmin).get(reverse("web:person_left", args=[cast.communications2.pk])).content.decode()
    assert "Nobody else holds these roles" not in both


def test_a_departure_and_a_return(cast: Cast) -> None:
    client, pk = as_(cast.communications), cast.principal.pk
    url = reverse("web:person_left", args=[pk])
    assert client.post(url, {"on": iso(2), "reason": ""}).status_code == 302
    assert Person.objects.get(pk=pk).is_active, "a day to come takes nothing away"
    assert client.post(url, {"on": iso(), "reason": "moved away"}).status_code == 302
    assert "moved away" in client.get(reverse("web:person", args=[pk])).content.decode()
    assert client.get(url).status_code == 409
    assert client.post(url, {"on": iso(), "reason": ""}).status_code == 409
    assert client.get(reverse("web:appoint", args=[pk])).status_code == 403
    assert as_(cast.sysadmin).get(reverse("web:appoint", args=[pk])).status_code == 409
    back = reverse("web:person_back", args=[pk])
    assert client.post(back, {"_key": "b"}).status_code == 302
    assert client.get(back).status_code == 409
    assert Person.objects.get(pk=pk).is_active


def test_nobody_notes_their_own_departure(cast: Cast) -> None:
    url = reverse("web:person_left", args=[cast.sysadmin.pk])
    assert as_(cast.sysadmin).get(url).status_code == 403
    assert as_(cast.sysadmin).post(url, {"on": iso()}).status_code == 403


# Appointments


def test_an_appointment_begins_and_ends(cast: Cast) -> None:
    client = as_(cast.sysadmin)
    url = reverse("web:appoint", args=[cast.colleague.pk])
    typed = {
        "role": "supervisor",
        "unit": cast.classroom.pk,
        "starts_on": iso(),
        "ends_on": "",
        "reason": "new club",
    }
    assert client.post(url, typed).status_code == 302
    again = client.post(url, typed)
    assert again.status_code == 422
    assert "already holds this role" in again.content.decode()
    appointment = cast.colleague.appointments.get()
    end = reverse("web:appointment_end", args=[appointment.pk])
    assert "Nobody else holds this role there" in client.get(end).content.decode()
    assert client.post(end, {"on": iso(-1), "reason": ""}).status_code == 422
    assert client.post(end, {"on": iso(), "reason": "done"}).status_code == 302
    appointment.refresh_from_db()
    assert appointment.ends_on == clock.today()


def test_an_appointment_to_a_closed_unit_or_backward_is_refused(cast: Cast) -> None:
    actions.close_unit(cast.classroom, by=None)
    client, url = as_(cast.sysadmin), reverse("web:appoint", args=[cast.colleague.pk])
    typed = {"role": "supervisor", "starts_on": iso(), "reason": ""}
    assert client.post(url, {**typed, "unit": cast.classroom.pk}).status_code == 422
    answer = client.post(url, {**typed, "unit": cast.school.pk, "ends_on": iso(-1)})
    assert list(answer.context["form"].errors) == ["ends_on"]
    assert not cast.colleague.appointments.exists()


def test_who_keeps_people_but_not_roles_cannot_appoint_by_sending_the_form(cast: Cast) -> None:
    url = reverse("web:appoint", args=[cast.communications.pk])
    typed = {"role": "sysadmin", "unit": cast.division.pk, "starts_on": iso(), "ends_on": "", "reason": ""}
    assert as_(cast.communications).post(url, typed).status_code == 403
    assert not cast.communications.appointments.filter(role="sysadmin").exists()


# Absences


def away_form(cast: Cast, **changes: object) -> dict[str, object]:
    """What a principal types who will be away."""
    return {
        "appointment": cast.principal.appointments.get().pk,
        "starts_on": iso(),
        "ends_on": iso(3),
        "person": "Owen Clarke <o.clarke@lpsd.ca>",
        "reason": "leave",
        **changes,
    }


@pytest.mark.parametrize(
    "written", ["Owen Clarke <o.clarke@lpsd.ca>", "O.CLARKE@lpsd.ca", "owen clarke", "clarke"]
)
def test_a_stand_in_is_named_in_any_way_that_means_one_person(cast: Cast, written: str) -> None:
    answer = as_(cast.principal).post(reverse("web:stand_in_new"), away_form(cast, person=written))
    assert answer.status_code == 302
    assert StandIn.objects.get().person == cast.colleague


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"person": "nobody at all"}, "person"),
        ({"person": "x@gmail.com"}, "person"),
        ({"person": "a"}, "person"),
        ({"person": "a.petrova@lpsd.ca"}, "person"),
        ({"reason": ""}, "reason"),
        ({"ends_on": iso(-1)}, "ends_on"),
        ({"ends_on": "soon"}, "ends_on"),
        ({"starts_on": "2026-02-31"}, "starts_on"),
        ({"reason": "a\u202eb"}, "reason"),
        ({"person": "\u202eowen"}, "person"),
    ],
)
def test_an_absence_with_a_wrong_field_keeps_what_was_typed(
    cast: Cast, changes: dict[str, str], field: str
) -> None:
    answer = as_(cast.principal).post(reverse("web:stand_in_new"), away_form(cast, **changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not StandIn.objects.exists()


def test_a_role_of_someone_else_is_no_choice_of_mine(cast: Cast) -> None:
    theirs = cast.charlie.appointments.get().pk
    answer = as_(cast.principal).post(reverse("web:stand_in_new"), away_form(cast, appointment=theirs))
    assert list(answer.context["form"].errors) == ["appointment"]


def test_nobody_need_stand_in_and_it_says_where_it_goes(cast: Cast) -> None:
    client = as_(cast.principal)
    assert client.post(reverse("web:stand_in_new"), away_form(cast, person="")).status_code == 302
    page = as_(cast.teacher).get(reverse("web:away")).content.decode()
    assert "Ana Petrova" in page
    assert "Goes to the next level up" in page
    stand = StandIn.objects.get()
    assert client.post(reverse("web:stand_in_cancel", args=[stand.pk]), {}).status_code == 302
    assert client.get(reverse("web:stand_in_cancel", args=[stand.pk])).status_code == 409
    assert "Everyone with a role is here today" in client.get(reverse("web:away")).content.decode()


def test_who_holds_no_role_is_told_that_nobody_need_stand_in(cast: Cast) -> None:
    assert "Nobody needs to stand in" in as_(cast.teacher).get(reverse("web:stand_in_new")).content.decode()


# Who may do what


def test_the_page_of_grants_says_every_act_and_who_holds_each_role_today(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    from rostrum.people.grants import PERMISSIONS

    absence(cast, cast.colleague)
    client = as_(cast.teacher)
    client.get(reverse("web:people"))
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture without a public type
        page = client.get(reverse("web:grants"))
    words = " ".join(page.content.decode().replace("&#x27;", "'").split())
    for permission in PERMISSIONS.values():
        assert str(permission) in words
    for name in ("Ana Petrova", "Marc Laurent", "Taras Boyko", "Owen Clarke stands in"):
        assert name in words
    assert "#clause-3.1" in words
