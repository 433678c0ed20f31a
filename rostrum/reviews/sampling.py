"""Drawing a sample: chance weighted by risk, from a seed that anyone can use to draw it again. Pure: no clock, no rows.

Each account gets a number between 0 and 1 from the seed and its own public id (SHA-256), so that neither the order of
the list nor the other accounts change it. Its place in the draw is that number raised to the power of one over its
weight: the higher comes first (weighted sampling without replacement, Efraimidis and Spirakis, 2006). An account of
weight 3 is three times as likely to come first as one of weight 1, and no account is ever certain to be passed over.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ticket:
    """One account in a draw: its public id and its weight, which is 1 or more."""

    id: str
    weight: int


def chance(seed: str, what: str) -> float:
    """A number above 0 and below 1 that depends on the seed and on nothing but `what` beside it."""
    digest = hashlib.sha256(f"{seed}:{what}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") + 0.5) / 2**64


def key(seed: str, ticket: Ticket) -> float:
    """Where a ticket stands in the draw: the greater comes first. As a logarithm, so that nothing is rounded to 1."""
    if ticket.weight < 1:
        raise ValueError("Every account may be drawn: its weight is 1 or more.")
    return math.log(chance(seed, ticket.id)) / ticket.weight


def order(seed: str, tickets: Iterable[Ticket]) -> list[Ticket]:
    """All tickets in the order of the draw. The same seed and tickets give the same order, however they are given."""
    return sorted(tickets, key=lambda one: (-key(seed, one), one.id))


def draw(seed: str, tickets: Iterable[Ticket], wanted: int) -> list[Ticket]:
    """The first tickets of the draw; all of them where more are wanted than there are."""
    return order(seed, tickets)[: max(0, wanted)]


def expected(tickets: Iterable[Ticket], wanted: int) -> dict[str, float]:
    """How likely each ticket is to be drawn, between 0 and 1: by its share of the weights, corrected so that all
    together make the sample (found by halving; exact for equal weights, within a few hundredths for others).
    """
    rows = list(tickets)
    if wanted >= len(rows):
        return {one.id: 1.0 for one in rows}
    low, high = 0.0, 1.0
    while sum(1 - math.exp(-high * one.weight) for one in rows) < wanted:
        high *= 2
    for _step in range(60):
        middle = (low + high) / 2
        if sum(1 - math.exp(-middle * one.weight) for one in rows) < wanted:
            low = middle
        else:
            high = middle
    return {one.id: 1 - math.exp(-high * one.weight) for one in rows}
