"""Which names found in a text count: overlapping readings settled, adults and places left out, consent asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import re2

from rostrum.checks.division import Division
from rostrum.checks.findings import Finding
from rostrum.checks.folding import Folded, fold_word
from rostrum.checks.listed import figures
from rostrum.checks.names import NameHit, NameList, list_reading
from rostrum.checks.roster import Posting
from rostrum.checks.rule import Rule

WINDOW: Final = 48
_TITLE: Final = re.compile(
    rb"\b(?:mr|mrs|ms|mx|dr|m\.|mme|monsieur|madame|principal|vice-principal|vp|coach|superintendent|trustee|director|teacher|"
    rb"professor|constable|cst|elder|mayor|premier|minister|chief|author|councillor|officer|sgt|reverend|pastor|librarian|"
    rb"custodian|secretary|enseignante?|directrice|directeur|surintendante?|conseillere?|auteure?|mairesse|maire)\.? $"
)
_PLACE: Final = re.compile(
    rb"(?:'s)? (?:\w+ )?(?:school|elementary|collegiate|arena|centre|center|memorial|stadium|library|foundation|scholarship|"
    rb"rink|avenue|street|drive|trail)\b| (?:run|park|field|building|cup|classic|award|trophy|day|gym|hall|room)\b"
)
_PUPIL: Final = re.compile(
    rb"[ ,(]{1,3}(?:in |from |of |de |en )?(?:grade|gr\.?|kindergarten|class of|age|\d+e annee|maternelle)\b"
)


class Naming:
    """The name list of a division with its allow-lists, and the rules that name findings cite."""

    def __init__(self, names: NameList, division: Division, rules: Iterable[Rule]) -> None:
        self.names = names
        self._rules = {rule.id: rule for rule in rules}
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        allowed = (*division.staff, *division.schools, *map(fold_word, figures()))
        pattern = "|".join(re2.escape(name) for name in sorted(set(allowed), key=len, reverse=True))
        self._allowed = re2.compile(rf"\b(?:{pattern})\b".encode("latin-1"), options)

    def find(self, text: str, folded: Folded, posting: Posting) -> list[Finding]:
        """The students named in a text without a consent that covers this posting."""
        readings = self.names.find(folded.data)
        if not readings:
            return []
        found = []
        for hit in self._settled(text, folded, readings):
            finding = self._finding(text, folded, hit, posting)
            if finding is not None:
                found.append(finding)
        return found

    def _settled(self, text: str, folded: Folded, readings: list[NameHit]) -> list[NameHit]:
        """One reading for each place: names in natural order before others, longer ones before shorter."""
        believed = []
        for hit in readings:
            given, surname = (text[slice(*folded.span(*part))] for part in (hit.given, hit.surname))
            if self.names.believable(hit, given, surname):
                believed.append(hit)
        if len(believed) < 2:
            return believed
        believed.sort(key=lambda hit: (hit.order, hit.kind != "full", hit.start - hit.end, hit.start))
        kept: list[NameHit] = []
        taken: set[int] = set()
        for hit in believed:
            places = range(hit.start, hit.end)
            if taken.isdisjoint(places):
                kept.append(hit)
                taken.update(places)
        return sorted(kept)

    def _finding(self, text: str, folded: Folded, hit: NameHit, posting: Posting) -> Finding | None:
        """The finding for one name, unless everybody it may mean has consent, or no student is meant at all."""
        start, end = folded.span(hit.start, hit.end)
        original = text[start:end]
        students = hit.students
        if not folded.data[hit.start : hit.end].isascii():
            students = self.names.spelled(students, original)
        without = [p for p in students if not self.names.students[p].may_be_named(posting)]
        if not without or self._is_somebody_else(text, folded, hit):
            return None
        kind = "full" if hit.kind == "shared" else hit.kind
        evidence = [f"{len(students)} on the list fit, {len(without)} without a consent that covers this"]
        if hit.order:
            evidence.append("surname first")
        ids = tuple(self.names.students[p].id for p in without)
        return Finding(self._rules[f"student.{kind}"], start, end, tuple(evidence), ids)

    def _is_somebody_else(self, text: str, folded: Folded, hit: NameHit) -> bool:
        """Staff, public figures, people with an adult's title, places named after people, the next name of a list."""
        data = folded.data
        lead = data[max(0, hit.start - WINDOW) : hit.start]
        if _TITLE.search(lead) or _PLACE.match(data, hit.end, hit.end + WINDOW):
            return True
        offset = max(0, hit.start - WINDOW)
        for allowed in self._allowed.finditer(data[offset : hit.end + WINDOW]):
            if offset + allowed.start() <= hit.start and offset + allowed.end() >= hit.end:
                return not _PUPIL.match(data, hit.end, hit.end + WINDOW)
        if hit.order == 2 and list_reading(data, hit) is not None:
            after = folded.span(hit.end + 1, hit.end + 2)[0]
            return text[after].isupper()  # "Smith, Olivia Gladue": Olivia belongs to the next name
        return False
