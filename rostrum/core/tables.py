"""Tables to take away: CSV as RFC 4180 says and XLSX, streamed, and no cell that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import IO

import xlsxwriter

BOM = "\ufeff"
# What could start a formula (OWASP, CSV injection), also in the wide forms that some spreadsheets read alike.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
SHEET_NAME = 31  # the most letters that a sheet's name may have
WIDEST = 60

Cell = str | int | date | None


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before whatever could start one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA) else text


class _Echo:
    """A file that gives back each line written to it, so that it can be sent on at once."""

    def write(self, line: str) -> str:
        return line


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a CSV in UTF-8 with a byte order mark, every cell quoted. Reads the rows as it goes."""
    out = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BOM
    yield out.writerow([safe_cell(head) for head in heads])
    for cells in rows:
        yield out.writerow([cell.isoformat() if isinstance(cell, date) else safe_cell(cell) for cell in cells])


def xlsx_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """An XLSX workbook of one sheet in a file of its own that is gone when it is closed; memory does not grow with it.

    Text is written as text, never as a formula or a link; days are days, numbers are numbers. The first row stays in
    sight and filters.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("".join(one for one in name if one not in "[]:*?/\\'")[:SHEET_NAME] or "Rostrum")
        head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for column, text in enumerate(heads):
            sheet.set_column(column, column, min(max(len(text) + 4, 16), WIDEST))
            sheet.write_string(0, column, text, head)
        last = 0
        for last, cells in enumerate(rows, start=1):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(last, column, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(last, column, cell)
                elif cell:
                    sheet.write_string(last, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), len(heads) - 1)
    file.seek(0)
    return file
