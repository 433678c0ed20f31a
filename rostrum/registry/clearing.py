"""Clearing away evidence files that nothing refers to: an upload whose form was never sent through, or was refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from rostrum.core import clock

# Long enough for any form that lies open in a tab, and for whoever looks into what went wrong.
KEPT_FOR = timedelta(days=7)
_NAME = re.compile(r"([0-9a-f]{64})\.[a-z]{3}")
_HASH_LENGTH = 64


def clear_evidence(now: datetime | None = None) -> int:
    """Delete the files that no row of any table names, log and letters included; how many.

    Every column that could hold a hash is asked, whichever package it belongs to, so that a new kind of evidence is
    safe from the day it comes. A file that somebody sent again a moment ago counts as new (core.evidence.keep).
    """
    limit = ((now or clock.now()) - KEPT_FOR).timestamp()
    old = {match[1]: path for path in _files() if path.stat().st_mtime < limit and (match := _NAME.fullmatch(path.name))}
    gone = 0
    for digest, path in sorted(old.items()):
        # Looked at again: it may have been sent once more since the folder was read.
        if not is_cited(digest) and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            gone += 1
    return gone + _half_written(limit)


def _files() -> list[Path]:
    place = Path(settings.DATA_DIR) / "evidence"
    return [path for path in sorted(place.glob("*/*")) if path.is_file()] if place.is_dir() else []


def _half_written(limit: float) -> int:
    """What a process left when it died while it wrote."""
    lost = [path for path in _files() if path.name.startswith("tmp") and path.stat().st_mtime < limit]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)


def is_cited(digest: str) -> bool:
    """Whether any row names the file with this hash: as a column of its own, or within a text or structured value."""
    return any(model._base_manager.filter(asked).exists() for model, asked in _questions(digest))


def _questions(digest: str) -> Iterator[tuple[type[models.Model], Q]]:
    """For every table with room for a hash, how to ask for it; the plain columns, which are quick, before the rest."""
    within: list[tuple[type[models.Model], Q]] = []
    for model in apps.get_models():
        plain, inside = Q(), Q()
        for field in model._meta.concrete_fields:
            if isinstance(field, models.JSONField):
                inside |= Q(pk__in=_holding(model, field.name, digest))
            elif isinstance(field, models.TextField):
                inside |= Q(**{f"{field.name}__contains": digest})
            elif isinstance(field, models.CharField) and (field.max_length or 0) >= _HASH_LENGTH:
                plain |= Q(**{field.name: digest})
        if plain:
            yield model, plain
        if inside:
            within.append((model, inside))
    yield from within


def _holding(model: type[models.Model], name: str, digest: str) -> models.QuerySet[models.Model, dict[str, Any]]:
    """The rows whose structured value holds the hash somewhere, whatever its shape."""
    written = model._base_manager.annotate(_written=Cast(name, TextField()))
    return written.filter(_written__contains=digest).values("pk")
