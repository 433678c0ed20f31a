"""Who calls: a person's program with its access token. No cookie counts here, so no page can be made to call."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from rostrum.api.problems import Problem
from rostrum.people.models import Person
from rostrum.people.queries import needs_second_factor
from rostrum.tokens.actions import note_use
from rostrum.tokens.models import Token
from rostrum.tokens.queries import of_secret

REALM = 'Bearer realm="Rostrum"'


@dataclass(frozen=True)
class Caller:
    """The person behind a request, and the token that their program showed."""

    person: Person
    token: Token


def caller_of(request: HttpRequest) -> Caller | None:
    """The caller of a request; None without a token that counts. The token is in the header, never in the address."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    token = of_secret(secret.strip())
    if token is None:
        return None
    note_use(token)
    return Caller(token.person, token)


def refuse_stranger(request: HttpRequest) -> Problem:
    """401, with what is missing: a token at all, or one that counts."""
    if request.headers.get("Authorization"):
        said = _("This access token does not count: it is unknown, over, ended, or of a person who left.")
        return Problem("no-token", said, headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'})
    said = _("Send an access token: Authorization: Bearer <token>.")
    return Problem("no-token", said, headers={"WWW-Authenticate": REALM})


def check_second_factor(caller: Caller) -> None:
    """A role that needs a second factor on the pages needs it here as well (Problem second-factor)."""
    if settings.SECOND_FACTOR_REQUIRED and needs_second_factor(caller.person) and not is_mfa_enabled(caller.person):
        raise Problem("second-factor", _("Set up a second factor on the website first."))


def caller(request: HttpRequest, scope: str = "") -> Person:
    """The person behind a request whose token has the scope. Problem scope-missing when it has not."""
    found: Caller = request.caller  # type: ignore[attr-defined]  # the door has seen to it
    if scope and scope not in found.token.scopes:
        raise Problem(
            "scope-missing", _("This token was not made for that. It needs the scope %(scope)s.") % {"scope": scope},
            headers={"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{scope}"'},
        )  # fmt: skip
    return found.person


class AccessToken(HttpBearer):
    """The scheme as the description names it. The door has asked already; this only hands the caller on."""

    openapi_description = "An access token that a person made under Preferences, with scopes and a last day."

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        return getattr(request, "caller", None)


TOKEN = AccessToken()
