"""Seeing through what people do to get a word past a filter: signs for letters, letters drawn out or set apart."""

from __future__ import annotations

import re
from typing import Final

from rostrum.checks.folding import Folded, fold_word

# What must stand in a text before letters set apart are worth putting together. One of the patterns of the first pass.
TRIGGER: Final = rb"\b[a-z][ .*_-][a-z][ .*_-][a-z]\b"
_APART: Final = re.compile(rb"\b[a-z](?:[ .*_-][a-z]){2,}\b")
_SIGNS: Final = {"a": "a@4", "e": "e3", "i": "i1!", "o": "o0", "s": "s$5", "u": "uv", "t": "t7"}
_BLEEPED: Final = frozenset("aeiou")


def joined(folded: Folded) -> Folded:
    """The text with letters that stand apart put together: "f o o l" reads "fool"."""
    data, starts, ends = bytearray(), [], []
    at = 0
    gone = [(m.start(), m.end()) for m in _APART.finditer(folded.data)]
    for begin, stop in [*gone, (len(folded.data), len(folded.data))]:
        for place in [*range(at, begin), *range(begin, stop, 2)]:
            start, end = folded.span(place, place + 1)
            data.append(folded.data[place])
            starts.append(start)
            ends.append(end)
        at = stop
    return Folded(bytes(data), starts, ends)


def _letter(char: str, inside: bool) -> str:
    """One letter as a pattern: itself, the signs that stand for it, or drawn out three times and more."""
    if not char.isalpha():
        return (
            re.escape(char).replace("\\ ", " ").replace("\\-", "-").replace("\\'", "'?") if char != " " else r"[ \n-]"
        )
    kinds = _SIGNS.get(char, char) + ("*" if inside and char in _BLEEPED else "")
    one = f"[{kinds}]" if len(kinds) > 1 else char
    return f"{one}(?:{char}{char}+)?"


def robust(word: str) -> str:
    """A word as a pattern that sees through signs for its letters and through letters drawn out."""
    folded = fold_word(word)
    return "".join(_letter(char, 0 < place < len(folded) - 1) for place, char in enumerate(folded))


def words_pattern(words: tuple[str, ...]) -> str:
    """One pattern for a list of words and phrases; * at the end of one lets it go on (`bully*`)."""
    parts = [robust(word.rstrip("*")) + ("[a-z]*" if word.endswith("*") else "") for word in sorted(set(words))]
    return r"(?:^|[^a-z0-9\x80-\xff$@])(" + "|".join(parts) + r")(?:$|[^a-z0-9\x80-\xff])"
