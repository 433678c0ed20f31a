"""Finding the students of a list in a text: one automaton over surnames, then the given name beside each surname found.

A surname shorter than four letters stands in most words; for those students the automaton holds the whole name. Every
student is in the list, with or without consent: consent is asked when a text is checked, never when the list is built.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Final, Literal, NamedTuple

from daachorse import DoubleArrayAhoCorasick
from nicknames import name_triplets

from rostrum.checks.folding import fold_word
from rostrum.checks.listed import common_words, own_nicknames, plain_words
from rostrum.checks.roster import Student

Kind = Literal["full", "near", "initial", "shared"]
SHORT: Final = 4  # surnames below this length are looked for only beside a given name
CANDIDATES: Final = 400  # given names of one surname that a misspelling is compared with

_LETTER: Final = bytes(int((chr(b).isalnum() and b < 0x80) or b >= 0x80) for b in range(256))
_L: Final = rb"a-z\x80-\xff"
_LEADING: Final = re.compile(rb"[^" + _L + rb"]*([" + _L + rb"'-]*\.?)$")
_SIGNS: Final = b"'-."
_AFTER: Final = re.compile(rb"(,? )([" + _L + rb"][" + _L + rb"'-]*)")
_PAIR: Final = re.compile(rb"([" + _L + rb"][" + _L + rb"'-]+) (?:and|et|&|\+) $")
_MORE: Final = re.compile(rb" ([" + _L + rb"][" + _L + rb"'-]+)")
_HASH: Final = frozenset(b"#@")


class NameHit(NamedTuple):
    """A name in the folded text: where, how sure, and the places of the students in the list who may be meant."""

    start: int
    end: int
    kind: Kind
    students: tuple[int, ...]
    given: tuple[int, int]
    surname: tuple[int, int]
    order: int  # 0 given name first, 1 surname first, 2 surname and comma, 3 a given name before “and”


def _token(word: bytes) -> str:
    """The key of a word of a folded text."""
    return word.translate(None, _SIGNS).decode("latin-1")


def _words_before(data: bytes, end: int) -> list[tuple[bytes, int]]:
    """The last two words before a place, nearest first, each with where it begins; no sign may stand between them."""
    found: list[tuple[bytes, int]] = []
    for _ in range(2):
        at = data.rfind(b" ", max(0, end - 25), end) + 1
        if not at and end > 25:
            break
        word = data[at:end]
        if not word.isalpha():
            led = _LEADING.match(word)
            if led is None:
                break
            at, word = at + led.start(1), led[1]
        if not word or word == b"." or (found and word.endswith(b".") and len(word) > 2):
            break
        found.append((word, at))
        if at < 2 or data[at - 1] != 0x20:
            break
        end = at - 1
    return found


def _key(name: str) -> str:
    """A given name without signs: what two spellings of it share."""
    return re.sub(r"[^a-z0-9\x80-\xff]", "", fold_word(name))


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """Which given names stand for which: Liz for Elizabeth and Elizabeth for Liz, from the list of a public package."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for full, short in (*((one, two) for one, _, two in name_triplets()), *own_nicknames()):
        one, two = _key(full), _key(short)
        if len(one) > 1 and len(two) > 1 and one != two:
            found[one].add(two)
            found[two].add(one)
    return {name: frozenset(others) for name, others in found.items()}


def _surnames(name: str) -> tuple[str, ...]:
    """How one surname is written: with its signs, with blanks for them, without them."""
    folded = " ".join(fold_word(name).split())
    forms = {folded}
    if "-" in folded:
        forms |= {folded.replace("-", " "), folded.replace(" - ", "-"), folded.replace("-", "")}
    for form in tuple(forms):
        if "'" in form:
            forms |= {form.replace("'", ""), form.replace("'", " ")}
        if " " in form:
            forms.add(form.replace(" ", ""))
        if form.startswith(("st-", "st ")):
            forms |= {"saint" + form[2:], "st. " + form[3:]}
    return tuple(sorted(form for form in forms if any(char.isalpha() or char >= "\x80" for char in form)))


def one_edit(one: str, two: str) -> bool:
    """Whether one letter added, lost, changed, or two neighbours swapped make one word of the other."""
    if one == two or abs(len(one) - len(two)) > 1:
        return False
    if len(one) > len(two):
        one, two = two, one
    at = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(one))
    if len(one) < len(two):
        return one[at:] == two[at + 1 :]
    swapped = one[at + 1 : at + 2] == two[at : at + 1] and one[at : at + 1] == two[at + 1 : at + 2]
    return one[at + 1 :] == two[at + 1 :] or (swapped and one[at + 2 :] == two[at + 2 :])


