"""Owns TikTok's addresses and handle rule: 2 to 24 letters, digits, underscores and dots."""

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
    short_link,
)

_HANDLE = re.compile(r"[A-Za-z0-9_.]{1,23}[A-Za-z0-9_]")
_HOSTS = frozenset({"tiktok.com", "www.tiktok.com", "m.tiktok.com"})


def fault(handle: str) -> str | None:
    """Return the reason why this is no handle of TikTok, or None."""
    return None if _HANDLE.fullmatch(handle) else INVALID_HANDLE


def account(handle: str) -> Reading:
    """Read a bare handle; case does not count."""
    name = handle.removeprefix("@").lower()
    if fault(name):
        return reject("tiktok", INVALID_HANDLE)
    return Reading("ok", "tiktok", "account", name, f"https://www.tiktok.com/@{name}", "", name)


def read(address: Address) -> Reading:
    """Read an address on tiktok.com; a profile's path starts with "@"."""
    if address.host in {"vm.tiktok.com", "vt.tiktok.com"}:
        return short_link("tiktok", address)
    if address.host not in _HOSTS:
        return reject("tiktok", NOT_PROFILE_HOST)
    parts = address.segments
    if not parts:
        return reject("tiktok", NO_ACCOUNT)
    first = parts[0].lower()
    if first.startswith("@"):
        if len(parts) > 2 and parts[1].lower() in {"video", "photo", "playlist", "collection"}:
            return reject("tiktok", NOT_ACCOUNT, "post")
        return account(parts[0])
    if first == "t" and len(parts) > 1:
        return short_link("tiktok", address)
    if first in {"v", "embed", "video", "photo"} and len(parts) > 1:
        return reject("tiktok", NOT_ACCOUNT, "post")
    return reject("tiktok", RESERVED)


PLATFORM = Platform(
    key="tiktok",
    label="TikTok",
    hosts=("tiktok.com",),
    read=read,
    read_handle=account,
    handle_fault=fault,
    address_form="tiktok.com/@name",
    aliases=("tik tok",),
    max_length=24,
)
