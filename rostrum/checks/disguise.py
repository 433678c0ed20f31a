"""Undoing what people do to get a word past a filter: digits for letters, blanks or dots between them, letters drawn out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rostrum.checks.folding import Folded

# What must stand in a text before it is worth a second look. One of the patterns of the first pass.
TRIGGER: Final = (
    rb"[a-z][0134579$@!*]+[a-z]|[$@!][a-z]{2}|\b[a-z][ .*_-][a-z][ .*_-][a-z]\b|"
    + b"|".join(bytes([c]) * 3 for c in range(0x61, 0x7B))
)
_LEET: Final = bytes.maketrans(b"013457@$!9", b"oieastasig")
_SPACED: Final = re.compile(rb"\b[a-z](?:[ .*_-][a-z]){2,}\b")
_DRAWN: Final = re.compile(rb"([a-z])\1{2,}")


def _without(folded: Folded, gone: list[tuple[int, int]]) -> Folded:
    """The folded text without some of its bytes."""
    data, starts, ends = bytearray(), [], []
    at = 0
    for begin, stop in [*gone, (len(folded.data), len(folded.data))]:
        for place in range(at, begin):
            start, end = folded.span(place, place + 1)
            data.append(folded.data[place])
            starts.append(start)
            ends.append(end)
        at = stop
    return Folded(bytes(data), starts, ends)


def undone(folded: Folded) -> Iterator[Folded]:
    """The text as it reads without each disguise that it uses."""
    leet = folded.data.translate(_LEET)
    if leet != folded.data:
        yield Folded(leet, folded.starts, folded.ends)
    gone = [(at, at + 1) for m in _SPACED.finditer(folded.data) for at in range(m.start() + 1, m.end(), 2)]
    if gone:
        yield _without(folded, gone)
    drawn = [(m.start() + 1, m.end()) for m in _DRAWN.finditer(folded.data)]
    if drawn:
        yield _without(folded, drawn)
