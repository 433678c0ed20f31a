"""Finding the students of a list in a text: one automaton over surnames, then the given name beside each surname found.

A surname shorter than four letters stands in most words; for those students the automaton holds the whole name. Every
student is in the list, with or without consent: consent is asked when a text is checked, never when the list is built.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final, Literal, NamedTuple

from nicknames import name_triplets

from rostrum.checks.folding import fold, fold_word
from rostrum.checks.listed import Listed, common_words, given_names, numbers_of, own_nicknames, plain_words
from rostrum.checks.roster import Student
from rostrum.checks.slowly import Finder

try:
    from daachorse import DoubleArrayAhoCorasick as QuickFinder
except ImportError:  # no wheel for this machine: see `slowly`
    QuickFinder = Finder  # type: ignore[misc,assignment]  # it answers the same

Kind = Literal["full", "near", "initial", "shared"]
SHORT: Final = 4  # surnames below this length are looked for only beside a given name
CANDIDATES: Final = 400  # given names of one surname that a misspelling is compared with

_LETTER: Final = bytes(int((chr(b).isalnum() and b < 0x80) or b >= 0x80) for b in range(256))
_L: Final = rb"a-z\x80-\xff"
_LEADING: Final = re.compile(rb"[^" + _L + rb"]*([" + _L + rb"'-]*\.?)$")
_NO_LETTER: Final = bytes(byte for byte in range(256) if not _LETTER[byte])
_SIGNS: Final = b"'-."
_AFTER: Final = re.compile(rb"(,? )([" + _L + rb"][" + _L + rb"'-]*)")
_PAIR: Final = re.compile(rb"([" + _L + rb"][" + _L + rb"'-]+) (?:and|et|&|\+) $")
_MORE: Final = re.compile(rb" ([" + _L + rb"][" + _L + rb"'-]+)")
_TIED: Final = re.compile(rb"[a-z0-9\x80-\xff]{0,24}")
_YEAR: Final = re.compile(rb"\d{1,4}(?![a-z\d\x80-\xff])")
_AND: Final = (b" and ", b" et ", b" & ", b" + ")
_HASH: Final = frozenset(b"#@")
_TIES: Final = frozenset(b"-'")

Known = dict[bytes, tuple[int, ...]]  # the students of one surname by the keys of their given names


class NameHit(NamedTuple):
    """A name in the folded text: where, how sure, and the places of the students in the list who may be meant."""

    start: int
    end: int
    kind: Kind
    students: tuple[int, ...]
    given: tuple[int, int]
    surname: tuple[int, int]
    order: int  # 0 given name first, 1 surname first, 2 surname and comma, 3 a given name before “and”


def _nowhere(_data: bytes) -> list[tuple[int, int, int]]:
    return []


def _token(word: bytes) -> bytes:
    """The key of a word of a folded text."""
    return word if word.isalpha() else word.translate(None, _SIGNS)


def _words_before(data: bytes, end: int) -> list[tuple[bytes, int]]:
    """The last two words before a place, nearest first, each with where it begins; no sign may stand between them."""
    parts = data[end - 51 if end > 51 else 0 : end].rsplit(b" ", 2)
    if len(parts) == 3 and parts[2].isalpha() and parts[1].isalpha() and len(parts[2]) < 25 > len(parts[1]):
        at = end - len(parts[2])
        return [(parts[2], at), (parts[1], at - 1 - len(parts[1]))]
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


def _key(name: str) -> bytes:
    """A given name without signs: what two spellings of it share."""
    return fold(name).data.translate(None, _NO_LETTER)


@cache
def nicknames() -> dict[bytes, frozenset[bytes]]:
    """Which given names stand for which: Liz for Elizabeth and Elizabeth for Liz, from the list of a public package."""
    found: defaultdict[bytes, set[bytes]] = defaultdict(set)
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


def one_edit(one: bytes, two: bytes) -> bool:
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
        by_surname: dict[str, Known] = {}
        pairs: dict[str, tuple[int, ...]] = {}
        self._givens: set[bytes] = set()
        spelled: dict[str, tuple[str, ...]] = {}
        keys: dict[str, bytes] = {}
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
        numbers = numbers_of(one.number for one in self.students if one.number)
        self.listed = Listed(self._givens if self.students else given_names(), numbers)
        self._called: dict[bytes, list[int]] | None = None
        self._by_surname = list(by_surname.values())
        self._pairs = list(pairs.values())
        self._forms = (*by_surname, *pairs)
        patterns = self.forms()
        # Where in a folded text the letters of a surname stand: (start, end, which). Most texts have none.
        self.spots: Callable[[bytes], list[tuple[int, int, int]]]
        self.spots = _nowhere if not patterns else QuickFinder(patterns).find_overlapping
        self._plain, self._common, self._short = plain_words(), common_words(), nicknames()
        self._plain_keys = frozenset(word.encode("latin-1") for word in self._plain)

    def __len__(self) -> int:
        return len(self.students)

    def called(self, word: bytes) -> list[Student]:
        """The students with a given name. The first asking makes the index: most texts never need it."""
        if self._called is None:
            self._called = {}
            keys: dict[str, bytes] = {}
            for place, student in enumerate(self.students):
                for key in self._given_keys(student, keys):
                    self._called.setdefault(key, []).append(place)
        return [self.students[place] for place in self._called.get(_token(word), ())]

    def forms(self) -> list[bytes]:
        """What the automaton looks for, each at the number that a spot tells: surnames, then whole short names."""
        return [form.encode("latin-1") for form in self._forms]

    @staticmethod
    def _given_keys(student: Student, keys: dict[str, bytes]) -> set[bytes]:
        """The given names of one student, as keys: the first, the preferred, the first of several, first and middle."""
        found = set()
        for name in (student.first, student.preferred):
            if not name:
                continue
            key = keys.get(name)
            if key is None:
                key = keys[name] = _key(name)
            found.add(key)
            parts = name.split()
            if len(parts) > 1:
                found.add(_key(parts[0]))
            if student.middle and name is student.first:
                found.add(key + _key(student.middle))
        return {key for key in found if len(key) > 1}

    @staticmethod
    def _add_pairs(pairs: dict[str, tuple[int, ...]], student: Student, surname: str, place: int) -> None:
        """The whole names of a student with a short surname, nicknames too."""
        for name in filter(None, (student.first, student.preferred)):
            folded = " ".join(fold_word(name).split())
            short = (_key(name), *nicknames().get(_key(name), ()))
            for given in {folded, folded.replace("-", " "), *(key.decode("latin-1") for key in short)}:
                if len(given) < 2:
                    continue
                for form in (f"{given} {surname}", f"{surname} {given}", f"{surname}, {given}", f"#{given}{surname}"):
                    held = pairs.get(form)
                    if held is None or place not in held:
                        pairs[form] = (place,) if held is None else (*held, place)

    def find(self, data: bytes, spots: list[tuple[int, int, int]]) -> list[NameHit]:
        """Every reading of every name at the given spots; overlapping ones are settled by whoever asked."""
        hits: list[NameHit] = []
        letter, size, held = _LETTER, len(data), self._by_surname
        count = len(held)
        for start, end, which in spots:
            tied_left = letter[data[start - 1]] if start else 0
            tied_right = letter[data[end]] if end < size else 0
            if which >= count:
                if not tied_right and (not tied_left or data[start] == 0x23):
                    hits.append(self._whole(data, start, end, self._pairs[which - count]))
            elif tied_left:
                if not tied_right or _YEAR.match(data, end):  # a year behind a name: #EmmaLarsson2026
                    self._glued_before(data, start, end, held[which], hits)
            elif tied_right:
                self._glued_behind(data, start, end, held[which], hits)
            elif not (
                (end + 1 < size and data[end] == 0x2D and letter[data[end + 1]])
                or (start > 1 and data[start - 1] in _TIES and letter[data[start - 2]])
            ):
                self._beside(data, start, end, held[which], hits)
        return hits

    @staticmethod
    def _whole(data: bytes, start: int, end: int, students: tuple[int, ...]) -> NameHit:
        comma = b"," in data[start:end]
        return NameHit(start, end, "full", students, (start, end), (start, end), 2 if comma else 0)

    def _meant(self, known: Known, key: bytes) -> tuple[int, ...]:
        """The students of one surname whom a given name means, by itself or as a nickname."""
        exact = known.get(key)
        if exact is not None:
            return exact
        others = self._short.get(key)
        if not others:
            return ()
        return tuple(sorted({place for name in others for place in known.get(name, ())}))

    def _glued_before(self, data: bytes, start: int, end: int, known: Known, hits: list[NameHit]) -> None:
        """#EmmaLarsson: the letters tied to the front of the surname must be a given name."""
        left = start
        tied = data[start - 25 if start > 25 else 0 : start].rpartition(b" ")[2]
        if len(tied) < 25 and tied.isalpha():
            left = start - len(tied)
        else:
            while left > 0 and start - left < 24 and _LETTER[data[left - 1]]:
                left -= 1
            tied = data[left:start]
        students = self._meant(known, tied) if len(tied) > 2 else ()
        if students:
            given = (left, start)
            if left and data[left - 1] in _HASH:
                left -= 1
            hits.append(NameHit(left, end, "full", students, given, (start, end), 0))

    def _glued_behind(self, data: bytes, start: int, end: int, known: Known, hits: list[NameHit]) -> None:
        """LarssonEmma: the letters tied to the end of the surname must be a given name."""
        tied = _TIED.match(data, end)[0].rstrip(b"0123456789")  # type: ignore[index]  # a year may stand behind: #LarssonEmma2026
        students = self._meant(known, tied) if len(tied) > 2 else ()
        if students:
            right = end + len(tied)
            given = (end, right)
            if start and data[start - 1] in _HASH:
                start -= 1
            hits.append(NameHit(start, right, "full", students, given, (start, end), 1))

    def _beside(self, data: bytes, start: int, end: int, known: Known, hits: list[NameHit]) -> None:
        """The words before and after a surname: a given name, a misspelt one, an initial."""
        if start and data[start - 1] == 0x20 and (words := _words_before(data, start - 1)):
            if self._natural(data, words, start, end, known, hits):
                return
            key = _token(words[0][0])
            if key in self._givens or key in self._short:
                return  # somebody else of this surname: what follows is not the given name
        after = _AFTER.match(data, end, end + 40)
        if after:
            students = self._meant(known, _token(after[2]))
            if students:
                order = 2 if after[1] == b", " else 1
                hits.append(NameHit(start, after.end(2), "full", students, after.span(2), (start, end), order))

    def _natural(
        self, data: bytes, words: list[tuple[bytes, int]], start: int, end: int, known: Known, hits: list[NameHit]
    ) -> bool:
        """Whether the words before a surname are a given name of it; adds the hit."""
        last, at = words[0]
        key = _token(last)
        further, further_at = b"", 0
        if len(words) > 1:
            further, further_at = words[1]
            further = _token(further)
            both = self._meant(known, further + key)
            if both:
                hits.append(NameHit(further_at, end, "full", both, (further_at, start - 1), (start, end), 0))
                return True
        if len(key) > 1:
            students = self._meant(known, key)
            if students:
                hits.append(NameHit(at, end, "full", students, (at, start - 1), (start, end), 0))
                if data[at - 5 : at].endswith(_AND):
                    self._shared(data, at, start, end, known, hits)
                return True
        if further and (students := self._meant(known, further)):
            if key in self._plain_keys and len(key) > 1:
                return False  # "Emma and Larsson": the word between is no name
            hits.append(NameHit(further_at, end, "full", students, (further_at, start - 1), (start, end), 0))
            return True
        if len(key) == 1:
            several = {place for given, places in known.items() if given.startswith(key) for place in places}
            if len(several) == 1:  # an initial names somebody only where just one student fits
                hits.append(NameHit(at, end, "initial", tuple(several), (at, start - 1), (start, end), 0))
                return True
        elif len(key) > 4 and key not in self._plain_keys and len(known) <= CANDIDATES:
            first = key[0]
            near = {p for given, places in known.items() if given[0] == first and one_edit(given, key) for p in places}
            if near:
                hits.append(NameHit(at, end, "near", tuple(sorted(near)), (at, start - 1), (start, end), 0))
                return True
        return False

    def _shared(self, data: bytes, at: int, start: int, end: int, known: Known, hits: list[NameHit]) -> None:
        """“Emma and Noah Larsson”: the given name before “and” has the same surname."""
        from_ = max(0, at - 40)
        pair = _PAIR.search(data[from_:at])
        if pair and (shared := self._meant(known, _token(pair[1]))):
            first, last = from_ + pair.start(1), from_ + pair.end(1)
            hits.append(NameHit(first, last, "shared", shared, (first, last), (start, end), 3))

    def believable(self, hit: NameHit, given: str, surname: str) -> bool:
        """Whether the parts are written as a name is: in small letters one of them at least must be no plain word."""
        if not given.islower() and not surname.islower():
            return True
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
