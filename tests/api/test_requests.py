"""Requests over the API: who sees which, the whole way of a request, refusals, and acts done once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from rostrum.api.models import Reply
from rostrum.audit.models import Event
from rostrum.registry import actions
from rostrum.registry.models import AccountRequest
from rostrum.registry.states import REGISTRATION_MOVES, REQUEST_MOVES
from tests.api.conftest import Program
from tests.cast import Cast, drafted, submitted, typed_registration, typed_request

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


def test_a_request_goes_the_whole_way_over_the_api(cast: Cast, program: Programs) -> None:
    """AP 193 1.2, 3.1, 3.2: draft, send, endorse, approve, register, accept, confirm."""
    teacher, colleague = program("teacher"), program("colleague")
    principal, communications = program("principal"), program("communications")
    typed = typed_request(cast)
    made = teacher.post("/requests", {"answers": {"purpose": typed["purpose"]}})
    assert made.status_code == 201
    it = made.json()
    assert made["Location"] == f"/api/v1/requests/{it['ref']}"
    base = f"/requests/{it['ref']}"
    it = teacher.send("PATCH", base, {"version": it["version"], "answers": typed}).json()
    assert it["answers"]["name"] == typed["name"]
    assert [move["name"] for move in it["allowed_moves"]] == ["submit", "withdraw"]
    it = teacher.post(f"{base}/moves/submit", {"version": it["version"]}).json()
    assert it["state"] == "submitted"
    assert it["status"]["waiting_for"] == ["Ana Petrova"]
    assert [m["name"] for m in principal.get(base).json()["allowed_moves"]] == ["endorse", "return", "decline"]
    it = principal.post(f"{base}/moves/endorse", {"version": it["version"], "reason": "Name fits."}).json()
    assert it["status"]["waiting_for"] == ["Marc Laurent", "Julie Gagnon"]
    it = communications.post(f"{base}/moves/approve", {"version": it["version"]}).json()
    assert it["registration"] is None  # the form is its writer's alone until it is sent
    form = teacher.get(base).json()["registration"]
    request = AccountRequest.objects.get(ref=it["ref"])
    filled = typed_registration(request.registration, cast)
    sent = teacher.send("PATCH", f"{base}/registration", {"version": form["version"], "answers": filled})
    form = sent.json()["registration"]
    form = teacher.post(f"{base}/registration/moves/send", {"version": form["version"]}).json()["registration"]
    assert form["state"] == "sent"
    assert principal.post(f"{base}/registration/moves/confirm", {"version": form["version"]}).status_code == 403
    assert colleague.post(f"{base}/designation", {"answer": "decline"}).status_code == 422
    assert colleague.post(f"{base}/designation", {"answer": "accept"}).status_code == 200
    assert program("principal").post(f"{base}/designation", {"answer": "accept"}).status_code == 403
    done = communications.post(f"{base}/registration/moves/confirm", {"version": form["version"]})
    assert done.status_code == 200
    assert done.json()["state"] == "registered"
    over = communications.post(f"{base}/registration/moves/return", {"version": form["version"] + 1, "reason": "No."})
    assert over.status_code in {403, 409}
    assert over.json()["clause"] == "ap-193@2015-09#3.2"
    public = Program().get(f"/accounts/{done.json()['account']}").json()
    assert public["standing"] == "official"
    record = communications.get(f"/records/{public['id']}").json()
    assert record["request"] == it["ref"]
    assert [m["person"]["name"] for m in record["managers"]] == ["Sofia Nguyen", "Owen Clarke"]


def test_the_three_kinds_of_no(cast: Cast, program: Programs) -> None:
    request = submitted(cast)
    base = f"/requests/{request.ref}/moves"
    teacher, principal, communications = program("teacher"), program("principal"), program("communications")
    own = teacher.post(f"{base}/endorse", {"version": request.version})
    assert (own.status_code, own.json()["type"].rpartition("/")[2]) == (403, "not-you")
    assert own.json()["clause"] == "ap-193@2015-09#3.1"
    assert "Petrova" in own.json()["detail"]
    soon = communications.post(f"{base}/approve", {"version": request.version})
    assert (soon.status_code, soon.json()["type"].rpartition("/")[2]) == (409, "not-now")
    assert soon.json()["clause"] == "ap-193@2015-09#3.1"
    actions.endorse(request, by=cast.principal)
    early = principal.post(f"{base}/return", {"version": request.version, "reason": "Wait."})
    assert early.status_code == 403
    late = communications.post(f"{base}/approve", {"version": request.version - 1})
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "too-late")
    again = teacher.send("PATCH", f"/requests/{request.ref}", {"version": request.version, "answers": {}})
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "not-now")
    silent = communications.post(f"{base}/decline", {"version": request.version})
    assert (silent.status_code, list(silent.json()["fields"])) == (422, ["reason"])
    request.refresh_from_db()
    assert request.state == "endorsed"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "version"), ({"version": 0}, "version"), ({"version": "x"}, "version"), ({"version": 2**40}, "version"),
        ({"version": 1, "state": "approved"}, "state"), ({"version": 1, "reason": "x" * 4001}, "reason"),
        ({"version": 1, "reason": ["a"]}, "reason"), ([], "payload"), (None, "payload"), ("\"x\"", "payload"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_used_changes_nothing(cast: Cast, program: Programs, body: Any, field: str) -> None:
    request = submitted(cast)
    before = Event.objects.count()
    answer = program("principal").send("POST", f"/requests/{request.ref}/moves/endorse", body)
    assert answer.status_code == 422
    assert field in answer.json()["fields"] or field == "payload"
    request.refresh_from_db()
    assert request.state == "submitted"
    assert Event.objects.count() == before + 1  # the token


def test_bodies_that_are_no_json(cast: Cast, program: Programs) -> None:
    request = submitted(cast)
    path, teacher = f"/requests/{request.ref}/moves/withdraw", program("teacher")
    assert teacher.post(path, "{").status_code == 400
    assert teacher.post(path, b"\xff\xfe{}").status_code in {400, 422}
    assert teacher.post(path, "[" * 100_000).status_code == 400
    assert teacher.post(path, "version=1", **{"Content-Type": "application/x-www-form-urlencoded"}).status_code == 415
    assert teacher.post(path, "{}", **{"Content-Type": "text/plain"}).status_code == 415
    assert teacher.post(path, "x" * 1_000_001).status_code == 413
    assert teacher.post(path, '{"version": 1, "reason": "\\ud800"}').status_code == 422
    assert teacher.post(path, '{"version": NaN}').status_code == 422
    hidden = teacher.post(path, {"version": request.version, "reason": "a\x00b"})
    assert (hidden.status_code, list(hidden.json()["fields"])) == (422, ["reason"])
    request.refresh_from_db()
    assert request.state == "submitted"


def test_a_form_field_that_does_not_exist_is_refused(cast: Cast, program: Programs) -> None:
    answer = program("teacher").post("/requests", {"answers": {"state": ["approved"]}})
    assert answer.status_code == 422
    assert "state" in answer.json()["detail"]
    assert not AccountRequest.objects.exists()


def test_the_same_key_gives_the_same_answer_once(cast: Cast, program: Programs) -> None:
    teacher = program("teacher")
    body, key = {"answers": typed_request(cast)}, {"Idempotency-Key": "a-key-of-my-own"}
    first = teacher.post("/requests", body, **key)
    second = teacher.post("/requests", body, **key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first["Location"] == second["Location"]
    assert AccountRequest.objects.count() == 1
    other = teacher.post("/requests", {"answers": {}}, **key)
    assert (other.status_code, other.json()["type"].rpartition("/")[2]) == (422, "key-reused")
    elsewhere = teacher.post(f"/requests/{first.json()['ref']}/moves/withdraw", {"version": 1}, **key)
    assert elsewhere.json()["type"].endswith("/key-reused")
    assert program("colleague").post("/requests", {"answers": {}}, **key).status_code == 201
    for bad in ("x" * 81, "a\x07b", "é" * 90):
        assert teacher.post("/requests", body, **{"Idempotency-Key": bad}).status_code == 422
    # An act that was refused is judged again when it is sent again.
    ref, key = first.json()["ref"], {"Idempotency-Key": "another"}
    assert teacher.post(f"/requests/{ref}/moves/withdraw", {"version": 99}, **key).status_code == 409
    done = teacher.post(f"/requests/{ref}/moves/withdraw", {"version": first.json()["version"]}, **key)
    assert done.status_code == 200
    again = teacher.post(f"/requests/{ref}/moves/withdraw", {"version": first.json()["version"]}, **key)
    assert again.content == done.content
    assert Event.objects.filter(act="accountrequest:withdraw").count() == 1
    assert Reply.objects.count() == 3


def test_if_match_acts_only_on_what_was_read(cast: Cast, program: Programs) -> None:
    request = submitted(cast)
    principal = program("principal")
    read = principal.get(f"/requests/{request.ref}")
    assert read["Cache-Control"] == "private, no-cache"
    assert "Authorization" in read["Vary"]
    same = principal.get(f"/requests/{request.ref}", **{"If-None-Match": read["ETag"]})
    assert same.status_code == 304
    path, body = f"/requests/{request.ref}/moves/endorse", {"version": request.version}
    stale = principal.post(path, body, **{"If-Match": '"0123456789abcdef0123456789abcdef"'})
    assert (stale.status_code, stale.json()["type"].rpartition("/")[2]) == (412, "changed")
    key = {"If-Match": read["ETag"], "Idempotency-Key": "k"}
    assert principal.post(path, body, **key).status_code == 200
    assert principal.post(path, body, **key).status_code == 200


def test_another_schools_request_is_not_there(cast: Cast, program: Programs) -> None:
    """The same answer as for a number that never was: nothing is learned by guessing."""
    request = submitted(cast)
    charlie = program("charlie")
    real = charlie.get(f"/requests/{request.ref}").json()
    never = charlie.get("/requests/2026-9999").json()
    assert {**real, "instance": ""} == {**never, "instance": ""}
    for act in ("moves/endorse", "registration/moves/confirm"):
        assert charlie.post(f"/requests/{request.ref}/{act}", {"version": 1}).status_code == 404
    assert charlie.post(f"/requests/{request.ref}/designation", {"answer": "accept"}).status_code == 404


def test_more_requests_cost_no_more_queries(cast: Cast, program: Programs, django_assert_max_num_queries: Any) -> None:
    submitted(cast)
    communications = program("communications")
    communications.get("/requests")
    counts = []
    for more in (0, 6):
        for _n in range(more):
            submitted(cast)
        with django_assert_max_num_queries(30) as queries:
            communications.get("/requests")
        counts.append(len(queries))
    assert counts[0] == counts[1], counts


def test_every_move_of_a_person_has_its_address() -> None:
    from rostrum.api.requests import REGISTRATION_ACTS, REQUEST_ACTS
    from rostrum.api.staff_shapes import RegistrationMove, RequestMove

    clock_only = {"lapse", "register"}
    names = {move.name for move in REQUEST_MOVES} - clock_only
    assert names == set(REQUEST_ACTS) == set(RequestMove.__args__)  # type: ignore[attr-defined]
    names = {move.name for move in REGISTRATION_MOVES}
    assert names == set(REGISTRATION_ACTS) == set(RegistrationMove.__args__)  # type: ignore[attr-defined]


def test_words_are_in_the_callers_language_and_keys_are_not(cast: Cast, program: Programs) -> None:
    request = drafted(cast)
    teacher = program("teacher")
    english = teacher.get(f"/requests/{request.ref}").json()
    french = teacher.get(f"/requests/{request.ref}", **{"Accept-Language": "fr-CA,en;q=0.5"}).json()
    assert english["status"]["word"] == "Draft"
    assert french["status"]["word"] != "Draft"
    assert english["state"] == french["state"] == "draft"
    assert re.fullmatch(r"/api/v1/requests/[\d-]+/moves/submit", french["allowed_moves"][0]["href"])
