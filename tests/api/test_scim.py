"""SCIM as Okta, Entra and Google speak it: people come, change and leave, by the acts of the pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rostrum.api.scim.errors import ScimError
from rostrum.api.scim.reading import PATCH, USER, changes_of, filter_of, user_of
from rostrum.audit.models import Event
from rostrum.core.errors import Invalid
from rostrum.people.models import Appointment, Person
from tests.api.conftest import secret_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NEW = {
    "schemas": [USER, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"], "userName": "L.Cardinal@lpsd.ca",
    "externalId": "00u1", "name": {"givenName": "Leah", "familyName": "Cardinal"}, "active": True, "title": "Teacher",
    "emails": [{"primary": True, "value": "l.cardinal@lpsd.ca", "type": "work"}], "groups": [],
    "phoneNumbers": [{"value": "780-555-0100", "type": "work"}],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Grade 4"},
}  # fmt: skip


class Provider:
    """The division's identity provider."""

    def __init__(self, secret: str) -> None:
        self.client, self.headers = Client(), {"Authorization": f"Bearer {secret}"}

    def __call__(self, method: str, path: str, body: Any = None, kind: str = "application/scim+json") -> Any:
        text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        return self.client.generic(method, f"/scim/v2{path}", text, content_type=kind, headers=self.headers)

    def patch(self, number: str, *operations: dict[str, Any]) -> Any:
        return self("PATCH", f"/Users/{number}", {"schemas": [PATCH], "Operations": list(operations)})


@pytest.fixture
def provider(cast: Cast) -> Provider:
    return Provider(secret_of(cast.sysadmin, "scim"))


def test_only_a_system_administrators_token_opens_it(cast: Cast) -> None:
    for person in (cast.teacher, cast.communications, cast.director):
        with pytest.raises(Invalid):
            secret_of(person, "scim")
    assert Client().get("/scim/v2/Users").status_code == 401
    for secret in (secret_of(cast.teacher), secret_of(cast.sysadmin, "read:requests")):
        answer = Provider(secret)("GET", "/Users")
        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/scim+json"
        assert answer.json()["status"] == "403"
    kept = Provider(secret_of(cast.sysadmin, "scim"))
    Appointment.objects.filter(person=cast.sysadmin).delete()
    assert kept("GET", "/Users").status_code == 403
    client = Client()
    client.force_login(cast.sysadmin)
    assert client.get("/scim/v2/Users").status_code == 401


def test_it_says_what_it_can_do(provider: Provider) -> None:
    config = provider("GET", "/ServiceProviderConfig").json()
    assert config["patch"]["supported"] is True
    assert config["bulk"]["supported"] is False
    assert provider("GET", "/ResourceTypes").json()["Resources"][0]["endpoint"] == "/Users"
    assert provider("GET", "/ResourceTypes/User").json()["schema"] == USER
    schema = provider("GET", f"/Schemas/{USER}").json()
    assert provider("GET", "/Schemas").json()["Resources"] == [schema]
    assert {"userName", "active", "title"} <= {one["name"] for one in schema["attributes"]}
    for path in ("/ResourceTypes/Group", "/Schemas/urn:x"):
        assert provider("GET", path).status_code == 404
    wrong = provider("DELETE", "/Users")
    assert (wrong.status_code, wrong["Allow"]) == (405, "GET, POST")


def test_a_person_comes(provider: Provider, cast: Cast) -> None:
    made = provider("POST", "/Users", NEW)
    assert made.status_code == 201
    user = made.json()
    assert made["Location"].endswith(f"/scim/v2/Users/{user['id']}")
    assert (user["userName"], user["displayName"], user["externalId"]) == (
        "l.cardinal@lpsd.ca",
        "Leah Cardinal",
        "00u1",
    )
    person = Person.objects.get(pk=user["id"])
    assert not person.has_usable_password()
    assert not Appointment.objects.filter(person=person).exists()
    event = Event.objects.get(act="person:add", subject_id=person.pk)
    assert event.actor_id == cast.sysadmin.pk
    again = provider("POST", "/Users", {**NEW, "userName": "l.CARDINAL@lpsd.ca"})
    assert (again.status_code, again.json()["scimType"]) == (409, "uniqueness")
    twin = provider("POST", "/Users", {**NEW, "userName": "other@lpsd.ca"})
    assert (twin.status_code, twin.json()["scimType"]) == (409, "uniqueness")
    assert not Person.objects.filter(email="other@lpsd.ca").exists()


