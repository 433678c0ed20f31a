"""Owns how a name is taken apart for the check of AP 193 1.3: visible letters, words, what they name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rostrum.core.text import fold, skeleton, tokens

# Words that say what sort of thing it is, never which one. An edition adds its own generic words to these.
_SORTS = frozenset(
    [
        *(
            "school",
            "schools",
            "grade",
            "grades",
            "gr",
            "class",
            "classes",
            "classroom",
            "room",
            "rm",
            "homeroom",
        ),
        *("kindergarten", "kinder", "kg", "pre", "prek", "elementary", "middle", "junior", "senior", "high"),
        *("secondary", "primary", "comprehensive", "composite", "outreach", "club", "clubs", "team", "teams"),
        *("program", "programs", "programme", "department", "departments", "dept", "association", "council"),
        *("committee", "group", "library", "office", "student", "students", "teacher", "teachers", "parent"),
        *(
            "parents",
            "staff",
            "mr",
            "mrs",
            "ms",
            "mx",
            "mme",
            "m",
            "dr",
            "ecole",
            "ecoles",
            "classe",
            "annee",
        ),
        *(
            "salle",
            "equipe",
            "programme",
            "service",
            "bibliotheque",
            "maternelle",
            "conseil",
            "comite",
            "eleves",
        ),
    ]
)
_LITTLE = frozenset(
    [
        *(
            "the",
            "a",
            "an",
            "of",
            "at",
            "in",
            "on",
            "for",
            "and",
            "our",
            "my",
            "your",
            "we",
            "us",
            "is",
            "are",
        ),
        *(
            "by",
            "to",
            "from",
            "with",
            "it",
            "its",
            "this",
            "all",
            "le",
            "la",
            "les",
            "un",
            "une",
            "de",
            "du",
            "des",
        ),
        *("et", "en", "au", "aux", "pour", "notre", "nos", "votre", "l", "d", "s", "n"),
    ]
)
_ENDINGS = frozenset(
    ["ca", "com", "org", "net", "edu", "ab", "sk", "www", "http", "https", "st", "nd", "rd", "th"]
)
_ALWAYS = frozenset(
    [
        *(
            "official",
            "officially",
            "real",
            "news",
            "updates",
            "update",
            "info",
            "information",
            "page",
            "account",
        ),
        *("online", "live", "hq", "media", "social", "today", "verified", "division", "public", "education"),
        *(
            "officiel",
            "officielle",
            "nouvelles",
            "compte",
            "infos",
            "tv",
            "blog",
            "photos",
            "videos",
            "channel",
        ),
    ]
)
_SHORT_PIECES = _ENDINGS | {"gr", "hq", "tv", "my", "la", "le"}
_CAMEL = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_LETTERS = {
    "l": "[l1i|!]",
    "i": "[i1l|!]",
    "s": "[s5$]",
    "o": "[o0]",
    "e": "[e3]",
    "a": "[a4@]",
    "t": "[t7]",
    "b": "[b8]",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A name as it looks: `text` in plain lower-case letters, `places` from each of them back to the name."""

    name: str
    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the name that shows as text[start:end]."""
        return self.places[start], self.places[end - 1] + 1

    def original(self, start: int, end: int) -> str:
        """Return the characters of the name that show as text[start:end]."""
        first, last = self.span(start, end)
        return self.name[first:last]


def see(name: str) -> Seen:
    """Return the name as it looks, character by character."""
    text: list[str] = []
    places: list[int] = []
    for place, char in enumerate(name):
        for shown in skeleton(char):
            text.append(shown)
            places.append(place)
    return Seen(name, "".join(text), tuple(places))


def initials_at(seen: Seen, initials: str) -> Iterator[tuple[int, int]]:
    """Yield where the initials stand, in any spelling: LPSD, L.P.S.D., L P S D, 1PSD, LPSDnews, theLPSD.

    Inside a longer word they count at its start, or after a capital boundary or a generic word; so
    "helpsdesk" holds no LPSD.
    """
    patterns = _written(initials)
    if patterns is None:
        return
    together, apart = patterns
    found: list[tuple[int, int]] = []
    for match in together.finditer(seen.text):
        start, end = match.span()
        word_start = start
        while word_start > 0 and seen.text[word_start - 1].isalpha():
            word_start -= 1
        before = seen.original(word_start, start) if word_start < start else ""
        boundary = before[-1:].islower() and seen.original(start, end).isupper()
        if not before or boundary or made_of(seen.text[word_start:start], frozenset()):
            found.append((start, end))
    found += [m.span() for m in apart.finditer(seen.text) if not any(s <= m.start() < e for s, e in found)]
    yield from sorted(found)


@lru_cache(maxsize=64)
def _written(initials: str) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    """Initials written together, and letter by letter; nothing for a single letter."""
    letters = [char for char in skeleton(initials) if char.isalnum()]
    if len(letters) < 2:
        return None
    classes = [_LETTERS.get(char, re.escape(char)) for char in letters]
    apart = r"(?<![^\W_])" + r"[\W_]{0,3}".join(classes) + r"(?![^\W\d_])"
    return re.compile("".join(classes)), re.compile(apart)


def phrase_at(seen: Seen, phrase: str) -> Iterator[tuple[int, int]]:
    """Yield where a name of several words stands, however its words are joined."""
    pattern = _joined(phrase)
    if pattern is not None:
        for match in pattern.finditer(seen.text):
            yield match.span()


@lru_cache(maxsize=256)
def _joined(phrase: str) -> re.Pattern[str] | None:
    """The words of a phrase with whatever joins them; nothing for a phrase without words."""
    parts = tokens(skeleton(phrase))
    pattern = r"[\W_]*".join(re.escape(part) for part in parts)
    return re.compile(rf"(?<![^\W_]){pattern}" if len(parts) == 1 else pattern) if parts else None


def words_of(text: str) -> list[str]:
    """Return the folded words of a text, joined-up words taken apart at capitals and digits."""
    return [word for part in tokens(_CAMEL.sub(" ", text)) for word in part.split("_") if word]


def made_of(word: str, generic: frozenset[str]) -> bool:
    """Tell whether a word is nothing but generic words and digits, written together or alone."""
    known = _known(generic)
    if word in known or word.isdigit() or len(word) == 1:
        return True
    # reach[i]: the first i characters are made of known words.
    reach = [True] + [False] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 14), end):
            if reach[start] and (word[start:end] in known or word[start:end].isdigit()):
                # Most words of one or two letters prove nothing inside a longer one.
                piece = word[start:end]
                if len(piece) > 2 or piece.isdigit() or piece in _SHORT_PIECES:
                    reach[end] = True
                    break
    return reach[len(word)]


@lru_cache(maxsize=64)
def _known(generic: frozenset[str]) -> frozenset[str]:
    """An edition's generic words with those that are generic everywhere."""
    return generic | _SORTS | _LITTLE | _ENDINGS | _ALWAYS


