"""What anybody may read over the API, how it is paged, kept and refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rostrum.api import rate
from rostrum.registry.models import Account
from tests.api.conftest import Program
from tests.cast import Cast, official, submitted

pytestmark = pytest.mark.django_db


def test_units_are_the_divisions_tree(cast: Cast, anybody: Program) -> None:
    found = anybody.get("/units").json()["items"]
    assert [u["code"] for u in found] == ["lpsd", "rendell", "rendell-gr4", "winston"]
    assert found[2] == {
        "code": "rendell-gr4", "kind": "classroom", "name": "Grade 4", "parent": "rendell", "street": "", "town": "",
        "email": "", "phone": "", "website": "", "closed_on": None,
    }  # fmt: skip
    assert [u["code"] for u in anybody.get("/units?under=rendell&kind=classroom").json()["items"]] == ["rendell-gr4"]
    assert anybody.get("/units?under=nowhere").json()["items"] == []
    assert anybody.get("/units/winston").json()["name"] == "Winston Churchill School"
    assert anybody.get("/units/nowhere").status_code == 404


def test_procedures_clauses_and_forms_are_read_as_published(cast: Cast, anybody: Program) -> None:
    one = anybody.get("/procedures").json()["items"][0]
    assert one["key"] == "ap-193"
    assert [e["label"] for e in one["editions"] if e["in_force"]] == ["2015-09"]
    base = "/procedures/ap-193/editions/2015-09"
    clauses = anybody.get(f"{base}/clauses").json()["items"]
    assert len(clauses) == one["editions"][0]["clause_count"]
    three_one = anybody.get(f"{base}/clauses/3.1").json()
    assert three_one["citation"] == "ap-193@2015-09#3.1"
    assert three_one in clauses
    french = anybody.get(f"{base}/clauses/3.1", **{"Accept-Language": "fr"})
    assert french.json()["text"] != three_one["text"]
    assert french["Content-Language"] == "fr-ca"
    fields = {f["key"]: f for f in anybody.get(f"{base}/forms/request").json()["fields"]}
    assert fields["platform"]["options"]
    for missing in ("/clauses/9.9", "/forms/other", "/clauses/x%00y"):
        assert anybody.get(base + missing).status_code == 404, missing
    assert anybody.get("/procedures/ap-193/editions/1999/clauses").status_code == 404


def test_platforms_are_the_catalogue(cast: Cast, anybody: Program) -> None:
    found = {p["key"]: p for p in anybody.get("/platforms").json()["items"]}
    assert found["x"]["former_name"] == "Twitter"
    assert "instagram.com" in " ".join(found["instagram"]["hosts"])


def test_the_directory_holds_official_accounts_and_never_requests(cast: Cast, anybody: Program) -> None:
    """AP 193 1.2, 3.2."""
    account = official(cast)
    asked = submitted(cast)
    found = anybody.get("/accounts").json()["items"]
    assert [a["id"] for a in found] == [account.public_id]
    assert asked.name not in anybody.get("/accounts").content.decode()
    assert found[0]["unit_code"] == "rendell-gr4"
    assert found[0]["standing"] == "official"
    one = anybody.get(f"/accounts/{account.public_id.lower()}").json()
    assert one["history"] == [
        {"standing": "official", "since": one["history"][0]["since"], "until": None},
    ]
    text = anybody.get(f"/accounts/{account.public_id}").content.decode()
    for person in (cast.teacher, cast.colleague, cast.principal, cast.communications):
        assert person.name not in text
        assert person.email not in text
    for question, count in (
        ("q=rendell", 1), ("q=R%C3%A9ndell", 1), ("q=winston", 0), ("unit=rendell", 1), ("unit=winston", 0),
        ("unit=nowhere", 0), ("kind=classroom", 1), ("kind=club", 0), ("platform=blog", 1), ("platform=x", 0),
    ):  # fmt: skip
        assert len(anybody.get(f"/accounts?{question}").json()["items"]) == count, question


def test_verify_gives_the_pages_answer(cast: Cast, anybody: Program) -> None:
    account = official(cast)
    answer = anybody.get(f"/verify?url={account.address}")
    assert answer.json()["result"] == "official"
    assert answer.json()["account"]["id"] == account.public_id
    assert answer["Cache-Control"] == "no-store"
    assert anybody.get("/verify?url=https://www.instagram.com/some_stranger").json()["result"] == "not_ours"
    assert anybody.get("/verify?url=").json()["result"] == "unreadable"
    assert anybody.get("/verify?url=%00%ff").json()["result"] == "unreadable"
    missing = anybody.get("/verify")
    assert missing.status_code == 422
    assert missing.json()["fields"] == {"url": ["Field required"]}


def rows(count: int) -> None:
    """Many accounts of one unit, two with the same name."""
    model = Account.objects.get()
    registration = model.registration
    for n in range(count):
        other = registration.request
        other.pk, other.ref = None, f"2020-{n:04d}"
        other.handle_key = f"k{n}"
        other.save()
        registration.pk, registration.request = None, other
        registration.save()
        model.pk, model.registration = None, registration
        model.public_id, model.canonical_id, model.name = f"ZZ{n:04d}", f"c{n}", f"Name {n // 2:03d}"
        model.save()


def test_parts_follow_each_other_without_gap_or_double(cast: Cast, anybody: Program) -> None:
    official(cast)
    rows(23)
    seen: list[str] = []
    where, parts = "/accounts?limit=5&kind=classroom", 0
    while where:
        answer = anybody.get(where)
        seen += [a["id"] for a in answer.json()["items"]]
        following = answer.json()["next"]
        assert answer.headers.get("Link") == (f'<{following}>; rel="next"' if following else None)
        where, parts = (following or "").removeprefix("/api/v1"), parts + 1
        if parts == 2:  # what is entered meanwhile moves nothing
            Account.objects.filter(public_id=seen[0]).update(name="Aaaa")
    assert parts == 5
    assert len(seen) == len(set(seen)) == 24


def test_a_cursor_counts_for_its_own_question_only(cast: Cast, anybody: Program) -> None:
    official(cast)
    rows(4)
    following = anybody.get("/accounts?limit=2").json()["next"].removeprefix("/api/v1")
    assert anybody.get(following).status_code == 200
    for bad in (following + "&kind=classroom", following[:-2] + "zz", "/accounts?cursor=abc", "/accounts?cursor=%00"):
        answer = anybody.get(bad)
        assert answer.status_code == 422, bad
        assert answer.json()["type"].endswith("/api/problems/invalid")
        assert list(answer.json()["fields"]) == ["cursor"]


@pytest.mark.parametrize(
    ("path", "field"),
    [("/accounts?limit=0", "limit"), ("/accounts?limit=101", "limit"), ("/accounts?limit=x", "limit"),
     ("/accounts?kind=zoo", "kind"), ("/accounts?retired=perhaps", "retired"), ("/accounts?typo=1", "typo"),
     ("/accounts?q=%00", "q"), ("/units/rendell?x=1", "x"), ("/verify?url=a&url2=b", "url2")],
)  # fmt: skip
def test_what_cannot_be_used_is_named(cast: Cast, anybody: Program, path: str, field: str) -> None:
    answer = anybody.get(path)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert field in answer.json()["fields"]


def test_unchanged_is_said_in_a_word(cast: Cast, anybody: Program) -> None:
    official(cast)
    first = anybody.get("/accounts")
    assert first["Cache-Control"] == "public, max-age=60"
    again = anybody.get("/accounts", **{"If-None-Match": f'W/{first["ETag"]}, "other"'})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert "Accept-Language" in again["Vary"]
    assert anybody.get("/accounts", **{"If-None-Match": '"other"'}).status_code == 200
    official(cast)
    assert anybody.get("/accounts", **{"If-None-Match": first["ETag"]}).status_code == 200


def test_head_is_get_without_its_body(cast: Cast) -> None:
    client = Client()
    got, head = client.get("/api/v1/units"), client.head("/api/v1/units")
    assert head.status_code == 200
    assert head.content == b""
    assert (head["ETag"], head["Content-Length"]) == (got["ETag"], str(len(got.content)))


def test_any_website_may_read_what_is_public(cast: Cast) -> None:
    client = Client()
    got = client.get("/api/v1/units", headers={"Origin": "https://school.example"})
    assert got["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in got["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in got
    asked = {"Origin": "https://school.example", "Access-Control-Request-Method": "GET"}
    flight = client.options("/api/v1/units", headers=asked)
    assert flight.status_code == 204
    assert flight["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert flight["Allow"] == "GET, HEAD, OPTIONS"
    own = client.options("/api/v1/requests", headers=asked)
    assert own["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert "Access-Control-Allow-Origin" not in own
    assert "Access-Control-Allow-Origin" not in client.get("/api/v1/requests")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_a_method_that_an_address_does_not_know(cast: Cast, method: str) -> None:
    answer = Client().generic(method, "/api/v1/units")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["type"].endswith("/api/problems/method")


def test_an_unknown_address_is_a_problem_document_too(cast: Cast, anybody: Program) -> None:
    for path in ("/nothing", "/units/a/b", "/", "/units/"):
        answer = anybody.get(path)
        assert answer.status_code == 404, path
        assert answer["Content-Type"] == "application/problem+json"


def test_whoever_accepts_no_json_is_told_so(cast: Cast, anybody: Program) -> None:
    assert anybody.get("/units", Accept="text/csv").status_code == 406
    for fine in ("*/*", "application/json", "text/html, application/*;q=0.5", "application/problem+json"):
        assert anybody.get("/units", Accept=fine).status_code == 200, fine


def test_a_minute_has_an_end(cast: Cast, anybody: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "PER_ADDRESS", 3)
    monkeypatch.setattr(rate.time, "time", lambda: 1_800_000_010.0)
    left = [anybody.get("/units")["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    over = anybody.get("/units")
    assert over.status_code == 429
    assert over["Retry-After"] == over["RateLimit-Reset"]
    assert over.json()["type"].endswith("/api/problems/too-many")
    assert Client(REMOTE_ADDR="192.0.2.9").get("/api/v1/units").status_code == 200
    monkeypatch.setattr(rate.time, "time", lambda: 1_800_000_061.0)
    assert anybody.get("/units").status_code == 200


def test_a_forwarded_address_counts_only_behind_the_own_proxy(
    cast: Cast, anybody: Program, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(rate, "PER_ADDRESS", 1)
    assert anybody.get("/units", **{"X-Forwarded-For": "192.0.2.1"}).status_code == 200
    assert anybody.get("/units", **{"X-Forwarded-For": "192.0.2.2"}).status_code == 429
    settings.ENV = settings.ENV.model_copy(update={"trusted_proxy": True})
    assert anybody.get("/units", **{"X-Forwarded-For": "forged, 192.0.2.3"}).status_code == 200
    assert anybody.get("/units", **{"X-Forwarded-For": "other, 192.0.2.3"}).status_code == 429


def test_more_accounts_cost_no_more_queries(cast: Cast, anybody: Program, django_assert_num_queries: Any) -> None:
    official(cast)
    anybody.get("/accounts")
    with django_assert_num_queries(1):
        anybody.get("/accounts")
    rows(20)
    with django_assert_num_queries(1):
        assert len(anybody.get("/accounts").json()["items"]) == 21
    with django_assert_num_queries(1):
        anybody.get("/units")
