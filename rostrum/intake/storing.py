"""Keeps an upload between looking and confirming: in the data folder, under a random name, for a day."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import time
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from rostrum.core.errors import Invalid
from rostrum.intake import faultwords, limits

SETTLED_SECONDS = 3600
# Some 1,500 rows, read and judged in about a second: what is larger is read by a job, and the page waits.
SMALL_BYTES, SMALL_PACKED_BYTES = 150_000, 40_000
UPLOAD, ROLL, PLAN = "upload", "roll.json", "plan.json"


def folder(token: str) -> Path:
    """Where one import's files lie. The token is ours, made by `new_token`."""
    return Path(settings.DATA_DIR) / "imports" / token


def new_token() -> str:
    """A name nobody can guess."""
    return secrets.token_hex(16)


def keep(token: str, stream: BinaryIO) -> tuple[str, int]:
    """Write an upload down; its SHA-256 and size. Raises Invalid for one that is larger than any list."""
    place = folder(token)
    place.mkdir(parents=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    with (place / UPLOAD).open("wb") as out:
        while chunk := stream.read(1 << 20):
            size += len(chunk)
            if size > limits.FILE_BYTES:
                shutil.rmtree(place, ignore_errors=True)
                fault = faultwords.too_large(size)
                raise Invalid(f"{fault.message} {fault.remedy}", fields={"file": [f"{fault.message} {fault.remedy}"]})
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest(), size


def small(token: str) -> bool:
    """Whether an upload is read while the sender waits. A packed one holds several times its size."""
    upload = folder(token) / UPLOAD
    with upload.open("rb") as stream:
        packed = stream.read(2) == b"PK"
    return upload.stat().st_size <= (SMALL_PACKED_BYTES if packed else SMALL_BYTES)


def forget(token: str, *, only: str = "") -> None:
    """Remove what was kept of an import; or one file of it."""
    if only:
        (folder(token) / only).unlink(missing_ok=True)
    else:
        shutil.rmtree(folder(token), ignore_errors=True)


def old_tokens() -> list[str]:
    """The tokens of every folder that is older than an hour.

    A younger one may belong to an upload whose row nobody else can see yet.
    """
    place, limit = Path(settings.DATA_DIR) / "imports", time.time() - SETTLED_SECONDS
    if not place.is_dir():
        return []
    return [one.name for one in place.iterdir() if one.is_dir() and one.stat().st_mtime < limit]
