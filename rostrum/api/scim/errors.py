"""How SCIM says no: its own error document (RFC 7644 section 3.12), with the type that providers look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import JsonResponse

MEDIA_TYPE = "application/scim+json"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimError(Exception):
    """Ends a call with an error: `kind` is SCIM's own word (uniqueness, invalidValue, ...), empty where it has none."""

    def __init__(self, status: int, detail: str, kind: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind, self.headers = status, detail, kind, dict(headers or {})


def answer(body: dict[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> JsonResponse:
    """A SCIM document. Nobody keeps it: it holds people's names."""
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def refused(error: ScimError) -> JsonResponse:
    """An error as its document; the status is a text there, by the standard."""
    body: dict[str, Any] = {"schemas": [ERROR], "status": str(error.status), "detail": error.detail}
    if error.kind:
        body["scimType"] = error.kind
    return answer(body, error.status, error.headers)
