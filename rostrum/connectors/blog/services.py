"""Owns the addresses of the four blog services that carry many schools' blogs: each blog is a host name."""

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
    words,
)

_DASHBOARD = "author profile or dashboard, not a blog"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"\d{1,2}")


def name_fault(handle: str) -> str | None:
    """Return the reason why this cannot be a blog's name on these services, or None: one host label."""
    return None if _NAME.fullmatch(handle.lower()) else INVALID_HANDLE


# WordPress.com

_WP_RESERVED = words(
    "www public-api en fr support forums dashboard developer login subscribe jetpack store themes "
    "learn wp-admin s0 s1 s2 stats pixel apps"
)


def _wordpress(name: str) -> Reading:
    name = name.removeprefix("@").lower().removesuffix(".wordpress.com")
    if _wordpress_fault(name):
        return reject("wordpress.com", INVALID_HANDLE)
    host = f"{name}.wordpress.com"
    return Reading("ok", "wordpress.com", "blog", host, f"https://{host}/", "", host)


def _wordpress_fault(handle: str) -> str | None:
    name = handle.lower().removesuffix(".wordpress.com")
    return INVALID_HANDLE if name in _WP_RESERVED else name_fault(name)


def _read_wordpress(address: Address) -> Reading:
    if address.host in {"wp.me", "www.wp.me"}:
        return short_link("wordpress.com", address)
    name = address.host.removesuffix("wordpress.com").rstrip(".")
    if name in {"", "www"}:
        return reject("wordpress.com", RESERVED if address.segments else NO_ACCOUNT)
    if name in _WP_RESERVED or "." in name:
        return reject("wordpress.com", NOT_PROFILE_HOST)
    parts = address.segments
    if parts and parts[0].lower() in {"wp-admin", "wp-login.php"}:
        return reject("wordpress.com", _DASHBOARD)
    dated = len(parts) > 3 and _YEAR.fullmatch(parts[0]) and _NUMBER.fullmatch(parts[1])
    if (dated and _NUMBER.fullmatch(parts[2])) or address.parameter("p"):
        return reject("wordpress.com", NOT_ACCOUNT, "post")
    return _wordpress(name)


WORDPRESS = Platform(
    key="wordpress.com",
    label="WordPress.com",
    hosts=("wordpress.com", "wp.me"),
    read=_read_wordpress,
    read_handle=_wordpress,
    handle_fault=_wordpress_fault,
    address_form="name.wordpress.com",
    aliases=("wordpress",),
    family="blog",
    max_length=63,
)

# Blogger

_BLOGSPOT = re.compile(
    r"(?:(?:www|bp|draft)\.)?(?:(?P<name>[a-z0-9-]+)\.)?blogspot\.(?:[a-z]{2,3})(?:\.[a-z]{2})?"
)


def is_blogspot(host: str) -> bool:
    """Tell whether the host is Blogger's under any country's ending (they all lead to .com)."""
    return "blogspot." in host and _BLOGSPOT.fullmatch(host) is not None


def _blogger_name(handle: str) -> str:
    name = handle.removeprefix("@").lower()
    return name.partition(".blogspot.")[0] if ".blogspot." in name else name


def _blogger(handle: str) -> Reading:
    name = _blogger_name(handle)
    if _blogger_fault(name):
        return reject("blogger", INVALID_HANDLE)
    host = f"{name}.blogspot.com"
    return Reading("ok", "blogger", "blog", host, f"https://{host}/", "", host)


def _blogger_fault(handle: str) -> str | None:
    name = _blogger_name(handle)
    return INVALID_HANDLE if name in {"www", "draft", "bp"} else name_fault(name)


def _read_blogger(address: Address) -> Reading:
    host = address.host
    if host == "blogger.com" or host.endswith(".blogger.com"):
        return reject("blogger", _DASHBOARD if address.segments else NO_ACCOUNT)
    found = _BLOGSPOT.fullmatch(host)
    if found is None:
        return reject("blogger", NOT_PROFILE_HOST)
    name = found.group("name")
    if name in {None, "www", "draft", "bp"}:
        return reject("blogger", NO_ACCOUNT)
    parts = address.segments
    if len(parts) > 2 and _YEAR.fullmatch(parts[0]) and _NUMBER.fullmatch(parts[1]):
        return reject("blogger", NOT_ACCOUNT, "post")
    return _blogger(name)


BLOGGER = Platform(
    key="blogger",
    label="Blogger",
    hosts=("blogspot.com", "blogger.com"),
    read=_read_blogger,
    read_handle=_blogger,
    handle_fault=_blogger_fault,
    address_form="name.blogspot.com",
    aliases=("blogspot",),
    family="blog",
    max_length=63,
)

# Medium

