"""Owns YouTube's addresses: channel ids (UC and 22 characters), handles, and the two older kinds of name."""

from __future__ import annotations

import re
import unicodedata

from rostrum.connectors.platform import (
    INVALID_HANDLE,
    NO_ACCOUNT,
    NOT_PROFILE_HOST,
    RESERVED,
    Address,
    Platform,
    Reading,
    reject,
    words,
)

_VIDEO = "video, not a channel"
_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
# 3 to 30 letters or digits of any script, with "_", "-", "." and the middle dot inside.
_HANDLE = re.compile(r"(?=.{3,30}\Z)[^\W_](?:[\w.\-·]*[^\W_])?")
_LEGACY = re.compile(r"[^\W_](?:[\w.\-]{0,98}[\w])?")
_HOSTS = frozenset(
    {"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "studio.youtube.com"}
    | {"gaming.youtube.com", "youtube.ca", "www.youtube.ca"}
)
_VIDEOS = words(
    "watch watch_popup shorts live playlist embed v e clip post attribution_link tv source podcast"
)
_RESERVED = words(
    "feed feeds results hashtag gaming premium account upload t about redirect signin login logout "
    "trending kids movies music sports news learning creators ads jobs press oembed api s static new "
    "playlists howyoutubeworks channel c user intl yt testtube dashboard analytics my_videos "
    "view_all_playlists subscription_center channels community history library reporthistory red "
    "robots.txt sitemaps index getalerts get_video_info iframe_api player_api comment_service_ajax "
    "verify verify_phone_number"
)


def fault(handle: str) -> str | None:
    """Return the reason why this is no handle of YouTube, or None."""
    return None if _HANDLE.fullmatch(unicodedata.normalize("NFC", handle)) else INVALID_HANDLE


def account(handle: str) -> Reading:
    """Read a bare handle or channel id. A handle must still be looked up for its permanent id."""
    if _CHANNEL.fullmatch(handle):
        return _channel(handle)
    name = _lower(handle.removeprefix("@"))
    if fault(name):
        return reject("youtube", INVALID_HANDLE)
    url = f"https://www.youtube.com/@{name}"
    return Reading("resolve", "youtube", "channel", f"@{name}", url, "resolve handle to UC id", name)


def _lower(name: str) -> str:
    """Lower-case so that doing it again changes nothing."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())


def _channel(channel_id: str) -> Reading:
    """The permanent id, in which case counts."""
    if not _CHANNEL.fullmatch(channel_id):
        return reject("youtube", "invalid channel id")
    url = f"https://www.youtube.com/channel/{channel_id}"
    return Reading("ok", "youtube", "channel", channel_id, url)


def _legacy(sort: str, name: str) -> Reading:
    """The names given before handles: /user/name ("user"), /c/name and /name ("custom")."""
    name = unicodedata.normalize("NFC", name)
    if not _LEGACY.fullmatch(name):
        return reject("youtube", INVALID_HANDLE)
    path = {"user": "user/", "c": "c/", "custom": ""}[sort]
    identity = f"{'user' if sort == 'user' else 'custom'}:{_lower(name)}"
    url = f"https://www.youtube.com/{path}{name}"
    return Reading(
        "resolve", "youtube", "channel", identity, url, "resolve legacy name to UC id", _lower(name)
    )


def _feed(address: Address) -> Reading:
    """The feed of a channel names the channel."""
    if address.parameter("channel_id"):
        return _channel(address.parameter("channel_id"))
    if address.parameter("user"):
        return _legacy("user", address.parameter("user"))
    if address.parameter("playlist_id"):
        return reject("youtube", _VIDEO, "post")
    return reject("youtube", NO_ACCOUNT)


def read(address: Address) -> Reading:
    """Read an address on youtube.com or one of its short and embedding hosts."""
    parts = address.segments
    host = address.host.removeprefix("www.")
    if host == "youtu.be":
        if parts and parts[0].startswith("@"):
            return account(parts[0])
        return reject("youtube", _VIDEO, "post") if parts else reject("youtube", NO_ACCOUNT)
    if host == "youtube-nocookie.com":
        return reject("youtube", _VIDEO, "post")
    if address.host not in _HOSTS:
        return reject("youtube", NOT_PROFILE_HOST)
    if not parts:
        return reject("youtube", NO_ACCOUNT)
    first = parts[0].lower()
    if parts[0].startswith("@"):
        return account("@" + parts[0][1:]) if not _CHANNEL.fullmatch(parts[0][1:]) else account(parts[0])
    if first in _VIDEOS:
        return reject("youtube", _VIDEO, "post")
    if first == "feeds" and len(parts) > 1 and parts[1].lower() == "videos.xml":
        return _feed(address)
    if first == "channel" and len(parts) > 1:
        return _channel(parts[1])
    if first in {"c", "user"} and len(parts) > 1:
        return _legacy(first, parts[1])
    if first in _RESERVED:
        return reject("youtube", RESERVED)
    if len(parts) > 2:
        return reject("youtube", RESERVED)
    return _legacy("custom", parts[0])


PLATFORM = Platform(
    key="youtube",
    label="YouTube",
    hosts=("youtube.com", "youtu.be", "youtube-nocookie.com", "youtube.ca"),
    read=read,
    read_handle=account,
    handle_fault=fault,
    address_form="youtube.com/@name",
    aliases=("yt", "you tube"),
    max_length=30,
)
