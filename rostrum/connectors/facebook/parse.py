"""Owns Facebook's addresses and handle rule: letters, digits and dots; dots and case make no difference."""

from __future__ import annotations

import re

from rostrum.connectors.platform import (
    INVALID_HANDLE,
    NO_ACCOUNT,
    NOT_PROFILE_HOST,
    RESERVED,
    SHARE_LINK,
    Address,
    Platform,
    Reading,
    reject,
    short_link,
    words,
)

_POST = "post, photo, video or event, not an account"
_NAME = re.compile(r"[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*")
_SUBDOMAINS = re.compile(
    r"(?:(?:www|m|mbasic|mobile|touch|web|business|d|free|0|x|p|[a-z]{2}(?:-[a-z]{2})?)\.)?(?:facebook|fb)\.com"
)
_TAIL_ID = re.compile(r"[^/]*-([0-9]{5,20})")
_ID = re.compile(r"[0-9]{1,20}")
_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_POSTS = words(
    "story.php permalink.php photo photo.php photos video video.php videos watch reel reels events "
    "event.php stories story media album.php note.php notes posts live questions fundraisers donate"
)
_RESERVED = words(
    "login login.php sharer sharer.php share.php dialog plugins l.php lsr.php home home.php "
    "index.php search marketplace gaming games help policies policy privacy legal terms terms.php "
    "settings messages notifications friends bookmarks saved ads adsmanager business directory "
    "hashtag recover r.php reg reg.php tr v2.0 public about careers developers groups pages people "
    "places find-friends memories feed feeds checkpoint campaign composer latest logout.php me "
    "messenger_media mobile onthisday profile permalink pg p business_suite creatorstudio lite "
    "save-device security events.php ajax api graphql js"
)
_TABS_WITH_POSTS = words("posts photos videos reels events notes media albums permalink live")


def fault(handle: str) -> str | None:
    """Return the reason why this is no page name, or None.

    New names need five characters, but older and shorter ones live on, so length is judged at the top
    only (50).
    """
    if len(handle) > 50 or not _NAME.fullmatch(handle):
        return INVALID_HANDLE
    taken = _RESERVED | _POSTS | {"share"}
    return RESERVED if handle.lower() in taken or handle.lower().endswith(".php") else None


def account(handle: str) -> Reading:
    """Read a bare page name or page number. The identity of a name drops its dots."""
    name = handle.removeprefix("@").lower()
    if _ID.fullmatch(name):
        return _by_number(name)
    wrong = fault(name)
    if wrong:
        return reject("facebook", wrong)
    return Reading(
        "ok", "facebook", "account", name.replace(".", ""), f"https://www.facebook.com/{name}", "", name
    )


def _by_number(number: str) -> Reading:
    """A page known by its permanent number."""
    if not _ID.fullmatch(number):
        return reject("facebook", "missing id")
    return Reading("ok", "facebook", "account", number, f"https://www.facebook.com/{number}")


def _named_or_numbered(part: str) -> Reading:
    """The last piece of the older page addresses: "Some-Name-123456" or a page name."""
    found = _TAIL_ID.fullmatch(part)
    return _by_number(found.group(1)) if found else account(part)


def _group(parts: tuple[str, ...]) -> Reading:
    """A group, or something posted in one."""
    if len(parts) < 2:
        return reject("facebook", RESERVED)
    if len(parts) > 3 and parts[2].lower() in {"posts", "permalink", "events", "photos", "media", "user"}:
        return reject("facebook", _POST, "post")
    name = parts[1].lower()
    if not _GROUP.fullmatch(name):
        return reject("facebook", INVALID_HANDLE)
    handle = "" if name.isdigit() else name
    return Reading("ok", "facebook", "group", name, f"https://www.facebook.com/groups/{name}", "", handle)


def _older_page(parts: tuple[str, ...]) -> Reading:
    """/pages/Name/id and /pages/category/Category/Name-id."""
    if len(parts) >= 4 and parts[1].lower() == "category":
        return _named_or_numbered(parts[3])
    if len(parts) >= 3 and _ID.fullmatch(parts[2]):
        return _by_number(parts[2])
    if len(parts) == 2 and _TAIL_ID.fullmatch(parts[1]):
        return _named_or_numbered(parts[1])
    return reject("facebook", RESERVED)


def read(address: Address) -> Reading:
    """Read an address on facebook.com, fb.com or one of Facebook's short hosts."""
    host = address.host.removeprefix("www.")
    if host == "fb.watch":
        return reject("facebook", "video, not an account", "post")
    if host in {"fb.me", "m.me", "fb.gg"}:
        return short_link("facebook", address)
    if not _SUBDOMAINS.fullmatch(address.host):
        return reject("facebook", NOT_PROFILE_HOST)
    parts = address.segments
    if not parts:
        return reject("facebook", NO_ACCOUNT)
    first = parts[0].lower()
    rest = parts[1:]
    if first == "profile.php":
        return _by_number(address.parameter("id"))
    if first in _POSTS:
        return reject("facebook", _POST, "post")
    if first == "groups":
        return _group(parts)
    if first == "pages":
        return _older_page(parts)
    if first == "people" and len(parts) >= 3:
        return _by_number(parts[2])
    if first == "p" and rest:
        return (
            _named_or_numbered(rest[0]) if _TAIL_ID.fullmatch(rest[0]) else reject("facebook", "missing id")
        )
    if first == "pg" and rest:
        return _named_or_numbered(rest[0])
    if first == "share" and rest:
        target = "/".join(("share", *rest))
        if not all(_TOKEN.fullmatch(part) for part in rest):
            return reject("facebook", NO_ACCOUNT)
        return Reading(
            "resolve", "facebook", "link", target, f"https://www.facebook.com/{target}", SHARE_LINK
        )
    if first in _RESERVED or first == "share":
        return reject("facebook", RESERVED)
    found = _named_or_numbered(parts[0])
    if found.status == "ok" and len(rest) > 1 and rest[0].lower() in _TABS_WITH_POSTS:
        # /name/photos/a.1/2 and /name/posts/3 are pieces; /name/photos/albums is still the page.
        return found if rest[1].lower() in {"albums", "", "grid"} else reject("facebook", _POST, "post")
    return found


PLATFORM = Platform(
    key="facebook",
    label="Facebook",
    hosts=("facebook.com", "fb.com", "fb.watch", "fb.me", "m.me", "fb.gg"),
    read=read,
    read_handle=account,
    handle_fault=fault,
    address_form="facebook.com/name",
    aliases=("fb", "facebook page"),
    max_length=50,
)
