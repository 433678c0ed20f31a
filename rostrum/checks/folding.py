"""Folding a text to one byte for each character, so that a place in the folded text is a place in the original.

Letters lose case, accents and disguise (full-width, mathematical, Cyrillic and Greek look-alikes), quotes and dashes
become the plain ones, digits of every script become 0 to 9. A letter without a plain twin becomes a byte of 0x80 and
above: still a letter, never equal to a Latin one. What is not seen (zero-width marks, soft hyphens, combining accents)
is taken out, and so are the second and later blanks in a row; then `places` says where each byte stood.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final, NamedTuple

GONE: Final = 0  # a byte that is taken out again
SYMBOL: Final = 0x7F  # an emoji or sign: no letter, no digit, no blank
FOREIGN: Final = 0x80  # the first of the bytes that stand for letters without a plain twin

# Look-alikes that compatibility folding does not know. Only letters that are drawn alike.
_TWINS: Final = dict(
    zip(
        "авекмнорстухіјѕԁԛԝһӏғьзАВЕКМНОРСТУХІЈЅԀԚԜҺӀαβεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧıłøđħŧʼŁØĐĦŦɑɡꞌ",
        "abekmhopctyxijsdqwhlfb3abekmhopctyxijsdqwhlabeiknoptuxabezhikmnoptyxilodht'lodhtag'",
        strict=True,
    )
)
_MORE: Final = {
    "æ": "a", "Æ": "a", "œ": "o", "Œ": "o", "ß": "s", "ẞ": "s", "þ": "t", "Þ": "t", "ð": "d", "Ð": "d", "ﬁ": "f", "ﬂ": "f",
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "´": "'", "ʹ": "'", "ʻ": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "⁃": "-", "﹘": "-",
    "…": ".", "․": ".", "•": "*", "·": "*", "‧": "*", "№": "#", "⁄": "/", "∕": "/",
}  # fmt: skip


def _fold_one(char: str) -> int:
    """The byte that stands for one character."""
    twin = _TWINS.get(char) or _MORE.get(char)
    if twin:
        return ord(twin)
    kind = unicodedata.category(char)
    if char == "\u1680":  # the Ogham space is drawn as a line
        return SYMBOL
    if kind in {"Mn", "Me", "Cf"} or char in "\u115f\u1160\u3164\uffa0\u034f":
        return GONE
    if char in "\n\r\x85\u2028\u2029\x0b\x0c":
        return 0x0A
    if kind in {"Zs", "Cc"}:
        return 0x20
    if kind == "Nd":
        return 0x30 + int(unicodedata.digit(char))
    flat = unicodedata.normalize("NFKD", char)
    first = flat[0]
    if first != char and (len(flat) == 1 or all(unicodedata.combining(mark) for mark in flat[1:])):
        return _fold_one(first)
    if "\x20" < char < "\x7f":
        return ord(char.lower())
    if kind[0] == "L" or kind == "Mc":
        return FOREIGN + ord(char.lower()[0]) * 31 % (256 - FOREIGN)
    return SYMBOL


# A run beyond Latin-1 passes through the codec as bytes that the table below leaves alone or turns into what is meant:
# the soft hyphen stands for what is taken out, and control bytes that no text uses for letters without a plain twin.
_OUT: Final = 0xAD
_CARRIERS: Final = bytes(code for code in range(0x80, 0xA0) if code not in {0x85, *range(0x91, 0x98)})
_TABLE: Final = bytes(
    code if code in _CARRIERS else SYMBOL if code == SYMBOL else 0x27 if code in {0x91, 0x92} else
    0x22 if code in {0x93, 0x94} else 0x2D if code in {0x96, 0x97} else _fold_one(chr(code))
    for code in range(256)
)  # fmt: skip
_KNOWN: dict[int, int] = {}
_KNOWN_AT_MOST: Final = 20_000  # a text of every character there is must not fill the memory


def _carrier(char: str) -> int:
    """The byte under which a character beyond Latin-1 passes through the table."""
    byte = _fold_one(char)
    if byte == GONE:
        return _OUT
    return byte if byte < FOREIGN else _CARRIERS[byte % len(_CARRIERS)]


def _replace(error: UnicodeError) -> tuple[bytes, int]:
    """The codec's helper: bytes for a run of characters that Latin-1 does not have."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    out = bytearray()
    for char in error.object[error.start : error.end]:
        byte = _KNOWN.get(ord(char))
        if byte is None:
            if len(_KNOWN) >= _KNOWN_AT_MOST:
                _KNOWN.clear()
            byte = _KNOWN[ord(char)] = _carrier(char)
        out.append(byte)
    return bytes(out), error.end


codecs.register_error("rostrum-fold", _replace)


class Folded(NamedTuple):
    """A folded text. `starts` and `ends` say where each byte stood; None where nothing was taken out."""

    data: bytes
    starts: list[int] | None = None
    ends: list[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original the bytes from `start` to `end` stand; an accent belongs to its letter."""
        if self.starts is None or self.ends is None or end <= start:
            return start, end
        return self.starts[start], self.ends[end - 1]


UNTIDY: Final = r"\x00|  "  # the pattern of a quickly folded text that must be folded again with its places


def fold_fast(text: str) -> bytes:
    """The folded text, which is right unless `UNTIDY` fits it: then `fold` takes something out and keeps the places."""
    return text.encode("latin-1", "rostrum-fold").translate(_TABLE)


_BLANKS = re.compile(rb" [ \0]* ")


def fold(text: str) -> Folded:
    """Folds any text, broken surrogates included. Never fails, and takes time in proportion to the text."""
    data = fold_fast(text)
    if GONE not in data and b"  " not in data:
        return Folded(data)
    marked = bytearray(data)
    for blanks in _BLANKS.finditer(data):
        marked[blanks.start() + 1 : blanks.end()] = bytes(blanks.end() - blanks.start() - 1)
    starts: list[int] = []
    ends: list[int] = []
    for place, byte in enumerate(marked):
        if byte:
            starts.append(place)
            ends.append(place + 1)
        elif ends and ends[-1] == place and unicodedata.category(text[place]) in {"Mn", "Me"}:
            ends[-1] = place + 1
    return Folded(bytes(marked).replace(b"\0", b""), starts, ends)


def fold_word(text: str) -> str:
    """The folded text of a name or a pattern, as characters of one byte each."""
    return fold(text).data.decode("latin-1")
