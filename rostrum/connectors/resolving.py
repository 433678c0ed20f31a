"""Owns reading any pasted text: what kind of address or handle it is, and which platform must read it."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from rostrum.connectors import hosts
from rostrum.connectors.blog import parse as blog
from rostrum.connectors.bluesky import parse as bluesky
from rostrum.connectors.catalogue import PLATFORMS, platform_key, platform_of
from rostrum.connectors.flickr import parse as flickr
from rostrum.connectors.mastodon import parse as mastodon
from rostrum.connectors.platform import Address, Platform, Reading, Resolved, reject, short_link

LONGEST = 2048
BARE = "bare handle without a platform"
EMAIL = "e-mail address"
SCHEME = "unsupported scheme"
USERINFO = "userinfo in URL"
PORT = "non-default port"

_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
_ZERO_WIDTH = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\xad"))
_BEFORE = " <([{\"'“«‹"
_AFTER = " .,;:!?)]}>\"'”»›"
_BOTH = "<>\"'“”«»‹› \xa0"
_WEB_START = re.compile(r"(?:https?:[/\\]*)+", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+-]*):(?!\d)")
_EMAIL = re.compile(r"[^@\s/:?#]+@[^@\s/:?#]+\.[^@\s/:?#.]+")
_LABELLED = re.compile(r"([A-Za-z+ ]{1,20}?)\s*:\s+(\S.*)")
_IN_SENTENCE = re.compile(r"https?://\S+", re.IGNORECASE)


def resolve(text: str, platform: str | None = None) -> Resolved:
    """Tell what a pasted web address or handle means, offline; never raises, never asks the network.

    `platform` is a hint, by key or by any name people use; it decides only what a bare handle means, an
    address speaks for itself. Every canonical address that comes out reads back to itself.
    """
    reading = _read(text, platform)
    return Resolved(text, *reading)


def _read(text: str, hint_name: str | None) -> Reading:
    """Tidy the text, refuse what is no text, and read it."""
    if len(text) > LONGEST:
        return reject("", "too long")
    if not text.isascii():
        text = text.translate(_ZERO_WIDTH)
        if text.lstrip()[:1] == "＠":
            text = "@" + text.lstrip()[1:]
    text = text.strip()
    if not text:
        return reject("", "empty")
    if _CONTROL.search(text):
        return reject("", "control character")
    text = text.lstrip(_BEFORE).rstrip(_AFTER).strip(_BOTH).rstrip(_AFTER)
    if not text:
        return reject("", "not an address or a handle")
    hint: Platform | None = None
    if hint_name and hint_name.strip():
        key = platform_key(hint_name)
        if key is None:
            return reject("", hosts.UNSUPPORTED)
        hint = PLATFORMS[key]
    if (" " in text or not text.isascii()) and len(text.split()) > 1:
        return _from_words(text, hint)
    return _read_one(text, hint)


def _from_words(text: str, hint: Platform | None) -> Reading:
    """Several words: "Facebook: name" and a sentence around one web address are understood."""
    found = _IN_SENTENCE.findall(text)
    if len(found) == 1:
        return _read_one(found[0].rstrip(_AFTER), hint)
    labelled = None if found else _LABELLED.fullmatch(text)
    if labelled:
        key = platform_key(labelled.group(1))
        rest = labelled.group(2).strip()
        if key and len(rest.split()) == 1:
            return _read_one(rest, PLATFORMS[key])
    return reject(
        hint.key if hint else "", "more than one address" if found else "not an address or a handle"
    )


def _read_one(text: str, hint: Platform | None) -> Reading:
    """Read one word."""
    start = text[:8].lower()
    if start.startswith("at://"):
        return bluesky.read_at("at://" + text[5:])
    if start.startswith("did:"):
        return bluesky.account("did:" + text[4:])
    if start.startswith("acct:"):
        return _fediverse(text[5:].removeprefix("@"))
    if start.startswith("http"):
        web = _WEB_START.match(text)
        if web:
            return _read_address(text[web.end() :])
    elif text.startswith("//"):
        return _read_address(text.lstrip("/"))
    if ":" in text:
        scheme = _SCHEME.match(text)
        if scheme and "@" not in text[: scheme.end()]:
            return reject("", EMAIL if start.startswith("mailto:") else SCHEME)
    if "@" in text:
        reading = _read_at_sign(text, hint)
        if reading is not None:
            return reading
    elif hint is None and "/" not in text and text.lower().endswith(".bsky.social"):
        return bluesky.account(text)
    if hint is not None:
        reading = _read_hinted(text, hint)
        if reading is not None:
            return reading
    elif text.startswith("@") or not ("." in text or "/" in text or ":" in text):
        return reject("", BARE)
    return _read_address(text)


def _read_at_sign(text: str, hint: Platform | None) -> Reading | None:
    """@name@server, e-mail and Flickr's NSID; None when the sign only starts a handle or sits in a path."""
    if text.startswith("@"):
        rest = text[1:]
        if "@" in rest and "/" not in rest:
            return _fediverse(rest)
        if hint is None and "/" not in rest and rest.lower().endswith(".bsky.social"):
            return bluesky.account(rest)
        return None
    if flickr.NSID.fullmatch(text):
        return flickr.account(text)
    if _EMAIL.fullmatch(text):
        if hint is not None and hint.key == "mastodon":
            return _fediverse(text)
        return reject("", EMAIL)
    return None


