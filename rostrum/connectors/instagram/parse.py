"""Owns Instagram's addresses and handle rule: 1 to 30 letters, digits, dots and underscores."""

from __future__ import annotations

import re

from rostrum.connectors.platform import (
    INVALID_HANDLE,
    NO_ACCOUNT,
    NOT_ACCOUNT,
    NOT_PROFILE_HOST,
    RESERVED,
    SHARE_LINK,
    Address,
    Platform,
    Reading,
    reject,
    short_link,
    words,
)

# No dot at either end and no two dots in a row.
HANDLE = re.compile(r"(?=.{1,30}\Z)[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*")
_HOSTS = frozenset({"instagram.com", "www.instagram.com", "m.instagram.com", "instagr.am", "www.instagr.am"})
_POSTS = frozenset({"p", "reel", "tv", "stories", "s"})
_RESERVED = words(
    "explore accounts direct about legal developer web press api privacy directory emails challenge "
    "oauth graphql ar session nux terms help blog jobs download reels archive branded_content topics "
    "lite your_activity create notifications settings login signup popular"
)
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")


def fault(handle: str) -> str | None:
    """Return the reason why this is no handle of Instagram, or None."""
    if not HANDLE.fullmatch(handle):
        return INVALID_HANDLE
    return RESERVED if handle.lower() in _RESERVED | _POSTS | {"share"} else None


def account(handle: str) -> Reading:
    """Read a bare handle; Instagram ignores case, and here dots do count."""
    name = handle.removeprefix("@").lower()
    wrong = fault(name)
    if wrong:
        return reject("instagram", wrong)
    return Reading("ok", "instagram", "account", name, f"https://www.instagram.com/{name}/", "", name)


def read(address: Address) -> Reading:
    """Read an address on instagram.com or instagr.am."""
    if address.host in {"ig.me", "www.ig.me"}:
        return short_link("instagram", address)
    if address.host not in _HOSTS:
        return reject("instagram", NOT_PROFILE_HOST)
    parts = address.segments
    if not parts:
        return reject("instagram", NO_ACCOUNT)
    first = parts[0].lower()
    if first in _POSTS or (first == "reels" and len(parts) > 1):
        return reject("instagram", NOT_ACCOUNT, "post")
    if first in {"_u", "_n"} and len(parts) > 1:
        return account(parts[1])
    if first == "share" and len(parts) > 1 and all(_TOKEN.fullmatch(part) for part in parts):
        target = "/".join(("share", *parts[1:]))
        return Reading(
            "resolve", "instagram", "link", target, f"https://www.instagram.com/{target}", SHARE_LINK
        )
    if first in _RESERVED:
        return reject("instagram", RESERVED)
    if len(parts) > 2 and parts[1].lower() in {"p", "reel", "tv"}:
        return reject("instagram", NOT_ACCOUNT, "post")
    return account(parts[0])


PLATFORM = Platform(
    key="instagram",
    label="Instagram",
    hosts=("instagram.com", "instagr.am", "ig.me"),
    read=read,
    read_handle=account,
    handle_fault=fault,
    address_form="instagram.com/name",
    aliases=("ig", "insta"),
    max_length=30,
)
