"""Owns the judgement that one handle can be mistaken for another, and the keys that find such pairs.

How it works: every official handle stores its `search_keys`; two handles that share any key are a
candidate pair, found through an index at any number of accounts; `explain` then judges the pair.

About false alarms. A warning that is wrong too often is not read, so the judge leans towards silence:
handles under five letters are compared letter by letter only, because one letter makes another word; a
pair that differs in its numbers only (gr3 and gr4, u13 and u15) is two classes or teams, not an imitation;
so is a pair that differs in a short word set apart or in the letter of a section (team_a and team_b, jr and
sr, am and pm). Measured on invented handles of 13 schools with 63 accounts each, 335,000 pairs: besides
pairs that spell the same letters, 30 were reported, 26 of them like "rendellpark" and "rendellparknews".
Among 10,000 invented school names 135 of 50 million pairs are reported, all one letter apart (make bench).
What stays wrong are two honest names one letter apart ("stmary", "stmark"): it warns and a person decides;
nothing here ever blocks. What it misses on purpose: names that only mean the same, translations, and names
two letters away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rostrum.core.text import skeleton

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

Kind = Literal["same_letters", "swapped_characters", "one_letter_off", "added_word"]

_SHORT = 5
_LONGEST = 253  # no platform knows a longer handle; what follows is not compared
_SEPARATORS = re.compile(r"[\s._\-·'’&+]+")
_HOSTED = (".bsky.social", ".wordpress.com", ".blogspot.com", ".tumblr.com", ".medium.com")
_NUMBER = re.compile(r"\d+")
_DOUBLED = re.compile(r"([^\W\dA-Z_])\1+")
_TAIL_NUMBER = re.compile(r"[\s._\-]*\d+\Z")
_DECOYS = (
    "official officiel officielle officially original genuine verified real thereal true the ca "
    "canada school "
    "schools ecole page account hq online info news help helpdesk support admin live tv new backup "
    "my our ab sk "
    "alberta edu org com net inc"
)


# The same school "in another town": taken off the end of a name only. Towns that are people's names as well (Victoria,
# Hamilton, Stettler) stay, or half of the honest names would seem to have one.
_TOWNS = (
    "calgary edmonton reddeer lethbridge medicinehat fortmcmurray grandeprairie airdrie stalbert sprucegrove leduc "
    "okotoks cochrane camrose wetaskiwin lacombe canmore brooks strathmore beaumont vermilion wainwright coldlake "
    "bonnyville stpaul vegreville lloydminster lloyd saskatoon regina moosejaw princealbert yorkton swiftcurrent "
    "northbattleford battleford estevan weyburn meadowlake warman martensville humboldt kindersley toronto ottawa "
    "montreal winnipeg vancouver halifax"
)


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Why a handle can be mistaken for an official one: the kind, and the sentence for a person."""

    kind: Kind
    message: Words


def _bare(handle: str) -> str:
    """The name itself: lower-case, without "@", without the server or the service it lives on."""
    name = handle[:_LONGEST].strip().casefold().removeprefix("@")
    name = name.partition("@")[0] or name
    for ending in _HOSTED:
        name = name.removesuffix(ending)
    return name


def identity_key(handle: str) -> str:
    """Return the handle as a hurried eye reads it; handles with equal keys look alike.

    Look-alike letters become one (UTS #39 skeleton, then l/1/I, o/0, rn/m, vv/w), separators go, and a
    doubled letter counts once. A number that ends a word keeps its digits apart: grade1 is not grade11.
    """
    return _key(_bare(handle))


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return _squeezed(_marked(name))


def _marked(name: str) -> str:
    """One letter for each look-alike; a 1 or 0 that belongs to a number becomes a capital, to stay apart."""
    text = _SEPARATORS.sub("", skeleton(name)).replace("rn", "m").replace("vv", "w")
    out: list[str] = []
    for at, char in enumerate(text):
        letter = {"1": "l", "i": "l", "|": "l", "0": "o"}.get(char, char)
        # "11" at the end of a word is eleven; "sch00l" is a word.
        out.append(letter.upper() if char in "10" and not _inside_word(text, at) else letter)
    return "".join(out)


def _squeezed(marked: str) -> str:
    """The key: a doubled letter counts once, a doubled digit stays."""
    return _DOUBLED.sub(r"\1", marked).lower()


def _inside_word(text: str, at: int) -> bool:
    """Tell whether the digits around position `at` stand between letters."""
    after = text[at:].lstrip("0123456789")
    before = text[:at].rstrip("0123456789")
    return bool(before and before[-1].isalpha() and after and after[0].isalpha())


_DECOY_LETTERS = tuple(sorted({_marked(word) for word in _DECOYS.split()}, key=len, reverse=True))

_TOWN_LETTERS = tuple(sorted({_marked(word) for word in _TOWNS.split()}, key=len, reverse=True))


@lru_cache(maxsize=4096)
def _core(name: str) -> str:
    """The key without the words that imitators put before or after a name; at least three letters stay.

    Taken off before doubled letters are squeezed, or "real" would swallow the first letter of "lpsd".
    """
    marked = _marked(name)
    town = next((word for word in _TOWN_LETTERS if marked.lower().endswith(word)), "")
    if len(marked) - len(town) >= _SHORT:
        marked = marked[: len(marked) - len(town)]
    changed = True
    while changed:
        changed = False
        plain = marked.lower()
        for word in _DECOY_LETTERS:
            if len(marked) - len(word) < 3:
                continue
            if plain.endswith(word):
                marked, changed = marked[: -len(word)], True
                break
            if plain.startswith(word):
                marked, changed = marked[len(word) :], True
                break
    return _squeezed(marked)


