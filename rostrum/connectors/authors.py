"""Whose post an address leads to, where the address says so."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from rostrum.connectors.resolving import resolve

DEEPEST = 5  # parts of a post's address that are looked at for its author; platforms use three at most
_NUMBER = re.compile(r"\d+(@N\d+)?")  # what a platform counts accounts by; Flickr writes 12345678@N00


def is_number(canonical_id: str) -> bool:
    """Whether an account is known there by a number alone, which no name could be held against."""
    return _NUMBER.fullmatch(canonical_id) is not None


def author_in(address: str) -> str:
    """Whose post it is, where the address says so before the post's own part: "lchs" of x.com/lchs/status/1, else "".

    A number says nothing that a name could be held against, so that it counts as not said.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    steps = [one for one in parts.path.split("/") if one][:DEEPEST]
    for count in range(1, len(steps)):
        found = resolve(f"{parts.scheme}://{parts.netloc}/{'/'.join(steps[:count])}").canonical_id
        if found:
            return "" if is_number(found) or "/" in found else found.removeprefix("@")
    return ""
