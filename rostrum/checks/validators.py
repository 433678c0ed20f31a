"""What makes a hit of a pattern believable: check digits, area codes, capitals, neighbours. Pure functions on hits.

A validator gets a `Hit` and answers where it starts and ends and why it counts, or None when it does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from rostrum.checks.division import Division
from rostrum.checks.hosts import imitated
from rostrum.checks.listed import NOBODY, Listed, digits, plain_words, words_of


@dataclass(slots=True)
class Hit:
    """A place in the folded text where a pattern of a rule fits. `near` says that its context was found."""

    data: bytes
    start: int
    end: int
    text: str
    starts: list[int] | None
    ends: list[int] | None
    near: bool
    division: Division
    listed: Listed = NOBODY

    @property
    def original(self) -> str:
        """The hit as it stands in the text."""
        if self.starts is None or self.ends is None:
            return self.text[self.start : self.end]
        return self.text[self.starts[self.start] : self.ends[self.end - 1]]

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

_MAILBOXES: Final = words_of("mailboxes")
CANADA: Final = words_of("area_codes_canada")
STATES: Final = words_of("area_codes_states")


EARLIEST_BIRTH: Final = 1930  # before this year a birth date is history
_DOUBLED: Final = bytes.maketrans(b"0123456789", b"0246813579")


def luhn(number: str) -> bool:
    """Whether the last digit is the check digit of ISO/IEC 7812."""
    data = number.encode("ascii")
    total = sum(data[::-2]) + sum(data[-2::-2].translate(_DOUBLED)) - 0x30 * len(data)
    return bool(data) and total % 10 == 0


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
    found = hit.data[hit.start : hit.end]
    number = found.partition(b"x")[0].partition(b"e")[0].partition(b"p")[0]  # x, ext. or poste and an extension
    ten = digits(number)
    led = len(ten) > 10
    ten = ten[-10:]
    if len(ten) < 10 or ten in hit.division.public_phones:
        return None
    if ten[3] == "1" and not (led or number != found):
        return None
    if number.strip().isdigit() and ten[:3] not in CANADA and not (ten[:3] in STATES and ten[3] > "1"):
        return None
    opened, closed = 0x28 in number, 0x29 in number
    if opened and not closed:
        return None
    start = hit.start - 1 if closed and not opened and hit.before == "(" else hit.start
    return start, hit.end, (f"area code {ten[:3]}",)


def phone_abroad(hit: Hit) -> Verdict:
    """A plus sign, a country and eight to fourteen digits."""
    count = len(digits(hit.data[hit.start : hit.end]))
    return (hit.start, hit.end, ("international form",)) if 9 <= count <= 15 and _alone(hit) else None


def phone_local(hit: Hit) -> Verdict:
    """Seven digits after a word for calling; not the end of a public number, not 310, which is free to call."""
    seven = digits(hit.data[hit.start : hit.end])
    if not _alone(hit, blanks=True) or seven.startswith("310"):
        return None
    if any(number.endswith(seven) for number in hit.division.public_phones):
        return None
    return hit.start, hit.end, ("seven digits after a word for calling",)


def email(hit: Hit) -> Verdict:
    """An address with a domain that is not the division's and no personal mailbox; one of the fediverse has an @ first."""
    domain = hit.folded.partition("@")[2].rstrip(".")
    if domain in _MAILBOXES or hit.before == "@" or hit.division.owns(domain):
        return None
    return hit.start, hit.end - (hit.folded.endswith(".")), (f"domain {domain}",)


def mailbox(hit: Hit) -> Verdict:
    """An address in a personal mailbox."""
    found = hit.folded.rstrip(".")
    domain = found.partition("@")[2]
    if domain not in _MAILBOXES or hit.before == "@" or hit.division.owns(domain):
        return None
    return hit.start, hit.start + len(found), (f"domain {domain}",)


def nine(hit: Hit) -> Verdict:
    """Nine digits that are no part of a longer number."""
    return (hit.start, hit.end, ("its words stand near",) if hit.near else ("its form",)) if _alone(hit) else None


def student_form(hit: Hit) -> Verdict:
    """Nine digits written 4-4-1; two school years are none."""
    if _alone(hit) and not re.match(r"(?:19|20)\d\d-(?:19|20)\d\d", hit.folded):
        return hit.start, hit.end, ("its form",)
    return None


def sin_alone(hit: Hit) -> Verdict:
    """A social insurance number without a word for it: written 3-3-3 with one sign, as issued, and its check digit fits."""
    data, start = hit.data, hit.start
    if hit.end - start != 11 or data[start + 3] != data[start + 7] or data[start] in b"08":
        return None
    if not _alone(hit, blanks=True) or not luhn(digits(hit.data[hit.start : hit.end])):
        return None
    return hit.start, hit.end, ("check digit fits",)


def student_no(hit: Hit) -> Verdict:
    """A number right after a word for it."""
    return (hit.start, hit.end, ("its words stand before",)) if _alone(hit) else None


