"""Every list that has columns to choose, filters to keep and a table to take away."""

from __future__ import annotations

from django.http import Http404

from rostrum.web.accounts.listing import LISTING as ACCOUNTS
from rostrum.web.cases.listing import LISTING as CASES
from rostrum.web.closing.parked import LISTING as PARKED
from rostrum.web.custody.listing import LISTING as HANDS
from rostrum.web.findings.queue import LISTING as FINDINGS
from rostrum.web.guidance.readers import LISTING as READERS
from rostrum.web.keys.listing import CALLS, STATEMENTS
from rostrum.web.known.listing import LISTING as KNOWN
from rostrum.web.listing import Listing
from rostrum.web.orders.listing import LISTING as ORDERS
from rostrum.web.people.directory import LISTING as PEOPLE
from rostrum.web.requests.listing import LISTING as REQUESTS
from rostrum.web.reviews.found import LISTING as REVIEW_FINDINGS
from rostrum.web.reviews.listing import LISTING as REVIEWS
from rostrum.web.upkeep.lists import CERTIFICATIONS, QUIETS

LISTINGS: dict[str, Listing] = {
    one.key: one
    for one in (
        ACCOUNTS,
        REQUESTS,
        PEOPLE,
        KNOWN,
        FINDINGS,
        ORDERS,
        PARKED,
        CALLS,
        STATEMENTS,
        HANDS,
        READERS,
        REVIEWS,
        REVIEW_FINDINGS,
        CASES,
        CERTIFICATIONS,
        QUIETS,
    )
}


def the_listing(key: str) -> Listing:
    """A list by its name in addresses; nothing is at any other (404)."""
    if key not in LISTINGS:
        raise Http404
    return LISTINGS[key]
