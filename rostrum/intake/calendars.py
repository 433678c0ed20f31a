"""Owns reading a school calendar out of a file (CSV, XLSX, iCalendar): rows to check, each bad one with its reason.

Nothing is kept: the page shows the rows, a person corrects and ticks them, and schoolyear.actions takes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from django.utils.translation import gettext as _

from rostrum.core.errors import Invalid
from rostrum.core.text import UnsafeText, clean, fold
from rostrum.intake import icsfile, limits, tables
from rostrum.intake.days import Unreadable, as_day
from rostrum.intake.faults import shown
from rostrum.schoolyear.actions import NAME_LIMIT
from rostrum.schoolyear.holidays import holidays
from rostrum.schoolyear.models import DayKind

MOST_ROWS = 65  # of one school year; what a page can show for checking
COLUMNS = {
    "kind": ("kind", "what", "type", "category", "genre", "sorte", "catégorie"),
    "name": ("name", "event", "title", "description", "summary", "subject", "nom", "événement", "titre"),
    "starts_on": (
        "from",
        "start",
        "starts",
        "start date",
        "date",
        "day",
        "first day",
        "du",
        "début",
        "date de début",
        "jour",
    ),
    "ends_on": ("to", "until", "end", "ends", "end date", "last day", "au", "fin", "date de fin"),
}
# The first that fits tells the kind; "exam" before "break", since "no school: exam marking" is rare.
WORDS = (
    (DayKind.EXAMS, r"\b(exam\w*|finals?|diploma exams?|epreuves?|examens?)\b"),
    (DayKind.STAFF_DAY, r"\b(pd|staff|professional|organi[sz]ation(al)? days?|no (school|classes)|teachers?.? convention|"
                        r"day in lieu|pedagogique|perfectionnement|aucun cours|pas de classe|conge pour les eleves)\b"),
    (DayKind.BREAK, r"\b(breaks?|vacation|recess|relache|vacances|conge)\b"),
    (DayKind.TERM, r"\b(term|semester|trimester|quarter|trimestre|semestre|etape)\b"),
    (DayKind.HOLIDAY, r"\b(holidays?|stat|statutory|ferie|christmas|easter|family day|noel|paques)\b"),
)  # fmt: skip
FIRST_DAY = re.compile(
    r"\b(first day (of|for) (school|classes|students)|school (year )?(starts|begins)|premier jour)\b"
)
LAST_DAY = re.compile(r"\b(last day (of|for) (school|classes|students)|school (year )?ends|dernier jour)\b")


@dataclass(frozen=True)
class CalendarRow:
    """One row that can be used: what it seems to be (empty: nobody can tell), its name and days, what to look at."""

    number: int
    kind: str
    name: str
    starts_on: date
    ends_on: date
    note: str = ""


@dataclass
class CalendarFile:
    """What a file holds: rows that can be used, rows that cannot and why, and the school year that it tells of."""

    rows: list[CalendarRow] = field(default_factory=list)
    faults: list[tuple[int, str, str]] = field(default_factory=list)  # row, value, why and what to do
    first_day: date | None = None
    last_day: date | None = None


def read_calendar(name: str, file: BinaryIO) -> CalendarFile:
    """Reads a calendar. Raises Invalid for the field `file` when nothing of it can be used."""
    file.seek(0)
    head = file.read(2048)
    found = CalendarFile()
    source = _from_ics(file, found) if icsfile.is_ics(head) else _from_table(name, file, found)
    for number, kind, called, start, end, note in source:
        _take(found, number, kind, called, start, end, note)
    found.faults.sort()
    if not found.rows and not found.faults:
        raise _unusable(
            _("There is nothing in this file. A calendar has a row, or an event, for each holiday or break.")
        )
    if len(found.rows) > MOST_ROWS:
        raise _unusable(
            _("The file has %(count)d rows; one school year has at most %(most)d. Export one year, without the events "
              "of single schools.") % {"count": len(found.rows), "most": MOST_ROWS}
        )  # fmt: skip
    return found


def _unusable(message: str) -> Invalid:
    return Invalid(message, fields={"file": [message]})


def _take(found: CalendarFile, number: int, kind: str, called: str, start: date, end: date, note: str) -> None:
    try:
        name = " ".join(clean(called.replace("\n", " "), max_length=NAME_LIMIT).split())
    except UnsafeText:
        found.faults.append((number, shown(called), _("The name cannot be kept. Use at most 80 plain letters.")))
        return
    plain = fold(name)
    if FIRST_DAY.search(plain):
        found.first_day = start
        return
    if LAST_DAY.search(plain):
        found.last_day = end
        return
    found.rows.append(CalendarRow(number, kind or guess(name, start, end), name, start, end, note))


def guess(name: str, start: date, end: date) -> str:
    """What days are, by their name, else by being a statutory holiday; empty where neither tells."""
    plain = fold(name)
    if start == end and any(one.on == start and fold(str(one.name)) in plain for one in holidays(start, start)):
        return DayKind.HOLIDAY.value
    for kind, words in WORDS:
        if re.search(words, plain):
            return kind.value
    return DayKind.HOLIDAY.value if start == end and holidays(start, start) else ""


def _kind_said(cell: str) -> str | None:
    """The kind that a cell names, by its label or by a word; empty for an empty cell, None for one nobody can read."""
    plain = fold(cell)
    if not plain:
        return ""
    for kind in DayKind:
        if plain in {kind.value, fold(str(kind.label)), kind.value.replace("_", " ")}:
            return kind.value
    for kind, words in WORDS:
        if re.search(words, plain):
            return kind.value
    return None


Read = tuple[int, str, str, date, date, str]


def _from_ics(file: BinaryIO, found: CalendarFile) -> Iterator[Read]:
    file.seek(0)
    data = file.read(limits.FILE_BYTES + 1)
    if len(data) > limits.FILE_BYTES:
        raise _unusable(_("This file is larger than any calendar. Export one school year."))
    for one in icsfile.events(data.decode("utf-8", "replace").replace("\x00", "")):
        if one.starts_on is None or one.ends_on is None:
            found.faults.append((one.number, shown(one.name), _("This event has no day that can be read.")))
        elif one.code == "unnamed":
            found.faults.append((one.number, one.starts_on.isoformat(), _("This event has no name.")))
        else:
            note = _("It repeats. Only its first time is here; add the others by hand.") if one.code else ""
            yield one.number, "", one.name, one.starts_on, one.ends_on, note


def _from_table(name: str, file: BinaryIO, found: CalendarFile) -> Iterator[Read]:
    known = [word for words in COLUMNS.values() for word in words]
    table = tables.read(name, file, known=known)
    _refuse(table)
    at = {key: table.column(*words) for key, words in COLUMNS.items()}
    for key, label in (("name", _("Name")), ("starts_on", _("From"))):
        if at[key] is None:
            raise _unusable(
                _("The file needs a column called “%(column)s”. Take the template to start from.") % {"column": label}
            )
    for row in table:
        cells = {key: row.cells[index].strip() if index is not None else "" for key, index in at.items()}
        if not any(cells.values()):
            continue
        days = [_day(found, row.number, cells[key]) if cells[key] else None for key in ("starts_on", "ends_on")]
        if (cells["starts_on"] and days[0] is None) or (cells["ends_on"] and days[1] is None):
            continue
        kind = _kind_said(cells["kind"])
        start, end = days[0], days[1] or days[0]
        if start is None or end is None:
            found.faults.append((row.number, shown(cells["name"]), _("This row has no first day. Fill it in.")))
        elif not cells["name"]:
            found.faults.append((row.number, start.isoformat(), _("This row has no name. Fill it in.")))
        elif end < start:
            found.faults.append((row.number, shown(cells["name"]), _("The last day lies before the first.")))
        else:
            note = (
                _("“%(kind)s” is no kind of days. Choose one.") % {"kind": shown(cells["kind"])} if kind is None else ""
            )
            yield row.number, kind or "", cells["name"], start, end, note
    for fault in table.faults:
        if fault.weight == "row":
            found.faults.append((fault.row, fault.value, f"{fault.message} {fault.remedy}".strip()))
    _refuse(table)


def _refuse(table: tables.Table) -> None:
    if table.faults.stopping:
        fault = next(one for one in table.faults if one.weight == "file")
        raise _unusable(f"{fault.message} {fault.remedy}".strip())


def _day(found: CalendarFile, number: int, cell: str) -> date | None:
    try:
        return as_day(cell)
    except Unreadable as error:
        words = (
            _("“%(value)s” could be two different days. Write 2026-09-01.")
            if error.ambiguous
            else _("“%(value)s” is no day that can be read. Write 2026-09-01.")
        )
        found.faults.append((number, shown(cell), words % {"value": shown(cell)}))
        return None


def template() -> str:
    """A table with examples, in the reader's language, to fill in with any spreadsheet."""
    rows = [
        (_("Kind"), _("Name"), _("From"), _("To")),
        (DayKind.TERM.label, _("First term"), "2026-09-01", "2027-01-29"),
        (DayKind.HOLIDAY.label, _("Thanksgiving Day"), "2026-10-12", ""),
        (DayKind.BREAK.label, _("Winter break"), "2026-12-19", "2027-01-03"),
        (DayKind.EXAMS.label, _("January exams"), "2027-01-20", "2027-01-28"),
        (DayKind.STAFF_DAY.label, _("Staff day"), "2027-01-29", ""),
    ]
    return "\ufeff" + "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)
