"""The same searches without `re2` and `daachorse`, for a machine without their wheels: equal answers, slowly.

A pattern that a division wrote could take for ever in Python's own `re`: without `re2` such patterns are refused.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

Span = tuple[int, int]
PREFIX: Final = 4  # bytes: no form that is looked for is shorter
_ENDS: Final = re.compile(r"\\.|\[[^]]*\]|\$", re.DOTALL)
NOWHERE: Final[Sequence[Span]] = ((-1, -1),)


def read(pattern: str) -> re.Pattern[bytes]:
    """A pattern as `re` reads it, whose $ means the very end."""
    plain = _ENDS.sub(lambda found: r"\Z" if found[0] == "$" else found[0], pattern)
    return re.compile(plain.encode("latin-1"))


def _places(search: Callable[..., re.Match[bytes] | None], data: bytes, at: int, end: int) -> Sequence[Span]:
    found = search(data, at, end)
    return NOWHERE if found is None else found.regs


def compiled(pattern: str, *, anchored: bool = False) -> Callable[[bytes, int, int], Sequence[Span]]:
    """See `patterns.compiled`. Raises re.error."""
    made = read(pattern)
    return partial(_places, made.match if anchored else made.search)


def has_groups(pattern: str) -> bool:
    """See `patterns.has_groups`."""
    return bool(read(pattern).groups)


def together(patterns: Iterable[str]) -> Callable[[bytes], list[int]]:
    """See `patterns.together`."""
    searches = [read(pattern).search for pattern in patterns]

    def match(data: bytes) -> list[int]:
        return [which for which, search in enumerate(searches) if search(data) is not None]

    return match


class Finder:
    """Where any of many words stands in a text; as `daachorse` answers: by their ends, of those the longest first."""

    def __init__(self, words: Iterable[bytes]) -> None:
        self._by_prefix: defaultdict[bytes, list[tuple[bytes, int]]] = defaultdict(list)
        for which, word in enumerate(words):
            self._by_prefix[word[:PREFIX]].append((word, which))

    def find_overlapping(self, data: bytes) -> list[tuple[int, int, int]]:
        """(start, end, which) of every place of every word."""
        held, found = self._by_prefix, []
        for at in range(len(data) - PREFIX + 1):
            for word, which in held.get(data[at : at + PREFIX], ()):
                if data.startswith(word, at):
                    found.append((at, at + len(word), which))
        found.sort(key=lambda spot: (spot[1], spot[0]))
        return found
