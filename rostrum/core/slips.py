"""Owns what one slip of the finger is: the words that are one letter away from a typed one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import ascii_lowercase

# A shorter word is another word when one letter changes (band, bank), and initials such as LPSD are no words at all.
LEAST = 5
MOST = 30
TRIED = 3  # other words that are tried before nothing is found


def possible(word: str) -> bool:
    """Whether a folded word may hold a slip: five to thirty letters, no digit. A number or an id is meant as typed."""
    return LEAST <= len(word) <= MOST and word.isalpha()


def one_off(word: str) -> list[str]:
    """Every word one slip away, the likeliest first; nothing for a word that cannot hold one.

    A slip is two neighbours swapped, a letter left out, a wrong letter, or a letter too many. Those that change the
    first letter come last: hardly anyone mistypes it.
    """
    if not possible(word):
        return []
    found = dict.fromkeys(_one_off(word))
    found.pop(word, None)
    return sorted(found, key=lambda other: other[0] != word[0])


def _one_off(word: str) -> Iterator[str]:
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1)
    yield from (a + letter + b for a, b in reversed(cuts) for letter in ascii_lowercase)
    yield from (a + letter + b[1:] for a, b in reversed(cuts) if b for letter in ascii_lowercase)
    yield from (a + b[1:] for a, b in cuts if b)


@dataclass(frozen=True)
class Held:
    """A word that a vocabulary holds: how it is written out there, and whether it stands there whole."""

    written: str
    whole: bool


def held(words: Iterable[str], vocabulary: Collection[str], *, beginning: bool) -> dict[str, Held]:
    """Those words that the vocabulary holds.

    With `beginning`, a word also counts as the beginning of one; it is written out when only one begins so.
    """
    words, known = list(words), set(vocabulary)
    found = {word: Held(word, True) for word in words if word in known}
    if beginning:
        lengths = {len(word) for word in words}
        begun: dict[str, set[str]] = {}
        for one in known:
            for length in lengths:
                if length < len(one):
                    begun.setdefault(one[:length], set()).add(one)
        for word in words:
            if word in begun and word not in found:
                found[word] = Held(min(begun[word]) if len(begun[word]) == 1 else word, False)
    return found


def offered(candidates: Iterable[str], known: Mapping[str, Held]) -> list[str]:
    """The words to try in this order: whole ones first, then those of which the candidate is the beginning."""
    there = sorted((known[one] for one in candidates if one in known), key=lambda one: not one.whole)
    return list(dict.fromkeys(one.written for one in there))[:TRIED]
