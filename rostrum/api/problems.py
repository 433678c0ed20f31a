"""Problem documents (RFC 9457): the kinds there are, in words, and how one is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.core.errors import Invalid, Refusal

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its status, a short title, what it means and what to do about it."""

    status: int
    title: Promise | str
    meaning: Promise | str
    remedy: Promise | str


# The key ends the address of the kind, /api/problems/<key>, and never changes its meaning.
KINDS: Mapping[str, Kind] = {
    "unreadable": Kind(
        400, gettext_lazy("What was sent could not be read"),
        gettext_lazy("The body is no JSON, or the request is no HTTP that we understand."),
        gettext_lazy("Send JSON in UTF-8, as the description of the operation shows it."),
    ),
    "no-token": Kind(
        401, gettext_lazy("No access token that counts"),
        gettext_lazy("There is no access token with the request, or it is unknown, over, ended, or of a person who left."),
        gettext_lazy("Make a token under Preferences, and send it as: Authorization: Bearer <token>."),
    ),
    "signed-out": Kind(
        401, gettext_lazy("Signed out"), gettext_lazy("The session on the website is over."),
        gettext_lazy("Sign in again. What was typed is shown back."),
    ),
    "not-you": Kind(
        403, gettext_lazy("Not you"),
        gettext_lazy("The person behind the request may not do this here. It may be somebody else's turn."),
        gettext_lazy("Read whose turn it is in the request's status. Trying again changes nothing."),
    ),
    "scope-missing": Kind(
        403, gettext_lazy("The token may not do this"),
        gettext_lazy("The person may, but the token was made for less."),
        gettext_lazy("Make a token with the scope that the answer names."),
    ),
    "second-factor": Kind(
        403, gettext_lazy("A second factor is needed"),
        gettext_lazy("People with a role that decides need a second factor before anything is open to them."),
        gettext_lazy("Set one up on the website, under Preferences."),
    ),
    "stale-form": Kind(
        403, gettext_lazy("The form was opened too long ago"),
        gettext_lazy("The form's own key is missing or old. Only pages are answered so, never the API."),
        gettext_lazy("Open the page again and send it from there."),
    ),
    "not-found": Kind(
        404, gettext_lazy("Nothing here"),
        gettext_lazy("There is nothing at this address, or nothing that this person may know of. The two look alike."),
        gettext_lazy("Follow the links in lists rather than building addresses."),
    ),
    "method": Kind(
        405, gettext_lazy("This address does not do that"),
        gettext_lazy("The address exists, but not for this method."),
        gettext_lazy("The header Allow names the methods that it knows."),
    ),
    "not-acceptable": Kind(
        406, gettext_lazy("No form that you accept"),
        gettext_lazy("The header Accept leaves out JSON, and JSON is all there is."),
        gettext_lazy("Send Accept: application/json, or no such header."),
    ),
    "not-now": Kind(
        409, gettext_lazy("Not now"),
        gettext_lazy("The thing is in a state that the act does not start from."),
        gettext_lazy("Read it again. Its allowed_moves say what can be done now."),
    ),
    "too-late": Kind(
        409, gettext_lazy("Too late"),
        gettext_lazy("Someone else acted between your reading and your acting. Nothing was changed by you."),
        gettext_lazy("Read it again, and act on what is there now, with its version."),
    ),
    "changed": Kind(
        412, gettext_lazy("It has changed"),
        gettext_lazy("If-Match names a version of the thing that is no longer the present one."),
        gettext_lazy("Read it again, and send its new ETag."),
    ),
    "too-large": Kind(
        413, gettext_lazy("Too large"), gettext_lazy("More was sent than is read at once."),
        gettext_lazy("Send less."),
    ),
    "media-type": Kind(
        415, gettext_lazy("Not JSON"), gettext_lazy("The body is of a kind that this address does not read."),
        gettext_lazy("Send Content-Type: application/json."),
    ),
    "invalid": Kind(
        422, gettext_lazy("This cannot be used"),
        gettext_lazy("It was read, but something in it is missing, unknown or wrong. Nothing was changed."),
        gettext_lazy("The member fields says what is wrong, field by field."),
    ),
    "key-reused": Kind(
        422, gettext_lazy("The idempotency key was used for something else"),
        gettext_lazy("The same Idempotency-Key came before with another body or for another address."),
        gettext_lazy("Use a fresh key for every new act, and the old one only to repeat the same."),
    ),
    "too-many": Kind(
        429, gettext_lazy("Too many requests"), gettext_lazy("More was asked within a minute than is answered."),
        gettext_lazy("Wait as many seconds as Retry-After says. The RateLimit headers tell what is left."),
    ),
    "mistake": Kind(
        500, gettext_lazy("Our mistake"), gettext_lazy("Something went wrong on our side. It is in our log."),
        gettext_lazy("Try again later. Tell us the number in X-Request-ID if it stays."),
    ),
}  # fmt: skip


class Problem(Exception):
    """Ends an operation with a problem of one kind. `headers` go out with it."""

    def __init__(
        self, kind: str, detail: str, *, fields: dict[str, list[str]] | None = None, clause: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(detail)
        self.kind, self.detail, self.fields, self.clause = kind, detail, fields or {}, clause
        self.headers = dict(headers or {})


def answer(request: HttpRequest, problem: Problem) -> JsonResponse:
    """A problem as its document: type, title, status, detail, instance, and fields, clause where they apply."""
    kind = KINDS[problem.kind]
    body: dict[str, Any] = {
        "type": f"{settings.SITE_URL}/api/problems/{problem.kind}", "title": str(kind.title), "status": kind.status,
        "detail": problem.detail, "instance": f"urn:rostrum:request:{getattr(request, 'request_id', '')}",
    }  # fmt: skip
    if problem.clause:
        body["clause"] = problem.clause
    if problem.fields:
        body["fields"] = {name: [str(said) for said in many] for name, many in problem.fields.items()}
    response = JsonResponse(body, status=kind.status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def of_refusal(refusal: Refusal) -> Problem:
    """A refusal of the register as a problem; its way forward follows its sentence."""
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    detail = f"{refusal.message} {refusal.way_forward}".strip()
    return Problem(refusal.code if refusal.code in KINDS else "invalid", detail, fields=fields, clause=refusal.clause)


def of_status(status: int) -> Problem:
    """The problem of a bare status, for what Django refuses before an operation is reached."""
    kind = next((key for key, one in KINDS.items() if one.status == status), "mistake")
    words = {"not-found": _("There is nothing at this address.")}
    return Problem(kind, words.get(kind, str(KINDS[kind].meaning)))


def phrase(status: int) -> str:
    """The short name that HTTP gives a status."""
    return HTTPStatus(status).phrase
