"""How files for machines are sent: readable from any site, cacheable, made once while nothing changes, with 304."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from rostrum.core import clock
from rostrum.directory.answers import anonymous
from rostrum.registry.dated import newest_act

P = ParamSpec("P")
Made = tuple[bytes, str]  # the body and a Link header, which may be empty

FRESH_SECONDS = 60
WORTH_PACKING = 1_000
METHODS = ["GET", "HEAD", "OPTIONS"]
# Everything here is public and the same for everyone, and no answer ever sets or reads a cookie.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}
# What is kept ready in each process.
KEEP = not settings.TESTING
MOST_KEPT = 64
LARGEST_KEPT = 2_000_000
# HTTP dates have whole seconds: within the last ones, a second change could hide behind the first one's date.
SETTLED = timedelta(seconds=3)


@dataclass(frozen=True)
class Copy:
    """A file as it was made while the log ended with the entry `mark`."""

    mark: str
    raw: bytes
    packed: bytes
    tag: str
    modified: datetime | None
    link: str


_kept: OrderedDict[tuple[str, ...], Copy] = OrderedDict()
_lock = threading.Lock()


def for_machines(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A public resource that scripts on any site may read (CORS). Only reading is possible: no cookie counts here."""

    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204, headers={**PREFLIGHT, "Allow": ", ".join(METHODS)})
        elif request.method in METHODS:
            response = view(request, *args, **kwargs)
        else:
            response = HttpResponseNotAllowed(METHODS)
        for name, value in OPEN.items():
            response.headers[name] = value
        return response

    return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], answered)


def forget() -> None:
    """Drop what this process keeps ready."""
    with _lock:
        _kept.clear()


def copy_of(key: tuple[str, ...], make: Callable[[], Made]) -> Copy:
    """The file of a key, made anew only when something was done since: every act leaves an entry in the log.

    `modified` is when this process first saw these very bytes, told by the log; it can be too late, never too early.
    """
    last = newest_act()  # read before the file is made: what happens in between only makes it be made again
    mark, at = last or ("", None)
    with _lock:
        known = _kept.get(key)
    if known and known.mark == mark and mark:
        return known
    raw, link = make()
    tag = f'W/"{hashlib.blake2b(raw + link.encode(), digest_size=12).hexdigest()}"'
    if known and known.tag == tag:
        fresh = Copy(mark, known.raw, known.packed, tag, known.modified, link)
    else:
        packed = gzip.compress(raw, 6, mtime=0) if KEEP and WORTH_PACKING < len(raw) <= LARGEST_KEPT else b""
        fresh = Copy(mark, raw, packed, tag, at, link)
    if KEEP and mark and len(raw) <= LARGEST_KEPT:
        with _lock:
            _kept[key] = fresh
            _kept.move_to_end(key)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return fresh


def send_made(
    request: HttpRequest, key: tuple[str, ...], make: Callable[[], Made], *, kind: str, lang: str = "", name: str = "",
    seconds: int = FRESH_SECONDS,
) -> HttpResponseBase:  # fmt: skip
    """A file with its tag and date; 304 when the asker has it already. `name` makes it a download.

    It depends on the address alone, never on cookies or the reader's language.
    """
    copy = copy_of(key, make)
    response = HttpResponse(copy.raw, content_type=kind)
    # Whoever brings a session may get it renewed with this answer: no cache in between may keep that.
    response.headers["Cache-Control"] = f"public, max-age={seconds}" if anonymous(request) else "private, no-cache"
    response.headers["ETag"] = copy.tag
    stamp = None
    if copy.modified is not None and clock.now() - copy.modified > SETTLED:
        stamp = int(copy.modified.timestamp())
        response.headers["Last-Modified"] = http_date(stamp)
    if lang:
        response.headers["Content-Language"] = lang
    if name:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if copy.link:
        response.headers["Link"] = copy.link
    patch_vary_headers(response, ("Accept-Encoding",))
    found = get_conditional_response(request, etag=copy.tag, last_modified=stamp, response=response)
    if found is not None and found is not response:
        return found
    if len(copy.raw) > WORTH_PACKING and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = copy.packed or gzip.compress(copy.raw, 2, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    return response
