"""The check of a text against every rule: fold, one pass over all patterns, one over the names, then hits only.

Pure: no clock, no database, no network. An engine is built once (rules, division, roster) and is read-only after that.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import re2

from rostrum.checks import disguise
from rostrum.checks.division import Division
from rostrum.checks.findings import Finding
from rostrum.checks.folding import Folded, fold
from rostrum.checks.names import NameList
from rostrum.checks.naming import Naming
from rostrum.checks.roster import ANYWHERE, Posting, Student
from rostrum.checks.rule import Rule, fingerprint, own_rules
from rostrum.checks.scorer import Scorer, own_scorer
from rostrum.checks.validators import VALIDATORS, Hit

BATCH: Final = 1000
AFTER: Final = 28  # bytes behind a hit where its context may stand
_MEMORY: Final = 256 << 20  # what re2 may use for the states of all patterns at once
_OUTSIDE_SCHOOL: Final = frozenset({"NAMING"})  # an account of the division may speak for the division


def _options() -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = _MEMORY
    options.log_errors = False
    return options


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


class _Compiled:
    """One pattern of one rule with its contexts, ready to use."""

    def __init__(self, rule: Rule, pattern: str, division: Division) -> None:
        names = "|".join(re2.escape(name) for name in division.names) or "(?:lpsd)"
        self.rule = rule
        self.pattern = pattern.replace("{division}", f"(?:{names})")
        self.regex = re2.compile(self.pattern.encode("latin-1"), _options())
        self.near, self.near_after, self.unless_before, self.unless_after = (
            re.compile(given.replace("{division}", f"(?:{names})").encode("latin-1")) if given else None
            for given in (rule.near, rule.near_after, rule.unless_before, rule.unless_after)
        )
        self.validate = VALIDATORS[rule.validator] if rule.validator else None
        self.needs = _gist(rule.near) if rule.near else ""

    def find(self, text: str, folded: Folded, division: Division) -> Iterator[Finding]:
        """What this pattern finds in a folded text that it is known to fit."""
        data, rule = folded.data, self.rule
        for match in self.regex.finditer(data):
            start, end = match.span(1) if self.regex.groups and match.start(1) >= 0 else match.span()
            if end <= start:
                continue
            why: tuple[str, ...] = ()
            weight = 0.0
            if self.near is not None and (weight := self._context(data, start, end)) < 0:
                continue
            if self.validate is not None:
                place = folded.span(start, end)
                hit = Hit(data, start, end, text[place[0] : place[1]], self.near is not None, division)
                verdict = self.validate(hit)
                if verdict is None:
                    continue
                start, end, why = verdict
            if self._forbidden(data, start, end):
                continue
            yield Finding(rule, *folded.span(start, end), why, (), weight)

    def _forbidden(self, data: bytes, start: int, end: int) -> bool:
        """Whether words stand near that say it is something else."""
        first = max(0, start - self.rule.reach)  # a place and no slice: half a word must not look like a whole one
        if self.unless_before is not None and self.unless_before.search(data, first, start):
            return True
        return self.unless_after is not None and self.unless_after.search(data[end : end + AFTER]) is not None

    def _context(self, data: bytes, start: int, end: int) -> float:
        """How close the words stand that a hit needs: 1 is beside it, -1 means that they are missing."""
        if self.near is None:
            return 0.0
        reach = self.rule.reach
        place = None
        for match in self.near.finditer(data, max(0, start - reach), start):
            place = match.end()
        if place is not None:
            return 1.0 - (start - place) / (reach + 1)
        if self.near_after is not None and (found := self.near_after.search(data[end : end + AFTER])):
            return 1.0 - found.start() / (AFTER + 1)
        return -1.0


class Engine:
    """Every rule over any text. `students` without `consents` must not be named; see `roster` for the plain values."""

    def __init__(
        self,
        students: Iterable[Student] = (),
        division: Division | None = None,
        rules: Sequence[Rule] | None = None,
        *,
        scorer: Scorer | bool | None = True,
    ) -> None:
        self.rules = tuple(own_rules() if rules is None else rules)
        self.division = division or Division()
        self.fingerprint = fingerprint(self.rules)
        self._compiled = [
            _Compiled(rule, pattern, self.division)
            for rule in self.rules
            for pattern in (*rule.patterns, *((disguise.words_pattern(rule.words),) if rule.words else ()))
        ]
        self._set = re2.Set.SearchSet(_options())
        for one in self._compiled:
            self._set.Add(one.pattern.encode("latin-1"))
        self._lexicon = [one for one in self._compiled if one.rule.words]
        self._trigger = self._set.Add(disguise.TRIGGER)
        needs = sorted({one.needs for one in self._compiled if one.needs})
        places = {need: self._set.Add(need.encode("latin-1")) for need in needs}
        self._needs = [places.get(one.needs, -1) for one in self._compiled]
        self._set.Compile()
        names = NameList(students)
        self._naming = Naming(names, self.division, self.rules) if len(names) else None
        self._scorer = (own_scorer() if scorer is True else scorer) or None
        self._scored = next((rule for rule in self.rules if rule.id == "conduct.scored"), None)

    def check(self, text: str, posting: Posting = ANYWHERE) -> list[Finding]:
        """What a person should look at in one text, in the order of the text. Never fails, whatever the text holds."""
        folded = fold(text)
        found = self._words(text, folded, posting)
        if self._scorer is not None and self._scored is not None and not _has_conduct(found):
            self._add_score(text, folded, self._scorer.score(folded.data), found)
        return _merged(found) if found else found

    def check_many(self, texts: Iterable[str], posting: Posting = ANYWHERE) -> Iterator[list[Finding]]:
        """The same as `check` for each text, several times faster for many, because the scorer reads them together."""
        waiting = iter(texts)
        while batch := list(islice(waiting, BATCH)):
            folded = [fold(text) for text in batch]
            found = [self._words(text, one, posting) for text, one in zip(batch, folded, strict=True)]
            if self._scorer is not None and self._scored is not None:
                for place, score in enumerate(self._scorer.score_many([one.data for one in folded])):
                    if score >= self._scorer.threshold and not _has_conduct(found[place]):
                        self._add_score(batch[place], folded[place], score, found[place])
            yield from (_merged(one) if one else one for one in found)

    def _words(self, text: str, folded: Folded, posting: Posting) -> list[Finding]:
        """What patterns, words and names find."""
        found: list[Finding] = []
        fits = self._set.Match(folded.data)
        if fits:
            for which in fits:
                if which < self._trigger:
                    need = self._needs[which]
                    if need < 0 or need in fits:
                        found.extend(self._compiled[which].find(text, folded, self.division))
                elif which == self._trigger:
                    self._look_again(text, folded, found)
            if posting.scope == "division":
                found = [one for one in found if one.rule.type not in _OUTSIDE_SCHOOL]
        if self._naming is not None:
            found.extend(self._naming.find(text, folded, posting))
        return found

    def _look_again(self, text: str, folded: Folded, found: list[Finding]) -> None:
        """The lists of words over the text with letters that stand apart put together."""
        plain = disguise.joined(folded)
        for one in self._lexicon:
            found.extend(
                Finding(f.rule, f.start, f.end, (*f.evidence, "letters set apart"), (), f.weight)
                for f in one.find(text, plain, self.division)
            )

    def _add_score(self, text: str, folded: Folded, score: float, found: list[Finding]) -> None:
        """One finding for a text that the scorer thinks hurtful, on its most hurtful stretch."""
        scorer, rule = self._scorer, self._scored
        if scorer is None or rule is None or score < scorer.threshold:
            return
        start, end = folded.span(*scorer.window(folded.data))
        found.append(Finding(rule, start, end, (f"score {score:.2f}, threshold {scorer.threshold:.2f}",)))


_CONDUCT: Final = frozenset({"HARASSMENT", "THREAT", "PROFANITY"})


def _has_conduct(found: list[Finding]) -> bool:
    """Whether a rule with a reason has spoken of hurtful words already: then the scorer has nothing to add."""
    return any(one.rule.type in _CONDUCT and one.rule.severity != "note" for one in found)


def _merged(found: list[Finding]) -> list[Finding]:
    """At most one finding for a place in one family; families do not disturb each other."""
    if len(found) == 1:
        return found
    found.sort(key=lambda f: (-f.rule.priority, -f.weight, (f.start or 0) - (f.end or 0), f.start or 0, f.rule.id))
    kept: list[Finding] = []
    ends: dict[str, list[tuple[int, int]]] = {}
    for one in found:
        start, end = one.start or 0, one.end or 0
        spans = ends.setdefault(one.rule.family, [])
        place = bisect(spans, (start, end))  # those kept are apart from each other: only the neighbours can overlap
        if not any(start < stop and begin < end for begin, stop in spans[max(0, place - 1) : place + 1]):
            spans.insert(place, (start, end))
            kept.append(one)
    kept.sort(key=lambda f: (f.start or 0, f.end or 0, f.rule.id))
    return kept
