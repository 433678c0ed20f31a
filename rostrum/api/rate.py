"""How much one caller may ask within a minute: counted in the cache that all processes share."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 60  # seconds
PER_ADDRESS = 300  # a whole school may share one address
PER_TOKEN = 600


@dataclass(frozen=True)
class Allowance:
    """What is left of a caller's minute."""

    limit: int
    used: int
    resets_in: int

    @property
    def over(self) -> bool:
        """Whether this request is one too many."""
        return self.used > self.limit

    def headers(self) -> dict[str, str]:
        """The headers that tell a program how fast it may go."""
        told = {
            "RateLimit-Limit": str(self.limit), "RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "RateLimit-Reset": str(self.resets_in),
        }  # fmt: skip
        return {**told, "Retry-After": str(self.resets_in)} if self.over else told


def address_of(request: HttpRequest) -> str:
    """The caller's network address; behind the division's own proxy the last one that it named."""
    if settings.ENV.trusted_proxy:
        named = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if named:
            return str(named[:100])
    return str(request.META.get("REMOTE_ADDR", ""))


def count(who: str, limit: int) -> Allowance:
    """Count one request of somebody (a token or an address, kept as a hash) and say what is left."""
    now = int(time.time())
    window, resets_in = now // WINDOW, WINDOW - now % WINDOW
    key = f"api-rate-{hashlib.sha256(who.encode()).hexdigest()[:32]}-{window}"
    if cache.add(key, 1, 2 * WINDOW):
        return Allowance(limit, 1, resets_in)
    try:
        used = cache.incr(key)
    except ValueError:  # swept away between the two
        cache.set(key, 1, 2 * WINDOW)
        used = 1
    return Allowance(limit, used, resets_in)