class NameList:
    """The students of a division, ready to be looked for. Hold it in memory only; it is built in a second or two."""

    def __init__(self, students: Iterable[Student]) -> None:
        self.students = tuple(students)
        by_surname: dict[str, dict[str, tuple[int, ...]]] = {}
        pairs: dict[str, tuple[int, ...]] = {}
        self._givens: set[str] = set()
        spelled: dict[str, tuple[str, ...]] = {}
        keys: dict[str, str] = {}
        for place, student in enumerate(self.students):
            givens = self._given_keys(student, keys)
            if not givens or not student.last.strip():
                continue
            forms = spelled.get(student.last)
            if forms is None:
                forms = spelled[student.last] = _surnames(student.last)
            self._givens.update(givens)
            for form in forms:
                if len(form) < SHORT:
                    self._add_pairs(pairs, student, form, place)
                    continue
                known = by_surname.setdefault(form, {})
                for given in givens:
                    held = known.get(given)
                    known[given] = (place,) if held is None else (*held, place)
        self._by_surname = list(by_surname.values())
        self._pairs = list(pairs.values())
        patterns = [form.encode("latin-1") for form in (*by_surname, *pairs)]
        self._automaton = DoubleArrayAhoCorasick(patterns) if patterns else None
        self._plain, self._common = plain_words(), common_words()

    def __len__(self) -> int:
        return len(self.students)

    @staticmethod
    def _given_keys(student: Student, keys: dict[str, str]) -> set[str]:
        """The given names of one student, as keys: the first, the preferred, the first of several, first and middle."""
        found = set()
        for name in (student.first, student.preferred):
            if not name:
                continue
            key = keys.get(name)
            if key is None:
                key = keys[name] = _key(name)
            found.add(key)
            if " " in name:
                found.add(_key(name.split()[0]))
            if student.middle and name is student.first:
                found.add(key + _key(student.middle))
        return {key for key in found if len(key) > 1}

    @staticmethod
    def _add_pairs(pairs: dict[str, tuple[int, ...]], student: Student, surname: str, place: int) -> None:
        """The whole names of a student with a short surname, nicknames too."""
        for name in filter(None, (student.first, student.preferred)):
            folded = " ".join(fold_word(name).split())
            for given in {folded, folded.replace("-", " "), _key(name), *nicknames().get(_key(name), ())}:
                if len(given) < 2:
                    continue
                for form in (f"{given} {surname}", f"{surname} {given}", f"{surname}, {given}", f"#{given}{surname}"):
                    held = pairs.get(form)
                    if held is None or place not in held:
                        pairs[form] = (place,) if held is None else (*held, place)

    def knows_given(self, token: bytes) -> bool:
        """Whether a word is a given name that the list or the table of nicknames has."""
        key = _token(token)
        return key in self._givens or key in nicknames()

    def find(self, data: bytes) -> list[NameHit]:
        """Every reading of every name in a folded text; overlapping ones are settled by whoever asked."""
        if self._automaton is None:
            return []
        hits: list[NameHit] = []
        letter, size, count = _LETTER, len(data), len(self._by_surname)
        for start, end, which in self._automaton.find_overlapping(data):
            tied_left = start > 0 and letter[data[start - 1]]
            tied_right = end < size and letter[data[end]]
            if which >= count:
                if not tied_right and (not tied_left or data[start] == 0x23):
                    hits.append(self._whole(data, start, end, self._pairs[which - count]))
            elif tied_left or tied_right:
                if not (tied_left and tied_right):
                    self._glued(data, start, end, self._by_surname[which], hits)
            elif not (
                (end + 1 < size and data[end] == 0x2D and letter[data[end + 1]])
                or (start > 1 and data[start - 1] in b"-'" and letter[data[start - 2]])
            ):
                self._beside(data, start, end, self._by_surname[which], hits)
        return hits

    @staticmethod
    def _whole(data: bytes, start: int, end: int, students: tuple[int, ...]) -> NameHit:
        comma = b"," in data[start:end]
        return NameHit(start, end, "full", students, (start, end), (start, end), 2 if comma else 0)

    @staticmethod
    def _meant(known: dict[str, tuple[int, ...]], key: str) -> tuple[int, ...]:
        """The students of one surname whom a given name means, by itself or as a nickname."""
        exact = known.get(key)
        if exact is not None:
            return exact
        others = nicknames().get(key)
        if not others:
            return ()
        return tuple(sorted({place for name in others for place in known.get(name, ())}))

    def _glued(
        self, data: bytes, start: int, end: int, known: dict[str, tuple[int, ...]], hits: list[NameHit]
    ) -> None:
        """#EmmaLarsson, LarssonEmma: the letters tied to the surname must be a given name."""
        letter = _LETTER
        left, right = start, end
        while left > 0 and start - left < 24 and letter[data[left - 1]]:
            left -= 1
        while right < len(data) and right - end < 24 and letter[data[right]]:
            right += 1
        tied = data[left:start] or data[end:right]
        while tied and 0x30 <= tied[-1] <= 0x39:  # a year behind a name: #EmmaLarsson2026
            tied, right = tied[:-1], right - 1
        students = self._meant(known, tied.decode("latin-1"))
        if students and len(tied) > 2:
            given = (left, start) if left < start else (end, right)
            if left and data[left - 1] in _HASH:
                left -= 1
            hits.append(NameHit(left, right, "full", students, given, (start, end), 0 if given[0] < start else 1))

    def _beside(
        self, data: bytes, start: int, end: int, known: dict[str, tuple[int, ...]], hits: list[NameHit]
    ) -> None:
        """The words before and after a surname: a given name, a misspelt one, an initial."""
        if start and data[start - 1] == 0x20 and (words := _words_before(data, start - 1)):
            if self._natural(data, words, start, end, known, hits):
                return
            if self.knows_given(words[0][0]):
                return  # somebody else of this surname: what follows is not the given name
        after = _AFTER.match(data, end, end + 40)
        if after:
            students = self._meant(known, _token(after[2]))
            if students:
                order = 2 if after[1].startswith(b",") else 1
                hits.append(NameHit(start, after.end(2), "full", students, after.span(2), (start, end), order))

    def _natural(
        self, data: bytes, words: list[tuple[bytes, int]], start: int, end: int,
        known: dict[str, tuple[int, ...]], hits: list[NameHit],
    ) -> bool:  # fmt: skip
        """Whether the words before a surname are a given name of it; adds the hit."""
        last, at = words[0]
        further, further_at = words[1] if len(words) > 1 else (None, 0)
        key = _token(last)
        if further is not None:
            both = self._meant(known, _token(further) + key)
            if both:
                hits.append(NameHit(further_at, end, "full", both, (further_at, start - 1), (start, end), 0))
                return True
        students = self._meant(known, key) if len(key) > 1 else ()
        if students:
            hits.append(NameHit(at, end, "full", students, (at, start - 1), (start, end), 0))
            pair = _PAIR.search(data[max(0, at - 40) : at])
            if pair and (shared := self._meant(known, _token(pair[1]))):
                first = max(0, at - 40) + pair.start(1)
                last_of = max(0, at - 40) + pair.end(1)
                hits.append(NameHit(first, last_of, "shared", shared, (first, last_of), (start, end), 3))
            return True
        if further is not None and (students := self._meant(known, _token(further))):
            if key in self._plain and len(key) > 1:
                return False  # "Emma and Larsson": the word between is no name
            hits.append(NameHit(further_at, end, "full", students, (further_at, start - 1), (start, end), 0))
            return True
        if len(key) == 1:
            several = {place for given, places in known.items() if given.startswith(key) for place in places}
            if len(several) == 1:  # an initial names somebody only where just one student fits
                hits.append(NameHit(at, end, "initial", tuple(several), (at, start - 1), (start, end), 0))
                return True
        if len(key) >= 5 and key not in self._plain and len(known) <= CANDIDATES:
            near = {p for given, places in known.items() if given[0] == key[0] and one_edit(given, key) for p in places}
            if near:
                hits.append(NameHit(at, end, "near", tuple(sorted(near)), (at, start - 1), (start, end), 0))
                return True
        return False

    def believable(self, hit: NameHit, given: str, surname: str) -> bool:
        """Whether the parts are written as a name is: in small letters one of them at least must be no plain word."""
        small = [part for part in (given, surname) if part.islower()]
        words = [set(fold_word(part).split()) for part in small]
        if any(each & self._common or len(part) < 3 for part, each in zip(small, words, strict=True)):
            return False
        plain = sum(bool(each & self._plain) for each in words)
        if plain and (plain == 2 or len(small) == 1):
            return False
        return hit.kind == "full" or not small

    def spelled(self, students: tuple[int, ...], original: str) -> tuple[int, ...]:
        """Those whose letters without a plain twin stand in the text as they stand in the list."""
        shown = unicodedata.normalize("NFKC", original).casefold()

        def same(name: str) -> bool:
            return fold_word(name).isascii() or unicodedata.normalize("NFKC", name).casefold() in shown

        return tuple(
            p for p in students
            if same(self.students[p].last) and (same(self.students[p].first) or same(self.students[p].preferred or "\x80"))
        )  # fmt: skip


def list_reading(data: bytes, hit: NameHit) -> bytes | None:
    """The word that follows a name in the order "Larsson, Emma": another name there means a list of people."""
    more = _MORE.match(data, hit.end)
    return more[1] if more else None
