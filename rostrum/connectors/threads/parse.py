"""Owns the addresses of Threads; its handles are Instagram's."""

from __future__ import annotations

import re

from rostrum.connectors.platform import (
    INVALID_HANDLE,
    NO_ACCOUNT,
    NOT_ACCOUNT,
    NOT_PROFILE_HOST,
    RESERVED,
    Address,
    Platform,
    Reading,
    reject,
    words,
)

_HANDLE = re.compile(r"(?=.{1,30}\Z)[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*")
_HOSTS = frozenset({"threads.net", "www.threads.net", "threads.com", "www.threads.com"})
_RESERVED = words("search login activity saved liked settings tag topics explore about legal intent")


def fault(handle: str) -> str | None:
    """Return the reason why this is no handle of Threads, or None."""
    return None if _HANDLE.fullmatch(handle) else INVALID_HANDLE


def account(handle: str) -> Reading:
    """Read a bare handle; case does not count."""
    name = handle.removeprefix("@").lower()
    if fault(name):
        return reject("threads", INVALID_HANDLE)
    return Reading("ok", "threads", "account", name, f"https://www.threads.com/@{name}", "", name)


def read(address: Address) -> Reading:
    """Read an address on threads.com or threads.net; a profile's path starts with "@"."""
    if address.host not in _HOSTS:
        return reject("threads", NOT_PROFILE_HOST)
    parts = address.segments
    if not parts:
        return reject("threads", NO_ACCOUNT)
    if parts[0].startswith("@"):
        if len(parts) > 1 and parts[1].lower() == "post":
            return reject("threads", NOT_ACCOUNT, "post")
        return account(parts[0])
    first = parts[0].lower()
    if first == "t":
        return reject("threads", NOT_ACCOUNT, "post")
    return reject("threads", RESERVED if first in _RESERVED else NO_ACCOUNT)


PLATFORM = Platform(
    key="threads",
    label="Threads",
    hosts=("threads.com", "threads.net"),
    read=read,
    read_handle=account,
    handle_fault=fault,
    address_form="threads.com/@name",
    max_length=30,
)
