"""Owns fediverse names: name@server, on any server, confirmed later by WebFinger (RFC 7033)."""

from __future__ import annotations

import re

from rostrum.connectors import hosts
from rostrum.connectors.platform import INVALID_HANDLE, NOT_ACCOUNT, Address, Platform, Reading, reject, words

NOT_FEDIVERSE = "platform is not on the fediverse"
MISSING_SERVER = "missing server"
_LOCAL = re.compile(r"(?=.{1,30}\Z)[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*")
_FEEDS = (".rss", ".atom", ".json")
_TABS = words(
    "with_replies media followers following featured tagged feed.rss feed.atom feed about outbox inbox"
)


def fault(handle: str) -> str | None:
    """Return the reason why this is no fediverse name, or None; a name needs its server."""
    local, at, server = handle.partition("@")
    if not _LOCAL.fullmatch(local):
        return INVALID_HANDLE
    if not at or not server:
        return MISSING_SERVER
    wrong = hosts.fault(server.lower())
    return wrong.reason if wrong else None


def account(handle: str) -> Reading:
    """Read name@server, with or without a leading "@"."""
    local, at, server = handle.removeprefix("@").lower().partition("@")
    if not _LOCAL.fullmatch(local):
        return reject("mastodon", INVALID_HANDLE)
    if not at or not server:
        return reject("mastodon", MISSING_SERVER)
    server = server.rstrip(".")
    wrong = hosts.fault(server)
    if wrong:
        return wrong
    identity = f"{local}@{server}"
    url = f"https://{server}/@{local}"
    return Reading("resolve", "mastodon", "account", identity, url, "confirm by WebFinger", identity)


def claims(address: Address) -> bool:
    """Tell whether a path on a host of nobody in particular has the shape of a fediverse profile."""
    parts = address.segments
    if not parts:
        return False
    if parts[0] in {"web", "deck"} and len(parts) > 1:
        parts = parts[1:]
    return parts[0].startswith("@") or (parts[0] == "users" and len(parts) > 1)


def remote(address: Address) -> str:
    """Return name@server when the path is a server's view of an account on another one, else ""."""
    for part in address.segments[:2]:
        if part.startswith("@"):
            local, at, server = part[1:].partition("@")
            return f"{local}@{server}" if at and server and server != address.host else ""
    return ""


def read(address: Address) -> Reading:
    """Read a profile's path on any server: /@name, /users/name, /web/@name, with or without a feed ending."""
    parts = address.segments
    if parts and parts[0] in {"web", "deck"}:
        parts = parts[1:]
    if parts and parts[0] == "users":
        parts = parts[1:]
    if not parts:
        return reject("mastodon", INVALID_HANDLE)
    name = parts[0].removeprefix("@")
    for ending in _FEEDS:
        name = name.removesuffix(ending)
    name = name.partition("@")[0]
    if len(parts) > 1 and parts[1].lower() not in _TABS:
        return reject("mastodon", NOT_ACCOUNT, "post")
    return account(f"{name}@{address.host}")


PLATFORM = Platform(
    key="mastodon",
    label="Mastodon",
    hosts=(),
    read=read,
    read_handle=account,
    handle_fault=fault,
    address_form="@name@server",
    aliases=("fediverse", "activitypub"),
    max_length=None,
)
