"""Owns what every platform's reader speaks: the answer (Resolved), the pieces of an address, a Platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Status = Literal["ok", "resolve", "reject"]


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a pasted address or handle means.

    `status` is "ok" (the stable id is known), "resolve" (valid, but the stable id needs one look-up) or
    "reject". `reason` is a short English code that never changes its wording; `handle` is the name as a
    person writes it, without "@" ("" where the address holds only a number).
    """

    input: str
    status: Status
    platform: str = ""
    kind: str = ""
    canonical_id: str = ""
    canonical_url: str = ""
    reason: str = ""
    handle: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the public fields in the order that the command line promises (docs: `rostrum resolve`)."""
        return {
            "input": self.input,
            "status": self.status,
            "platform": self.platform,
            "kind": self.kind,
            "canonical_id": self.canonical_id,
            "canonical_url": self.canonical_url,
            "reason": self.reason,
        }


class Reading(NamedTuple):
    """A `Resolved` that does not yet know the text it was read from."""

    status: Status
    platform: str = ""
    kind: str = ""
    canonical_id: str = ""
    canonical_url: str = ""
    reason: str = ""
    handle: str = ""


class Address(NamedTuple):
    """A web address in pieces: host in lower case, path as written, its decoded segments, the query."""

    host: str
    path: str
    segments: tuple[str, ...]
    query: str
    fragment: str

    def parameter(self, name: str) -> str:
        """Return the first value of the query parameter `name`, decoded, or ""."""
        if name not in self.query:
            return ""
        from urllib.parse import unquote_plus

        for pair in self.query.split("&"):
            key, _, value = pair.partition("=")
            if key == name:
                return unquote_plus(value).strip()
        return ""


def words(text: str) -> frozenset[str]:
    """Return the words of a list written as running text."""
    return frozenset(text.split())


def reject(platform: str, reason: str, kind: str = "") -> Reading:
    """The address names no account; `kind` says what it names instead, where that is known."""
    return Reading("reject", platform, kind, "", "", reason)


INVALID_HANDLE = "invalid handle"
RESERVED = "reserved path"
NO_ACCOUNT = "no account in URL"
NOT_PROFILE_HOST = "not a profile host"
NOT_ACCOUNT = "post, not an account"
SHORT_LINK = "short link: follow redirects safely, then parse again"
SHARE_LINK = "share link: follow redirects safely, then parse again"
RETIRED = "retired platform"


def short_link(platform: str, address: Address) -> Reading:
    """A link that hides where it goes: kept as written, to be followed later by a safe fetcher."""
    if not address.segments:
        return reject(platform, NO_ACCOUNT)
    target = f"{address.host}{address.path}"
    return Reading("resolve", platform, "link", target, f"https://{target}", SHORT_LINK)


@dataclass(frozen=True, slots=True)
class Platform:
    """One place where accounts live.

    `hosts` are the domains it answers on; a sub-domain of one of them belongs to it too. `read` turns an
    address on such a host into a Reading, `read_handle` does the same for a bare name, `handle_fault`
    returns the reason why a name cannot be a handle there, or None. `family` is "blog" for the services
    that AP 193 calls blogs and "social" for the rest. A `retired` platform has closed: its accounts can be
    recognised, never opened.
    """

    key: str
    label: str
    hosts: tuple[str, ...]
    read: Callable[[Address], Reading]
    read_handle: Callable[[str], Reading]
    handle_fault: Callable[[str], str | None]
    address_form: str
    aliases: tuple[str, ...] = ()
    family: Literal["social", "blog"] = "social"
    retired: bool = False
    max_length: int | None = None

    def profile_url(self, handle: str) -> str:
        """Return the canonical address of the account with this handle, or "" when it cannot be one."""
        return self.read_handle(handle.strip()).canonical_url

    def check_handle(self, handle: str) -> str | None:
        """Return None when `handle` obeys the platform's rule, else the reason code."""
        return self.handle_fault(handle.strip().removeprefix("@"))
