"""Small files that people really send, made in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import xlsxwriter


def workbook(fill: Callable[[Any], None], **options: Any) -> io.BytesIO:
    """An XLSX that `fill` writes into."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    fill(book)
    book.close()
    out.seek(0)
    return out


def sheet_of(rows: Iterable[Sequence[Any]]) -> io.BytesIO:
    """An XLSX with one sheet that holds these rows."""

    def fill(book: Any) -> None:
        sheet = book.add_worksheet("List")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return workbook(fill)


def text(value: str, encoding: str = "utf-8") -> io.BytesIO:
    """A text file in an encoding."""
    return io.BytesIO(value.encode(encoding))


def packed(members: dict[str, str | bytes]) -> io.BytesIO:
    """A zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    out.seek(0)
    return out


def repacked(source: io.BytesIO, change: Callable[[str, bytes], bytes]) -> io.BytesIO:
    """A zip like another one, with its members changed."""
    with zipfile.ZipFile(source) as archive:
        return packed({name: change(name, archive.read(name)) for name in archive.namelist()})