_MEDIUM_NAME = re.compile(r"(?=.{1,64}\Z)[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?")
_MEDIUM_POST = re.compile(r"(?:.*-)?[0-9a-f]{8,12}")
_MEDIUM_RESERVED = words(
    "tag topic topics search m me about feed p new-story plans membership policy jobs help "
    "explore-topics creators business partner-program verified-authors gift lists stats settings "
    "recommended oauth"
)
_MEDIUM_HOSTS = frozenset({"medium.com", "www.medium.com"})
_MEDIUM_OTHER = frozenset({"help.medium.com", "policy.medium.com", "blog.medium.com", "status.medium.com"})


def _medium_fault(handle: str) -> str | None:
    return None if _MEDIUM_NAME.fullmatch(handle.lower()) else INVALID_HANDLE


def _medium(handle: str) -> Reading:
    name = handle.removeprefix("@").lower()
    if _medium_fault(name):
        return reject("medium", INVALID_HANDLE)
    return Reading("ok", "medium", "blog", f"@{name}", f"https://medium.com/@{name}", "", name)


def _publication(name: str) -> Reading:
    name = name.lower()
    if name in _MEDIUM_RESERVED or _medium_fault(name):
        return reject("medium", RESERVED if name in _MEDIUM_RESERVED else INVALID_HANDLE)
    return Reading("ok", "medium", "blog", name, f"https://medium.com/{name}", "", name)


def _read_medium(address: Address) -> Reading:
    parts = address.segments
    if address.host not in _MEDIUM_HOSTS:
        name = address.host.removesuffix(".medium.com")
        if address.host in _MEDIUM_OTHER or "." in name:
            return reject("medium", NOT_PROFILE_HOST)
        if parts and _MEDIUM_POST.fullmatch(parts[-1].lower()):
            return reject("medium", NOT_ACCOUNT, "post")
        return _medium(name)
    if parts and parts[0].lower() == "feed":
        parts = parts[1:]
    if not parts:
        return reject("medium", NO_ACCOUNT)
    if parts[0].lower() == "p":
        return reject("medium", NOT_ACCOUNT, "post")
    if len(parts) > 1 and _MEDIUM_POST.fullmatch(parts[1].lower()):
        return reject("medium", NOT_ACCOUNT, "post")
    return _medium(parts[0]) if parts[0].startswith("@") else _publication(parts[0])


MEDIUM = Platform(
    key="medium",
    label="Medium",
    hosts=("medium.com",),
    read=_read_medium,
    read_handle=_medium,
    handle_fault=_medium_fault,
    address_form="medium.com/@name",
    family="blog",
    max_length=64,
)

# Tumblr

_TUMBLR_RESERVED = words(
    "tagged explore dashboard search login register settings about help policy apps docs likes "
    "following inbox new reblog privacy jobs developers press oauth communities changes live tips "
    "trending radar"
)
_TUMBLR_OTHER = frozenset(
    {"api", "assets", "engineering", "help", "media", "secure", "support", "t", "href", "px"}
)


def _tumblr(handle: str) -> Reading:
    name = handle.removeprefix("@").lower().removesuffix(".tumblr.com")
    if _tumblr_fault(name):
        return reject("tumblr", INVALID_HANDLE)
    return Reading("ok", "tumblr", "blog", name, f"https://{name}.tumblr.com/", "", name)


def _tumblr_fault(handle: str) -> str | None:
    name = handle.lower().removesuffix(".tumblr.com")
    return INVALID_HANDLE if len(name) > 32 or name in _TUMBLR_OTHER | {"www", "at"} else name_fault(name)


def _read_tumblr(address: Address) -> Reading:
    parts = address.segments
    name = address.host.removesuffix("tumblr.com").rstrip(".")
    if "." in name or name in _TUMBLR_OTHER:
        return reject("tumblr", NOT_PROFILE_HOST)
    if name not in {"", "www", "at"}:
        if len(parts) > 1 and parts[0].lower() in {"post", "image"}:
            return reject("tumblr", NOT_ACCOUNT, "post")
        return _tumblr(name)
    if not parts:
        return reject("tumblr", NO_ACCOUNT)
    if parts[0].lower() == "blog" and len(parts) > 1:
        parts = parts[2:] if parts[1].lower() == "view" and len(parts) > 2 else parts[1:]
    if parts[0].lower() in _TUMBLR_RESERVED | {"blog"}:
        return reject("tumblr", RESERVED)
    if len(parts) > 1 and parts[1].isdigit():
        return reject("tumblr", NOT_ACCOUNT, "post")
    return _tumblr(parts[0])


TUMBLR = Platform(
    key="tumblr",
    label="Tumblr",
    hosts=("tumblr.com",),
    read=_read_tumblr,
    read_handle=_tumblr,
    handle_fault=_tumblr_fault,
    address_form="name.tumblr.com",
    family="blog",
    max_length=32,
)
