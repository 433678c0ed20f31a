"""The check of a text against every rule: fold, one pass over all patterns, one over the names, then hits only.

Pure: no clock, no database, no network. An engine is built once (rules, division, roster) and is read-only after that.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Final, TypeVar

import numpy as np

from rostrum.checks import disguise
from rostrum.checks.division import Division
from rostrum.checks.findings import Finding
from rostrum.checks.folding import UNTIDY, Folded, fold, fold_fast
from rostrum.checks.matching import lookers
from rostrum.checks.names import NameList
from rostrum.checks.naming import Naming
from rostrum.checks.patterns import compiled, phrases, together
from rostrum.checks.roster import ANYWHERE, Posting, Student
from rostrum.checks.rule import Rule, fingerprint, own_rules
from rostrum.checks.scorer import Read, Scorer, own_scorer

BATCH: Final = 1000
Key = TypeVar("Key")
_OUTSIDE_SCHOOL: Final = frozenset({"NAMING"})  # an account of the division may speak for the division


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
        names = NameList(students)
        self._lookers = lookers(self.rules, self.division, names.listed)
        self._first = frozenset(
            place
            for place, one in enumerate(self._lookers)
            if any(view.rule.id == "student.first" for view in one.views)
        )
        self._lexicon = [one for one in self._lookers if one.edged]
        patterns = [one.pattern for one in self._lookers]
        self._apart, self._untidy = len(patterns), len(patterns) + 1
        patterns += [disguise.TRIGGER.decode(), UNTIDY]
        needs = sorted({view.need for one in self._lookers for view in one.views if view.need})
        places = {need: len(patterns) + place for place, need in enumerate(needs)}
        for one in self._lookers:
            if any(view.need for view in one.views):
                one.needs = tuple(places.get(view.need, -1) for view in one.views)
        self._match = together([*patterns, *needs])
        self._naming = Naming(names, self.division, self.rules) if len(names) else None
        self._spots = names.spots
        self._scorer = (own_scorer() if scorer is True else scorer) or None
        self.fingerprint = fingerprint(self.rules, self.division, self._scorer)
        self._scored = next((rule for rule in self.rules if rule.id == "conduct.scored"), None)
        self._unscored = compiled(phrases(self._scored.allow), places=False) if self._scored else None

    def check(self, text: str, posting: Posting = ANYWHERE) -> list[Finding]:
        """What a person should look at in one text, in the order of the text. Never fails, whatever the text holds."""
        data = fold_fast(text)
        starts = ends = None
        found: list[Finding] = []
        fits = self._match(data)
        if fits:
            if self._untidy in fits:
                data, starts, ends = fold(text)
                fits = self._match(data)
            lookers, apart = self._lookers, self._apart
            for which in fits:
                if which < apart:
                    lookers[which].look(text, data, starts, ends, fits, found)
                elif which == apart:
                    self._look_again(text, Folded(data, starts, ends), found)
            if found and self._naming is not None and not self._first.isdisjoint(fits):
                found = self._naming.first_names(found, data, starts, posting)
            if found and posting.scope == "division":
                found = [one for one in found if one.rule.type not in _OUTSIDE_SCHOOL]
        spots = self._spots(data)
        if spots and self._naming is not None:
            self._naming.look(text, Folded(data, starts, ends), spots, posting, found)
        if self._scorer is not None and self._scored is not None and not _has_conduct(found):
            self._add_score(Folded(data, starts, ends), self._scorer.score(data), found)
        return _merged(found) if len(found) > 1 else found

    def check_many(self, texts: Iterable[str], posting: Posting = ANYWHERE) -> Iterator[list[Finding]]:
        """The same as `check` for each text, in their order, and faster: each step is done for a batch of texts."""
        waiting = iter(texts)
        while batch := list(islice(waiting, BATCH)):
            yield from self._batch(batch, [posting] * len(batch))

    def recheck(
        self, posts: Iterable[tuple[Key, str, Posting]], progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[Key, list[Finding]]]:
        """Any number of posts again, each in its own posting, with a key that comes back with its findings.

        `progress` is told how many are done, after every batch: a million take seconds to minutes. What comes in is
        read as it is needed, what comes out is not kept.
        """
        waiting, done = iter(posts), 0
        while batch := list(islice(waiting, BATCH)):
            found = self._batch([text for _, text, _ in batch], [posting for *_, posting in batch])
            yield from ((key, each) for (key, *_), each in zip(batch, found, strict=True))
            done += len(batch)
            if progress is not None:
                progress(done)

    def _batch(self, texts: list[str], postings: list[Posting]) -> list[list[Finding]]:
        """The findings of each of a few texts. Step by step, not text by text: what a step needs stays in the cache."""
        folded: list[bytes] = list(map(fold_fast, texts))
        fits = list(map(self._match, folded))
        found: list[list[Finding]] = [[] for _ in texts]
        tidied: dict[int, Folded] = {}
        asked: dict[int, list[int]] = {}
        for place, fit in enumerate(fits):
            if fit:
                if self._untidy in fit:
                    tidied[place] = tidy = fold(texts[place])
                    folded[place], fits[place] = tidy.data, self._match(tidy.data)
                for which in fits[place]:
                    if which <= self._apart:
                        asked.setdefault(which, []).append(place)
        for which in sorted(asked):
            if which == self._apart:
                for place in asked[which]:
                    self._look_again(texts[place], tidied.get(place) or Folded(folded[place]), found[place])
                continue
            look = self._lookers[which].look
            for place in asked[which]:
                data, starts, ends = tidied.get(place) or (folded[place], None, None)
                look(texts[place], data, starts, ends, fits[place], found[place])
        if self._naming is not None:
            for place in {place for which in self._first for place in asked.get(which, ())}:
                data, starts, _ = tidied.get(place) or (folded[place], None, None)
                found[place] = self._naming.first_names(found[place], data, starts, postings[place])
        for place, posting in enumerate(postings):
            if found[place] and posting.scope == "division":
                found[place] = [one for one in found[place] if one.rule.type not in _OUTSIDE_SCHOOL]
        if self._naming is not None:
            for place, spots in enumerate(map(self._spots, folded)):
                if spots:
                    tidy = tidied.get(place) or Folded(folded[place])
                    self._naming.look(texts[place], tidy, spots, postings[place], found[place])
        if self._scorer is not None and self._scored is not None:
            read = self._scorer.read(folded)
            for place in np.flatnonzero(read.scores >= self._scorer.threshold).tolist():
                if not _has_conduct(found[place]):
                    tidy = tidied.get(place) or Folded(folded[place])
                    self._add_score(tidy, float(read.scores[place]), found[place], read, place)
        return [_merged(each) if len(each) > 1 else each for each in found]

    def _look_again(self, text: str, folded: Folded, found: list[Finding]) -> None:
        """The lists of words over the text with letters that stand apart put together."""
        again: list[Finding] = []
        data, starts, ends = disguise.joined(folded)
        for one in self._lexicon:
            one.look(text, data, starts, ends, (), again)
        found.extend(one._replace(evidence=(*one.evidence, "letters set apart")) for one in again)

    def _add_score(
        self, folded: Folded, score: float, found: list[Finding], read: Read | None = None, place: int = 0
    ) -> None:
        """One finding for a text that the scorer thinks hurtful, on its most hurtful stretch."""
        scorer, rule = self._scorer, self._scored
        if scorer is None or rule is None or score < scorer.threshold:
            return
        if rule.allow and self._unscored and self._unscored(folded.data, 0, len(folded.data))[0][0] >= 0:
            return
        start, end = folded.span(*scorer.window(folded.data, read, place))
        found.append(Finding(rule, start, end, (f"score {score:.2f}, threshold {scorer.threshold:.2f}",)))


_CONDUCT: Final = frozenset({"HARASSMENT", "THREAT", "PROFANITY"})


def _has_conduct(found: list[Finding]) -> bool:
    """Whether a rule with a reason has spoken of hurtful words already: then the scorer has nothing to add."""
    return any(one.rule.type in _CONDUCT and one.rule.severity != "note" for one in found)


def _rank(one: Finding) -> tuple[float, float, int, int, str]:
    """Which of two findings of one family at one place is told: the first in this order."""
    start, end = one.start or 0, one.end or 0
    return -one.rule.priority, -one.weight, start - end, start, one.rule.id


_PLACE: Final = itemgetter(1, 2)  # start and end of a finding


def _merged(found: list[Finding]) -> list[Finding]:
    """At most one finding for a place in one family; families do not disturb each other."""
    found.sort(key=_PLACE)
    reached = 0
    for one in found:
        start, end = _PLACE(one)
        if start < reached:
            break
        reached = end
    else:
        return found
    kept: list[Finding] = []
    taken: dict[str, list[tuple[int, int]]] = {}
    for one in sorted(found, key=_rank):
        start, end = _PLACE(one)
        spans = taken.setdefault(one.rule.family, [])
        place = bisect(spans, (start, end))  # those kept are apart from each other: only the neighbours can overlap
        if not any(start < stop and begin < end for begin, stop in spans[max(0, place - 1) : place + 1]):
            spans.insert(place, (start, end))
            kept.append(one)
    kept.sort(key=_PLACE)
    return kept
