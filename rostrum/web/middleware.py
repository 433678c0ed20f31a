"""What happens around every request: its number, a session's age, second factor, language, refusals."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control

from rostrum.core import clock
from rostrum.core.errors import Refusal
from rostrum.core.reading import reading
from rostrum.people import queries as people
from rostrum.people.models import Person
from rostrum.web.answers import problem, wants_json
from rostrum.web.context import url_of

Next = Callable[[HttpRequest], HttpResponseBase]
PRIVATE = ("/staff/", "/me/")
SEEN_EVERY_SECONDS = 60
SESSION_LANGUAGE = "language"
# Never shown back, never kept: what a person typed into these is theirs alone.
SECRET_FIELDS = ("password", "csrf", "token", "code", "credential")


def signed_in(request: HttpRequest) -> Person | None:
    """The person of a request; without a cookie the session is not touched (public pages stay cacheable)."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = request.user
    return user if isinstance(user, Person) else None


class RequestIdMiddleware:
    """Gives each request a number of our own making, kept in the log and answered as X-Request-ID.

    A number sent from outside is not taken over: the log must not hold what a stranger wrote.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = secrets.token_hex(8)
        request.request_id = number  # type: ignore[attr-defined]  # read by views that write to the log
        response = self.get_response(request)
        response.headers["X-Request-ID"] = number
        return response


class ReadingMiddleware:
    """A request that changes nothing asks the database each question once (see core.reading)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with reading():
            return self.get_response(request)


class PrivatePagesMiddleware:
    """No browser or proxy keeps a page of the desk; signing out wipes what a shared computer kept."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path.startswith(PRIVATE):
            patch_cache_control(response, no_store=True, private=True)
        if request.method == "POST" and request.path == url_of("account_logout"):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class SessionAgeMiddleware:
    """Ends a session after SESSION_IDLE_SECONDS without a request, or SESSION_ABSOLUTE_SECONDS after sign-in.

    The last request is noted once a minute at most. Who only reads is sent to sign in and comes back to the
    page; who sent something gets it shown back, so that nothing typed is lost.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if signed_in(request) is None:
            return self.get_response(request)
        at = int(clock.now().timestamp())
        started, seen = request.session.get("started_at"), request.session.get("seen_at")
        if started is None or seen is None:
            request.session["started_at"] = request.session["seen_at"] = at
        elif at - seen > settings.SESSION_IDLE_SECONDS:
            return self._over(request, "idle")
        elif at - started > settings.SESSION_ABSOLUTE_SECONDS:
            return self._over(request, "long")
        elif at - seen >= SEEN_EVERY_SECONDS:
            request.session["seen_at"] = at
        return self.get_response(request)

    def _over(self, request: HttpRequest, why: str) -> HttpResponseBase:
        typed = self._typed(request)
        logout(request)
        if not request.path.startswith(PRIVATE):
            return self.get_response(request)  # public pages need nobody signed in
        back = request.get_full_path()
        if request.method not in {"GET", "HEAD"}:
            referer = urlsplit(request.headers.get("Referer", ""))
            back = referer.path if referer.netloc == request.get_host() else request.path
        to = f"{url_of('account_login', settings.LOGIN_URL)}?{urlencode({'next': back, 'why': why})}"
        if wants_json(request):
            return problem(request, 401, "signed-out", "You were signed out. Sign in again.")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": to})
        if request.method in {"GET", "HEAD"}:
            return HttpResponseRedirect(to)
        return render(
            request, "errors/signed_out.html", {"typed": typed, "login": to, "why": why}, status=403
        )

    @staticmethod
    def _typed(request: HttpRequest) -> list[tuple[str, str]]:
        if request.method != "POST":
            return []
        return [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if value and not any(word in name.lower() for word in SECRET_FIELDS)
        ]


class SecondFactorMiddleware:
    """Where a second factor is required, everything of the desk waits until the person has set one up.

    It is asked of whoever approves or will see consents (people.grants.ROLES_NEEDING_SECOND_FACTOR).
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SECOND_FACTOR_REQUIRED and request.path.startswith("/staff/"):
            person = signed_in(request)
            if person and people.needs_second_factor(person) and not is_mfa_enabled(person):
                if wants_json(request):
                    return problem(request, 403, "second-factor", "Set up a second factor first.")
                return HttpResponseRedirect(
                    f"{url_of('mfa_index', '/me/2fa/')}?{urlencode({'why': 'required'})}"
                )
        return self.get_response(request)


class PersonLanguageMiddleware:
    """A signed-in person reads in the language of their entry, or in the one switched to in this session."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = signed_in(request)
        if person:
            language = request.session.get(SESSION_LANGUAGE) or person.language
            if language in dict(settings.LANGUAGES):
                translation.activate(language)
                request.LANGUAGE_CODE = language
        return self.get_response(request)


class RefusalMiddleware:
    """Turns a refusal into a page with the way forward, or a problem document (RFC 9457) for machines."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, Refusal):
            return None
        if wants_json(request):
            return problem(
                request,
                exception.status,
                exception.code,
                str(exception.message),
                clause=exception.clause,
                fields=getattr(exception, "fields", None),
            )
        return render(request, "errors/refusal.html", {"refusal": exception}, status=exception.status)
