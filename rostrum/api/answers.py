"""Which answers an operation may give: every status is declared, so that nothing comes unannounced."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field


class ProblemOut(Schema):
    """What every error looks like (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="The address of the kind of problem. It is stable: compare this, not the words.")
    title: str = Field(description="The kind in a few words, in the reader's language.")
    status: int = Field(description="The status, once more.")
    detail: str = Field(description="What is wrong here, as a sentence for people.")
    instance: str = Field(description="The number of this request, as in X-Request-ID.")
    clause: str | None = Field(None, description="The clause of the procedure that it rests on, as a citation.")
    fields: dict[str, list[str]] | None = Field(None, description="What is wrong with which field.")


def reading(shape: Any, *more: int) -> dict[int, Any]:
    """The answers of a public reading; `more` are its own problems."""
    return {200: shape, 304: None, **dict.fromkeys((400, 406, 422, 429, *more), ProblemOut)}


def reading_own(shape: Any, *more: int) -> dict[int, Any]:
    """The answers of a reading with a token."""
    return reading(shape, 401, 403, *more)


def acting(shape: Any, *more: int, status: int = 200, later: bool = False) -> dict[int, Any]:
    """The answers of an act with a token; `later` where a job may have to end it (202)."""
    problems = (400, 401, 403, 404, 406, 409, 413, 415, 422, 429, *more)
    return {status: shape, **({202: shape} if later else {}), **dict.fromkeys(problems, ProblemOut)}
