"""Owns what Rostrum does to text before it is kept, searched or compared: clean, fold, skeleton, tokens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final, Literal

Reason = Literal["control", "bidi", "too_long", "surrogate"]


class UnsafeText(ValueError):
    """The text holds something that cannot be kept: `reason` says what, `position` where in the input."""

    def __init__(self, reason: Reason, position: int) -> None:
        super().__init__(f"{reason} at position {position}")
        self.reason: Reason = reason
        self.position = position


_NEWLINES = re.compile("\r\n|[\r\x85\u2028\u2029]")
_OUTER = " \t\r\n\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a" + (
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_BIDI = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
# Nothing in this class shows on paper, yet each of them makes two equal-looking names differ. Private use
# and noncharacters are here as well, because no two machines show them alike. The Arabic number signs are
# format characters too, but they are visible and therefore absent.
_INVISIBLE = (
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\u3164"
    "\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ue000-\uf8ff\U000e0000-\U000e00ff"
    "\U000f0000-\U0010ffff"
)
_C0 = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"
_SUSPECT_LINE = re.compile(f"[\t\r\n\x85{_C0}{_INVISIBLE}{_BIDI}\u200c\u200d\ud800-\udfff]")
_SUSPECT_LINES = re.compile(
    f"[{_C0}{_INVISIBLE.replace(chr(0x2028), '').replace(chr(0x2029), '')}{_BIDI}\u200c\u200d\ud800-\udfff]"
)
_IS_BIDI = re.compile(f"[{_BIDI}]")
# The flags of England, Scotland and Wales are a black flag followed by invisible tag letters.
_TAG_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{2,6}\U000e007f")


def clean(value: str, *, multiline: bool = False, max_length: int | None = None) -> str:
    """Return the text as it is kept: Unicode NFC, no blanks around it, every line ending a plain newline.

    Refuses with `UnsafeText` what could hide or forge meaning: control characters (a tab and a newline
    are allowed when `multiline`), characters that turn the reading direction, invisible characters,
    private-use characters, lone surrogates, and more than `max_length` characters after cleaning. The
    two joiners U+200C and U+200D pass where writing needs them: between letters of a joining script
    and inside an emoji. Source: UTS #39 section 3.1 and UAX #31 (joiners), narrowed to what people type.
    """
    start = len(value) - len(value.lstrip(_OUTER))
    end = len(value.rstrip(_OUTER))
    # A huge field is refused before anything walks over it; NFC at most shortens a text a few times over.
    if max_length is not None and end - start > 4 * max_length + 64:
        raise UnsafeText("too_long", start + max_length)
    _refuse_unsafe(value, start, end, multiline)
    text = unicodedata.normalize("NFC", _NEWLINES.sub("\n", value[start:end])) if end > start else ""
    if max_length is not None and len(text) > max_length:
        raise UnsafeText("too_long", start + max_length)
    return text


def _refuse_unsafe(value: str, start: int, end: int, multiline: bool) -> None:
    """Raise `UnsafeText` for the first character between `start` and `end` that may not be kept."""
    for found in (_SUSPECT_LINES if multiline else _SUSPECT_LINE).finditer(value, start, end):
        position, char = found.start(), found.group()
        if "\ud800" <= char <= "\udfff":
            raise UnsafeText("surrogate", position)
        if _IS_BIDI.match(char):
            raise UnsafeText("bidi", position)
        if char in "\u200c\u200d" and _joins(value, position):
            continue
        if char >= "\U000e0000" and _in_flag(value, position):
            continue
        raise UnsafeText("control", position)


def _joins(value: str, position: int) -> bool:
    """Tell whether the joiner at `position` stands where a script or an emoji needs one."""
    before = value[position - 1 : position]
    after = value[position + 1 : position + 2]
    if not before or not after:
        return False
    if value[position] == "\u200d" and _pictorial(before) and _pictorial(after):
        return True
    return _joining_script(before) and _joining_script(after)


def _in_flag(value: str, position: int) -> bool:
    """Tell whether the tag letter at `position` belongs to a flag that starts a few characters before."""
    flag = value.rfind("\U0001f3f4", max(0, position - 7), position)
    found = _TAG_FLAG.match(value, flag) if flag >= 0 else None
    return found is not None and position < found.end()


def _pictorial(char: str) -> bool:
    """Emoji, an emoji's presentation mark, or a skin tone."""
    return char == "\ufe0f" or "\U0001f3fb" <= char <= "\U0001f3ff" or unicodedata.category(char) == "So"


