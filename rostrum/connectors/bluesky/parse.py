"""Owns Bluesky's names: a handle is a domain name, a DID is the permanent identity behind it."""

from __future__ import annotations

import re

from rostrum.connectors.platform import (
    INVALID_HANDLE,
    NO_ACCOUNT,
    NOT_PROFILE_HOST,
    Address,
    Platform,
    Reading,
    reject,
    short_link,
)

_RECORD = "post or record, not an account"
_PLC = re.compile(r"did:plc:[a-z2-7]{24}")
_DOMAIN = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_WEB = "did:web:"
# The AT Protocol's handle rules name these endings as never valid.
_NEVER = frozenset({"alt", "arpa", "example", "internal", "invalid", "local", "localhost", "onion", "test"})
_HOSTS = frozenset({"bsky.app", "www.bsky.app", "main.bsky.app", "staging.bsky.app"})
_PIECES = frozenset({"post", "feed", "lists", "list", "starter-pack"})


def _is_domain(name: str) -> bool:
    return _DOMAIN.fullmatch(name) is not None and name.rpartition(".")[2] not in _NEVER


def fault(handle: str) -> str | None:
    """Return the reason why this is no handle or DID, or None; "name" alone stands for name.bsky.social."""
    name = handle.lower()
    if name.startswith("did:"):
        return None if _did(handle).status == "ok" else "invalid DID"
    return None if _is_domain(name if "." in name else f"{name}.bsky.social") else INVALID_HANDLE


def _did(did: str) -> Reading:
    """The permanent identity."""
    if did.startswith(_WEB):
        did = did.lower()
        valid = _is_domain(did[len(_WEB) :])
    else:
        valid = _PLC.fullmatch(did) is not None
    if not valid:
        return reject("bluesky", "invalid DID")
    return Reading("ok", "bluesky", "account", did, f"https://bsky.app/profile/{did}")


def account(handle: str) -> Reading:
    """Read a bare handle or a DID. A handle must still be looked up for its DID."""
    name = handle.removeprefix("@")
    if name[:4].lower() == "did:":
        return _did(name)
    name = name.lower()
    if "." not in name:
        name = f"{name}.bsky.social"
    if not _is_domain(name):
        return reject("bluesky", INVALID_HANDLE)
    url = f"https://bsky.app/profile/{name}"
    return Reading("resolve", "bluesky", "account", name, url, "resolve handle to DID", name)


def read_at(text: str) -> Reading:
    """Read an at:// address: a repository is an account, anything inside it is a record."""
    authority, _, rest = text[len("at://") :].partition("/")
    if not authority:
        return reject("bluesky", NO_ACCOUNT)
    found = account(authority)
    return reject("bluesky", _RECORD, "post") if found.status != "reject" and rest.strip("/") else found


def read(address: Address) -> Reading:
    """Read an address on bsky.app, or name.bsky.social written as a web address."""
    if address.host.endswith(".bsky.social"):
        return account(address.host)
    if address.host == "go.bsky.app":
        return short_link("bluesky", address)
    if address.host == "bsky.social":
        return reject("bluesky", NO_ACCOUNT)
    if address.host not in _HOSTS:
        return reject("bluesky", NOT_PROFILE_HOST)
    parts = address.segments
    if parts and parts[0].lower() in {"starter-pack", "starter-pack-short"}:
        return reject("bluesky", _RECORD, "post")
    if len(parts) < 2 or parts[0].lower() != "profile":
        return reject("bluesky", NO_ACCOUNT)
    found = account(parts[1])
    if found.status != "reject" and len(parts) > 3 and parts[2].lower() in _PIECES:
        return reject("bluesky", _RECORD, "post")
    return found


PLATFORM = Platform(
    key="bluesky",
    label="Bluesky",
    hosts=("bsky.app", "bsky.social"),
    read=read,
    read_handle=account,
    handle_fault=fault,
    address_form="bsky.app/profile/name",
    aliases=("bsky", "blue sky"),
    max_length=253,
)
