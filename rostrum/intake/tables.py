"""Reads any list that a person may upload into a header and rows: CSV, TSV, XLSX, XLS, ODS.

`read(name, file)` never raises for what is in the file: what cannot be used is a Fault that names row, column, value
and what to do. A Table streams: rows are read when it is iterated, again from the start each time, and memory does not
grow with a text file. Its `faults` are complete after a whole iteration. Words are in the language that is active.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from rostrum.core.text import fold
from rostrum.intake import delimited, faultwords, limits, progress, workbooks
from rostrum.intake.faults import Fault, Faults, shown

BLANKS = str.maketrans({"\xa0": " ", "\u202f": " ", "\u2007": " ", "\ufeff": None, "\u200b": None, "\r": None})


@dataclass(frozen=True)
class Row:
    """One row that holds something. `number` is the row a spreadsheet shows; there are as many cells as columns."""

    number: int
    cells: tuple[str, ...]


def plain_header(name: str) -> str:
    """A header as it is compared: no accents, no case, only letters, digits and single spaces ("E-mail *": e mail)."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(name)).split())


class Table:
    """A list that was brought in. Iterate it for its rows; look at `faults` afterwards.

    `header` are the columns' names, none twice; `header_row` is where they stand. `encoding` and `separator` are empty
    for a workbook; `sheet` and `sheets` are empty for text. Nothing can be used when `faults.stopping`.
    """

    def __init__(self, name: str, kind: str, known: frozenset[str]) -> None:
        self.name = name
        self.kind = kind
        self.header: tuple[str, ...] = ()
        self.header_row = 0
        self.encoding = ""
        self.separator = ""
        self.sheet = ""
        self.sheets: tuple[str, ...] = ()
        self.faults = Faults()
        self._known = known
        self._opening: list[Fault] = []
        self._unusable: set[int] = set()
        self._records: Callable[[], Iterator[delimited.Record]] = lambda: iter(())
        self._begun: Iterator[delimited.Record] | None = None
        self._last_is_open = False

    def column(self, *names: str) -> int | None:
        """The index of the first column with one of these names, compared without accents, case and signs."""
        wanted = {plain_header(name) for name in names}
        return next((i for i, name in enumerate(self.header) if plain_header(name) in wanted), None)

    def matters(self, index: int) -> bool:
        """Whether the reader of this list understands the column; all do when it did not say."""
        return not self._known or plain_header(self.header[index]) in self._known

    def __iter__(self) -> Iterator[Row]:
        """The rows under the header. Rows that cannot be read are left out and become faults."""
        self.faults = Faults(self._opening)
        if self.faults.stopping or not self.header:
            return
        source, self._begun = self._begun or self._records(), None
        held: tuple[Row | None, bool] = (None, False)
        rows = 0
        try:
            for record in source:
                if record.number <= self.header_row:
                    continue
                rows += 1
                if not rows % progress.EVERY:
                    progress.more()
                if rows > limits.ROWS:
                    self.faults.add(faultwords.too_many_rows(record.number))
                    return
                if held[0]:
                    yield held[0]
                held = self._row(record), len(record.cells) < len(self.header)
        except (delimited.Unreadable, workbooks.Unreadable) as error:
            self.faults.add(faultwords.opened_badly(error.code, row=getattr(error, "row", 0)))
            return
        if held[0] and held[1] and self._last_is_open:
            self.faults.add(faultwords.cut_off(held[0].number))
        elif held[0]:
            yield held[0]

    def _row(self, record: delimited.Record) -> Row | None:
        width = len(self.header)
        cells = [cell.translate(BLANKS).strip() for cell in record.cells]
        usable = record.number not in self._unusable
        for index, extra in enumerate(cells[width:], start=width):
            if extra:
                column = letters_of(index)
                self.faults.add(faultwords.extra_cell(record.number, column, extra, self.separator))
                usable = False
                break
        for index, cell in enumerate(cells[:width]):
            long = len(cell) > limits.CELL_CHARACTERS
            if not long and "\x00" not in cell and "\ufffd" not in cell:
                continue
            if self.matters(index):
                tell = faultwords.too_long if long else faultwords.unreadable_letters
                self.faults.add(tell(record.number, self.header[index], cell))
                usable = False
            else:
                cells[index] = ""
        if not usable:
            return None
        return Row(record.number, tuple(cells[:width] + [""] * (width - len(cells))))

    # -- opening

    def say(self, fault: Fault) -> None:
        """Notes what was found while opening: it is said again by every iteration."""
        self._opening.append(fault)
        self.faults.add(fault)

    def open_text(self, stream: BinaryIO) -> None:
        """Finds out how a text file is written."""
        try:
            encoding = delimited.encoding_of(stream)
            self.separator = delimited.separator_of(stream, encoding)
        except delimited.Unreadable as error:
            self.say(faultwords.opened_badly(error.code))
            return
        self.encoding = encoding.name
        stream.seek(0, 2)
        stream.seek(max(0, stream.tell() - 4))
        self._last_is_open = not stream.read(4).rstrip(b"\x00").endswith((b"\n", b"\r"))
        self._records = lambda: delimited.records(stream, encoding, self.separator)
        if encoding.assumed:
            self.say(faultwords.encoding_assumed(encoding.name))
        if encoding.cut:
            self.say(faultwords.ends_in_a_letter())

    def open_workbook(self, stream: BinaryIO, sheet: str) -> workbooks.Opened | None:
        """Opens one sheet of a workbook."""
        try:
            opened = workbooks.open_workbook(stream, sheet)
        except workbooks.Unreadable as error:
            self.say(faultwords.opened_badly(error.code, value=sheet))
            return None
        self.sheets, self.sheet = tuple(opened.sheets), opened.sheet
        self._begun = _records_of(opened)
        self._records = lambda: _records_of(workbooks.open_workbook(stream, self.sheet))
        if len(self.sheets) > 1:
            self.say(faultwords.one_of_many_sheets(self.sheet, len(self.sheets)))
        return opened

    def find_header(self) -> None:
        """Chooses the header: the row near the top with most known names, else the first with two cells or more."""
        source = self._begun or self._records()
        try:
            head = list(islice(source, limits.HEADER_WITHIN_ROWS))
        except (delimited.Unreadable, workbooks.Unreadable) as error:
            self.say(faultwords.opened_badly(error.code, row=getattr(error, "row", 0)))
            return
        if self._begun:  # reading a workbook again would cost as much as the first time
            self._begun = chain(head, source)
        if not head:
            self.say(faultwords.unusable_kind("empty"))
            return
        best = max(head, key=self._likeness)
        if not self._likeness(best):
            best = next((one for one in head if sum(bool(cell.strip()) for cell in one.cells) > 1), head[0])
        self.header_row = best.number
        self._name_columns(list(best.cells))

    def _likeness(self, record: delimited.Record) -> int:
        return len({plain_header(cell) for cell in record.cells} & self._known)

    def _name_columns(self, cells: list[str]) -> None:
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > limits.COLUMNS:
            self.say(faultwords.too_many_columns(len(cells)))
            return
        names: list[str] = []
        taken: dict[str, int] = {}
        for index, cell in enumerate(cells):
            name = shown(cell.translate(BLANKS)) or _("Column %(letters)s") % {"letters": letters_of(index)}
            key = plain_header(name) or name
            taken[key] = taken.get(key, 0) + 1
            if taken[key] > 1:
                self.say(faultwords.same_header(self.header_row, name))
                name = f"{name} ({taken[key]})"
            names.append(name)
        self.header = tuple(names)

    def tell_cells(self, opened: workbooks.Opened) -> None:
        """Says which cells hold a formula without a result or an error, and which are merged."""
        for row, column, code, value in opened.lost:
            if row > self.header_row and column < len(self.header):
                matters = self.matters(column)
                self.say(faultwords.lost_cell(row, self.header[column], code, value, matters=matters))
                if matters:
                    self._unusable.add(row)
        for top, left, bottom, _right in opened.merged:
            if bottom + 1 > self.header_row and left < len(self.header):
                self.say(faultwords.merged_cells(top + 1, bottom + 1, self.header[left]))


