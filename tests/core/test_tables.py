"""Tables to take away: what a spreadsheet reads back, and that nothing in them is ever a formula."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from rostrum.core.tables import csv_lines, safe_cell, xlsx_file

ROWS = [["=1+1", 3, date(2026, 9, 1), None], ["École “Côte”", 0, None, "https://x.com/a"]]


def test_csv_reads_back_as_it_was_written() -> None:
    text = "".join(csv_lines(["Name", "Many", "Day", "Link"], ROWS))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows == [
        ["Name", "Many", "Day", "Link"], ["'=1+1", "3", "2026-09-01", ""], ["École “Côte”", "0", "", "https://x.com/a"],
    ]  # fmt: skip


def test_xlsx_keeps_days_numbers_and_text_and_holds_no_formula() -> None:
    with xlsx_file("People: [all]", ["Name", "Many", "Day", "Link"], ROWS) as file:
        book = CalamineWorkbook.from_filelike(file)
        assert book.sheet_names == ["People all"]
        head, first, second = book.get_sheet_by_index(0).to_python()
    assert head == ["Name", "Many", "Day", "Link"]
    assert first == ["=1+1", 3.0, date(2026, 9, 1), ""]
    assert second == ["École “Côte”", 0.0, "", "https://x.com/a"]


def test_an_empty_table_opens_too() -> None:
    with xlsx_file("", ["Name"], []) as file:
        assert CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python() == [["Name"]]


@pytest.mark.parametrize("text", ["=a", " =a", "\u00a0+1", "-1", "@a", "\tx", "＝a"])
def test_what_could_start_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
