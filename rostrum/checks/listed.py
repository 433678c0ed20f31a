"""The lists of words that come with this package: one file each, lines beginning with # are remarks."""

from __future__ import annotations

from functools import cache
from importlib import resources

from rostrum.checks.folding import fold_word


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
