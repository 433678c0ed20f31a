"""The description is true: its examples run, its problems have pages, a fuzzer finds nothing that it does not say."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jsonschema
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.management.color import no_style
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from rostrum.api.description import schema
from rostrum.api.problems import KINDS
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.intake.accounts_models import AccountList
from rostrum.intake.models import ImportRun
from rostrum.registry.models import Account, AccountRequest
from tests.api.conftest import Program, secret_of
from tests.cast import Cast
from tests.web.everywhere import World

pytestmark = pytest.mark.django_db
WIDE = "EXAMPLES" in os.environ  # `make fuzz`: many more, and other ones each time
TRIES = max(25, int(os.environ["EXAMPLES"]) // 20) if WIDE else 15  # for each operation, as each caller
# What the person behind the token has no right to, so that no reading of it succeeds.
NOT_THEIRS = {"teacher": ("imports",), "communications": ("imports/people",),
              "sysadmin": ("imports/accounts", "requests/", "records/")}  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = [
    (method, path, operation) for path, many in schema()["paths"].items() for method, operation in many.items()
]


def fuzz(operation: Any, mode: Any, call: Any, examples: int) -> None:
    """Send what the description allows (or forbids) to one operation; the same inputs in every run of the suite."""

    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    @settings(
        max_examples=examples, deadline=None, derandomize=not WIDE, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def run(case: Any, real: bool) -> None:
        with transaction.atomic():
            call(case, real)
            transaction.set_rollback(True)

    run()


CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """The fuzzer speaks WSGI; Django would close the test's own connection after each call."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def cast(whole_world: World) -> Cast:
    return whole_world.cast


@pytest.fixture
def division(whole_world: World) -> World:
    """A division whose numbers are those of the description's examples."""
    world = whole_world
    Account.objects.filter(pk=world.account.pk).update(public_id="K7M2XQ")
    registering = world.registration.request
    for n, request in enumerate((world.asked, world.draft, registering, world.approved)):
        AccountRequest.objects.filter(pk=request.pk).update(ref=f"2026-{193 + n:04d}")
    ImportRun.objects.filter(pk=world.brought.pk).update(id=12)
    world.brought = ImportRun.objects.get(pk=12)
    held, fields = world.staged, {one.attname: getattr(world.staged, one.attname) for one in AccountList._meta.fields}
    if held.pk != 4:  # PostgreSQL goes on counting through the tests before, and may have come to it by itself
        world.staged = AccountList.objects.create(**{**fields, "id": 4})
        held.rows.update(batch=world.staged)
        held.delete()
    # PostgreSQL counts rows apart from their numbers: the next one of its own must not be one of ours.
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [ImportRun, AccountList]):
            cursor.execute(statement)
    return world


@pytest.mark.hypothesis
@pytest.mark.timeout(3600 if WIDE else 600)
@pytest.mark.usefixtures("no_limit", "_one_connection")
@pytest.mark.parametrize("who", ["", "teacher", "communications", "sysadmin"])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_a_fuzzer_finds_no_fault_and_nothing_undocumented(division: World, mode: GenerationMode, who: str) -> None:
    """Everything that the description allows, and everything that it forbids, as nobody and as two people."""
    api = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    headers = {"Authorization": f"Bearer {secret_of(getattr(division.cast, who))}"} if who else {}
    numbers = [str(ref) for ref in AccountRequest.objects.values_list("ref", flat=True)]
    statuses: dict[str, set[int]] = {}

    def call(case: Any, real: bool) -> None:
        if real and isinstance(case.path_parameters, dict):
            number = numbers[len(str(case.body)) % len(numbers)]
            known: dict[str, Any] = {
                "ref": number,
                "id": "K7M2XQ",
                "code": "rendell",
                "key": "ap-193",
                "label": "2015-09",
                "number": "3.1",
                "row": 2,
            }
            if "imports" in case.path:
                known["number"] = 12 if "people" in case.path else 4
            case.path_parameters.update({k: v for k, v in known.items() if k in case.path_parameters})
            if isinstance(case.body, dict) and "version" in case.body:
                case.body["version"] = AccountRequest.objects.get(ref=number).version
        answer = case.call(headers=headers)
        # 412 refuses as well: what an If-Match of another shape names is not what is there.
        refused = real or answer.status_code == 412
        case.validate_response(answer, checks=CHECKS if refused else [*CHECKS, negative_data_rejection])
        statuses.setdefault(case.operation.label, set()).add(answer.status_code)

    for result in api.get_all_operations():
        try:
            fuzz(result.ok(), mode, call, TRIES)
        except Unsatisfiable:  # what takes nothing can be sent nothing wrong
            assert mode is GenerationMode.NEGATIVE
            assert result.ok().label in {"GET /api/v1/platforms", "GET /api/v1/procedures", "GET /api/v1/me"}
            statuses[result.ok().label] = set()
    assert len(statuses) == len(OPERATIONS)
    if who and mode is GenerationMode.POSITIVE:
        closed = [
            label for label, found in statuses.items() if label.startswith("GET") and not found & {200, 201}
        ]
        assert all(any(label.startswith(f"GET /api/v1/{place}") for place in NOT_THEIRS[who]) for label in closed), closed
    if not who and mode is GenerationMode.POSITIVE:
        own = {label for label, found in statuses.items() if 401 in found}
        assert own == {f"{m.upper()} {p}" for m, p, operation in OPERATIONS if operation.get("security")}


