"""Owns how words are found in rows that are held in memory: accents and case aside, and with one slip."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rostrum.core import slips
from rostrum.core.text import fold

LONGEST = 200
MOST_WORDS = 8
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Found:
    """Which rows hold the words, in the order given; `instead` are the words looked for when those typed found none."""

    ids: list[int]
    instead: str = ""


@lru_cache(maxsize=16384)
def folded(text: str) -> str:
    """`fold`, remembered: the same names are searched again and again."""
    return fold(text)


def words_of(typed: str) -> list[str]:
    """The folded words that are looked for; what follows the eighth is left out."""
    return fold(typed[:LONGEST]).split()[:MOST_WORDS]


def holding(rows: Sequence[tuple[int, Sequence[str]]], words: Sequence[str]) -> list[int]:
    """Those (id, texts) of which every word is in some text."""
    return [pk for pk, texts in rows if all(any(word in folded(text) for text in texts) for word in words)]


def among(rows: Sequence[tuple[int, Sequence[str]]], typed: str, *, exact: bool = False) -> Found:
    """The rows that hold every typed word, else those that hold them when one slip is mended (see core.slips).

    Exactly one word may be mistyped: one that no row holds, of five letters or more and without digits.
    """
    words = words_of(typed)
    ids = holding(rows, words)
    if ids or exact:
        return Found(ids)
    unknown = [at for at, word in enumerate(words) if slips.possible(word) and not holding(rows, [word])]
    if len(unknown) != 1:
        return Found([])
    at = unknown[0]
    candidates = slips.one_off(words[at])
    vocabulary = {word for _pk, texts in rows for text in texts for word in _WORD.findall(folded(text))}
    for other in slips.offered(candidates, slips.held(candidates, vocabulary, beginning=at == len(words) - 1)):
        mended = [*words[:at], other, *words[at + 1 :]]
        if ids := holding(rows, mended):
            return Found(ids, " ".join(mended))
    return Found([])