def listed_number(hit: Hit) -> Verdict:
    """A number that the list has for one of its students; no price."""
    if hit.before == "$" or not _alone(hit) or digits(hit.data[hit.start : hit.end]) not in hit.listed.numbers:
        return None
    return hit.start, hit.end, ("on the list of students",)


_PLAIN: Final = plain_words()


def first_name(hit: Hit) -> Verdict:
    """One given name that stands alone and in capitals: no part of a longer name, nobody with a title, no everyday word."""
    word = hit.data[hit.start : hit.end]
    original = hit.original
    if not original[:1].isupper() or (len(original) > 1 and original.isupper()) or hit.folded in _PLAIN:
        return None
    if word.translate(None, b"'-") not in hit.listed.givens:
        return None
    leading = hit.data[max(0, hit.start - 24) : hit.start]
    if leading.endswith((b"-", b"'", b"#", b"@", b"/")) or (leading.endswith(b" ") and _led_by_name(hit, leading)):
        return None
    return hit.start, hit.end, ("a given name with a grade or class",)


def _led_by_name(hit: Hit, leading: bytes) -> bool:
    """Whether the word before begins with a capital without beginning a sentence: a given name, a title, a school."""
    word = leading[:-1].rpartition(b" ")[2]
    if word.endswith(b".") and len(word) < 5:
        return True  # an initial, a title, St.
    if not word[-1:].isalnum() or word.isdigit():
        return False
    place = hit.start - 1 - len(word)
    if hit.starts is not None:
        place = hit.starts[place]
    began = place == 0 or hit.text[place - 2 : place - 1] in {".", "!", "?", ":"}
    return hit.text[place].isupper() and not (
        began and (word.decode("latin-1") in _PLAIN or len(word) < 4 or word in _OPENERS)
    )


_OPENERS: Final = frozenset(
    b"congratulations congrats bravo thanks merci felicitations while when with avec quand".split()
)
_SECRET_WORDS: Final = words_of("no_secret")


def secret(hit: Hit) -> Verdict:
    """A password or code that is really written out: it holds a digit or a sign, or small and capital letters mixed."""
    value = hit.original.rstrip(".,;:!?)\"'”»")
    if len(value) < 4 or hit.folded.rstrip(".,;:!?)\"'") in _SECRET_WORDS:
        return None
    mixed = value != value.lower() and value[1:] != value[1:].lower() and value != value.upper()
    if not (mixed or any(char.isdigit() or char in "!@#$%^&*_+=" for char in value)):
        return None
    return hit.start, hit.end - (len(hit.original) - len(value)), ("written out",)


def meeting(hit: Hit) -> Verdict:
    """A link into a meeting; a full stop behind it is none of it."""
    return hit.start, hit.start + len(hit.folded.rstrip(".,;:!?'\"")), ("opens the meeting",)


def look_alike(hit: Hit) -> Verdict:
    """A host that is one letter, or one look-alike letter, away from a trusted one. No mail address."""
    if hit.before == "@":
        return None
    host = hit.folded.partition("://")[2] or hit.folded
    original = (hit.original.partition("://")[2] or hit.original).lower()
    known = imitated(host, original, hit.division.domains)
    return (hit.start, hit.end, (f"looks like {known}",)) if known else None


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
    data, start, end = hit.data, hit.start, hit.end
    if not _alone(hit) or (start and data[start - 1] in _NO_CARD_BEHIND):
        return None
    while end > start:
        number = digits(data[start:end])
        if len(number) < 12:
            return None
        if luhn(number) and _issuer(number) and len(set(number)) > 2:
            return start, end, ("first digits and check digit of a card",)
        end = data.rfind(b" ", start, end)
    return None


_NO_CARD_BEHIND: Final = frozenset(b"$#-/=_.")
_NO_PLATE: Final = words_of("no_plate")


def plate(hit: Hit) -> Verdict:
    """Letters and digits as Saskatchewan and Alberta print them; small letters must not be a common word."""
    letters = "".join(char for char in hit.folded if char.isalpha())
    if letters in _NO_PLATE or (hit.original.lower() == hit.original and " " in hit.folded and letters[1:2] in "aeiou"):
        return None
    return (hit.start, hit.end, ("after a word for a plate",)) if _alone(hit) else None


_NUMBER = re.compile(rb"\d+")
_YEAR = re.compile(rb"(?<!\d)(?:19|20)\d\d(?!\d)")
_TIED = re.compile(
    rb"(?:born|birthdays?|dob|naissance|birthdate|date|nee?)['s]*[ :,]{0,3}(?:(?:is|was|on|le|est|the|:) ?){0,3}$"
)
_MONTH = re.compile(rb"[a-z]")
_SHORT_YEAR = re.compile(rb"\d\d$")


