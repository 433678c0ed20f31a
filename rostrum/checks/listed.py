"""The lists of words that come with this package (one file each, lines beginning with # are remarks), and what a list tells."""

from __future__ import annotations

from collections.abc import Iterable, Set
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from nicknames import name_triplets

from rostrum.checks.folding import fold_word

FEWEST: Final = 5  # digits of a student number: shorter ones stand everywhere
_NO_DIGIT: Final = bytes(byte for byte in range(256) if not 0x30 <= byte <= 0x39)
_SIGNLESS: Final = str.maketrans("", "", "'-")


class Listed(NamedTuple):
    """What a hit may ask of the list of students: which given names stand in it, and which numbers."""

    givens: Set[bytes] = frozenset()
    numbers: Set[str] = frozenset()


NOBODY: Final = Listed()


def digits(data: bytes) -> str:
    """Only the digits of a piece of folded text."""
    return data.translate(None, _NO_DIGIT).decode("ascii")


def numbers_of(given: Iterable[str]) -> frozenset[str]:
    """Student numbers as they are compared: digits, at least five."""
    return frozenset(number for one in given if len(number := digits(fold_word(one).encode("latin-1"))) >= FEWEST)


@cache
def lines_of(name: str) -> tuple[str, ...]:
    """The lines of a list, as they are written."""
    text = (resources.files("rostrum.checks") / "lists" / f"{name}.txt").read_text("utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def words_of(name: str) -> frozenset[str]:
    """The words of a list, folded."""
    return frozenset(word for line in lines_of(name) for word in fold_word(line).split())


def figures() -> tuple[str, ...]:
    """Authors, athletes and people of history whom schools name often. No student is meant by them."""
    return lines_of("figures")


def plain_words() -> frozenset[str]:
    """Words of everyday English and French that are names as well: in small letters they are no name."""
    return words_of("words") | common_words()


def common_words() -> frozenset[str]:
    """The words that hold sentences together: in small letters they are never half of a name."""
    return words_of("common")


def own_nicknames() -> tuple[tuple[str, str], ...]:
    """Short names that the public list lacks: each with a name it stands for."""
    pairs = (line.partition(":") for line in lines_of("nicknames"))
    return tuple((full.strip(), short) for full, _, shorts in pairs for short in shorts.split())


@cache
def given_names() -> frozenset[bytes]:
    """Given names of English and French, for a division whose list of students is not at hand."""
    words = {word for one, _, two in name_triplets() for word in (one, two)}
    words |= {word for line in lines_of("nicknames") for word in line.replace(":", " ").split()}
    words |= words_of("given")
    folded = {fold_word(word) for word in words} - words_of("no_given") - plain_words()
    return frozenset(word.translate(_SIGNLESS).encode("latin-1") for word in folded if len(word) > 2)
