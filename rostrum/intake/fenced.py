"""Reads a workbook in a process of its own, so that a hostile one can exhaust only that process.

Run as a program by `workbooks.py`, never imported by it: standard library and python-calamine only. The workbook
is standard input; the one argument is JSON. Written to standard output: one JSON object (what the workbook is, or
`{"error": code}`), then one JSON array per row that holds something: `[row number, cell, cell, …]`, all text.
"""

from __future__ import annotations

import datetime
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

_CELL = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,7})"([^>]*)>(.*?)</c>', re.DOTALL)
_TAGS = re.compile(rb"<f[ >/]")
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet [^>]*>")
_RELATION = re.compile(rb"<Relationship [^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_BROKEN = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, struct.error)
LOST_KEPT = 500


class Refused(Exception):
    """The workbook cannot be read; the code says why."""


def _check_zip(stream: BinaryIO, limits: dict[str, int]) -> None:
    """Unpack every part once without keeping it: sizes are measured, not believed."""
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            if len(members) > limits["members"]:
                raise Refused("bomb")
            declared = sum(member.file_size for member in members)
            if declared > limits["unpacked"]:
                raise Refused("bomb")
            total = 0
            for member in members:
                if member.flag_bits & 1:
                    raise Refused("password")
                size = 0
                with archive.open(member) as part:
                    while chunk := part.read(1 << 18):
                        size += len(chunk)
                        total += len(chunk)
                        packed = max(member.compress_size, 1)
                        if total > limits["unpacked"] or (size > limits["free"] and size / packed > limits["times"]):
                            raise Refused("bomb")
    except Refused:
        raise
    except Exception as error:  # a broken zip breaks in many ways: each means the same to the sender
        raise Refused("damaged") from error


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return dict(_ATTRIBUTE.findall(tag))


def _part_of(archive: zipfile.ZipFile, sheet: int) -> str:
    """The path of the n-th sheet inside an XLSX, or nothing when it cannot be told."""
    book = archive.read("xl/workbook.xml")
    tags = _SHEET.findall(book)
    if sheet >= len(tags):
        return ""
    wanted = next((value for key, value in _attributes(tags[sheet]).items() if key.endswith(b":id")), b"")
    for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        found = _attributes(tag)
        if found.get(b"Id") == wanted:
            target = found.get(b"Target", b"").decode("utf-8", "replace")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.decode():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _lost(stream: BinaryIO, sheet: int) -> list[list[Any]]:
    """Cells whose value is not in the file: `[row, column index, "formula" or "error", what stands there]`."""
    found: list[list[Any]] = []
    try:
        with zipfile.ZipFile(stream) as archive:
            path = _part_of(archive, sheet)
            if not path:
                return []
            with archive.open(path) as part:
                rest = b""
                while chunk := part.read(1 << 18):
                    text = rest + chunk
                    end = text.rfind(b"</c>")
                    text, rest = (text[: end + 4], text[end + 4 :]) if end >= 0 else (b"", text[-(1 << 20) :])
                    if b'"e"' not in text and not _TAGS.search(text):
                        continue
                    found += _lost_in(text)
                    if len(found) >= LOST_KEPT:
                        return found[:LOST_KEPT]
    except (*_BROKEN, KeyError):  # a second look, for better words only: the first one decides
        return found
    return found


def _lost_in(text: bytes) -> Iterator[list[Any]]:
    for letters, row, attributes, inside in _CELL.findall(text):
        value = _VALUE.search(inside)
        if b't="e"' in attributes:
            yield [int(row), _column(letters), "error", (value[1] if value else b"").decode("utf-8", "replace")[:40]]
        elif not (value and value[1]) and _TAGS.search(inside) and b't="str"' not in attributes:
            yield [int(row), _column(letters), "formula", ""]


def _text(value: Any) -> str:
    """A cell as text: dates in ISO form, whole numbers without a point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


class _Merged:
    """Gives every cell of a merged area the value that stands in its first cell."""

    def __init__(self, areas: list[tuple[tuple[int, int], tuple[int, int]]], limits: dict[str, int]) -> None:
        self.starts: dict[int, list[tuple[int, int, int]]] = {}
        for (top, left), (bottom, right) in areas[:10_000]:
            if bottom - top < limits["rows"] and right < limits["columns"]:
                self.starts.setdefault(top, []).append((left, bottom, right))
        self.active: list[tuple[int, int, int, Any]] = []

    def fill(self, row: int, cells: list[Any]) -> None:
        for left, bottom, right in self.starts.get(row, ()):
            self.active.append((left, bottom, right, cells[left] if left < len(cells) else ""))
        if self.active:
            self.active = [area for area in self.active if area[1] >= row]
            for left, _bottom, right, value in self.active:
                if value != "":
                    cells.extend([""] * (right + 1 - len(cells)))
                    cells[left : right + 1] = [value] * (right + 1 - left)


def _fence(limits: dict[str, int]) -> None:
    try:
        import resource
    except ImportError:  # not on Windows: the sizes above still hold there
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _chosen(book: Any, wanted: str) -> tuple[int, Any, list[str]]:
    """The sheet asked for, or the first visible one that holds something, and the names of all that do."""
    visible = [
        (number, sheet.name)
        for number, sheet in enumerate(book.sheets_metadata)
        if str(sheet.typ).endswith(".WorkSheet") and str(sheet.visible).endswith(".Visible")
    ]
    # Other sheets are only named: loading each would cost as much as the one that is read.
    names = [name for _number, name in visible]
    if wanted:
        for number, name in visible:
            if name == wanted:
                return number, book.get_sheet_by_index(number), names
        raise Refused("sheet")
    for number, _name in visible:
        sheet = book.get_sheet_by_index(number)
        if sheet.end is not None:
            return number, sheet, names
    raise Refused("empty")


def main(argument: str) -> None:
    """Read the workbook on standard input and write what it holds."""
    asked = json.loads(argument)
    limits: dict[str, int] = asked["limits"]
    _fence(limits)
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="\n")

    def say(value: Any) -> None:
        out.write(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")

    try:
        stream = sys.stdin.buffer
        stream.seek(0)
        packed = stream.read(2) == b"PK"
        if packed:
            stream.seek(0)
            _check_zip(stream, limits)
        import python_calamine

        stream.seek(0)
        try:
            book = python_calamine.CalamineWorkbook.from_object(stream)
            number, sheet, names = _chosen(book, asked["sheet"])
        except python_calamine.PasswordError:
            raise Refused("password") from None
        areas = sheet.merged_cell_ranges or []
        start = sheet.start or (0, 0)
        lost = []
        if packed:
            stream.seek(0)
            lost = _lost(stream, number)
        say(
            {
                "sheets": names,
                "sheet": sheet.name,
                "lost": lost,
                "merged": [[a[0], a[1], b[0], b[1]] for a, b in areas[:LOST_KEPT]],
            }
        )
        merged, left = _Merged(areas, limits), [""] * min(start[1], limits["columns"] + 1)
        for row, cells in enumerate(sheet.iter_rows()):
            if left:
                cells = left + cells
            merged.fill(row, cells)
            texts = [_text(cell) for cell in cells]
            while texts and not texts[-1].strip():
                texts.pop()
            if texts:
                say([row + 1, *texts])
        say({"end": True})
    except Refused as refused:
        say({"error": str(refused)})
    except MemoryError:
        say({"error": "memory"})
    except BrokenPipeError:
        return
    except BaseException:  # a panic of the reader is a BaseException; whatever it is, the file did it
        say({"error": "damaged"})
        out.flush()
        raise
    out.flush()


if __name__ == "__main__":
    main(sys.argv[1])
