"""Owns reading XLSX, XLSM, XLSB, XLS and ODS: what a file really is, and its rows out of the fence."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

from rostrum.intake import limits

_END_OF_ZIP = b"PK\x05\x06"  # opens the table of contents' end, the last thing in a whole zip
READER = Path(__file__).with_name("fenced.py")
Kind = Literal["text", "workbook", "zip", "pdf", "html", "xml", "packed", "picture", "empty", "document", "cut"]


class Unreadable(Exception):
    """The workbook cannot be read. `code`: damaged, password, bomb, memory, sheet or empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Opened:
    """What a workbook says of itself, and its rows."""

    sheets: list[str]
    sheet: str
    merged: list[tuple[int, int, int, int]]
    lost: list[tuple[int, int, str, str]]
    rows: Iterator[tuple[int, list[str]]] = field(repr=False)


def kind_of(stream: BinaryIO) -> Kind:
    """What a file is by its first bytes; its name is not asked."""
    stream.seek(0)
    head = stream.read(4096)
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        return "empty"
    if head.startswith(b"PK"):
        return _kind_of_zip(head, stream)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "workbook"
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")):
        return "packed"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        return "picture"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body")):
        return "html"
    if start.startswith(b"<?xml"):
        return "xml"
    return "text"


def _kind_of_zip(head: bytes, stream: BinaryIO) -> Kind:
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(max(0, size - 66_000))
    names = head + stream.read(66_000)
    if b"xl/workbook." in names or b"opendocument.spreadsheet" in names or b"xl/worksheets" in names:
        return "workbook"
    if b"[Content_Types].xml" in names[:4096] and b"word/" not in names and b"ppt/" not in names:
        return "workbook"  # cut off behind its first part: the reader will say so
    if b"mimetype" in names and b"content.xml" in names:
        return "document" if b"opendocument.text" in names or b"opendocument.presentation" in names else "workbook"
    if b"word/" in names or b"ppt/" in names:
        return "document"
    return "zip" if _END_OF_ZIP in names else "cut"


def _on_disk(stream: BinaryIO) -> BinaryIO:
    """The stream itself when the system can hand it to another process, else a nameless copy."""
    with contextlib.suppress(OSError, AttributeError, ValueError):
        stream.fileno()
        stream.flush()
        return stream
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the reading
    stream.seek(0)
    while chunk := stream.read(1 << 20):
        copy.write(chunk)
    copy.seek(0)
    return copy


def open_workbook(stream: BinaryIO, sheet: str = "") -> Opened:
    """Opens one sheet: the one named, else the first visible one that holds something.

    The file is read in a process of its own with bounded memory and time. Raises Unreadable when it cannot be read,
    here or while the rows are taken.
    """
    asked = {
        "sheet": sheet,
        "limits": {
            "unpacked": limits.UNPACKED_BYTES,
            "times": limits.PACKED_TIMES,
            "free": limits.PACKED_FREE_BYTES,
            "members": limits.ZIP_MEMBERS,
            "rows": limits.ROWS,
            "columns": limits.COLUMNS,
            "memory": limits.FENCE_MEMORY_BYTES,
            "seconds": limits.FENCE_SECONDS,
        },
    }
    source = _on_disk(stream)
    source.seek(0)
    process = subprocess.Popen(  # noqa: S603 - our own file, our own interpreter; nothing of the upload is in the line
        [sys.executable, "-I", str(READER), json.dumps(asked)],
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    rows = _said(process)
    head = next(rows, None)
    if not isinstance(head, dict) or "error" in head:
        _end(process)
        raise Unreadable(str(head["error"]) if isinstance(head, dict) else "memory")
    return Opened(
        sheets=head["sheets"],
        sheet=head["sheet"],
        merged=[(a, b, c, d) for a, b, c, d in head["merged"]],
        lost=[(row, column, code, value) for row, column, code, value in head["lost"]],
        rows=_rows(process, rows),
    )


def _said(process: subprocess.Popen[bytes]) -> Iterator[Any]:
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    for line in process.stdout:
        try:
            yield json.loads(line)
        except ValueError:
            return


def _rows(process: subprocess.Popen[bytes], said: Iterator[Any]) -> Iterator[tuple[int, list[str]]]:
    try:
        for value in said:
            if isinstance(value, list):
                yield value[0], value[1:]
            elif value.get("end"):
                return
            else:
                raise Unreadable(str(value.get("error", "damaged")))
        raise Unreadable("damaged")  # the reader died before it said that it was done
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
    if process.stdout is not None:
        process.stdout.close()
    process.wait()
