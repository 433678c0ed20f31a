"""What happens to every call before and after its operation: who, how often, in which form, kept by whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from rostrum.api import auth, rate
from rostrum.api.description import JSON, Address, address_of_route
from rostrum.api.problems import MEDIA_TYPE, Problem, answer
from rostrum.api.tags import etag_of, matches
from rostrum.intake.limits import FILE_BYTES

View = Callable[..., HttpResponseBase]
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
EXPOSED = "ETag, Link, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-ID"
FRESH_SECONDS = 60
PREFLIGHT_SECONDS = 86_400


def guarded(view: View) -> View:
    """An operation's view behind the door."""

    @csrf_exempt  # no cookie counts here: there is nothing that another site could borrow
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _speak(request)
        place = address_of_route(str(request.resolver_match.route) if request.resolver_match else "")
        told: dict[str, str] = {}
        try:
            if request.method == "OPTIONS":
                return _options(request, place)
            _check_method(request, place)
            told = _count(request, place)
            _check_form(request, place)
            response = _run(view, request, args, kwargs)
        except Problem as problem:
            response = answer(request, problem)
        for name, value in told.items():
            response.headers[name] = value
        return _send(request, response, place)

    return enter


def _speak(request: HttpRequest) -> None:
    """Answer in the language that the caller accepts. Cookies have no say, so that caches may keep the answer."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            found = get_supported_language_variant(code)
        except LookupError:
            continue
        break
    else:
        found = settings.LANGUAGE_CODE
    translation.activate(found)
    request.LANGUAGE_CODE = found


def _options(request: HttpRequest, place: Address) -> HttpResponse:
    """Which methods an address knows; and, on what is public, that any website may read it."""
    response = HttpResponse(status=204, headers={"Allow": place.allow})
    if place.public:
        response.headers["Access-Control-Allow-Origin"] = "*"
        if "Access-Control-Request-Method" in request.headers:
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
            response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    return response


def _check_method(request: HttpRequest, place: Address) -> None:
    if request.method not in place.methods:
        said = _("This address knows %(methods)s.") % {"methods": place.allow}
        raise Problem("method", said, headers={"Allow": place.allow})


def _count(request: HttpRequest, place: Address) -> dict[str, str]:
    """Find out who calls and count the call: by token where one counts, else by network address."""
    caller = None if place.public else auth.caller_of(request)
    if caller is None:
        left = rate.count(f"address:{rate.address_of(request)}", rate.PER_ADDRESS)
    else:
        left = rate.count(f"token:{caller.token.pk}", rate.PER_TOKEN)
    told = left.headers()
    if left.over:
        said = _("Too many requests within a minute. Wait %(count)d seconds.") % {"count": left.resets_in}
        raise Problem("too-many", said, headers=told)
    if caller is not None:
        auth.check_second_factor(caller)
    elif not place.public:
        refused = auth.refuse_stranger(request)
        refused.headers.update(told)
        raise refused
    request.caller = caller  # type: ignore[attr-defined]  # read by auth.caller
    return told


def _check_form(request: HttpRequest, place: Address) -> None:
    """Say no to what cannot be answered or read, before any of it is read."""
    if not any(request.accepts(kind) for kind in ("application/json", MEDIA_TYPE)):
        raise Problem("not-acceptable", _("This address answers in JSON only."))
    unknown = sorted(set(request.GET) - place.questions.get(request.method or "", frozenset()))
    if unknown:
        said = _("This address does not know this parameter.")
        raise Problem("invalid", said, fields={re.sub(r"[^\w-]", "?", name)[:60]: [said] for name in unknown[:10]})
    if request.method in WRITING:
        length = request.META.get("CONTENT_LENGTH") or "0"
        wanted = place.bodies.get(request.method, JSON)
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + (FILE_BYTES if wanted != JSON else 0)
        if not length.isdigit() or int(length) > most:
            raise Problem("too-large", _("Send at most %(limit)d kB at once.") % {"limit": most // 1000})
        if int(length) and request.content_type != wanted:
            said = _("Send JSON, with Content-Type: application/json.")
            if wanted != JSON:
                said = _("Send the file as a form: Content-Type: multipart/form-data.")
            raise Problem("media-type", said)


def _run(view: View, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponseBase:
    """The operation itself; a HEAD is a GET whose answer stays at home."""
    if request.method != "HEAD":
        return view(request, *args, **kwargs)
    request.method = "GET"
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = "HEAD"


def _send(request: HttpRequest, response: HttpResponseBase, place: Address) -> HttpResponseBase:
    """Give an answer its tag, say who may keep it, and answer 304 to whoever has it already."""
    patch_vary_headers(response, ("Accept-Language",) if place.public else ("Accept-Language", "Authorization"))
    if place.public:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method not in {"GET", "HEAD"} or response.status_code != 200:
        response.headers.setdefault("Cache-Control", "no-store")
        return response
    if not isinstance(response, HttpResponse):
        return response
    keep = f"public, max-age={FRESH_SECONDS}" if place.public else "private, no-cache"
    response.headers.setdefault("Cache-Control", keep)
    response.headers.setdefault("ETag", etag_of(response.content))
    tag = response.headers["ETag"]
    if matches(request.headers.get("If-None-Match", ""), tag):
        unchanged = HttpResponseNotModified()
        for name, value in response.headers.items():
            if name not in {"Content-Type", "Content-Length"}:
                unchanged.headers[name] = value
        return unchanged
    if request.method == "HEAD":
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    return response
