"""What makes a hit of a pattern believable: check digits, area codes, capitals, neighbours. Pure functions on hits.

A validator gets a `Hit` and answers where it starts and ends and why it counts, or None when it does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from rostrum.checks.division import Division
from rostrum.checks.listed import words_of


@dataclass(slots=True)
class Hit:
    """A place in the folded text where a pattern of a rule fits. `near` says that its context was found."""

    data: bytes
    start: int
    end: int
    original: str
    near: bool
    division: Division

    @property
    def folded(self) -> str:
        """The folded text of the hit."""
        return self.data[self.start : self.end].decode("latin-1")

    @property
    def before(self) -> str:
        """The byte before the hit; a blank at the beginning of the text."""
        return self.data[self.start - 1 : self.start].decode("latin-1") or " "

    def after(self, length: int = 1) -> str:
        """The bytes after the hit."""
        return self.data[self.end : self.end + length].decode("latin-1")


Verdict = tuple[int, int, tuple[str, ...]] | None

CANADA: Final = words_of("area_codes_canada")
STATES: Final = words_of("area_codes_states")


_EXTENSION: Final = re.compile("[xep]")


def digits(text: str) -> str:
    """Only the digits of a text."""
    return text if text.isdigit() else "".join(filter(str.isdigit, text))


def luhn(number: str) -> bool:
    """Whether the last digit is the check digit of ISO/IEC 7812."""
    total = 0
    for place, char in enumerate(reversed(number)):
        value = int(char) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return bool(number) and total % 10 == 0


_ALNUM: Final = bytes(int(chr(b).isalnum() or b >= 0x80) for b in range(256))


def _alone(hit: Hit, blanks: bool = False) -> bool:
    """Whether the digits are no part of a longer number: no digit follows or leads, with or without a sign between."""
    data, start, end = hit.data, hit.start, hit.end
    signs = b"-./ " if blanks else b"-./"
    before = data[start - 1] if start else 0x20
    behind = data[end] if end < len(data) else 0x20
    if _ALNUM[before] or _ALNUM[behind]:
        return False
    leads = start > 1 and before in signs and 0x30 <= data[start - 2] <= 0x39
    return not leads and not (end + 1 < len(data) and behind in signs and 0x30 <= data[end + 1] <= 0x39)


def phone(hit: Hit) -> Verdict:
    """Ten digits of the North American plan, alone, not public; bare digits need a real area code."""
    if not _alone(hit) or hit.before in "$#,/=_&":
        return None
    found = hit.folded
    number = _EXTENSION.split(found)[0]
    ten = digits(number)
    led = len(ten) > 10
    ten = ten[-10:]
    if len(ten) < 10 or ten in hit.division.public_phones:
        return None
    if ten[3] == "1" and not (led or number != found):
        return None
    if number.strip().isdigit() and ten[:3] not in CANADA and not (ten[:3] in STATES and ten[3] > "1"):
        return None
    if "(" in number and ")" not in number:
        return None
    start = hit.start - 1 if hit.before == "(" and ")" in number and "(" not in number else hit.start
    return start, hit.end, (f"area code {ten[:3]}",)


def phone_abroad(hit: Hit) -> Verdict:
    """A plus sign, a country and eight to fourteen digits."""
    count = len(digits(hit.folded))
    return (hit.start, hit.end, ("international form",)) if 9 <= count <= 15 and _alone(hit) else None


def phone_local(hit: Hit) -> Verdict:
    """Seven digits after a word for calling; not the end of a public number, not 310, which is free to call."""
    seven = digits(hit.folded)
    if not _alone(hit, blanks=True) or seven.startswith("310"):
        return None
    if any(number.endswith(seven) for number in hit.division.public_phones):
        return None
    return hit.start, hit.end, ("seven digits after a word for calling",)


def email(hit: Hit) -> Verdict:
    """An address with a domain that is not the division's; an address of the fediverse has an @ in front."""
    domain = hit.folded.partition("@")[2].rstrip(".")
    if hit.before == "@" or hit.division.owns(domain):
        return None
    return hit.start, hit.end - (hit.folded.endswith(".")), (f"domain {domain}",)


def nine(hit: Hit) -> Verdict:
    """Nine digits that are no part of a longer number."""
    return (hit.start, hit.end, ("its words stand near",) if hit.near else ("its form",)) if _alone(hit) else None


def student_form(hit: Hit) -> Verdict:
    """Nine digits written 4-4-1; two school years are none."""
    if _alone(hit) and not re.match(r"(?:19|20)\d\d-(?:19|20)\d\d", hit.folded):
        return hit.start, hit.end, ("its form",)
    return None


