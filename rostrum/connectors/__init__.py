"""Platforms: reading a handle out of a URL. Pure: no framework, no network, no clock."""

from __future__ import annotations

from rostrum.connectors.authors import author_in, is_number
from rostrum.connectors.catalogue import PLATFORMS, platform_key
from rostrum.connectors.platform import Platform, Resolved
from rostrum.connectors.resolving import resolve

__all__ = ["PLATFORMS", "Platform", "Resolved", "author_in", "is_number", "platform_key", "resolve"]