def _records_of(opened: workbooks.Opened) -> Iterator[delimited.Record]:
    return (delimited.Record(number, cells) for number, cells in opened.rows)


def read(name: str, file: Path | BinaryIO, *, sheet: str = "", known: Collection[str] = ()) -> Table:
    """Opens a list. `known` are column names the caller understands.

    They tell the header from a title above it, and what is wrong with a cell of any other column stops no row.
    `sheet` chooses one of a workbook's sheets; else the first visible one that holds something is read. `file` is a
    path, or a seekable binary file that stays open as long as the table is used.
    """
    stream: BinaryIO = file.open("rb") if isinstance(file, Path) else file
    stream.seek(0, 2)
    size = stream.tell()
    kind = workbooks.kind_of(stream)
    table = Table(name, kind, frozenset(plain_header(one) for one in known))
    opened: workbooks.Opened | None = None
    if size > limits.FILE_BYTES:
        table.say(faultwords.too_large(size))
    elif kind == "text":
        table.open_text(stream)
    elif kind == "workbook":
        opened = table.open_workbook(stream, sheet)
    else:
        table.say(faultwords.unusable_kind(kind))
    if not table.faults.stopping:
        table.find_header()
    if opened and table.header:
        table.tell_cells(opened)
    return table


def letters_of(index: int) -> str:
    """The letters a spreadsheet shows over a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
