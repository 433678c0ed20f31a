"""Owns the address of any other blog: a site whose feed must be found, or the feed itself."""

from __future__ import annotations

import re

from rostrum.connectors import hosts
from rostrum.connectors.platform import INVALID_HANDLE, Address, Platform, Reading, reject, words

DISCOVER = "discover feed (link rel=alternate, /feed/, wp-json)"
FETCH = "fetch and detect feed"
_FEED_NAMES = words("feed feeds rss rss2 atom feed.json blog-feed.xml")
_FEED_ENDINGS = (".xml", ".rss", ".atom", ".rdf")
_FEED_QUERY = re.compile(
    r"(?:^|&)((?:feed|format|alt)=(?:feed|rss|rss2|atom|rdf|json))(?=&|\Z)", re.IGNORECASE
)


def read(address: Address) -> Reading:
    """Read an address on a host that no platform claims."""
    wrong = hosts.fault(address.host)
    if wrong:
        return wrong
    path = "/" + address.path.lstrip("/")
    identity = f"{address.host}{path}"
    last = address.segments[-1].lower() if address.segments else ""
    if last in _FEED_NAMES or last.endswith(_FEED_ENDINGS):
        return Reading("resolve", "blog", "feed", identity, f"https://{identity}", FETCH, address.host)
    query = _FEED_QUERY.search(address.query)
    if query:
        url = f"https://{identity}?{query.group(1)}"
        return Reading("resolve", "blog", "feed", identity, url, FETCH, address.host)
    handle = identity.removesuffix("/")
    return Reading("resolve", "blog", "site", identity, f"https://{identity}", DISCOVER, handle)


def account(handle: str) -> Reading:
    """Read a bare host name as a blog."""
    host = handle.removeprefix("@").lower().rstrip(".")
    return read(Address(host, "/", (), "", "")) if host else reject("blog", INVALID_HANDLE)


def fault(handle: str) -> str | None:
    """Return the reason why this cannot be a blog's address, or None."""
    wrong = hosts.fault(handle.partition("/")[0].lower().rstrip("."))
    return wrong.reason if wrong else None


PLATFORM = Platform(
    key="blog",
    label="Blog",
    hosts=(),
    read=read,
    read_handle=account,
    handle_fault=fault,
    address_form="blog.school.ca",
    aliases=("site", "website", "web", "blogs"),
    family="blog",
)
