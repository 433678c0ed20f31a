"""Owns the list of platforms, one line each, and which host belongs to which."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from rostrum.connectors.blog import parse as blog
from rostrum.connectors.blog import services
from rostrum.connectors.bluesky import parse as bluesky
from rostrum.connectors.facebook import parse as facebook
from rostrum.connectors.flickr import parse as flickr
from rostrum.connectors.googleplus import parse as googleplus
from rostrum.connectors.instagram import parse as instagram
from rostrum.connectors.linkedin import parse as linkedin
from rostrum.connectors.mastodon import parse as mastodon
from rostrum.connectors.pinterest import parse as pinterest
from rostrum.connectors.platform import Platform
from rostrum.connectors.threads import parse as threads
from rostrum.connectors.tiktok import parse as tiktok
from rostrum.connectors.x import parse as x
from rostrum.connectors.youtube import parse as youtube

PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {
        platform.key: platform
        for platform in (
            facebook.PLATFORM,
            flickr.PLATFORM,
            instagram.PLATFORM,
            linkedin.PLATFORM,
            pinterest.PLATFORM,
            x.PLATFORM,
            youtube.PLATFORM,
            blog.PLATFORM,
            services.WORDPRESS,
            services.BLOGGER,
            services.MEDIUM,
            services.TUMBLR,
            threads.PLATFORM,
            tiktok.PLATFORM,
            mastodon.PLATFORM,
            bluesky.PLATFORM,
            googleplus.PLATFORM,
        )
    }
)

_NAMES = {
    name: platform.key
    for platform in PLATFORMS.values()
    for name in (platform.key, platform.label.lower(), *platform.aliases)
}
_BY_DOMAIN = {domain: platform for platform in PLATFORMS.values() for domain in platform.hosts}


def platform_key(name: str) -> str | None:
    """Return the key of the platform that people call `name` ("Twitter" gives "x"), or None."""
    return _NAMES.get(name.strip().lower())


@lru_cache(maxsize=8192)
def platform_of(host: str) -> Platform | None:
    """Return the platform that a host, in lower case, belongs to; None when it is nobody's."""
    if services.is_blogspot(host):
        return services.BLOGGER
    domain = host
    while "." in domain:
        found = _BY_DOMAIN.get(domain)
        if found is not None:
            return found
        _, _, domain = domain.partition(".")
    return None
