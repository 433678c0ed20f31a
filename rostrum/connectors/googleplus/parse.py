"""Owns the addresses of Google+; every one of them is refused as a retired platform."""

from __future__ import annotations

import re

from rostrum.connectors.platform import INVALID_HANDLE, RETIRED, Address, Platform, Reading, reject

_HANDLE = re.compile(r"\+?[\w.-]{1,100}")


def fault(handle: str) -> str | None:
    """Return the reason why this never was a name of Google+, or None."""
    return None if _HANDLE.fullmatch(handle) else INVALID_HANDLE


def account(handle: str) -> Reading:
    """No name leads anywhere any more."""
    return reject("googleplus", RETIRED)


def read(address: Address) -> Reading:
    """No address leads anywhere any more."""
    return reject("googleplus", RETIRED)


PLATFORM = Platform(
    key="googleplus",
    label="Google+",
    hosts=("plus.google.com",),
    read=read,
    read_handle=account,
    handle_fault=fault,
    address_form="plus.google.com/+name",
    aliases=("google+", "google plus", "gplus"),
    retired=True,
)
