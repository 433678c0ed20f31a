"""Fetching rows with all that a card or page says of them, where there mostly are none."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import QuerySet

Row = TypeVar("Row")


def where_any(found: QuerySet[Any, Row], most: int | None = None) -> list[Row]:
    """The rows of a query, at most so many, after a short question whether there are any.

    Putting a query of two hundred columns together takes longer than the database needs to find nothing. For what is
    mostly empty, as the appeals that wait for one person are; where there are rows, it is one question more.
    """
    return list(found[:most]) if found.exists() else []
