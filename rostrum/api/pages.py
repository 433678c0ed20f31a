"""The pages about the API: its description to read and to load, and what each kind of problem means."""

from __future__ import annotations

import json
import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_http_methods, require_safe

from rostrum.api import rate
from rostrum.api.description import JSON, body_kind, schema
from rostrum.api.door import EXPOSED
from rostrum.api.problems import KINDS, phrase
from rostrum.api.tags import etag_of
from rostrum.tokens.scopes import SCOPES


def _text() -> bytes:
    """The description as it goes out: in English, whoever asks."""
    with translation.override("en-ca"):
        return json.dumps(schema(), ensure_ascii=False, separators=(",", ":")).encode()


@csrf_exempt
@require_http_methods(["GET", "HEAD", "OPTIONS"])
@condition(etag_func=lambda request: etag_of(_text()))
@cache_control(public=True, max_age=300)
def description(request: HttpRequest) -> HttpResponse:
    """The description of the API (OpenAPI 3.1)."""
    body = b"" if request.method == "OPTIONS" else _text()
    headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
    return HttpResponse(body, content_type="application/json; charset=utf-8", headers=headers)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same description as a page: no script, nothing from elsewhere."""
    found = schema()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    context = {
        "groups": [{"title": _title(tag), "slug": tag.lower(), "operations": many} for tag, many in groups.items()],
        "shapes": [_shape(name, one) for name, one in sorted(found["components"]["schemas"].items())],
        "problems": [{"key": key, "status": kind.status, "title": kind.title} for key, kind in KINDS.items()],
        "scopes": [{"key": key, "words": words} for key, words in SCOPES.items()],
        "per_address": rate.PER_ADDRESS, "per_token": rate.PER_TOKEN, "site_url": settings.SITE_URL,
    }  # fmt: skip
    return render(request, "api/docs.html", context)


def _title(tag: str) -> str:
    return {
        "Units": _("Units"), "Platforms": _("Platforms"), "Procedures": _("Procedures and clauses"),
        "Accounts": _("Official accounts"), "Verify": _("Is this account ours?"), "Tokens": _("Tokens"),
        "ImportPeople": _("Bringing people and schools in"), "ImportAccounts": _("Bringing today’s accounts in"),
        "Requests": _("Requests"), "Registrations": _("Registration Forms"), "Records": _("Records of accounts"),
    }[tag]  # fmt: skip


def _worded(text: str) -> SafeString:
    """A sentence of the description, with what stands between backticks as code."""
    parts = enumerate(text.split("`"))
    return format_html_join("", "{}", ((format_html("<code>{}</code>", p) if n % 2 else p,) for n, p in parts))


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    """One operation as the page shows it."""
    sent_as = body_kind(operation)
    body = operation.get("requestBody", {}).get("content", {}).get(sent_as, {}).get("schema")
    good = next((status for status in ("200", "201", 200, 201) if status in operation["responses"]), "200")
    answer = operation["responses"][good].get("content", {}).get("application/json", {}).get("schema")
    return {
        "id": operation["operationId"], "method": method.upper(), "path": path, "summary": operation["summary"],
        "description": _worded(operation.get("description", "")), "own": bool(operation.get("security")),
        "scope": operation.get("x-scope", ""),
        "parameters": [
            {
                "name": one["name"], "where": one["in"], "needed": one["required"], "kind": _kind(one["schema"]),
                "words": _worded(one.get("description", "")),
            }
            for one in operation.get("parameters", [])
        ],
        "body": _kind(body) if body and sent_as == JSON else None,
        "form": _shape("", body) if sent_as != JSON else None,
        "status": good, "answer": _kind(answer) if answer else None,
        "problems": sorted(int(status) for status in operation["responses"] if int(status) >= 400),
    }  # fmt: skip


def _kind(one: dict[str, Any]) -> dict[str, str]:
    """What a value is, in few words; `shape` names one of the shapes below."""
    if "$ref" in one:
        return {"words": "", "shape": one["$ref"].rpartition("/")[2]}
    choices = [part for part in one.get("anyOf", []) if part.get("type") != "null"]
    if choices:
        return _kind(choices[0])
    if one.get("type") == "array":
        inner = _kind(one["items"])
        return {"words": _("list of"), "shape": inner["shape"]} if inner["shape"] else {
            "words": _("list of: %(kind)s") % {"kind": inner["words"]}, "shape": "",
        }  # fmt: skip
    if "enum" in one:
        return {"words": " | ".join(map(str, one["enum"])), "shape": ""}
    if "const" in one:
        return {"words": str(one["const"]), "shape": ""}
    return {"words": str(one.get("format") or one.get("type", "")), "shape": ""}


def _shape(name: str, one: dict[str, Any]) -> dict[str, Any]:
    """One shape with its fields."""
    fields = [
        {
            "name": key, "kind": _kind(value), "words": _worded(value.get("description", "")),
            "nullable": any(part.get("type") == "null" for part in value.get("anyOf", [])),
        }
        for key, value in one.get("properties", {}).items()
    ]  # fmt: skip
    return {"name": name, "words": _worded(one.get("description", "")), "fields": fields}


@require_safe
def problem(request: HttpRequest, kind: str) -> HttpResponse:
    """What one kind of problem means, and what to do about it: the address that ends in its key."""
    found = KINDS.get(kind)
    if found is None or not re.fullmatch(r"[a-z-]+", kind):
        raise Http404
    context = {"key": kind, "kind": found, "phrase": phrase(found.status), "site_url": settings.SITE_URL}
    return render(request, "api/problem.html", context)