@pytest.mark.parametrize(
    "change",
    [{"userName": None}, {"userName": ""}, {"userName": "leah@gmail.com"}, {"userName": "leah@lpsd.ca.evil.example"},
     {"userName": 7}, {"userName": "no-at"}, {"active": "perhaps"}, {"title": "x" * 301}, {"title": ["a"]},
     {"displayName": "a\x00b"}],
)  # fmt: skip
def test_who_may_not_come(provider: Provider, cast: Cast, change: dict[str, Any]) -> None:
    """AP 193 1.6: only work addresses of the division, whatever a provider sends."""
    before = Person.objects.count()
    answer = provider("POST", "/Users", {**NEW, **change})
    assert answer.status_code == 400
    assert answer.json()["scimType"] == "invalidValue"
    assert Person.objects.count() == before


def test_finding_one(provider: Provider, cast: Cast) -> None:
    provider("POST", "/Users", NEW)
    for asked, count in (
        ('userName eq "l.cardinal@lpsd.ca"', 1), ('USERNAME Eq "L.Cardinal@LPSD.ca"', 1), ('externalId eq "00u1"', 1),
        ('emails[type eq "work"].value eq "l.cardinal@lpsd.ca"', 1), ('userName eq "nobody@lpsd.ca"', 0),
        (f'{USER}:userName eq "l.cardinal@lpsd.ca"', 1), ('externalId eq "a\\u0000"', 0), ('id eq "99999999"', 0),
        ('id eq "abc"', 0), ('userName eq "a\\"b"', 0), ("active eq false", 0),
    ):  # fmt: skip
        answer = provider.client.get("/scim/v2/Users", {"filter": asked}, headers=provider.headers)
        assert answer.status_code == 200, asked
        assert answer.json()["totalResults"] == count, asked
    for asked in ('userName co "a"', 'title eq "x"', "userName eq", 'userName eq "a" and active eq true', "x" * 700):
        answer = provider.client.get("/scim/v2/Users", {"filter": asked}, headers=provider.headers)
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter"), asked


def test_the_list_in_parts(provider: Provider, cast: Cast) -> None:
    total = Person.objects.count()
    seen: list[str] = []
    while len(seen) < total:
        page = provider("GET", f"/Users?startIndex={len(seen) + 1}&count=4").json()
        assert page["totalResults"] == total
        seen += [one["id"] for one in page["Resources"]]
    assert len(set(seen)) == total
    assert provider("GET", "/Users?count=0").json()["Resources"] == []
    assert provider("GET", "/Users?startIndex=-5&count=1").json()["startIndex"] == 1
    assert provider("GET", "/Users?startIndex=999999").json()["Resources"] == []
    assert provider("GET", "/Users?count=x").status_code == 400


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "active", "value": False},  # the standard
        {"op": "Replace", "path": "active", "value": "False"},  # Entra
        {"op": "replace", "value": {"active": False}},  # Okta
        {"op": "Add", "path": f"{USER}:active", "value": "false"},
    ],
)
def test_a_person_leaves(provider: Provider, cast: Cast, operation: dict[str, Any]) -> None:
    """Their roles end that day and they cannot sign in; a return brings back no role."""
    number = str(cast.principal.pk)
    assert provider.patch(number, operation).json()["active"] is False
    cast.principal.refresh_from_db()
    assert cast.principal.left_on is not None
    assert not Appointment.objects.filter(person=cast.principal, ends_on=None).exists()
    assert provider.patch(number, operation).status_code == 200
    assert Event.objects.filter(act="person:leave").count() == 1
    assert provider("GET", f"/Users/{number}").json()["active"] is False
    assert provider.patch(number, {"op": "replace", "value": {"active": True}}).json()["active"] is True
    assert not Appointment.objects.filter(person=cast.principal, ends_on=None).exists()


