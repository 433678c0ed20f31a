"""How public pages are sent: without cookies, cacheable for a minute, small, and answered with 304 when unchanged."""

from __future__ import annotations

import gzip
import hashlib
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers

from rostrum.directory.frame import framed

FRESH_SECONDS = 60
WORTH_PACKING = 1_000  # bytes; below that a packet is a packet
PACKING = 2  # of 9: a fifth of the time for nine tenths of the gain


def prefers_json(request: HttpRequest) -> bool:
    """Whether a client asks for JSON rather than a page. `*/*` and a missing header get the page."""
    accept = request.headers.get("Accept", "")
    return "json" in accept and request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def anonymous(request: HttpRequest) -> bool:
    """Whether nothing but the language can differ for this reader: no cookie of a session, a message or a token."""
    return not request.COOKIES.keys() - {settings.LANGUAGE_COOKIE_NAME}


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200, keep: bool = True
) -> HttpResponseBase:
    """A public page. `keep=False` for an answer that must be asked anew each time.

    Everyone without cookies gets the same bytes, which caches may keep for a minute; whoever has a session gets a
    page of their own that nobody keeps. The page varies by language, hence by Accept-Language and Cookie.
    """
    draw = framed(request, template, context) if anonymous(request) else render_to_string(template, context, request)
    return send(request, draw, status=status, keep=keep)


def send(
    request: HttpRequest, body: str, *, kind: str = "text/html; charset=utf-8", status: int = 200, keep: bool = True,
    seconds: int = FRESH_SECONDS,
) -> HttpResponseBase:  # fmt: skip
    """Text with the headers of the public side: how long it may be kept, its tag, packed for browsers that unpack."""
    raw = body.encode()
    response = HttpResponse(raw, content_type=kind, status=status)
    patch_vary_headers(response, ("Accept-Encoding", "Accept-Language", "Cookie"))
    shared = anonymous(request)
    if not keep or status != 200:
        response.headers["Cache-Control"] = "no-store"
    elif shared:
        response.headers["Cache-Control"] = f"public, max-age={seconds}"
    else:
        response.headers["Cache-Control"] = "private, no-cache"
    if keep and status == 200 and not getattr(get_messages(request), "used", False):
        tag = f'W/"{hashlib.blake2b(raw, digest_size=12).hexdigest()}"'
        response.headers["ETag"] = tag
        unchanged = get_conditional_response(request, etag=tag, response=response)
        if unchanged is not None and unchanged.status_code == 304:
            patch_vary_headers(unchanged, ("Accept-Encoding", "Accept-Language", "Cookie"))
            return unchanged
    # Only pages that hold nothing secret are packed: packed secrets can be guessed by their length (BREACH).
    if shared and len(raw) > WORTH_PACKING and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(raw, PACKING, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    return response