def search_keys(handle: str) -> frozenset[str]:
    """Return the keys to keep in an index; any pair that `explain` would report shares at least one.

    They are the identity key, the key without decoy words, the key without a number at its end, and, from
    five letters on, every way to drop one letter of the identity key: two names one insertion, deletion,
    substitution or swap apart meet there, and so do many that are two apart.
    """
    name = _bare(handle)
    key = _key(name)
    if not key:
        return frozenset()
    keys = {key, _core(name)}
    base = _TAIL_NUMBER.sub("", name)
    if len(_key(base)) >= 3:
        keys |= {_key(base), _core(base)}
    if len(key) >= _SHORT:
        keys.update(key[:i] + key[i + 1 :] for i in range(len(key)))
    return frozenset(keys)


def explain(candidate: str, official: str) -> LookAlike | None:
    """Judge whether `candidate` can be mistaken for `official`, and say how; None when it cannot.

    It does not know platforms: leave the official account itself out before asking. Equal handles are
    "same_letters", for instance the same name on another platform.
    """
    mine, theirs = _bare(candidate), _bare(official)
    key, official_key = _key(mine), _key(theirs)
    if not key or not official_key:
        return None
    if _SEPARATORS.sub("", mine) == _SEPARATORS.sub("", theirs):
        return _found("same_letters", official)
    if _only_numbers_differ(mine, theirs):
        return None
    if key == official_key:
        return _found("swapped_characters", official)
    if _adds_word(mine, theirs):
        return _found("added_word", official)
    if (
        min(len(key), len(official_key)) >= _SHORT
        and _one_off(key, official_key)
        and not _other_part(mine, theirs)
    ):
        return _found("one_letter_off", official)
    return None


def _only_numbers_differ(mine: str, theirs: str) -> bool:
    """gr3 and gr4: the same once numbers are left out, and both have one."""
    ours, others = _NUMBER.findall(mine), _NUMBER.findall(theirs)
    if not ours or not others or ours == others:
        return False
    return _key(_NUMBER.sub("#", mine)) == _key(_NUMBER.sub("#", theirs))


def _adds_word(mine: str, theirs: str) -> bool:
    """The same once decoy words, or a number at the end where the official name has none, are left out."""
    core, official_core = _core(mine), _core(theirs)
    if core == official_core and len(core) >= 3:
        return True
    if _NUMBER.search(theirs) or len(official_core) < 4:
        return False
    base = _TAIL_NUMBER.sub("", mine)
    return _key(base) == _key(theirs) or _core(base) == official_core


def _one_off(a: str, b: str) -> bool:
    """One insertion, deletion or substitution apart, or two neighbours that changed places."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    start = 0
    while start < len(a) and a[start] == b[start]:
        start += 1
    if len(a) < len(b):
        return a[start:] == b[start + 1 :]
    return a[start + 1 :] == b[start + 1 :] or (
        a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]
    )


def _other_part(mine: str, theirs: str) -> bool:
    """Tell whether two names one letter apart are two parts of one school, as a timetable would name them.

    team_a and team_b, park and park_ka: the names differ by one short word set apart. classka and classkb,
    jrgirls and srgirls, kinderam and kinderpm: they differ by the letter of a section, an age or a half-day.
    """
    ours = [part for part in _SEPARATORS.split(mine) if part]
    others = [part for part in _SEPARATORS.split(theirs) if part]
    if len(ours) == len(others) and len(ours) > 1:
        different = [pair for pair in zip(ours, others, strict=True) if pair[0] != pair[1]]
        if len(different) == 1 and max(map(len, different[0])) <= 2:
            return True
    longer, shorter = (ours, others) if len(ours) > len(others) else (others, ours)
    if longer[:-1] == shorter and len(longer[-1]) <= 2:
        return True
    return _sections("".join(ours), "".join(others))


def _sections(a: str, b: str) -> bool:
    """Tell whether the one letter that differs is that of a section (a to d, last), of jr/sr or of am/pm."""
    if len(a) != len(b):
        return False
    at = [i for i, pair in enumerate(zip(a, b, strict=True)) if pair[0] != pair[1]]
    if len(at) != 1:
        return False
    pair, after = {a[at[0]], b[at[0]]}, a[at[0] + 1 :]
    if not after:
        return pair <= set("abcd")
    return (pair == {"j", "s"} and after.startswith("r")) or (pair == {"a", "p"} and after == "m")


_MESSAGES: dict[Kind, Words] = {
    "same_letters": _("This has the same letters as the official account {official}."),
    "swapped_characters": _(
        "This looks like the official account {official}, but some characters were swapped for "
        "others that look alike."
    ),
    "one_letter_off": _("This is one letter away from the official account {official}."),
    "added_word": _(
        "This is the name of the official account {official} with a word or a number added or left out."
    ),
}


def _found(kind: Kind, official: str) -> LookAlike:
    """The judgement in words."""
    return LookAlike(kind, format_lazy(_MESSAGES[kind], official=official.strip()))
