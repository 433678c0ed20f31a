"""Owns reading text tables: which encoding, which separator, one record at a time, whatever the bytes are."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from rostrum.intake import limits

SEPARATORS = ",;\t|"
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 18


class Unreadable(Exception):
    """The bytes are no text table. `code`: binary, line or quote; `row` is where it was noticed."""

    def __init__(self, code: str, row: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.row = row


@dataclass(frozen=True)
class Encoding:
    """How the bytes are read. `assumed` when nothing in the file says so; `repaired` when some bytes fit nothing."""

    name: str
    assumed: bool = False
    repaired: bool = False
    cut: bool = False


@dataclass(frozen=True)
class Record:
    """One record and its number as a spreadsheet counts: a cell with line breaks does not move the rows below it."""

    number: int
    cells: list[str]


def encoding_of(stream: BinaryIO) -> Encoding:
    """The encoding of a text file: its byte order mark, else UTF-16 by its zeros, else UTF-8, else Windows-1252.

    Reads the file once, in pieces. Raises Unreadable("binary") for bytes that are no text at all.
    """
    stream.seek(0)
    head = stream.read(4096)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Encoding(name)
    zeros = head.count(0)
    if zeros:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) // 5 and min(even, odd) * 20 < max(even, odd):
            return Encoding("utf-16-le" if odd > even else "utf-16-be", assumed=True)
        if zeros > 3:
            raise Unreadable("binary")
    return _eight_bit(stream)


def _eight_bit(stream: BinaryIO) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    stream.seek(0)
    broken = wide = controls = total = 0
    while chunk := stream.read(_CHUNK):
        text = decoder.decode(chunk)
        if not text.isascii():
            wide += sum(char > "\x7f" for char in text)
            broken += text.count("�")
        controls += sum(text.count(char) for char in "\x00\x01\x02\x03\x04\x05\x06\x0e\x0f\x10\x11\x12\x14\x15\x16")
        total += len(text)
    if controls > max(8, total // 200):
        raise Unreadable("binary")
    cut = bool(decoder.decode(b"", final=True))
    if not broken:
        return Encoding("utf-8", cut=cut)
    # One bad byte among many good accents is a damaged UTF-8 file; else it never was one.
    if wide - broken > 4 * broken:
        return Encoding("utf-8", repaired=True, cut=cut)
    return Encoding("cp1252", assumed=True)


def _lines(stream: BinaryIO, encoding: Encoding) -> Iterator[str]:
    """Lines with their ends, each of a bounded length. Raises Unreadable("line") for an endless one."""
    decoder = codecs.getincrementaldecoder(encoding.name)(errors="replace")
    stream.seek(0)
    rest = ""
    while True:
        chunk = stream.read(_CHUNK)
        text = rest + decoder.decode(chunk, final=not chunk)
        # A lone return at the end may be the first half of a return and newline: it waits for what follows.
        held = "\r" if chunk and text.endswith("\r") else ""
        parts = text[: len(text) - len(held)].replace("\r\n", "\n").replace("\r", "\n").split("\n")
        rest = parts.pop() + held
        for part in parts:
            yield part + "\n"
        if len(rest) > limits.LINE_CHARACTERS:
            raise Unreadable("line")
        if not chunk:
            if rest:
                yield rest
            return


def separator_of(stream: BinaryIO, encoding: Encoding) -> str:
    """The separator that cuts the first records into the same number of cells most often; a comma if none does."""
    sample: list[str] = []
    size = 0
    for line in _lines(stream, encoding):
        sample.append(line[:10_000])
        size += len(line)
        if len(sample) >= 200 or size > 200_000:
            break
    best, best_score = ",", (0, 0)
    for separator in SEPARATORS:
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=separator) if row)
        except csv.Error:
            continue
        width, times = max(((w, n) for w, n in widths.items() if w > 1), key=lambda p: (p[1], p[0]), default=(0, 0))
        if (times, width) > best_score:
            best, best_score = separator, (times, width)
    return best


class _Source:
    """Hands lines to the csv reader and remembers those of the record that is being read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.raw: list[str] = []
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.raw.append(line)
        self.size += len(line)
        if self.size > limits.LINE_CHARACTERS:
            raise Unreadable("quote")
        return line

    def forget(self) -> None:
        """A record ended."""
        self.raw, self.size = [], 0


def records(stream: BinaryIO, encoding: Encoding, separator: str) -> Iterator[Record]:
    """Every record, empty ones counted but left out. Raises Unreadable when a quotation mark is never closed."""
    source = _Source(_lines(stream, encoding))
    reader = csv.reader(source, delimiter=separator)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unreadable("quote", number + 1) from None
        except Unreadable as error:
            raise Unreadable(error.code, number + 1) from None
        number += 1
        open_ended = len(source.raw) > 1 or not source.raw[-1].endswith("\n")
        if open_ended and sum(line.count('"') for line in source.raw) % 2:
            _refuse_open_quote(source.raw, separator, number)
        source.forget()
        if any(cell.strip() for cell in cells):
            yield Record(number, cells)


def _refuse_open_quote(raw: list[str], separator: str, number: int) -> None:
    try:
        list(csv.reader(raw, delimiter=separator, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            raise Unreadable("quote", number) from None
