"""The description of the API (OpenAPI 3.1), and what the door reads out of it: it enforces what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from rostrum.api.examples import EXAMPLES
from rostrum.api.problems import MEDIA_TYPE
from rostrum.tokens.scopes import ACT_REQUESTS, IMPORT_ACCOUNTS, IMPORT_PEOPLE, READ_ACCOUNTS, READ_REQUESTS

PREFIX = "api/v1/"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
ANSWER_HEADERS = {
    "RateLimit-Limit": ("integer", "How many requests a minute this caller has."),
    "RateLimit-Remaining": ("integer", "How many are left of this minute."),
    "RateLimit-Reset": ("integer", "In how many seconds the next minute begins."),
    "X-Request-ID": ("string", "The number under which the request stands in the log."),
}


@dataclass(frozen=True)
class Address:
    """What the description says of one address: methods, questions and form of body (by method), whether it is public."""

    methods: frozenset[str]
    questions: Mapping[str, frozenset[str]]
    bodies: Mapping[str, str]
    public: bool

    @property
    def allow(self) -> str:
        """The header Allow."""
        return ", ".join(sorted({*self.methods, "OPTIONS"}))


@cache
def schema() -> dict[str, Any]:
    """The whole description, made once in each process."""
    from rostrum.api.api import api

    found = cast(dict[str, Any], dict(api.get_openapi_schema(path_prefix=PREFIX)))
    for operations in found["paths"].values():
        for method, operation in operations.items():
            _complete(method, operation)
    shapes = found["components"]["schemas"]
    for name in [name for name in shapes if name.endswith("Query")]:
        del shapes[name]  # told as parameters; nothing points at them
    return found


KEY_HEADER = {
    "in": "header", "name": "Idempotency-Key", "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,80}$"},
    "description": "Any key of your own, at most 80 printable characters. The same key with the same body gives the "
    "same answer once; with another body it is refused.",
}  # fmt: skip
MATCH_HEADER = {
    "in": "header", "name": "If-Match", "required": False,
    "schema": {"type": "string", "pattern": '^(\\*|"[0-9a-f]{32}")$'},
    "description": "The ETag under which the request was read. If it reads otherwise now, nothing is done (412).",
}  # fmt: skip
SCOPE_OF = {"Requests": (READ_REQUESTS, ACT_REQUESTS), "Registrations": (READ_REQUESTS, ACT_REQUESTS),
            "Records": (READ_ACCOUNTS, ""), "ImportPeople": (IMPORT_PEOPLE, IMPORT_PEOPLE),
            "ImportAccounts": (IMPORT_ACCOUNTS, IMPORT_ACCOUNTS)}  # fmt: skip
JSON = "application/json"


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Say what the framework cannot know: the headers of a call and of its answer, its scope, how problems are sent."""
    parameters = operation.setdefault("parameters", [])
    for one in parameters:
        _without_null(one["schema"])
    if method != "get":
        parameters.append(KEY_HEADER)
        if 412 in operation["responses"]:
            parameters.append(MATCH_HEADER)
    example = EXAMPLES[operation["operationId"]]
    for one in parameters:
        if one["name"] in example.parameters:
            one["example"] = example.parameters[one["name"]]
    if (kind := body_kind(operation)) != JSON:
        form = operation["requestBody"]["content"][kind]["schema"]
        form["additionalProperties"] = False  # see uploads.refuse_unknown
        form["properties"]["file"]["description"] = "The file, with its name."
    if example.body is not None:
        operation["requestBody"]["content"][body_kind(operation)]["example"] = example.body
    reading, acting = SCOPE_OF.get(operation["tags"][0], ("", ""))
    if scope := reading if method == "get" else acting:
        operation["x-scope"] = scope
    operation["responses"] = {str(status): one for status, one in sorted(operation["responses"].items())}
    for status, response in operation["responses"].items():
        content = response.get("content")
        if status >= "400" and content:
            response["content"] = {MEDIA_TYPE: next(iter(content.values()))}
        response["headers"] = {
            name: {"schema": {"type": kind}, "description": said} for name, (kind, said) in ANSWER_HEADERS.items()
        }
        if status in {"200", "304"} and method == "get":
            response["headers"]["ETag"] = {"schema": {"type": "string"}, "description": "The tag of this answer."}
        if status == "429":
            response["headers"]["Retry-After"] = {
                "schema": {"type": "integer"}, "description": "In how many seconds to try again.",
            }  # fmt: skip


def body_kind(operation: Mapping[str, Any]) -> str:
    """The one form in which an operation takes what is sent: JSON, or a form with a file."""
    return next(iter(operation.get("requestBody", {}).get("content", {})), JSON)


def _without_null(one: dict[str, Any]) -> None:
    """A parameter that may be missing is never the word "null"."""
    choices = [part for part in one.pop("anyOf", []) if part.get("type") != "null"]
    if choices:
        one.update(choices[0])


@cache
def _addresses() -> dict[str, Address]:
    found = {}
    for path, operations in schema()["paths"].items():
        methods = {method.upper() for method in operations}
        questions = {
            method.upper(): frozenset(p["name"] for p in operation.get("parameters", []) if p["in"] == "query")
            for method, operation in operations.items()
        }
        if "GET" in methods:
            methods.add("HEAD")
            questions["HEAD"] = questions["GET"]
        bodies = {method.upper(): body_kind(operation) for method, operation in operations.items()}
        public = not any(operation.get("security") for operation in operations.values())
        found[path] = Address(frozenset(methods), questions, bodies, public)
    return found


def address_of_route(route: str) -> Address:
    """What the description says of the address that Django matched."""
    return _addresses()["/" + PARAMETER.sub(r"{\1}", route)]