def sin_alone(hit: Hit) -> Verdict:
    """A social insurance number without a word for it: its check digit must fit."""
    if not _alone(hit, blanks=True) or not luhn(digits(hit.folded)):
        return None
    return hit.start, hit.end, ("check digit fits",)


def student_no(hit: Hit) -> Verdict:
    """A number right after a word for it."""
    return (hit.start, hit.end, ("its words stand before",)) if _alone(hit) else None


def _issuer(number: str) -> bool:
    """Whether first digits and length are those of a card (ISO/IEC 7812, as the networks publish their ranges)."""
    size, two, four = len(number), int(number[:2]), int(number[:4])
    if number[0] == "4":
        return size in {13, 16, 19}
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return size == 16
    if two in {34, 37}:
        return size == 15
    if four == 6011 or two == 65 or 644 <= int(number[:3]) <= 649 or 3528 <= four <= 3589:
        return 16 <= size <= 19
    if 300 <= int(number[:3]) <= 305 or two in {36, 38, 39}:
        return 14 <= size <= 19
    if four in {1800, 2131}:
        return size == 15
    return (two in {50, 56, 57, 58, 62, 63, 67, 68, 69, 60} or four == 604) and 12 <= size <= 19


def card(hit: Hit) -> Verdict:
    """First digits of an issuer, a length it uses and a check digit; parts of a longer number at a blank count too."""
    if not _alone(hit) or hit.before in "$#-/=_.":
        return None
    found = hit.folded
    ends = [hit.end, *(hit.start + at.start() for at in re.finditer(" ", found))]
    for end in sorted(ends, reverse=True):
        number = digits(hit.data[hit.start : end].decode("latin-1"))
        if len(number) >= 12 and _issuer(number) and luhn(number) and len(set(number)) > 2:
            return hit.start, end, ("first digits and check digit of a card",)
    return None


_NO_PLATE: Final = words_of("no_plate")


def plate(hit: Hit) -> Verdict:
    """Letters and digits as Saskatchewan and Alberta print them; small letters must not be a common word."""
    letters = "".join(char for char in hit.folded if char.isalpha())
    if letters in _NO_PLATE or (hit.original.lower() == hit.original and " " in hit.folded and letters[1:2] in "aeiou"):
        return None
    return (hit.start, hit.end, ("after a word for a plate",)) if _alone(hit) else None


_YEAR = re.compile(r"(?:^|\D)((?:19|20)\d\d)(?:\D|$)")
_TIED = re.compile(
    r"(?:born|birthdays?|dob|naissance|birthdate|date|nee?)['s]*[ :,]{0,3}(?:(?:is|was|on|le|est|the|:) ?){0,3}$"
)


def birthdate(hit: Hit) -> Verdict:
    """A date near a word for birth. Without a year the word must lead straight to it; a figure of history is none."""
    parts = [int(part) for part in re.findall(r"\d+", hit.folded)]
    if max(parts) < 100 and (min(parts) == 0 or sorted(parts)[-1] > 99 or sum(part > 31 for part in parts) > 1):
        return None
    window = hit.data[max(0, hit.start - 90) : hit.end + 40].decode("latin-1")
    if hit.division.names_a_figure(window):
        return None
    year = _YEAR.search(hit.folded)
    if year and int(year[1]) < 1930:
        return None
    lead = hit.data[max(0, hit.start - 30) : hit.start].decode("latin-1")
    if not year and not re.search(r"\d\d$", hit.folded[-3:]) and not _TIED.search(lead):
        return None
    if not year and re.search(r"[a-z]", hit.folded) and not _TIED.search(lead):
        return None
    return hit.start, hit.end - hit.folded.endswith("."), ("after a word for birth",)


_NOT_A_NAME: Final = words_of("no_street_name")
_PLAIN_TYPES: Final = words_of("street_words")
_STREET = re.compile(r"(\d{1,6})[a-z]?(?:-\d{1,5}[a-z]?)?(?: ?- ?|,? )(.+)$")


