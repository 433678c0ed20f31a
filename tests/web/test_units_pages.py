"""The pages of units: the tree, one unit, adding, changing and closing, for each role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from rostrum.core import clock
from rostrum.people import actions
from rostrum.people.models import Person, Unit
from tests.cast import Cast, drafted, official, submitted

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


def new_unit(cast: Cast, **changes: object) -> dict[str, object]:
    """What someone types to add a club."""
    return {
        "parent": cast.school.pk,
        "kind": "club",
        "name": "Robotics Club",
        "town": "",
        "phone": "",
        "email": "",
        "website": "",
        **changes,
    }


@pytest.mark.parametrize("who", EVERYONE)
def test_each_role_on_each_page(cast: Cast, who: str) -> None:
    client, pk = as_(getattr(cast, who)), cast.school.pk
    assert client.get(reverse("web:units")).status_code == 200
    assert client.get(reverse("web:unit", args=[pk])).status_code == 200
    expected = 200 if who in KEEPERS else 403
    assert client.get(reverse("web:unit_add")).status_code == expected
    assert client.get(reverse("web:unit_change", args=[pk])).status_code == expected
    assert client.get(reverse("web:unit_close", args=[pk])).status_code == expected
    sent = client.post(reverse("web:unit_add"), new_unit(cast))
    assert sent.status_code == (302 if who in KEEPERS else 403)
    assert Unit.objects.filter(name="Robotics Club").exists() is (who in KEEPERS)


@pytest.mark.parametrize("name", ["unit", "unit_change", "unit_close"])
@pytest.mark.parametrize("pk", [999_999, 10**30])
def test_nothing_is_at_a_number_that_no_unit_has(cast: Cast, name: str, pk: int) -> None:
    assert as_(cast.sysadmin).get(reverse(f"web:{name}", args=[pk])).status_code == 404
    assert Client().get(reverse(f"web:{name}", args=[pk])).status_code == 302


def test_the_tree_shows_each_school_with_what_lies_beneath_and_finds_without_accents(cast: Cast) -> None:
    school = actions.add_unit(kind="school", name="École Sainte-Thérèse", parent=cast.division, by=None)
    club = actions.add_unit(kind="club", name="Club d’échecs", parent=school, by=None)
    actions.add_unit(kind="team", name="U13", parent=club, by=None)
    client, url = as_(cast.teacher), reverse("web:units")
    everything = client.get(url).content.decode()
    for unit in Unit.objects.all():
        assert reverse("web:unit", args=[unit.pk]) in everything
    assert everything.count('<ul class="tree">') == everything.count("</li></ul>")
    found = client.get(url, {"q": "ECHECS"}).content.decode()
    assert "<mark>Club d’échecs</mark>" in found
    assert "École Sainte-Thérèse" in found
    assert "Rendell Park School" not in found
    assert "No unit fits" in client.get(url, {"q": "zzzz"}).content.decode()
    assert "Grade 4" not in client.get(url, {"kind": "club"}).content.decode()


def test_the_tree_costs_the_same_however_many_units(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    client = as_(cast.teacher)
    client.get(reverse("web:units"))
    for n in range(30):
        actions.add_unit(kind="classroom", name=f"Room {n}", parent=cast.school, by=None)
    with django_assert_max_num_queries(9):  # type: ignore[operator]  # a fixture without a public type
        client.get(reverse("web:units"))


def test_a_closed_unit_is_left_out_until_asked_for(cast: Cast) -> None:
    actions.close_unit(cast.classroom, by=None)
    client, url = as_(cast.teacher), reverse("web:units")
    assert "Grade 4" not in client.get(url).content.decode()
    assert "Grade 4" in client.get(url, {"closed": "yes"}).content.decode()
    assert "Closed from" in client.get(reverse("web:unit", args=[cast.classroom.pk])).content.decode()


def test_a_units_page_shows_what_the_reader_may_see_and_no_more(cast: Cast) -> None:
    account, request, draft = official(cast), submitted(cast), drafted(cast)
    url = reverse("web:unit", args=[cast.school.pk])
    principal = as_(cast.principal).get(url).content.decode()
    assert reverse("web:account", args=[account.public_id]) in principal
    assert request.name in principal
    assert draft.name not in principal
    charlie = as_(cast.charlie).get(url).content.decode()
    assert reverse("directory:account", args=[account.public_id]) in charlie, (
        "what is public is public here too"
    )
    assert reverse("web:account", args=[account.public_id]) not in charlie
    assert request.name not in charlie
    assert "History" not in charlie
    assert "Ana Petrova" in charlie
    assert "History" in as_(cast.communications).get(url).content.decode()


def test_a_units_page_costs_the_same_with_one_account_and_with_five(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    for _ in range(5):
        official(cast)
    client = as_(cast.communications)
    client.get(reverse("web:units"))
    with django_assert_max_num_queries(30):  # type: ignore[operator]  # a fixture without a public type
        client.get(reverse("web:unit", args=[cast.school.pk]))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("name", "A\u202eB"),
        ("name", "a\x00b"),
        ("kind", "division"),
        ("kind", ""),
        ("parent", ""),
        ("parent", "999999"),
        ("email", "office"),
        ("website", "javascript:alert(1)"),
        ("phone", "5" * 41),
        ("town", "\u200b\u200b\u202d"),
    ],
)
def test_a_wrong_field_is_shown_beside_it_and_the_rest_is_kept(cast: Cast, field: str, value: str) -> None:
    typed = new_unit(cast, **{"town": "Lloydminster", field: value})
    answer = as_(cast.sysadmin).post(reverse("web:unit_add"), typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    if field != "town":
        assert "Lloydminster" in answer.content.decode()
    assert not Unit.objects.filter(parent=cast.school).exclude(pk=cast.classroom.pk).exists()


def test_a_doubled_unit_is_refused_beside_its_name(cast: Cast) -> None:
    answer = as_(cast.sysadmin).post(
        reverse("web:unit_add"), new_unit(cast, kind="classroom", name="Grade 4")
    )
    assert list(answer.context["form"].errors) == ["name"]


@pytest.mark.parametrize("field", ["path", "code", "closed_on", "parent", "kind"])
def test_place_code_and_state_are_no_fields_of_the_form_to_change_a_unit(cast: Cast, field: str) -> None:
    typed = {"name": "Rendell", "town": "", "phone": "", "email": "", "website": "", field: "x"}
    assert (
        as_(cast.sysadmin).post(reverse("web:unit_change", args=[cast.school.pk]), typed).status_code == 422
    )
    cast.school.refresh_from_db()
    assert cast.school.name == "Rendell Park School"


def test_a_unit_is_changed_and_its_history_says_so(cast: Cast) -> None:
    url = reverse("web:unit_change", args=[cast.school.pk])
    typed = {
        "name": "Rendell Park Elementary",
        "town": "Lloydminster",
        "phone": "780-555-0111",
        "email": "a@lpsd.ca",
        "website": "lpsd.ca/rendell",
    }
    client = as_(cast.communications)
    assert client.post(url, typed).status_code == 302
    cast.school.refresh_from_db()
    assert cast.school.website == "https://lpsd.ca/rendell"
    page = client.get(reverse("web:unit", args=[cast.school.pk])).content.decode()
    assert "Marc Laurent changed the unit Rendell Park Elementary" in page


def test_closing_says_what_hangs_on_the_unit_and_then_closes_it(cast: Cast) -> None:
    account, request = official(cast), submitted(cast)
    client, url = as_(cast.communications), reverse("web:unit_close", args=[cast.school.pk])
    page = client.get(url).content.decode()
    for part in (account.name, request.name, "Ana Petrova", "Grade 4"):
        assert part in page
    day = clock.today() + timedelta(days=30)
    assert client.post(url, {"on": "never"}).status_code == 422
    assert client.post(url, {"on": day.isoformat()}).status_code == 302
    cast.school.refresh_from_db()
    assert cast.school.closed_on == day
    assert client.get(url).status_code == 409
    assert client.post(url, {"on": day.isoformat()}).status_code == 409


def test_the_division_cannot_be_closed(cast: Cast) -> None:
    assert as_(cast.sysadmin).get(reverse("web:unit_close", args=[cast.division.pk])).status_code == 409
