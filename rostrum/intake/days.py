"""Owns reading a day out of a cell: written in words or figures, in English or French, or as a bare number."""

from __future__ import annotations

import re
from datetime import date, timedelta

from rostrum.core.text import fold

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janv janvier", "feb february fev fevr fevrier", "mar march mars", "apr april avr avril",
            "may mai", "jun june juin", "jul july juil juillet", "aug august aout",
            "sep sept september septembre", "oct october octobre", "nov november novembre",
            "dec december decembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_FIGURES = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_WORDS = re.compile(r"(?:[a-z]+,? )??(\d{1,2})(?:er|st|nd|rd|th)?[ -]([a-z]+)\.?,?[ -](\d{4})")
_WORDS_FIRST = re.compile(r"(?:[a-z]+,? )??([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_EARLIEST, _LATEST = date(1930, 1, 1), date(2150, 12, 31)


class Unreadable(ValueError):
    """The text is no day; `ambiguous` when it could be two (03/04/2026)."""

    def __init__(self, ambiguous: bool = False) -> None:
        super().__init__("ambiguous" if ambiguous else "unreadable")
        self.ambiguous = ambiguous


def as_day(text: str) -> date:
    """The day that a cell means. Raises Unreadable; never guesses between day-first and month-first.

    Understood: 2026-09-01 (also with a time), 20260901, 1 Sept 2026, September 1, 2026, 1er septembre 2026,
    13/09/2026 (only one reading), and the number that a spreadsheet keeps for a day (46266).
    """
    folded = fold(text).replace("’", "'")
    found = _read(folded)
    if found is None or not _EARLIEST <= found <= _LATEST:
        raise Unreadable
    return found


def _read(text: str) -> date | None:
    if match := (_ISO.fullmatch(text.upper()) or _COMPACT.fullmatch(text)):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if _SERIAL.fullmatch(text):
        return date(1899, 12, 30) + timedelta(days=int(float(text)))
    if match := _FIGURES.fullmatch(text):
        one, two, year = int(match[1]), int(match[2]), int(match[3])
        if one <= 12 and two <= 12 and one != two:
            raise Unreadable(ambiguous=True)
        return _day(year, two, one) if one > 12 or one == two else _day(year, one, two)
    if match := _WORDS.fullmatch(text):
        return _day(int(match[3]), _MONTHS.get(match[2], 0), int(match[1]))
    if match := _WORDS_FIRST.fullmatch(text):
        return _day(int(match[3]), _MONTHS.get(match[1], 0), int(match[2]))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
