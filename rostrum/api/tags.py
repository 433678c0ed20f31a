"""Tags of answers (ETag): the same bytes, the same tag; and what If-Match and If-None-Match ask of them."""

from __future__ import annotations

import hashlib

from django.utils.http import parse_etags


def etag_of(body: bytes) -> str:
    """The tag of an answer."""
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def matches(header: str, tag: str) -> bool:
    """Whether a header with tags names this one, or any. A proxy that packs answers may have made it weak."""
    tags = [one.removeprefix("W/") for one in parse_etags(header)]
    return "*" in tags or tag in tags
