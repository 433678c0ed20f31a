"""Owns Pinterest's addresses in all its countries, and its handle rule: 3 to 30 letters, digits, "_"."""

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
    words,
)

_COUNTRIES = words(
    "com ca co.uk com.au de fr es it pt at ch nl be dk se no fi ie nz co.nz jp co.jp kr co.kr com.mx "
    "mx cl co.at com.pe pe com.co ph in co.in id co.id ru hu pl cz gr ro com.br com.py com.uy com.ec "
    "com.bo vn com.vn th co.th tw hk sg za co.za com.tr sk si uk"
)
_HOST = re.compile(
    r"(?:(?:www|m|[a-z]{2}(?:-[a-z]{2,4})?)\.)?pinterest\.(?P<country>[a-z]{2,3}(?:\.[a-z]{2})?)"
)
_HANDLE = re.compile(r"[A-Za-z0-9_]{3,30}")
_BOARD = re.compile(r"[^\W_][\w\-.]{0,99}")
_TABS = words(
    "_saved _created _profile pins boards followers following likes tries feed.rss _shop _pins "
    "_tools _created.rss _saved.rss more_ideas"
)
_RESERVED = words(
    "ideas search explore categories today business settings about login logout signup _ resource "
    "topics discover shop password oauth join convert edit invited news_hub pin-builder "
    "pin-creation-tool videos source all popular everything gifts careers help_center "
    "website-builder email ads homefeed conversation homefeed.rss tos privacy"
)


def fault(handle: str) -> str | None:
    """Return the reason why this is no handle of Pinterest, or None."""
    if not _HANDLE.fullmatch(handle):
        return INVALID_HANDLE
    return RESERVED if handle.lower() in _RESERVED | {"pin"} else None


def account(handle: str) -> Reading:
    """Read a bare handle, or "handle/board"."""
    name, _, board = handle.removeprefix("@").strip("/").partition("/")
    name = name.lower()
    wrong = fault(name)
    if wrong:
        return reject("pinterest", wrong)
    if board:
        return _board(name, board)
    return Reading("ok", "pinterest", "account", name, f"https://www.pinterest.com/{name}/", "", name)


def _board(name: str, board: str) -> Reading:
    """A board of an account, which a school may run as an account of its own."""
    board = unicodedata.normalize("NFC", unicodedata.normalize("NFC", board).lower()).removesuffix(".rss")
    if not _BOARD.fullmatch(board) or board in _TABS:
        return reject("pinterest", INVALID_HANDLE)
    identity = f"{name}/{board}"
    return Reading(
        "ok", "pinterest", "board", identity, f"https://www.pinterest.com/{identity}/", "", identity
    )


def read(address: Address) -> Reading:
    """Read an address on any of Pinterest's hosts."""
    if address.host in {"pin.it", "www.pin.it"}:
        return short_link("pinterest", address)
    host = _HOST.fullmatch(address.host)
    if host is None or host.group("country") not in _COUNTRIES:
        return reject("pinterest", NOT_PROFILE_HOST)
    parts = address.segments
    if not parts:
        return reject("pinterest", NO_ACCOUNT)
    first = parts[0].lower()
    if first == "pin":
        return reject("pinterest", NOT_ACCOUNT, "post")
    if first in _RESERVED:
        return reject("pinterest", RESERVED)
    if first.endswith(".rss") and len(parts) == 1:
        return account(parts[0][:-4])
    found = account(parts[0].split("/")[0])
    if found.status != "ok" or len(parts) == 1 or parts[1].lower() in _TABS:
        return found
    if parts[1].startswith("_"):
        return found
    return _board(found.handle, parts[1])


PLATFORM = Platform(
    key="pinterest",
    label="Pinterest",
    hosts=(*(f"pinterest.{country}" for country in _COUNTRIES), "pin.it"),
    read=read,
    read_handle=account,
    handle_fault=fault,
    address_form="pinterest.ca/name",
    max_length=30,
)
