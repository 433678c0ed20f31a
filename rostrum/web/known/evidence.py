"""Screenshots of accounts that were found: checked, named by their hash, kept in the data folder."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from rostrum.core.errors import Invalid

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 20_000  # on a side
TYPES = {"png": "image/png", "jpg": "image/jpeg"}


def kind_of(data: bytes) -> str:
    """png, jpg, or nothing: by what the file is, whatever it is called. A cut-off picture is none."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and b"IEND" in data[-16:]:
        width, height = struct.unpack(">II", data[16:24])
        return "png" if 0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS else ""
    if data.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in data[-64:]:
        return "jpg"
    return ""


def keep(upload: Any) -> tuple[str, str]:
    """Store an uploaded picture; returns its hash and kind. Raises Invalid (field `screenshot`) for anything else."""
    if upload.size > MOST_BYTES:
        raise _refuse(_("The picture is larger than 5 MB. Cut out the part that matters."))
    data = upload.read(MOST_BYTES + 1)
    kind = kind_of(data)
    if not kind or len(data) > MOST_BYTES:
        raise _refuse(_("This is not a PNG or JPEG picture. Take the screenshot again and choose that file."))
    digest = hashlib.sha256(data).hexdigest()
    place = path_of(digest, kind)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        handle, name = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, place)
    return digest, kind


def _refuse(message: str) -> Invalid:
    return Invalid(message, fields={"screenshot": [message]})


def path_of(digest: str, kind: str) -> Path:
    """Where a picture lies. Only a hash and a known kind make a path."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest) or kind not in TYPES:
        raise ValueError("That is no picture's name.")
    return Path(settings.DATA_DIR) / "evidence" / digest[:2] / f"{digest}.{kind}"
