"""Evidence as files: pictures and documents, checked, cleaned of what they tell besides, named by their hash, kept once."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.core.errors import Invalid
from rostrum.core.pictures import MOST_PIXELS, NoPicture, rebuilt

MOST_BYTES = 5 * 1024 * 1024
TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "pdf": "application/pdf"}
PICTURES = frozenset({"png", "jpg", "webp"})
DOCUMENTS = PICTURES | {"pdf"}
WANTED_PICTURE = gettext_lazy(
    "This is not a whole PNG, JPEG or WebP picture. Take the screenshot again and choose that file."
)
WANTED_DOCUMENT = gettext_lazy(
    "This is not a whole PNG, JPEG or WebP picture and not a PDF. Save it as one of these and choose that file."
)


@dataclass(frozen=True)
class Kept:
    """A file as it is kept. `received` is the hash of what came in; of a picture only the picture itself is kept."""

    sha256: str
    kind: str
    size: int
    received: str
    width: int = 0
    height: int = 0


def kind_of(data: bytes) -> str:
    """png, jpg, webp, pdf or nothing: by what the file is, whatever it is called. A cut-off file is none."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and b"IEND" in data[-16:]:
        width, height = struct.unpack(">II", data[16:24])
        return "png" if 0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS else ""
    if data.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in data[-64:]:
        return "jpg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-1024:]:
        return "pdf"
    return ""


def keep(upload: Any, *, field: str = "screenshot", kinds: Collection[str] = PICTURES) -> tuple[str, str]:
    """Store an uploaded file; returns its hash and kind. What `keep_file` says holds."""
    kept = keep_file(upload, field=field, kinds=kinds)
    return kept.sha256, kept.kind


def keep_file(upload: Any, *, field: str = "screenshot", kinds: Collection[str] = PICTURES) -> Kept:
    """Store an uploaded file. Raises Invalid, beside `field`, for anything but `kinds`.

    A picture is written anew without what its file tells besides: places, cameras, comments, a second file inside
    (core/pictures.py). The same file twice is kept once. Who may see it is a matter of the row
    that names its hash; what no row names is cleared away after a while.
    """
    if upload.size > MOST_BYTES:
        raise _refuse(field, _("The file is larger than 5 MB. Cut out the part that matters."))
    data = upload.read(MOST_BYTES + 1)
    wanted = WANTED_DOCUMENT if "pdf" in kinds else WANTED_PICTURE
    if len(data) > MOST_BYTES:
        raise _refuse(field, wanted)
    received, kind, width, height = hashlib.sha256(data).hexdigest(), kind_of(data), 0, 0
    if kind != "pdf":
        try:
            picture = rebuilt(data)
        except NoPicture:
            raise _refuse(field, wanted) from None
        kind, data, width, height = picture.kind, picture.data, picture.width, picture.height
    if kind not in kinds:
        raise _refuse(field, wanted)
    digest = hashlib.sha256(data).hexdigest()
    place = path_of(digest, kind)
    if place.exists():
        os.utime(place)  # what is cleared away as unused is only what nobody sent for a while
    else:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        handle, name = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, place)
    return Kept(digest, kind, len(data), received, width, height)


def _refuse(field: str, message: Any) -> Invalid:
    return Invalid(str(message), fields={field: [str(message)]})


def path_of(digest: str, kind: str) -> Path:
    """Where a file lies. Only a hash and a known kind make a path."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest) or kind not in TYPES:
        raise ValueError("That is no file of ours.")
    return Path(settings.DATA_DIR) / "evidence" / digest[:2] / f"{digest}.{kind}"