def distinctive(words: Iterable[str], generic: frozenset[str]) -> list[str]:
    """Return the words that tell one thing from another: no generic word, no sort of thing, no number."""
    return [word for word in words if not made_of(word, generic)]


def acronym(name: str) -> str:
    """Return the first letters of a name's words: "Lakeside Composite High School" gives lchs."""
    return "".join(word[0] for word in tokens(name) if word not in _LITTLE and not word.isdigit())


def names_unit(words: list[str], unit_words: list[str], unit_acronym: str) -> bool:
    """Tell whether the words of a name point at a unit: by a word of its own, or by its initials."""
    joined = "".join(words)
    if any(word in words or (len(word) >= 4 and word in joined) for word in unit_words if len(word) >= 3):
        return True
    if unit_words and all(word in joined for word in unit_words):
        return True
    return len(unit_acronym) >= 3 and any(word == unit_acronym for word in words)


def mixes_alphabets(name: str) -> tuple[int, int] | None:
    """Return the first word that mixes Latin letters with look-alikes of another script, or hides a mark."""
    for match in re.finditer(r"[^\s._\-]+", name):
        word = match.group()
        latin = any(char.isalpha() and "LATIN" in unicodedata.name(char, "") for char in word)
        twin = any(
            ord(char) > 127
            and char.isalpha()
            and "LATIN" not in unicodedata.name(char, "")
            and skeleton(char).isascii()
            and skeleton(char).isalnum()
            for char in word
        )
        hidden = any(unicodedata.category(char) == "Cf" and not "\u0600" <= char <= "\u08ff" for char in word)
        emoji = any(unicodedata.category(char) == "So" for char in word)
        if (latin and twin) or (hidden and not emoji and latin):
            return match.span()
    return None


@lru_cache(maxsize=64)
def generic_words(words: tuple[str, ...]) -> frozenset[str]:
    """Return an edition's generic words in the form in which names are compared."""
    return frozenset(word for entry in words for word in tokens(fold(entry)))
