"""Long lists in parts. A cursor says after which row to go on, for one question; it is signed and tells nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from rostrum.api.problems import Problem

Row = TypeVar("Row", bound=Model)
Thing = TypeVar("Thing")
DEFAULT, MOST = 25, 100

Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_:=-]{1,600}$")]
# What a search may hold: anything visible. Control characters are in no name.
Typed = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1F\x7F]{0,200}$")]


class Paged(Schema):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(DEFAULT, ge=1, le=MOST, description="How many rows to give at once.")
    cursor: Cursor | None = Field(
        None, description="Where to go on, as the member `next` of the answer before gave it. Never build one."
    )


def _question(request: HttpRequest, mark: str = "") -> str:
    """What was asked, apart from where to go on: a cursor counts for the same question only."""
    asked = sorted((key, value) for key, value in request.GET.items() if key not in {"cursor", "limit"})
    return hashlib.sha256(repr((request.path, asked, mark)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _signer() -> Signer:
    return Signer(salt="rostrum.api.cursor")


def _read(cursor: str, question: str, keys: int) -> list[Any]:
    try:
        known = _signer().unsign_object(cursor)
    except (BadSignature, ValueError, UnicodeError):
        known = {}
    after = known.get("after")
    if known.get("asked") != question or not isinstance(after, list) or len(after) != keys:
        said = _("This cursor is not one of ours, or belongs to another question. Start again without it.")
        raise Problem("invalid", said, fields={"cursor": [said]})
    return after


def _beyond(order: Sequence[str], after: list[Any]) -> Q:
    """The rows that come after one, in an order of columns (a minus sign turns one round)."""
    condition, same = Q(), Q()
    for key, value in zip(order, after, strict=True):
        name = key.lstrip("-")
        condition |= same & Q(**{f"{name}__{'lt' if key.startswith('-') else 'gt'}": value})
        same &= Q(**{name: value})
    return condition


def part(
    request: HttpRequest, response: HttpResponse, rows: QuerySet[Row], asked: Paged, *, order: Sequence[str],
    show: Callable[[list[Row]], list[Any]],
) -> dict[str, Any]:  # fmt: skip
    """One part of a list, and where to go on: in the body as `next`, and in the header Link.

    `order` must end with a column that no two rows share. One query more is never made to count the rest.
    """
    question = _question(request)
    if asked.cursor:
        rows = rows.filter(_beyond(order, _read(asked.cursor, question, len(order))))
    found = list(rows.order_by(*order)[: asked.limit + 1])
    shown, more = found[: asked.limit], len(found) > asked.limit
    after = [getattr(shown[-1], key.lstrip("-")) for key in order] if more else []
    return {"items": show(shown), "next": _following(request, response, question, after)}


def _following(request: HttpRequest, response: HttpResponse, question: str, after: list[Any]) -> str | None:
    """The address of the next part, also as a header; None at the end."""
    if not after:
        return None
    cursor = _signer().sign_object({"asked": question, "after": after})
    kept = [(key, value) for key, value in request.GET.items() if key != "cursor"]
    following = f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"
    response.headers["Link"] = f'<{following}>; rel="next"'
    return following


def part_of(
    request: HttpRequest, response: HttpResponse, things: Sequence[Thing], asked: Paged, *, mark: str,
    show: Callable[[Thing], dict[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    """One part of something that is no table, by position. `mark` tells one state of it from the next.

    A cursor of an earlier state is refused, since its positions mean other things now.
    """
    question = _question(request, mark)
    found = _read(asked.cursor, question, 1)[0] if asked.cursor else 0
    start = found if isinstance(found, int) else 0
    shown = things[start : start + asked.limit]
    after = [start + asked.limit] if start + asked.limit < len(things) else []
    return {"items": [show(one) for one in shown], "next": _following(request, response, question, after)}