def _joining_script(char: str) -> bool:
    """Letters and marks of Arabic and its neighbours, the Indic scripts, Khmer and Mongolian."""
    code = ord(char)
    in_range = 0x0600 <= code <= 0x109F or 0x1780 <= code <= 0x18AF or 0xFB50 <= code <= 0xFEFC
    return in_range and unicodedata.category(char)[0] in "LM"


_LETTERS: Final = str.maketrans(
    {
        "œ": "oe",
        "Œ": "oe",
        "æ": "ae",
        "Æ": "ae",
        "ø": "o",
        "Ø": "o",
        "ł": "l",
        "Ł": "l",
        "đ": "d",
        "Đ": "d",
        "ð": "d",
        "Ð": "d",
        "þ": "th",
        "Þ": "th",
        "ı": "i",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "\xad": None,
        "\u200b": None,
        "\u2060": None,
        "\ufeff": None,
    }
)
_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"\w+")


def fold(value: str) -> str:
    """Return the form in which text is searched: no accents, no case, one space between words.

    "École  Œuvre" and "ecole oeuvre" fold alike. Never shown, never kept in place of the text itself.
    """
    if value.isascii():
        return _BLANKS.sub(" ", value).strip().casefold()
    return _BLANKS.sub(" ", _unaccented(value.translate(_LETTERS))).strip()


def _unaccented(value: str) -> str:
    """Compatibility-decompose, drop combining marks, casefold; twice, as folding can bring marks back."""
    text = value
    for _ in range(2):
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
    return text


def tokens(value: str) -> list[str]:
    """Return the words of the folded text, in order: "L'école no 4" gives l, ecole, no, 4."""
    return _WORD.findall(fold(value))


# Letters that the public confusables table leaves alone although people use them to dodge a filter:
# small capitals here; the boxed, circled and flag alphabets are added by range below.
_SMALL_CAPITALS = zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True)
_BOXED = (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)


@cache
def _lookalikes() -> dict[int, str]:
    """Every single character outside ASCII that looks like one ASCII letter or digit, and that letter.

    Built once from the Unicode confusables as packaged by confusable_homoglyphs. ASCII itself is left
    alone: that "1" looks like "l" is a matter for handles, not for all text.
    """
    from confusable_homoglyphs.confusables import confusables_data

    table: dict[int, str] = {}
    for char, twins in confusables_data.items():
        if len(char) == 1 and ord(char) > 127:
            for twin in twins:
                if len(twin["c"]) == 1 and twin["c"].isascii() and twin["c"].isalnum():
                    table[ord(char)] = twin["c"]
                    break
    table.update(_extra_lookalikes())
    return table


def _extra_lookalikes() -> Iterator[tuple[int, str]]:
    """Small capitals and the boxed, circled and flag alphabets."""
    for char, letter in _SMALL_CAPITALS:
        yield ord(char), letter
    for first in _BOXED:
        for offset in range(26):
            yield first + offset, chr(ord("a") + offset)


def skeleton(value: str) -> str:
    """Return the letters that the text *looks* to be made of, lower-case; equal skeletons look alike.

    After UTS #39 section 4, with ASCII as the target: full-width, mathematical, circled and boxed
    letters, small capitals and the look-alikes of Cyrillic, Greek, Armenian and Cherokee become the
    ASCII letter; accents and everything invisible go. Never shown: it is only ever compared.
    """
    if value.isascii():
        return value.casefold()
    table = _lookalikes()
    visible = "".join(
        char
        for char in unicodedata.normalize("NFD", value)
        if char in "\t\n\r"
        or (unicodedata.category(char) not in {"Cf", "Cc", "Cs", "Co"} and char not in _FILLERS)
    )
    plain = unicodedata.normalize("NFKD", visible.translate(table)).translate(table)
    return _unaccented(plain.translate(_LETTERS)).translate(table).casefold()


_FILLERS: Final = frozenset("\u034f\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
