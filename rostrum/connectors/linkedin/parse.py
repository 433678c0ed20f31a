"""Owns LinkedIn's addresses: company, school and showcase pages, groups, and the warning for a person."""

from __future__ import annotations

import re
import unicodedata

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

_VANITY = re.compile(r"[^\W_](?:[\w.&'-]{0,98}[\w-])?")
_SUBDOMAINS = re.compile(r"(?:(?:www|m|mobile|touch|[a-z]{2,3})\.)?linkedin\.(?:com|cn)")
_PAGES = {
    "company": "company",
    "company-beta": "company",
    "organization": "company",
    "organizations": "company",
    "school": "school",
    "showcase": "showcase",
}
_POSTS = frozenset({"posts", "pulse", "newsletters", "video", "events", "embed", "article", "slideshow"})


def fault(handle: str) -> str | None:
    """Return the reason why this is no page name, or None: at most 100 letters, digits and hyphens."""
    name = unicodedata.normalize("NFC", handle)
    if not _VANITY.fullmatch(name) or name.lower() == "unavailable":
        return INVALID_HANDLE
    return None


def _page(kind: str, name: str) -> Reading:
    """A page by its name or its number."""
    name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())
    if name == "unavailable":
        return reject("linkedin", NO_ACCOUNT)
    if fault(name):
        return reject("linkedin", INVALID_HANDLE)
    url = f"https://www.linkedin.com/{kind}/{name}/"
    if name.isascii() and name.isdigit():
        return Reading("ok", "linkedin", kind, f"id:{name}", url)
    return Reading("ok", "linkedin", kind, name, url, "", name)


def account(handle: str) -> Reading:
    """Read a bare name as that of a company page, the usual kind."""
    return _page("company", handle.removeprefix("@"))


def _person(name: str) -> Reading:
    """A person's own profile: it is read, and it is never an official account (AP 193 section 2)."""
    name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())
    if fault(name):
        return reject("linkedin", INVALID_HANDLE)
    url = f"https://www.linkedin.com/in/{name}/"
    return Reading("ok", "linkedin", "person", name, url, "personal profile: policy warning", name)


def read(address: Address) -> Reading:
    """Read an address on linkedin.com."""
    if address.host in {"lnkd.in", "www.lnkd.in"}:
        return short_link("linkedin", address)
    if not _SUBDOMAINS.fullmatch(address.host):
        return reject("linkedin", NOT_PROFILE_HOST)
    parts = address.segments
    if parts and parts[0].lower() == "mwlite":
        parts = parts[1:]
    if not parts:
        return reject("linkedin", NO_ACCOUNT)
    first = parts[0].lower()
    second = parts[1] if len(parts) > 1 else ""
    if first in _PAGES:
        return _page(_PAGES[first], second) if second else reject("linkedin", NO_ACCOUNT)
    if first == "in":
        return _person(second) if second else reject("linkedin", NO_ACCOUNT)
    if first == "groups":
        number = second or address.parameter("gid")
        if not number:
            return reject("linkedin", NO_ACCOUNT)
        if not (number.isascii() and number.isdigit() and len(number) <= 20):
            return reject("linkedin", INVALID_HANDLE)
        return Reading("ok", "linkedin", "group", number, f"https://www.linkedin.com/groups/{number}/")
    if first in _POSTS or (first in {"feed", "jobs"} and second.lower() in {"update", "view", "hashtag"}):
        return reject("linkedin", NOT_ACCOUNT, "post")
    return reject("linkedin", RESERVED)


PLATFORM = Platform(
    key="linkedin",
    label="LinkedIn",
    hosts=("linkedin.com", "lnkd.in", "linkedin.cn"),
    read=read,
    read_handle=account,
    handle_fault=fault,
    address_form="linkedin.com/company/name or linkedin.com/school/name",
    aliases=("li", "linked in"),
    max_length=100,
)
