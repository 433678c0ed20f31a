"""Reading a file of past posts for a trial: lines, JSON Lines, or a CSV with a column of texts. Nothing is kept."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.utils.translation import gettext as _

from rostrum.core.errors import Invalid
from rostrum.core.text import fold

MOST_BYTES = 20 * 1024 * 1024
MOST_TEXTS = 50_000
LONGEST = 20_000
HEADS = frozenset({"text", "post", "caption", "message", "texte", "publication", "legende"})


def _wrong(message: str) -> Invalid:
    return Invalid(message, fields={"file": [message]})


def _decoded(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark, else Windows-1252, which every byte can be."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _jsonl(lines: list[str]) -> list[str]:
    out = []
    for number, line in enumerate(lines, start=1):
        try:
            given = json.loads(line)
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict) or not isinstance(given.get("text"), str):
            raise _wrong(_("Line %(line)d is no post: it must be a JSON object with a “text”.") % {"line": number})
        out.append(given["text"])
    return out


def _csv(content: str) -> list[str] | None:
    """The texts of a table with a header that names a column of texts; None for anything else."""
    head = content.split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    names = [fold(name.strip().strip('"')) for name in head.rstrip("\r").split(mark)]
    at = next((place for place, name in enumerate(names) if name in HEADS), None)
    if at is None:
        return None
    csv.field_size_limit(1_000_000)
    try:
        rows = list(csv.reader(io.StringIO(content), delimiter=mark))
    except csv.Error as error:
        raise _wrong(_("This table cannot be read: %(why)s.") % {"why": str(error)[:100]}) from None
    return [row[at] for row in rows[1:] if len(row) > at]


def texts_of(upload: Any) -> list[str]:
    """The posts of a file: at most 50,000, each at most 20,000 characters. Raises Invalid, beside `file`."""
    if upload.size > MOST_BYTES:
        raise _wrong(_("The file is larger than 20 MB. Take a part of it."))
    data = upload.read(MOST_BYTES + 1)
    if b"\x00" in data[:4000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _wrong(_("This is no text file. Save the posts as CSV or as plain text."))
    content = _decoded(data).replace("\r\n", "\n")
    lines = [line for line in content.split("\n") if line.strip()]
    if lines and lines[0].lstrip().startswith("{"):
        found = _jsonl(lines)
    else:
        table = _csv(content)
        found = lines if table is None else table
    texts = [one[:LONGEST] for one in found if one.strip()]
    if len(texts) > MOST_TEXTS:
        raise _wrong(_("The file holds more than %(most)d posts. Take a part of it.") % {"most": MOST_TEXTS})
    return texts
