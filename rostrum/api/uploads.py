"""What calls that bring a file have in common: nothing in the form that is not described, and a mark of what was sent."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, UploadedFile

from rostrum.api.problems import Problem


def refuse_unknown(request: HttpRequest, shape: type[Schema] | None, *files: str) -> None:
    """Problem invalid for parts of a form that the description does not name, or names once and that came twice."""
    known = set(shape.model_fields) if shape else set()
    unknown = sorted((set(request.POST) - known) | (set(request.FILES) - set(files)))
    said = _("This address does not know this field.")
    fields = {re.sub(r"[^\w-]", "?", name)[:60]: [said] for name in unknown[:10]}
    said = _("Send this once.")
    for sent in (request.POST, request.FILES):
        fields |= {name: [said] for name in sent if len(sent.getlist(name)) > 1 and name not in unknown}
    if fields:
        raise Problem("invalid", _("Something that was sent cannot be used."), fields=fields)


def fingerprint_of(file: UploadedFile, options: Mapping[str, Any]) -> str:
    """The file by its hash and name, with what was said of it: to tell the same call sent again from another."""
    digest = hashlib.sha256()
    file.seek(0)
    while part := file.read(1 << 20):
        digest.update(part)
    file.seek(0)
    return json.dumps([digest.hexdigest(), file.name, dict(options)], sort_keys=True)


def opened(file: UploadedFile) -> BinaryIO:
    """What was uploaded, to read from: in memory, or in a file of its own when it is large."""
    return cast(BinaryIO, file.file)