def _fediverse(name: str) -> Reading:
    """name@server; Threads speaks the protocol, blog services are read as the blog, others do not."""
    # A doubled "@" is a slip of the finger; it must not hide whose server the name is on.
    local, at, server = name.lstrip("@").partition("@")
    server = server.lower().rstrip(".")
    if not at or not server:
        return mastodon.account(name)
    owner = platform_of(server)
    if owner is None:
        return mastodon.account(f"{local}@{server}")
    if owner.key == "threads":
        return owner.read_handle(local)
    if owner.family == "blog":
        return _read_address(server)
    return reject("", mastodon.NOT_FEDIVERSE)


def _read_hinted(text: str, hint: Platform) -> Reading | None:
    """A bare handle, or a path, on the platform named beside it; None when the text is an address."""
    if hint.key == "blog":
        return None
    text = text.rstrip("/")
    first, slash, _ = text.partition("/")
    host = first.partition(":")[0].lower()
    if "." in host and not host.startswith("@"):
        if platform_of(host) is not None or slash:
            return None
        return hint.read_handle(text)
    if slash and hint.hosts and hint.family == "social":
        return _read_address(f"{hint.hosts[0]}/{text.lstrip('/')}")
    return hint.read_handle(text)


class _Parts(NamedTuple):
    host: str
    rest: str
    fault: str


def _authority(text: str) -> _Parts:
    """Split host from the rest and judge user names and ports (RFC 3986 section 3.2)."""
    end = len(text)
    for mark in "/?#":
        at = text.find(mark, 0, end)
        if at >= 0:
            end = at
    authority, rest = text[:end], text[end:]
    if "@" in authority:
        return _Parts("", "", USERINFO)
    if authority.startswith("["):
        return _Parts("", "", hosts.IP_ADDRESS)
    if ":" in authority:
        authority, _, port = authority.partition(":")
        if port not in {"", "80", "443"}:
            # An IPv6 address without its brackets is an IP address before it is a bad port.
            return _Parts("", "", hosts.IP_ADDRESS if ":" in port else PORT)
    return _Parts(authority.rstrip(".").lower(), rest, "")


def _read_address(text: str) -> Reading:
    """Read a web address whose scheme has been taken off, and hand it to the platform that owns the host."""
    host, rest, wrong = _authority(text.replace("\\", "/") if "\\" in text else text)
    if wrong:
        return reject("", wrong)
    if not host:
        return reject("", hosts.NOT_PUBLIC)
    fragment = query = ""
    if "#" in rest:
        rest, _, fragment = rest.partition("#")
    if "?" in rest:
        rest, _, query = rest.partition("?")
    # Marks at the end belong to the sentence around the address, also when a query stood behind them.
    rest = rest.rstrip(_AFTER + _BOTH)
    segments = [part for part in rest.split("/") if part]
    if "%" in rest:
        segments = [decoded for part in segments if (decoded := unquote(part).translate(_ZERO_WIDTH).strip())]
        if any(_CONTROL.search(part) for part in segments):
            return reject("", "control character")
    address = Address(host, rest, tuple(segments), query, fragment)
    owner = platform_of(host)
    if owner is not None:
        return owner.read(address)
    if hosts.is_shortener(host):
        return short_link("", address)
    if mastodon.claims(address):
        wrong_host = hosts.fault(host)
        if wrong_host:
            return wrong_host
        elsewhere = mastodon.remote(address)
        return _fediverse(elsewhere) if elsewhere else mastodon.read(address)
    return blog.read(address)
