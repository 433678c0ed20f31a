"""The API itself: its description in words, its parts, and how every error becomes a problem document."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from rostrum import __version__
from rostrum.api import auth
from rostrum.api.import_accounts import router as import_accounts
from rostrum.api.import_people import router as import_people
from rostrum.api.problems import Problem, answer, of_refusal, of_status
from rostrum.api.public import router as public
from rostrum.api.records import router as records
from rostrum.api.requests import router as requests
from rostrum.core.errors import Refusal

DESCRIPTION = """\
Who may speak for a school in public, for machines. Everything public is open to any website. Requests and records \
need an access token of a person, and a program never may more than that person.

Lists come in parts: follow `next`. Every answer has an ETag: send it back as `If-None-Match` and get 304 when nothing \
changed. Every act takes `Idempotency-Key`: the same key with the same body gives the same answer once. Errors are \
problem documents (RFC 9457) whose `type` is a page that says what to do."""

api = NinjaAPI(
    title="Rostrum", version="1", description=DESCRIPTION, openapi_url=None, docs_url=None, urls_namespace="api",
    openapi_extra={"info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}, "x-release": __version__}},
    servers=[{"url": "/"}],
)  # fmt: skip
api.add_router("", public)
api.add_router("", requests, auth=auth.TOKEN)
api.add_router("", records, auth=auth.TOKEN)
api.add_router("", import_people, auth=auth.TOKEN)
api.add_router("", import_accounts, auth=auth.TOKEN)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return answer(request, error)


@api.exception_handler(Refusal)
def _refusal(request: HttpRequest, error: Refusal) -> HttpResponse:
    return answer(request, of_refusal(error))


@api.exception_handler(Http404)
def _nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer(request, of_status(404))


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return answer(request, auth.refuse_stranger(request))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return answer(request, of_status(error.status_code))


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return answer(request, of_status(413))


@api.exception_handler(MultiPartParserError)
@api.exception_handler(SuspiciousOperation)
def _no_form(request: HttpRequest, error: Exception) -> HttpResponse:
    """A form that is cut in half, or has more parts than any of ours. One that is too large is told apart above."""
    return answer(request, of_status(400))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name every field that is wrong. An address that cannot exist is an address with nothing at it."""
    if any(one["loc"][0] == "path" for one in error.errors):
        return answer(request, of_status(404))
    fields: dict[str, list[str]] = {}
    for one in error.errors[:30]:
        fields.setdefault(_name(one["loc"]), []).append(str(one["msg"])[:300])
    return answer(request, Problem("invalid", _("Something that was sent cannot be used."), fields=fields))


def _name(location: tuple[Any, ...]) -> str:
    """Where in what was sent something is wrong: "answers.purpose"."""
    inside = [str(part) for part in location[1:] if part not in {"payload", "asked"}]
    return ".".join(inside)[:120] or str(location[0])
