"""Owns the judgement of a host name that no platform claims: address, private name, mirror, look-alike."""

from __future__ import annotations

import re
from functools import lru_cache

from rostrum.connectors.platform import Reading, reject, words
from rostrum.core.text import skeleton

NON_ASCII = "non-ASCII host"
LOOK_ALIKE = "look-alike host"
MIRROR = "third-party mirror"
LINK_HUB = "link hub, not an account"
SEARCH_PAGE = "search page, not an account"
UNSUPPORTED = "unsupported platform"
IP_ADDRESS = "IP address"
NOT_PUBLIC = "not a public host name"

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# RFC 6761, 6762, 7686, 8375, 9476 and the names that home and office networks use for themselves.
_PRIVATE_TLDS = words(
    "localhost local localdomain internal intranet lan home corp private test example invalid onion "
    "arpa alt home-arpa mail host domain workgroup"
)
_MIRRORS = words(
    "archive.org archive.ph archive.is archive.today archive.li archive.fo archive.md archive.vn "
    "xcancel.com twstalker.com sotwe.com threadreaderapp.com fxtwitter.com vxtwitter.com fixupx.com "
    "fixvx.com twitter66.com picuki.com imginn.com dumpor.com pixwox.com bibliogram.art "
    "ddinstagram.com yewtu.be piped.video proxitok.pabloferreiro.es socialblade.com ghostarchive.org "
    "cachedview.com webcache.googleusercontent.com translate.goog nitter.net skyview.social "
    "bskyx.app"
)
_MIRROR_LABELS = frozenset({"nitter", "invidious", "piped", "bibliogram", "proxitok", "teddit", "libreddit"})
_LINK_HUBS = words(
    "linktr.ee linktree.com beacons.ai bio.link bio.site linkin.bio lnk.bio campsite.bio taplink.cc "
    "taplink.at about.me allmylinks.com solo.to msha.ke hoo.be tap.bio flow.page heylink.me "
    "linkpop.com snipfeed.co milkshake.app many.link contactin.bio sleek.bio link.me koji.to "
    "biolinky.co"
)
_SEARCH = words(
    "google.com google.ca bing.com duckduckgo.com search.yahoo.com yahoo.com ecosia.org startpage.com"
)
_UNSUPPORTED = words(
    "snapchat.com reddit.com redd.it discord.com discord.gg discordapp.com t.me telegram.me "
    "telegram.org whatsapp.com wa.me vimeo.com twitch.tv clubhouse.com bereal.com signal.group "
    "weibo.com vk.com truthsocial.com gettr.com parler.com rumble.com quora.com messenger.com "
    "vine.co periscope.tv myspace.com"
)
_SHORTENERS = words(
    "bit.ly tinyurl.com ow.ly buff.ly goo.gl is.gd rb.gy cutt.ly shorturl.at rebrand.ly t.ly dlvr.it "
    "trib.al hubs.ly j.mp tiny.cc snip.ly bitly.com"
)
# Names nobody else has a reason to carry. "x", "threads", "medium", "tumblr" and "mastodon" are ordinary
# words or run on thousands of honest hosts, so they are only caught as a whole foreign domain below.
_BRANDS = ("facebook", "instagram", "twitter", "youtube", "linkedin", "pinterest", "tiktok", "flickr")
_BRAND_DOMAINS = re.compile(
    r"(?:^|\.)(?:x|twitter|facebook|fb|instagram|threads|youtube|linkedin|pinterest|flickr|tiktok|tumblr|"
    r"medium|wordpress|blogspot|blogger|bsky)[.-](?:com|net|app|ca|be)[.-]"
)
_SAME_SHAPE = str.maketrans({"1": "l", "i": "l", "0": "o", "3": "e", "5": "s", "4": "a", "_": None})


def _shape(label: str) -> str:
    """Letters that a hurried reader cannot tell apart are made one."""
    return label.replace("rn", "m").replace("vv", "w").replace("cl", "d").translate(_SAME_SHAPE)


def _near(brand: str) -> frozenset[str]:
    """The brand's shape, and that shape with two neighbours swapped or, in a long name, one letter lost."""
    shape = _shape(brand)
    near = {shape}
    if len(shape) > 6:
        for i in range(len(shape)):
            near.add(shape[:i] + shape[i + 1 :])
            near.add(shape[:i] + shape[i + 1 : i + 2] + shape[i : i + 1] + shape[i + 2 :])
    return frozenset(near)


_NEAR = frozenset().union(*(_near(brand) for brand in _BRANDS))
_SHAPES = frozenset(_shape(brand) for brand in _BRANDS if len(brand) > 6)


def _imitates(label: str) -> bool:
    """Tell whether one label of a foreign host carries, or looks like, a platform's name."""
    for part in (label, *label.split("-")) if "-" in label else (label,):
        if any(part.startswith(brand) or part.endswith(brand) for brand in _BRANDS):
            return True
        shape = _shape(part)
        if shape in _NEAR:
            return True
        # One letter too many: some deletion gives the brand.
        if 7 < len(shape) <= 11 and any(shape[:i] + shape[i + 1 :] in _SHAPES for i in range(len(shape))):
            return True
    return False


def _within(host: str, names: frozenset[str]) -> bool:
    """Tell whether the host is one of the names or lies under one."""
    while host:
        if host in names:
            return True
        _, _, host = host.partition(".")
    return False


@lru_cache(maxsize=4096)
def fault(host: str) -> Reading | None:
    """Return why a host that is no known platform's cannot carry an account, or None when it may.

    Offline and in words only: IP literals in any notation and names that never resolve in public are
    refused (security: nothing may ask the division's own network), names outside ASCII are left to a
    person, and hosts that imitate a platform are called so.
    """
    if not host.isascii() or "xn--" in host:
        return reject("", LOOK_ALIKE if _disguised(host) else NON_ASCII)
    if host.startswith("[") or ":" in host:
        return reject("", IP_ADDRESS)
    labels = host.split(".")
    if labels[-1].isdigit():
        return reject("", IP_ADDRESS)
    if len(labels) < 2 or len(host) > 253 or labels[-1] in _PRIVATE_TLDS or len(labels[-1]) < 2:
        return reject("", NOT_PUBLIC)
    if not all(_LABEL.fullmatch(label) for label in labels):
        return reject("", NOT_PUBLIC)
    if _within(host, _MIRRORS) or labels[0] in _MIRROR_LABELS:
        return reject("", MIRROR)
    if _within(host, _LINK_HUBS):
        return reject("", LINK_HUB)
    if host.removeprefix("www.") in _SEARCH:
        return reject("", SEARCH_PAGE)
    if _within(host, _UNSUPPORTED):
        return reject("", UNSUPPORTED)
    if any(_imitates(label) for label in labels[:-1]) or _BRAND_DOMAINS.search(host):
        return reject("", LOOK_ALIKE)
    return None


def _disguised(host: str) -> bool:
    """Tell whether a host outside ASCII looks like a platform's own name once read as plain letters."""
    text = host
    if "xn--" in host:
        try:
            text = host.encode("ascii").decode("idna")
        except UnicodeError:
            return False
    plain = skeleton(text)
    return (
        any(_imitates(label) for label in plain.split(".")[:-1])
        or _BRAND_DOMAINS.search(plain + ".") is not None
    )


def is_shortener(host: str) -> bool:
    """Tell whether the host only forwards to another address."""
    return host.removeprefix("www.") in _SHORTENERS
