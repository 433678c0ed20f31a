"""Owns X's addresses and handle rule: 1 to 15 of A-Z, a-z, 0-9 and underscore."""

from __future__ import annotations

import re

from rostrum.connectors.platform import (
    INVALID_HANDLE,
    NO_ACCOUNT,
    NOT_PROFILE_HOST,
    RESERVED,
    Address,
    Platform,
    Reading,
    reject,
    short_link,
    words,
)

_POST = "post, list or space, not an account"
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
_HOSTS = frozenset(
    f"{sub}{domain}" for domain in ("x.com", "twitter.com") for sub in ("", "www.", "m.", "mobile.")
)
_RESERVED = words(
    "home explore search search-advanced search-home notifications messages settings compose login "
    "logout signup tos privacy about jobs download who_to_follow hashtag intent share account oauth "
    "widgets i rules help following followers bookmarks communities lists topics premium_sign_up "
    "sessions session invitations mentions favorites welcome"
)
_PIECES = frozenset({"status", "statuses", "lists", "moments", "timelines", "article", "articles", "events"})


def fault(handle: str) -> str | None:
    """Return the reason why this is no handle of X, or None."""
    if not _HANDLE.fullmatch(handle):
        return INVALID_HANDLE
    return RESERVED if handle.lower() in _RESERVED else None


def account(handle: str) -> Reading:
    """Read a bare handle; X ignores case."""
    name = handle.removeprefix("@").lower()
    wrong = fault(name)
    if wrong:
        return reject("x", wrong)
    return Reading("ok", "x", "account", name, f"https://x.com/{name}", "", name)


def _by_number(number: str) -> Reading:
    """The permanent number of an account, whose handle must be looked up."""
    if not (number.isascii() and number.isdigit() and len(number) <= 20):
        return reject("x", INVALID_HANDLE)
    url = f"https://x.com/i/user/{number}"
    return Reading("resolve", "x", "account", f"id:{number}", url, "resolve id to handle")


def read(address: Address) -> Reading:
    """Read an address on x.com or twitter.com."""
    if address.host == "t.co":
        return short_link("x", address)
    if address.host not in _HOSTS:
        return reject("x", NOT_PROFILE_HOST)
    parts = address.segments
    if not parts and address.fragment.startswith("!/"):
        parts = tuple(part for part in address.fragment[2:].split("?")[0].split("/") if part)
    if not parts:
        return reject("x", NO_ACCOUNT)
    first = parts[0].lower()
    if first == "intent" and len(parts) > 1 and parts[1].lower() in {"user", "follow"}:
        name, number = address.parameter("screen_name"), address.parameter("user_id")
        if name:
            return account(name)
        return _by_number(number) if number else reject("x", NO_ACCOUNT)
    if first == "i" and len(parts) > 1:
        if parts[1].lower() == "user" and len(parts) == 3:
            return _by_number(parts[2])
        return reject("x", _POST, "post")
    if first in _RESERVED:
        return reject("x", RESERVED)
    found = account(parts[0])
    if found.status == "ok" and len(parts) > 1:
        piece = parts[1].lower()
        if piece in _PIECES and not (piece in {"lists", "moments", "articles"} and len(parts) == 2):
            return reject("x", _POST, "post")
    return found


PLATFORM = Platform(
    key="x",
    label="X",
    hosts=("x.com", "twitter.com", "t.co"),
    read=read,
    read_handle=account,
    handle_fault=fault,
    address_form="x.com/name",
    aliases=("twitter",),
    max_length=15,
)
