"""Which names found in a text count: overlapping readings settled, adults and places left out, consent asked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from typing import Final

from rostrum.checks.division import Division
from rostrum.checks.findings import Finding
from rostrum.checks.folding import Folded, fold_word
from rostrum.checks.listed import figures
from rostrum.checks.names import NameHit, NameList, list_reading
from rostrum.checks.patterns import compiled, inside, phrases
from rostrum.checks.roster import Posting, Student
from rostrum.checks.rule import Rule

WINDOW: Final = 48
_TITLES: Final = frozenset(
    b"mr mrs ms mx dr mme monsieur madame principal vp coach superintendent trustee director teacher professor constable "
    b"cst elder mayor premier minister chief author councillor officer sgt reverend pastor librarian custodian secretary "
    b"enseignant enseignante directrice directeur surintendant surintendante conseiller conseillere auteur auteure "
    b"mairesse maire".split()
)
_LAST: Final = re.compile(rb"([a-z]+)\.?$")
_HEAD: Final = re.compile(rb"[a-z0-9\x80-\xff]+")
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
        self._rules = {rule.id.removeprefix("student."): rule for rule in rules if rule.id.startswith("student.")}
        quiet = (phrase for rule in self._rules.values() for phrase in rule.allow)
        allowed = {*division.staff, *division.schools, *map(fold_word, (*figures(), *quiet))}
        self._allowed = compiled(phrases(allowed), places=False)
        # A name is compared with them only where its first word begins one of their words.
        self._heads = {word.encode("latin-1") for name in allowed for word in re.split(r"[^a-z0-9\x80-\xff]+", name)}

    def look(
        self, text: str, folded: Folded, spots: list[tuple[int, int, int]], posting: Posting, found: list[Finding]
    ) -> None:
        """Adds a finding for every student named at these spots without a consent that covers this posting."""
        readings = self.names.find(folded[0], spots)
        if not readings:
            return
        for hit in readings if len(readings) == 1 else self._settled(text, folded, readings):
            rule = self._rules.get("full" if hit.kind == "shared" else hit.kind)
            without = rule and self._without_consent(text, folded, hit, posting)
            if (
                rule
                and without
                and (len(readings) > 1 or self._believable(text, folded, hit))
                and not self._is_somebody_else(text, folded, hit)
            ):
                found.append(self._finding(folded, hit, rule, without))

    def first_names(
        self, found: list[Finding], data: bytes, starts: list[int] | None, posting: Posting
    ) -> list[Finding]:
        """The same findings; those of a given name alone only where no consent covers every student who has it."""
        kept = []
        for one in found:
            if one.rule.id != "student.first" or one.start is None or one.end is None:
                kept.append(one)
                continue
            first = one.start if starts is None else bisect_left(starts, one.start)
            last = one.end if starts is None else bisect_left(starts, one.end)
            meant = self.names.called(data[first:last])
            without = [student for student in meant if not student.may_be_called(posting)]
            if without:
                told = _evidence(len(meant), len(without), False)
                kept.append(one._replace(evidence=told, students=tuple([student.id for student in without])))
        return kept

    def _believable(self, text: str, folded: Folded, hit: NameHit) -> bool:
        if folded[1] is None:
            given, surname = text[slice(*hit.given)], text[slice(*hit.surname)]
        else:
            given, surname = text[slice(*folded.span(*hit.given))], text[slice(*folded.span(*hit.surname))]
        return self.names.believable(hit, given, surname)

    def _settled(self, text: str, folded: Folded, readings: list[NameHit]) -> list[NameHit]:
        """One reading for each place: names in natural order before others, longer ones before shorter."""
        believed = [hit for hit in readings if self._believable(text, folded, hit)]
        believed.sort(key=lambda hit: (hit.order, hit.kind != "full", hit.start - hit.end, hit.start))
        kept: list[NameHit] = []
        taken: set[int] = set()
        for hit in believed:
            places = range(hit.start, hit.end)
            if taken.isdisjoint(places):
                kept.append(hit)
                taken.update(places)
        return sorted(kept)

    def _without_consent(self, text: str, folded: Folded, hit: NameHit, posting: Posting) -> list[Student]:
        """The students a name may mean whom no consent covers in this posting."""
        places = hit.students
        if not folded[0][hit.start : hit.end].isascii():
            places = self.names.spelled(places, text[slice(*folded.span(hit.start, hit.end))])
        known = self.names.students
        return [known[place] for place in places if not known[place].may_be_named(posting)]

    def _finding(self, folded: Folded, hit: NameHit, rule: Rule, without: list[Student]) -> Finding:
        evidence = _evidence(len(hit.students), len(without), hit.order > 0)
        start, end = folded.span(hit.start, hit.end)
        return Finding(rule, start, end, evidence, tuple([student.id for student in without]))

    def _is_somebody_else(self, text: str, folded: Folded, hit: NameHit) -> bool:
        """Staff, public figures, people with an adult's title, places named after people, the next name of a list."""
        data, start, end = folded.data, hit.start, hit.end
        if _titled(data, start) or _PLACE.match(data, end, end + WINDOW):
            return True
        head = _HEAD.match(data, start)
        if head is not None and head[0] in self._heads and inside(self._allowed, data, start, end):
            return not _PUPIL.match(data, end, end + WINDOW)
        if hit.order == 2 and list_reading(data, hit) is not None:
            after = folded.span(hit.end + 1, hit.end + 2)[0]
            return text[after].isupper()  # "Smith, Olivia Gladue": Olivia belongs to the next name
        return False


def _titled(data: bytes, start: int) -> bool:
    """Whether the word before a name is how adults are addressed: Mr., Principal, Coach, Mme."""
    if start < 3 or data[start - 1] != 0x20:
        return False
    word = data[start - 24 if start > 24 else 0 : start - 1].rpartition(b" ")[2]
    if word.isalpha():
        return word in _TITLES
    found = _LAST.search(word)
    return found is not None and (found[1] in _TITLES or found[0] == b"m.")


@cache
def _evidence(fit: int, without: int, surname_first: bool) -> tuple[str, ...]:
    told = f"{fit} on the list fit, {without} without a consent that covers this"
    return (told, "surname first") if surname_first else (told,)
