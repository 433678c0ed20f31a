"""Showing where findings lie: a text cut into pieces, each with the findings that cover it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rostrum.checks.findings import Finding

WORST = {"block": 0, "review": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text. `numbers` are the findings over it, counted from 1 in the order given; none: nothing."""

    text: str
    numbers: tuple[int, ...] = ()
    severity: str = ""


def pieces(text: str, findings: Sequence[Finding]) -> list[Piece]:
    """The text as pieces that together are the text again. Overlapping findings share the pieces where they meet.

    `findings` are numbered as they come. One without a place (the text as a whole) marks nothing. The severity of a
    piece is that of the worst finding over it: block, review, note.
    """
    spans = [
        (one.start, one.end, number)
        for number, one in enumerate(findings, start=1)
        if one.start is not None and one.end is not None
    ]
    edges = sorted({0, len(text), *(edge for start, end, _number in spans for edge in (start, end))})
    found = []
    for start, end in pairwise(edges):
        over = [number for first, last, number in spans if first <= start and end <= last]
        worst = min((findings[number - 1].rule.severity for number in over), key=WORST.__getitem__, default="")
        found.append(Piece(text[start:end], tuple(over), worst))
    return found


def utf16(text: str, place: int) -> int:
    """A place in the text as a browser counts it: in units of UTF-16, where an emoji is two."""
    return place + sum(ord(letter) > 0xFFFF for letter in text[:place])