WHO = {
    "moveRequest": "principal", "listRequests": "principal", "moveRegistration": "communications",
    "answerDesignation": "colleague",
    "listPeopleImports": "sysadmin", "bringPeople": "sysadmin", "readPeopleImport": "sysadmin",
    "listPeopleFaults": "sysadmin", "listPeopleChanges": "sysadmin", "applyPeople": "sysadmin",
    "dropPeople": "sysadmin", "listAccountImports": "communications", "bringAccounts": "communications",
    "readAccountImport": "communications", "listAccountRows": "communications", "mendAccountRow": "communications",
    "applyAccounts": "communications", "dropAccounts": "communications",
}  # fmt: skip


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=[o[2]["operationId"] for o in OPERATIONS])
def test_every_example_runs_and_is_answered_as_described(
    division: World, method: str, path: str, operation: dict[str, Any]
) -> None:
    own, name = bool(operation.get("security")), operation["operationId"]
    program = Program(secret_of(getattr(division.cast, WHO.get(name, "teacher"))) if own else "")
    question = {}
    for one in operation["parameters"]:
        if one["in"] == "path":
            path = path.replace("{" + one["name"] + "}", str(one["example"]))
        elif one["in"] == "query" and "example" in one:
            question[one["name"]] = one["example"]
    path = path.removeprefix("/api/v1") + (f"?{urlencode(question)}" if question else "")
    if method == "get":
        answer = program.get(path)
    elif "multipart/form-data" in operation["requestBody"]["content"]:
        answer = program.upload(path, **operation["requestBody"]["content"]["multipart/form-data"]["example"])
    else:
        body = dict(operation["requestBody"]["content"]["application/json"]["example"])
        if "digest" in body:  # the mark of what is there now
            body["digest"] = division.brought.digest
        answer = program.send(method.upper(), path, body, **{"Idempotency-Key": "example"})
    good = "201" if "201" in operation["responses"] else "200"
    assert answer.status_code == int(good), answer.content
    shape = operation["responses"][good]["content"]["application/json"]["schema"]
    jsonschema.validate(answer.json(), {**shape, "components": schema()["components"]})
    if isinstance(answer.json().get("items"), list) and name != "listPeopleFaults":
        assert answer.json()["items"], "an example finds something"


def test_the_description_is_openapi_as_others_read_it(anybody: Program) -> None:
    answer = anybody.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"] == "3.1.0"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert anybody.get("/openapi.json", **{"If-None-Match": answer["ETag"]}).status_code == 304
    french = anybody.get("/openapi.json", **{"Accept-Language": "fr"})
    assert french.content == answer.content


def test_every_field_and_operation_is_described() -> None:
    silent = []
    for name, shape in schema()["components"]["schemas"].items():
        if not shape.get("description"):
            silent.append(name)
    for _method, path, operation in OPERATIONS:
        if not operation.get("description") or not operation.get("summary"):
            silent.append(path)
        silent += [
            f"{path} {p['name']}" for p in operation["parameters"] if p["in"] == "query" and not p.get("description")
        ]
    assert silent == []


def test_every_kind_of_problem_has_its_page(cast: Cast) -> None:
    client = Client()
    for kind in KINDS:
        page = client.get(f"/api/problems/{kind}")
        assert page.status_code == 200, kind
        assert str(KINDS[kind].remedy).split(":")[0][:20] in unescape(page.content.decode())
    assert client.get("/api/problems/nothing").status_code == 404
    assert {c.code for c in (Invalid, NotAllowed, WrongState, Overtaken)} <= set(KINDS)


def test_every_problem_that_any_page_answers_is_a_known_kind() -> None:
    """Pages for machines (sign-in, verify) use the same kinds as the API."""
    used = set()
    for path in [*(ROOT / "rostrum/web").rglob("*.py"), *(ROOT / "rostrum/directory").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"/problems/([a-z-]+)", text))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "problem" and len(node.args) >= 3:
                used |= {n.value for n in ast.walk(node.args[2]) if isinstance(n, ast.Constant)}
    assert used
    assert used <= set(KINDS)


def test_the_page_of_the_description_names_every_operation(cast: Cast) -> None:
    page = Client().get("/api/docs")
    assert page.status_code == 200
    text = unescape(page.content.decode())
    for _method, path, operation in OPERATIONS:
        assert path in text
        assert operation["summary"] in text
    assert "<script>" not in text
    assert "style=" not in text
    assert "//cdn" not in text
