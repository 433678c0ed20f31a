"""Owns Flickr's addresses: the permanent NSID (39216764@N00) and the alias that stands for it."""

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
)

_PHOTO = "photo, not an account"
_ALBUM = "album, not an account"
NSID = re.compile(r"\d{1,12}@[Nn]\d\d", re.ASCII)
_ALIAS = re.compile(r"[A-Za-z0-9_-]{1,32}")
_GROUP = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HOSTS = frozenset(
    {"flickr.com", "www.flickr.com", "m.flickr.com", "secure.flickr.com", "api.flickr.com", "flickr.ca"}
)
_SETS = frozenset({"albums", "sets", "galleries", "collections"})
_NOT_NAMES = frozenset({"tags", "upload", "organize", "search", "me", "friends"})


def fault(handle: str) -> str | None:
    """Return the reason why this is no alias or NSID of Flickr, or None."""
    if NSID.fullmatch(handle):
        return None
    if not _ALIAS.fullmatch(handle) or handle.isdigit():
        return INVALID_HANDLE
    return RESERVED if handle.lower() in _NOT_NAMES else None


def account(handle: str) -> Reading:
    """Read a bare alias or NSID."""
    name = handle.removeprefix("@")
    wrong = fault(name)
    if wrong:
        return reject("flickr", wrong)
    if NSID.fullmatch(name):
        name = name.upper()
        return Reading("ok", "flickr", "account", name, f"https://www.flickr.com/photos/{name}/")
    name = name.lower()
    url = f"https://www.flickr.com/photos/{name}/"
    return Reading("resolve", "flickr", "account", name, url, "resolve alias to NSID", name)


def _group(parts: tuple[str, ...]) -> Reading:
    """A group, by alias or NSID."""
    if len(parts) < 2:
        return reject("flickr", RESERVED)
    if len(parts) > 3 and parts[2].lower() == "discuss":
        return reject("flickr", _PHOTO, "post")
    if NSID.fullmatch(parts[1]):
        name, handle = parts[1].upper(), ""
    elif _GROUP.fullmatch(parts[1]):
        name = handle = parts[1].lower()
    else:
        return reject("flickr", INVALID_HANDLE)
    return Reading("ok", "flickr", "group", name, f"https://www.flickr.com/groups/{name}/", "", handle)


def _of_person(parts: tuple[str, ...]) -> Reading:
    """/photos/name and /people/name, or a photo or an album under them."""
    if len(parts) < 2:
        return reject("flickr", NO_ACCOUNT)
    found = account(parts[1])
    if found.status == "reject" or len(parts) == 2 or parts[0].lower() == "people":
        return found
    third = parts[2].lower()
    if third.isdigit():
        return reject("flickr", _PHOTO, "post")
    if third in _SETS and len(parts) > 3:
        return reject("flickr", _ALBUM, "post")
    return found


def read(address: Address) -> Reading:
    """Read an address on flickr.com, its picture hosts or its short host."""
    host = address.host
    parts = address.segments
    if host.endswith("staticflickr.com"):
        return reject("flickr", _PHOTO, "post")
    if host in {"flic.kr", "www.flic.kr"}:
        if parts and parts[0].lower() == "p":
            return reject("flickr", _PHOTO, "post")
        if parts and parts[0].lower() == "s":
            return reject("flickr", _ALBUM, "post")
        return short_link("flickr", address)
    if host not in _HOSTS:
        return reject("flickr", NOT_PROFILE_HOST)
    if not parts:
        return reject("flickr", NO_ACCOUNT)
    first = parts[0].lower()
    if first == "services" and len(parts) > 1 and parts[1].lower() == "feeds":
        return account(address.parameter("id")) if address.parameter("id") else reject("flickr", NO_ACCOUNT)
    if first in {"photos", "people"}:
        return _of_person(parts)
    if first == "groups":
        return _group(parts)
    return reject("flickr", RESERVED)


PLATFORM = Platform(
    key="flickr",
    label="Flickr",
    hosts=("flickr.com", "flic.kr", "staticflickr.com", "flickr.ca"),
    read=read,
    read_handle=account,
    handle_fault=fault,
    address_form="flickr.com/photos/name",
    max_length=32,
)