def birthdate(hit: Hit) -> Verdict:
    """A date near a word for birth. Without a year the word must lead straight to it; a figure of history is none."""
    data, start, end = hit.data, hit.start, hit.end
    found = data[start:end]
    year = _YEAR.search(found)
    if year is None:
        parts = sorted(map(int, _NUMBER.findall(found)))
        if parts[-1] < 100 and (parts[0] == 0 or sum(part > 31 for part in parts) > 1):
            return None
        if (_SHORT_YEAR.search(found) is None or _MONTH.search(found)) and not _TIED.search(
            data, max(0, start - 30), start
        ):
            return None
    elif int(year[0]) < EARLIEST_BIRTH:
        return None
    if hit.division.names_a_figure(data[max(0, start - 90) : end + 40]):
        return None
    return start, end - found.endswith(b"."), ("after a word for birth",)


_NOT_A_NAME: Final = words_of("no_street_name")
_PLAIN_TYPES: Final = words_of("street_words")
_STREET = re.compile(rb"(\d{1,6})[a-z]?(?:-\d{1,5}[a-z]?)?(?: ?- ?|,? )(.+)$")
_SINCE = re.compile(rb"\b(?:in|since|of|the|our|year|until|by|en|depuis) $")
_NOT_BEFORE: Final = frozenset(b"$/-.:0123456789")


def street(hit: Hit) -> Verdict:
    """A house number and a street: a numbered one, or a name in capitals, or small letters with a plain street word."""
    data, start, end = hit.data, hit.start, hit.end
    found = _STREET.search(data, start, end)
    if found is None or (start and data[start - 1] in _NOT_BEFORE) or hit.division.knows_address(hit.folded):
        return None
    words = found[2].replace(b".", b" ").split()
    if not any(0x30 <= word[0] <= 0x39 for word in words):  # a name and no number
        name = frozenset(word.decode("latin-1") for word in words[:-1])
        if not (name - _NOT_A_NAME) or name & _NOT_A_NAME:
            return None
    if data[end - 1] == 0x2E and len(words[-1]) > 4:
        end -= 1  # the full stop of the sentence, not of a shortened word
    if any(0x30 <= byte <= 0x39 for byte in words[0]):
        return start, end, ("house number and numbered street",)
    if found[1][:2] in {b"19", b"20"} and len(found[1]) == 4 and _SINCE.search(data, max(0, start - 8), start):
        return None
    original = hit.original[-len(found[2]) :]  # with its full stop, as the folded name has it
    if all(word[:1].isupper() or not word[:1].isalpha() for word in original.replace("-", " ").split()):
        return start, end, ("house number and street name",)
    if original == original.lower() and len(words) <= 3 and words[-1].decode("latin-1") in _PLAIN_TYPES:
        return start, end, ("house number and street name",)
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
        return street_fr(replace(hit, end=hit.end - 1))
    tail = hit.original[-len(found[2]) :]
    capital = any(word[:1].isupper() for word in re.split(r"[ '’-]", tail))
    end = hit.end
    if not capital and not (found[1] == "rue" and hit.original == hit.original.lower()):
        return None
    last = re.search(r" ([^ ]+)$", tail)
    if (
        last
        and last[1].islower()
        and last[1] not in {"est", "ouest", "nord", "sud"}
        and len(tail.split()) > 1
        and capital
    ):
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


ON_THE_LIST: Final = ("on the list of words",)


def worded(hit: Hit) -> Verdict:
    """A word of a list that is written with letters, not with digits alone."""
    if hit.data[hit.start : hit.end].isalpha():
        return hit.start, hit.end, ON_THE_LIST
    letters = sum(char.isalpha() for char in hit.folded)
    found = hit.folded.endswith("*") or letters * 2 <= len(hit.folded.replace(" ", "")) - (len(hit.folded) < 5)
    return None if found else (hit.start, hit.end, ON_THE_LIST)


def link(hit: Hit) -> Verdict:
    """A link that is not the division's own; a full stop behind it is none of it."""
    host = re.sub(r"^https?://(?:www\.)?", "", hit.folded).split("/")[0]
    end = hit.start + len(hit.folded.rstrip(".,;:!?'\""))
    return None if hit.division.owns(host) else (hit.start, end, ("its host or its form",))


VALIDATORS: Final[dict[str, Callable[[Hit], Verdict]]] = {
    function.__name__: function
    for function in (
        phone,
        phone_abroad,
        phone_local,
        email,
        mailbox,
        nine,
        student_form,
        sin_alone,
        student_no,
        listed_number,
        first_name,
        secret,
        meeting,
        look_alike,
        card,
        plate,
        birthdate,
        street,
        street_fr,
        address_allowed,
        land,
        postal,
        aimed,
        worded,
        link,
    )
}
# Validators that accept nothing without a digit.
NUMBERS: Final = frozenset(
    {"phone", "phone_abroad", "phone_local", "nine", "student_form", "sin_alone", "student_no", "listed_number", "card",
     "plate", "birthdate", "street", "street_fr", "land", "postal"}
)  # fmt: skip
MAILS: Final = frozenset({"email", "mailbox"})  # and nothing without an @
