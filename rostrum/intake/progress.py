"""Tells whoever waits how far the reading of a file has come: a few figures beside the upload, never in the database."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from rostrum.intake import storing

FILE = "progress.json"
EVERY = 1_000


@dataclass
class Progress:
    """How many rows were read so far, and whether they are being judged by now."""

    rows: int = 0
    judging: bool = False


@dataclass
class _Telling:
    path: Path
    said: Progress


_now: ContextVar[_Telling | None] = ContextVar("import_progress", default=None)


@contextlib.contextmanager
def told(token: str) -> Iterator[None]:
    """Whatever is read inside is counted for the import with this token; the figures go when it ends."""
    telling = _Telling(storing.folder(token) / FILE, Progress())
    before = _now.set(telling)
    try:
        yield
    finally:
        _now.reset(before)
        telling.path.unlink(missing_ok=True)


def more(rows: int = EVERY) -> None:
    """Some more rows were read. Outside `told` nobody waits and nothing is written."""
    if telling := _now.get():
        telling.said.rows += rows
        _write(telling)


def judging() -> None:
    """All rows are read; what they mean is worked out now."""
    if telling := _now.get():
        telling.said.judging = True
        _write(telling)


def _write(telling: _Telling) -> None:
    """In one step, so that a page never reads half a line. That nobody can be told is no reason to stop reading."""
    with contextlib.suppress(OSError):
        half = telling.path.with_suffix(".new")
        half.write_text(json.dumps([telling.said.rows, telling.said.judging]))
        os.replace(half, telling.path)


def of(token: str) -> Progress:
    """How far it has come; nothing yet where nothing was told."""
    try:
        rows, judging_ = json.loads((storing.folder(token) / FILE).read_text())
        return Progress(int(rows), bool(judging_))
    except (OSError, ValueError, TypeError):
        return Progress()
