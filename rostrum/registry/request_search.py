"""Searching requests by words, whatever their accents and case: name, handle, number, unit, who asked."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from rostrum.core.text import fold
from rostrum.registry.models import AccountRequest

SEARCHED = ("name", "handle", "ref", "unit__name", "requester__name")
MOST = 30_000  # more ids than SQLite takes in one question; a division of a hundred schools has a tenth of it


def texts_of(rows: QuerySet[AccountRequest]) -> Iterator[str]:
    """Every text of these requests that can be searched for."""
    for texts in rows.order_by().values_list(*SEARCHED):
        yield from (text for text in texts if text)


def found_by_words(rows: QuerySet[AccountRequest], typed: str) -> QuerySet[AccountRequest]:
    """Only those that hold every typed word. Both databases fold accents in their own way, so it is done here."""
    words = fold(typed[:200]).split()[:8]
    if not words:
        return rows
    found = [
        pk
        for pk, *texts in rows.order_by().values_list("pk", *SEARCHED)
        if all(any(word in text for text in _folded(texts)) for word in words)
    ]
    return rows.filter(pk__in=found[:MOST])


def _folded(texts: list[str | None]) -> list[str]:
    return [fold(text) for text in texts if text]
