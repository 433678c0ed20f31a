"""Patterns as `re2` reads them: which of many fit a folded text, in one pass, and where one of them fits.

`re2` looks at every byte a bounded number of times, whatever the pattern. Its own binding is asked directly: the
objects that its Python layer makes for each place cost more than the search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final

try:
    import re2
    from re2 import _re2
except ImportError:  # no wheel for this machine: see `slowly`
    re2 = _re2 = None

from rostrum.checks import slowly
from rostrum.checks.folding import fold_word
from rostrum.checks.rule import RuleError

Span = tuple[int, int]
# (data, from, to) gives the spans of the first place: the whole, then each group; (-1, -1) where there is none.
Find = Callable[[bytes, int, int], Sequence[Span]]
Match = Callable[[bytes], list[int]]

UNUSABLE: Final = "the pattern cannot be used: "
AROUND: Final = 80  # bytes around a place in which a phrase that allows it may begin and end
LARGEST: Final = 20_000  # instructions of one pattern; larger ones are refused
_MEMORY: Final = 256 << 20  # what re2 may use for the states of all patterns at once
QUICK: Final = re2 is not None
_ANYWHERE: Final = _re2.RE2.Anchor.UNANCHORED if QUICK else None
_HERE: Final = _re2.RE2.Anchor.ANCHOR_START if QUICK else None


def options(*, places: bool = True) -> Any:
    """How every pattern is read: one byte is one letter. Without `places` the groups of a pattern are not told."""
    made = re2.Options()
    made.encoding = re2.Options.Encoding.LATIN1
    made.max_mem = _MEMORY
    made.log_errors = False
    made.never_capture = not places
    return made


def compiled(pattern: str, *, places: bool = True, anchored: bool = False) -> Find:
    """A pattern as a function that finds its first place, or with `anchored` whether it fits right at the first byte.

    Raises RuleError where re2 does not take the pattern.
    """
    if not QUICK:
        return slowly.compiled(pattern, anchored=anchored)
    made = _re2.RE2(pattern.encode("latin-1"), options(places=places))
    if not made.ok():
        reason = made.error()
        said = reason.decode("latin-1") if isinstance(reason, bytes) else str(reason)
        raise RuleError(f"{UNUSABLE}{said}")
    if made.ProgramSize() > LARGEST:
        raise RuleError("the pattern is too large")
    return partial(made.Match, _HERE if anchored else _ANYWHERE)


def has_groups(pattern: str) -> bool:
    """Whether a pattern has a group of its own, which then is the span."""
    if not QUICK:
        return slowly.has_groups(pattern)
    return bool(_re2.RE2(pattern.encode("latin-1"), options()).NumberOfCapturingGroups())


def together(patterns: Sequence[str]) -> Match:
    """All patterns as one: which of them a folded text fits. Raises RuleError where they take too much memory."""
    if not QUICK:
        return slowly.together(patterns)
    made = _re2.Set(_ANYWHERE, options())
    for pattern in patterns:
        made.Add(pattern.encode("latin-1"))
    if not made.Compile():
        raise RuleError("the patterns are too large together")
    match: Match = made.Match
    return match


def phrases(allowed: Iterable[str]) -> str:
    """One pattern for phrases that stand as whole words in a folded text, the longest first."""
    plain = sorted({" ".join(fold_word(phrase).split()) for phrase in allowed} - {""}, key=len, reverse=True)
    return rf"\b(?:{'|'.join(map(re.escape, plain))})\b" if plain else r"[^\x00-\xff]"


def inside(find: Find, data: bytes, start: int, end: int) -> bool:
    """Whether a place stands inside a phrase of such a pattern."""
    offset = max(0, start - AROUND)
    window = data[offset : end + AROUND]
    at = 0
    while at < len(window):
        first, last = find(window, at, len(window))[0]
        if first < 0:
            return False
        if offset + first <= start and offset + last >= end:
            return True
        at = max(last, at + 1)
    return False
