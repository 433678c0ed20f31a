"""The checks said slowly: Python's own `re`, rule after rule, a plain search for every name, a sum letter by letter.

Whatever this finds, the engine must find, and nothing else, at the very same places. It shares with the engine what has
tests of its own (folding, validators, the reading of a name at a given spot); how things are searched for, it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rostrum.checks import Division, Finding, Posting, Rule, Student, own_rules
from rostrum.checks.disguise import TRIGGER, joined, robust
from rostrum.checks.engine import _has_conduct
from rostrum.checks.folding import Folded, fold
from rostrum.checks.matching import AFTER
from rostrum.checks.names import NameList
from rostrum.checks.naming import Naming
from rostrum.checks.roster import ANYWHERE
from rostrum.checks.scorer import BITS, EVIDENCE, PAIRS, Scorer, own_scorer
from rostrum.checks.validators import VALIDATORS, Hit

Told = tuple[str, int | None, int | None]


def _at_end(pattern: str) -> str:
    """A pattern whose $ means the very end, as re2 reads it."""
    return re.sub(r"\\.|\[[^]]*\]|\$", lambda found: r"\Z" if found[0] == "$" else found[0], pattern)


class Reference:
    """The slow engine. The answers are (rule, start, end), in the order of the text."""

    def __init__(self, students: list[Student], division: Division, rules: tuple[Rule, ...] | None = None) -> None:
        self.rules = own_rules() if rules is None else rules
        self.division = division
        self.names = NameList(students)
        self.naming = Naming(self.names, division, self.rules)
        self.scorer: Scorer | None = own_scorer()

    def check(self, text: str, posting: Posting = ANYWHERE) -> list[Told]:
        """What the engine must answer."""
        folded = fold(text)
        found = [one for rule in self.rules for one in self._rule(rule, text, folded)]
        if re.search(TRIGGER, folded.data):
            apart = joined(folded)
            found += [one for rule in self.rules for one in self._rule(rule, text, apart, words_only=True)]
        if len(self.names):
            found = self.naming.first_names(found, folded.data, folded.starts, posting)
        if posting.scope == "division":
            found = [one for one in found if one.rule.type != "NAMING"]
        self.naming.look(text, folded, self._spots(folded.data), posting, found)
        scored = next((rule for rule in self.rules if rule.id == "conduct.scored"), None)
        if self.scorer is not None and scored is not None and not _has_conduct(found):
            score = self._score(folded.data, self.scorer)
            if score >= self.scorer.threshold:
                found.append(Finding(scored, *folded.span(*self.scorer.window(folded.data))))
        return [(one.rule.id, one.start, one.end) for one in self._settled(found)]

    def _rule(self, rule: Rule, text: str, folded: Folded, *, words_only: bool = False) -> Iterator[Finding]:
        patterns = [] if words_only else [self.division.filled(pattern) for pattern in rule.patterns]
        if rule.words:
            parts = (robust(w.rstrip("*")) + ("[a-z]*" if w.endswith("*") else "") for w in sorted(set(rule.words)))
            patterns.append(rf"(?<![a-z0-9\x80-\xff$@])(?:{'|'.join(parts)})(?![a-z0-9\x80-\xff])")
        for pattern in patterns:
            for match in re.finditer(_at_end(pattern).encode("latin-1"), folded.data):
                start, end = match.span(1) if match.re.groups and match.start(1) >= 0 else match.span()
                if end > start and (one := self._judged(rule, text, folded, start, end)) is not None:
                    yield one

    def _before(self, rule: Rule, pattern: str, data: bytes, start: int) -> int:
        """Where the last match of a context before a place ends; -1 for none."""
        wanted = re.compile(_at_end(f"(?s:.*)(?:{self.division.filled(pattern)})").encode("latin-1"))
        found = wanted.match(data, max(0, start - rule.reach), start)
        return found.end() if found else -1

    def _behind(self, pattern: str, data: bytes, end: int) -> bool:
        return re.match(_at_end(self.division.filled(pattern)).encode("latin-1"), data[end : end + AFTER]) is not None

    def _judged(self, rule: Rule, text: str, folded: Folded, start: int, end: int) -> Finding | None:
        data, starts, ends = folded
        weight, why = 0.0, ()
        if rule.near:
            before = self._before(rule, rule.near, data, start)
            if before >= 0:
                weight = 1.0 - (start - before) / (rule.reach + 1)
            elif rule.near_after and self._behind(rule.near_after, data, end):
                weight = 1.0
            else:
                return None
        if rule.validator:
            verdict = VALIDATORS[rule.validator](
                Hit(data, start, end, text, starts, ends, bool(rule.near), self.division, self.names.listed)
            )
            if verdict is None:
                return None
            start, end, why = verdict
        if rule.unless_before and self._before(rule, rule.unless_before, data, start) >= 0:
            return None
        if rule.unless_after and self._behind(rule.unless_after, data, end):
            return None
        return Finding(rule, *folded.span(start, end), why, (), weight)

    def _spots(self, data: bytes) -> list[tuple[int, int, int]]:
        """Every place of every surname, looked for one after the other."""
        found = []
        for which, form in enumerate(self.names.forms()):
            at = data.find(form)
            while at >= 0:
                found.append((at, at + len(form), which))
                at = data.find(form, at + 1)
        return sorted(found, key=lambda spot: (spot[1], -(spot[1] - spot[0])))

    @staticmethod
    def _score(data: bytes, scorer: Scorer) -> float:
        part = b" " + data[:20_000] + b" "
        total = 0
        for at in range(len(part) - 1):
            total += int(scorer._pairs[(part[at] | part[at + 1] << 8) % PAIRS])
        for at in range(len(part) - 3):
            four = int.from_bytes(part[at : at + 4], "little")
            total += int(scorer._fours[(four * 0x9E3779B1 & 0xFFFFFFFF) >> (32 - BITS)])
        return float(total * scorer._scale / (len(part) + EVIDENCE) ** 0.5 + scorer._bias)

    @staticmethod
    def _settled(found: list[Finding]) -> list[Finding]:
        kept: list[Finding] = []
        ranked = sorted(
            found,
            key=lambda f: (-f.rule.priority, -f.weight, (f.start or 0) - (f.end or 0), f.start or 0, f.rule.id),
        )
        for one in ranked:
            rivals = (other for other in kept if other.rule.family == one.rule.family)
            if not any((one.start or 0) < (o.end or 0) and (o.start or 0) < (one.end or 0) for o in rivals):
                kept.append(one)
        return sorted(kept, key=lambda f: (f.start or 0, f.end or 0))
