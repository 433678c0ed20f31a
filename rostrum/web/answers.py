"""Answers that are no page of their own: problem documents, what went wrong, language, reports, brand."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from rostrum.people import actions as people
from rostrum.people.models import Person
from rostrum.web import brand

log = logging.getLogger(__name__)
REPORTS_PER_MINUTE = 30
REPORT_BYTES = 10_000


def wants_json(request: HttpRequest) -> bool:
    """Whether a client asks for JSON rather than a page."""
    if request.path.startswith("/api/v1/"):  # an API has no pages
        return True
    accept = request.headers.get("Accept", "")
    return (
        "json" in accept
        and request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    )


def problem(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    *,
    clause: str = "",
    fields: dict[str, list[str]] | None = None,
) -> JsonResponse:
    """A problem document (RFC 9457). `type` is stable; `clause` and `fields` are there where they apply."""
    body: dict[str, Any] = {
        "type": f"{settings.SITE_URL}/api/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": getattr(request, "request_id", ""),
    }
    if clause:
        body["clause"] = clause
    if fields:
        body["fields"] = {name: [str(message) for message in messages] for name, messages in fields.items()}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent could not be read; 413 when it was too large to be read at all."""
    large = isinstance(exception, RequestDataTooBig)
    status = 413 if large else 400
    if wants_json(request):
        detail = _("What was sent is too large.") if large else _("What was sent could not be read.")
        return problem(request, status, "too-large" if large else "unreadable", detail)
    return render(request, "400.html", {"large": large}, status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not this person. Acts say why themselves; this is for everything else."""
    if wants_json(request):
        return problem(request, 403, "not-you", _("You may not see this."))
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing this person may know of. The two look alike on purpose."""
    if wants_json(request):
        return problem(request, 404, "not-found", _("There is nothing at this address."))
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token is missing or old, for example after signing in again in another tab."""
    if wants_json(request):
        return problem(
            request, 403, "stale-form", _("This form was opened too long ago. Open the page again.")
        )
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if value and "password" not in name.lower() and name != "csrfmiddlewaretoken"
    ]
    return render(request, "403_csrf.html", {"typed": typed}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our mistake. Drawn without the database, which may be what failed."""
    number = getattr(request, "request_id", "")
    if wants_json(request):
        return problem(request, 500, "mistake", _("Something went wrong on our side."))
    return HttpResponse(render_to_string("500.html", {"number": number}), status=500)


@require_GET
def brand_css(request: HttpRequest) -> HttpResponse:
    """The division's colours as style-sheet variables; its address changes when they do."""
    response = HttpResponse(brand.style_sheet(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = _keep(request)
    return response


@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon of the browser's tab, in the division's colour."""
    response = HttpResponse(brand.favicon(), content_type="image/svg+xml")
    response.headers["Cache-Control"] = _keep(request)
    return response


def _keep(request: HttpRequest) -> str:
    current = request.GET.get("v") == brand.version()
    return "public, max-age=31536000, immutable" if current else "public, max-age=300"


@require_GET
def old_favicon(request: HttpRequest) -> HttpResponse:
    """Browsers that ask for /favicon.ico unasked."""
    return HttpResponseRedirect(reverse("favicon"))


@require_GET
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read the public side and nothing else."""
    lines = ["User-agent: *", "Disallow: /staff/", "Disallow: /me/", "Disallow: /verify",
             f"Sitemap: {settings.SITE_URL}/sitemap.xml"]  # fmt: skip
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


# No token: the switch harms nobody, and public pages without tokens can be cached.
@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switches the language and comes back to the same page. A signed-in person's entry remembers it."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    response = HttpResponseRedirect(back)
    if wanted not in dict(settings.LANGUAGES):
        return response
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        wanted,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
    )
    if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, Person):
        request.session["language"] = wanted
        if request.user.language != wanted:
            people.set_preferences(request.user, language=wanted, mail_rhythm=request.user.mail_rhythm)
    return response


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Takes a browser's report of something blocked; keeps the directive and the page's path only."""
    # add() then incr(): the first of a minute opens the window, the rest count within it.
    if not cache.add("csp-reports", 1, 60) and cache.incr("csp-reports") > REPORTS_PER_MINUTE:
        return HttpResponse(status=429)
    if len(request.body) > REPORT_BYTES:
        return HttpResponse(status=413)
    try:
        report = json.loads(request.body).get("csp-report", {})
        directive, page = str(report.get("effective-directive", "")), str(report.get("document-uri", ""))
    except (ValueError, AttributeError):
        return HttpResponse(status=400)
    # Control characters would let a stranger write lines of the log.
    log.warning("csp blocked %r on %r", directive[:60], urlsplit(page[:500]).path[:200])
    return HttpResponse(status=204)