def test_nobody_is_deleted(provider: Provider, cast: Cast) -> None:
    number = str(cast.colleague.pk)
    assert provider("DELETE", f"/Users/{number}").status_code == 204
    assert provider("DELETE", f"/Users/{number}").status_code == 204
    assert provider("GET", f"/Users/{number}").json()["active"] is False
    assert provider("DELETE", "/Users/99999999").status_code == 404


def test_the_administrator_cannot_remove_themself(provider: Provider, cast: Cast) -> None:
    answer = provider.patch(str(cast.sysadmin.pk), {"op": "replace", "path": "active", "value": False})
    assert answer.status_code == 403
    cast.sysadmin.refresh_from_db()
    assert cast.sysadmin.is_active


def test_changes_of_a_person(provider: Provider, cast: Cast) -> None:
    number = provider("POST", "/Users", NEW).json()["id"]
    changed = provider.patch(
        number,
        {"op": "Replace", "path": "name.familyName", "value": "Moose"},
        {"op": "Add", "path": "title", "value": "Vice-principal"},
        {"op": "Replace", "path": 'phoneNumbers[type eq "work"].value', "value": "780-555-0199"},
        {"op": "Replace", "path": "userName", "value": "l.moose@lpsd.ca"},
    ).json()
    assert (changed["displayName"], changed["title"], changed["userName"]) == (
        "Leah Moose", "Vice-principal", "l.moose@lpsd.ca",
    )  # fmt: skip
    count = Event.objects.count()
    same = provider("PUT", f"/Users/{number}", {**NEW, "userName": "l.moose@lpsd.ca", "name": {"familyName": "Moose"},
                                                "title": "Vice-principal"})  # fmt: skip
    assert same.status_code == 200
    assert Event.objects.count() == count, "nothing new, nothing in the log"
    removed = provider.patch(number, {"op": "remove", "path": "title"}, {"op": "remove", "path": "externalId"}).json()
    assert removed["title"] == ""
    assert "externalId" not in removed
    taken = provider.patch(number, {"op": "replace", "path": "userName", "value": cast.teacher.email})
    assert (taken.status_code, taken.json()["scimType"]) == (409, "uniqueness")


@pytest.mark.parametrize(
    ("body", "kind"),
    [("{", "invalidSyntax"), ("[]", "invalidSyntax"), ({}, "invalidSyntax"), ({"schemas": [PATCH]}, "invalidSyntax"),
     ({"schemas": [PATCH], "Operations": [1]}, "invalidSyntax"), ("[" * 100_000, "invalidSyntax"),
     ({"schemas": [PATCH], "Operations": [{"op": "move", "path": "title"}]}, "invalidSyntax"),
     ({"schemas": [PATCH], "Operations": [{"op": "remove"}]}, "noTarget"),
     ({"schemas": [PATCH], "Operations": [{"op": "remove", "path": "userName"}]}, "mutability"),
     ({"schemas": [PATCH], "Operations": [{"op": "replace", "value": 1}]}, "invalidValue"),
     ({"schemas": [PATCH], "Operations": [{"op": "replace", "path": "title", "value": "x"},
                                          {"op": "replace", "path": "active", "value": "maybe"}]}, "invalidValue")],
)  # fmt: skip
def test_a_patch_that_cannot_be_read_changes_nothing(provider: Provider, cast: Cast, body: Any, kind: str) -> None:
    answer = provider("PATCH", f"/Users/{cast.teacher.pk}", body)
    assert (answer.status_code, answer.json().get("scimType")) == (400, kind)
    before = cast.teacher.title
    cast.teacher.refresh_from_db()
    assert cast.teacher.title == before
    assert provider("PATCH", f"/Users/{cast.teacher.pk}", "x", kind="text/plain").status_code == 415


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["op", "path", "value", "active", "name", "givenName", "userName", "x"]), inner,
                      max_size=4), max_leaves=8,
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=values, text=st.text(max_size=60))
def test_reading_never_fails_otherwise(body: Any, text: str) -> None:
    """Whatever is sent is read or refused in SCIM's own words."""
    for read, sent in ((user_of, body), (changes_of, {"schemas": [PATCH], "Operations": [body]}), (filter_of, text)):
        try:
            read(sent)  # type: ignore[operator]
        except ScimError:
            continue