def street(hit: Hit) -> Verdict:
    """A house number and a street: a numbered one, or a name in capitals, or small letters with a plain street word."""
    found = _STREET.search(hit.folded)
    if not found or hit.division.knows_address(hit.folded) or hit.before in "$/-.:" or hit.before.isdigit():
        return None
    words = found[2].replace(".", " ").split()
    name = [word for word in words if not word[0].isdigit()]
    if len(name) == len(words) and (not (set(words[:-1]) - _NOT_A_NAME) or set(words[:-1]) & _NOT_A_NAME):
        return None
    start = hit.start
    original = hit.original[-len(found[2]) :]
    if any(char.isdigit() for char in words[0]):
        return start, hit.end, ("house number and numbered street",)
    if re.fullmatch("(?:19|20)\\d\\d", found[1]) and re.search(
        rb"\b(?:in|since|of|the|our|year|until|by|en|depuis) $", hit.data[max(0, start - 8) : start]
    ):
        return None
    heads = [word[:1] for word in original.replace("-", " ").split()]
    if all(head.isupper() or not head.isalpha() for head in heads):
        return start, hit.end, ("house number and street name",)
    if original == original.lower() and len(words) <= 3 and words[-1] in _PLAIN_TYPES:
        return start, hit.end, ("house number and street name",)
    return None


def street_fr(hit: Hit) -> Verdict:
    """A house number, a French street word and a name; of `place`, `rang` and the like only with a name in capitals."""
    found = re.match(r"\d{1,5}[a-z]?,? (?:\d{1,3}e )?(rue|[a-z]+\.?)(?: (.+))?$", hit.folded)
    if not found or hit.division.knows_address(hit.folded) or hit.before in "$/-.:":
        return None
    numbered = re.match(r"\d{1,5}[a-z]?,? \d{1,3}e ", hit.folded) is not None
    if not found[2]:
        return (hit.start, hit.end, ("house number and numbered street",)) if numbered else None
    if hit.folded.endswith((".", "'", "-")):
        return street_fr(replace(hit, end=hit.end - 1, original=hit.original[:-1]))
    tail = hit.original[-len(found[2]) :]
    capital = any(word[:1].isupper() for word in re.split(r"[ '’-]", tail))
    end = hit.end
    if not capital and not (found[1] == "rue" and hit.original == hit.original.lower()):
        return None
    last = re.search(r" ([^ ]+)$", tail)
    if last and last[1].islower() and last[1] not in {"est", "ouest", "nord", "sud"} and len(tail.split()) > 1 and capital:
        end -= len(last[0])  # "rue Principale demain": the last word is no part of the name
    return hit.start, end, ("house number and street name",)


def address_allowed(hit: Hit) -> Verdict:
    """Any address that is not the division's own."""
    return None if hit.division.knows_address(hit.folded) else (hit.start, hit.end, ("its form",))


def land(hit: Hit) -> Verdict:
    """Section 1 to 36, township to 127, range to 34, meridian 1 to 6 (Dominion Land Survey)."""
    numbers = [int(part) for part in re.findall(r"\d+", hit.folded.replace("1/4", ""))]
    if len(numbers) < 4:
        return None
    section, township, range_, meridian = numbers[-4:]
    fits = 1 <= section <= 36 and 1 <= township <= 127 and 1 <= range_ <= 34 and 1 <= meridian <= 6
    return (hit.start, hit.end, ("section, township, range and meridian fit",)) if fits else None


def postal(hit: Hit) -> Verdict:
    """A Canadian postal code that is not a school's; without its blank it must belong to the prairies or stand in capitals."""
    code = hit.folded.replace(" ", "").replace("-", "")
    if code == "h0h0h0" or hit.division.knows_postal(code) or hit.before in "/=_" or hit.after() in set("/=_"):
        return None
    if len(hit.folded) == 6 and code[0] not in "st" and hit.original != hit.original.upper():
        return None
    return hit.start, hit.end, ("its form",)


def aimed(hit: Hit) -> Verdict:
    """Words that somebody says; words in quotation marks are spoken about."""
    if hit.before in "\"'" and hit.after() in {'"', "'"}:
        return None
    return hit.start, hit.end, ("aimed at a person",)


def worded(hit: Hit) -> Verdict:
    """A word of a list that is written with letters, not with digits alone."""
    letters = sum(char.isalpha() for char in hit.folded)
    found = hit.folded.endswith("*") or letters * 2 <= len(hit.folded.replace(" ", "")) - (len(hit.folded) < 5)
    return None if found else (hit.start, hit.end, ("on the list of words",))


def link(hit: Hit) -> Verdict:
    """A link that is not the division's own; a full stop behind it is none of it."""
    host = re.sub(r"^https?://(?:www\.)?", "", hit.folded).split("/")[0]
    end = hit.start + len(hit.folded.rstrip(".,;:!?'\""))
    return None if hit.division.owns(host) else (hit.start, end, ("its host or its form",))


VALIDATORS: Final[dict[str, Callable[[Hit], Verdict]]] = {
    function.__name__: function
    for function in (
        phone, phone_abroad, phone_local, email, nine, student_form, sin_alone, student_no, card, plate, birthdate,
        street, street_fr, address_allowed, land, postal, aimed, worded, link,
    )
}
