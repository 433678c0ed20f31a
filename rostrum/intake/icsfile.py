"""Owns reading whole days out of an iCalendar file (RFC 5545): what a school's calendar exports. Anything else is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(T\d{6}Z?)?")
_ESCAPED = re.compile(r"\\([\\;,nN])")
MOST_LINES = 200_000


@dataclass(frozen=True)
class IcsEvent:
    """One entry: its number in the file, what it is called, its first and last day (inclusive), what is wrong with it.

    `code` is empty, or one of: unnamed, day, repeats. One that repeats has the days of its first time.
    """

    number: int
    name: str
    starts_on: date | None
    ends_on: date | None
    code: str = ""


def is_ics(head: bytes) -> bool:
    """Whether a file begins as an iCalendar file does."""
    return b"BEGIN:VCALENDAR" in head[:2048].upper()


def events(text: str) -> Iterator[IcsEvent]:
    """Every VEVENT of a file, in order. Never raises for what is in the file."""
    inside, number = False, 0
    found: dict[str, tuple[str, str]] = {}
    for line in _unfolded(text):
        head, _colon, value = line.partition(":")
        name, _semicolon, parameters = head.partition(";")
        name = name.strip().upper()
        if name == "BEGIN" and value.strip().upper() == "VEVENT":
            inside, found, number = True, {}, number + 1
        elif name == "END" and value.strip().upper() == "VEVENT" and inside:
            inside = False
            yield _event(number, found)
        elif inside:
            found.setdefault(name, (parameters.upper(), value))


def _unfolded(text: str) -> Iterator[str]:
    """Lines as they were before they were folded: a line that begins with a blank goes on from the one before."""
    kept = ""
    for n, line in enumerate(text.splitlines()):
        if n > MOST_LINES:
            break
        if line[:1] in {" ", "\t"}:
            kept += line[1:]
            continue
        if kept:
            yield kept
        kept = line
    if kept:
        yield kept


def _event(number: int, found: dict[str, tuple[str, str]]) -> IcsEvent:
    name = _ESCAPED.sub(lambda match: " " if match[1] in "nN" else match[1], found.get("SUMMARY", ("", ""))[1]).strip()
    start, timed = _day(found.get("DTSTART"))
    end, end_timed = _day(found.get("DTEND"))
    if start is None:
        return IcsEvent(number, name, None, None, "day")
    last = start if end is None else end if end_timed else end - timedelta(days=1)  # a whole day ends before its DTEND
    if timed and found.get("DTEND", ("", ""))[1].rstrip("Z").endswith("T000000") and last > start:
        last -= timedelta(days=1)  # until midnight is not the next day
    code = "" if name else "unnamed"
    if not code and "RRULE" in found:
        code = "repeats"
    return IcsEvent(number, name, start, max(last, start), code)


def _day(given: tuple[str, str] | None) -> tuple[date | None, bool]:
    """The day of a DTSTART or DTEND, and whether it has a time. Times are taken by the day that they are written with."""
    match = _DAY.fullmatch(given[1].strip()) if given else None
    if match is None:
        return None, False
    try:
        return date(int(match[1]), int(match[2]), int(match[3])), bool(match[4])
    except ValueError:
        return None, False
