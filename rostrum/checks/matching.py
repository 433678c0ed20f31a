"""Looking for what rules find in a folded text that their pattern is known to fit: places, contexts, validators."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rostrum.checks.disguise import words_pattern
from rostrum.checks.division import Division
from rostrum.checks.findings import Finding
from rostrum.checks.listed import Listed
from rostrum.checks.patterns import Find, Span, compiled, has_groups, inside, phrases
from rostrum.checks.rule import Rule
from rostrum.checks.validators import MAILS, NUMBERS, ON_THE_LIST, VALIDATORS, Hit

AFTER: Final = 28  # bytes behind a hit where its context may stand
SHORT: Final = 400  # bytes of a rest that is looked through for a digit; in a long text that would take time squared
_LETTERS: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789") | frozenset(range(0x80, 0x100))
_DIGITS: Final = bytes(int(0x30 <= byte <= 0x39) for byte in range(256))


class View:
    """One rule over the places of a pattern: what must stand near, what must not, and the validator.

    `need` holds the words without which the context cannot stand: the engine looks for them in the first pass.
    """

    __slots__ = (
        "_after",
        "_allowed",
        "_before",
        "_division",
        "_listed",
        "_near",
        "_near_after",
        "_reach",
        "_validate",
        "_worded",
        "need",
        "rule",
    )

    def __init__(self, rule: Rule, division: Division, listed: Listed) -> None:
        self.rule = rule
        self._division, self._listed = division, listed
        self._reach = rule.reach
        self._near, self._before = (
            compiled(f"(?s:.*)(?:{division.filled(given)})", places=False, anchored=True) if given else None
            for given in (rule.near, rule.unless_before)
        )
        self._near_after, self._after = (
            compiled(division.filled(given), places=False, anchored=True) if given else None
            for given in (rule.near_after, rule.unless_after)
        )
        self._validate = VALIDATORS[rule.validator] if rule.validator else None
        self._worded = rule.validator == "worded"
        self._allowed = compiled(phrases(rule.allow), places=False) if rule.allow else None
        self.need = _gist(division.filled(rule.near)) if rule.near else ""

    def judge(
        self, text: str, data: bytes, starts: list[int] | None, ends: list[int] | None, start: int, end: int
    ) -> Finding | None:
        """The finding of this rule for one place of its pattern, or None where something speaks against it."""
        weight = 0.0
        if self._near is not None and (weight := self._context(self._near, data, start, end)) < 0:
            return None
        why: tuple[str, ...] = ()
        if self._worded and data[start:end].isalpha():
            why = ON_THE_LIST  # what the validator answers for nearly every word, without asking it
        elif self._validate is not None:
            near = self._near is not None
            verdict = self._validate(Hit(data, start, end, text, starts, ends, near, self._division, self._listed))
            if verdict is None:
                return None
            start, end, why = verdict
        if self._before is not None and _before(self._before, data, start - self._reach, start) >= 0:
            return None
        if self._after is not None and _behind(self._after, data, end) >= 0:
            return None
        if self._allowed is not None and inside(self._allowed, data, start, end):
            return None
        if starts is not None and ends is not None:
            start, end = starts[start], ends[end - 1]
        return Finding(self.rule, start, end, why, (), weight)

    def _context(self, near: Find, data: bytes, start: int, end: int) -> float:
        """How close the words stand that a hit needs: 1 is beside it, -1 means that they are missing."""
        before = _before(near, data, start - self._reach, start)
        if before >= 0:
            return 1.0 - (start - before) / (self._reach + 1)
        if self._near_after is not None and _behind(self._near_after, data, end) >= 0:
            return 1.0
        return -1.0


class Looker:
    """One pattern and the rules that share it: finds each place once and lets every rule judge it.

    A pattern made of words (`edged`) is held by the byte before and the byte behind, which are no part of the hit.
    """

    __slots__ = (
        "_doubtful",
        "_exact",
        "_find",
        "_grouped",
        "_mail",
        "_numbers",
        "_rivals",
        "edged",
        "needs",
        "pattern",
        "views",
    )

    def __init__(self, pattern: str, views: Sequence[View], *, edged: bool = False) -> None:
        self.pattern = pattern
        self.views = tuple(sorted(views, key=lambda view: -view.rule.priority))
        self._rivals = len({view.rule.family for view in views}) == 1
        self.needs: tuple[int, ...] = ()  # their places in the first pass, set by the engine where any rule has words
        self.edged = edged
        self._grouped = not edged and has_groups(pattern)
        self._find = compiled(pattern, places=self._grouped)
        self._exact = compiled(pattern)  # asked for words only
        written = "".join(word for view in views for word in view.rule.words)
        self._doubtful = frozenset(written.encode("latin-1", "replace") + b"!@$*") - _LETTERS
        self._mail = all(view.rule.validator in MAILS for view in views)
        self._numbers = all(view.rule.validator in NUMBERS for view in views)

    def look(
        self, text: str, data: bytes, starts: list[int] | None, ends: list[int] | None,
        fits: Sequence[int], found: list[Finding],
    ) -> None:  # fmt: skip
        """Adds a finding for every place that counts, from left to right; `starts` and `ends` as in `Folded`.

        `fits` is what the first pass said: rules whose needed words stand nowhere are not asked.
        """
        asked: Sequence[View] = self.views
        if self.needs:
            if len(self.needs) == 1:
                if self.needs[0] not in fits:
                    return
            else:
                asked = [view for view, need in zip(asked, self.needs, strict=True) if need < 0 or need in fits]
                if not asked:
                    return
        find, size, at = self._find, len(data), 0
        while at < size:
            spans = find(data, at, size)
            start, end = spans[0]
            if start < 0:
                return
            at = end if end > at else at + 1
            if self.edged:
                start, end = self._inside(data, start, end)
                at = end
            elif self._grouped and spans[1][0] >= 0:
                start, end = spans[1]
            if end > start:
                first: Finding | None = None
                for view in asked:
                    if first is not None and self._rivals and view.rule.priority < first.rule.priority:
                        break  # of two findings of a family at one place the higher priority is told
                    one = view.judge(text, data, starts, ends, start, end)
                    if one is not None:
                        first = first or one
                        found.append(one)
            # Nothing is left without which there is no hit: cheaper to know than to search for more.
            if self._numbers:
                if size - at < SHORT and data[at:].translate(_DIGITS).find(1) < 0:
                    return
            elif self._mail and data.find(b"@", at) < 0:
                return

    def _inside(self, data: bytes, start: int, end: int) -> Span:
        """The word between its edges. A sign at an end of the text that may be either is asked of the pattern."""
        first, last, size = data[start], data[end - 1], len(data)
        if (start == 0 and first in self._doubtful) or (end == size and last in self._doubtful):
            return self._exact(data, start, size)[1]
        return start + (start > 0 or first not in _LETTERS), end - (end < size or last not in _LETTERS)


def lookers(rules: Iterable[Rule], division: Division, listed: Listed) -> list[Looker]:
    """The patterns of many rules, each once, with the rules that share it. A list without numbers spares their rule."""
    shared: dict[str, list[View]] = {}
    edged: list[Looker] = []
    for rule in rules:
        if rule.validator == "listed_number" and not listed.numbers:
            continue
        view = View(rule, division, listed)
        for pattern in rule.patterns:
            shared.setdefault(division.filled(pattern), []).append(view)
        if rule.words:
            edged.append(Looker(words_pattern(rule.words), [view], edged=True))
    return [*(Looker(pattern, views) for pattern, views in shared.items()), *edged]


def _behind(find: Find, data: bytes, start: int) -> int:
    """Where a context that begins right at a place ends; -1 where it does not stand there."""
    window = data[start : start + AFTER]
    return find(window, 0, len(window))[0][1]


def _before(find: Find, data: bytes, first: int, last: int) -> int:
    """Where the last match of a context between two places ends; -1 where there is none.

    The byte before the first place is seen but never part of a match: half a word must not look like a whole one.
    """
    if first > 0:
        end = find(data[first - 1 : last], 1, last - first + 1)[0][1]
        return end + first - 1 if end >= 0 else -1
    return find(data[:last], 0, last)[0][1]


def _gist(near: str) -> str:
    """The words of a context without what may stand behind them: a rule is looked at only where they stand at all."""
    start = near.index("(?:")
    depth = 0
    for place in range(start, len(near)):
        escaped = place and near[place - 1] == "\\"
        depth += (near[place] == "(" and not escaped) - (near[place] == ")" and not escaped)
        if depth == 0:
            return near[: place + 1]
    return near
