"""Every list that has columns to choose, filters to keep and a table to take away."""

from __future__ import annotations

from django.http import Http404

from rostrum.web.accounts.listing import LISTING as ACCOUNTS
from rostrum.web.known.listing import LISTING as KNOWN
from rostrum.web.listing import Listing
from rostrum.web.people.directory import LISTING as PEOPLE
from rostrum.web.requests.listing import LISTING as REQUESTS

LISTINGS: dict[str, Listing] = {one.key: one for one in (ACCOUNTS, REQUESTS, PEOPLE, KNOWN)}


def the_listing(key: str) -> Listing:
    """A list by its name in addresses; nothing is at any other (404)."""
    if key not in LISTINGS:
        raise Http404
    return LISTINGS[key]
