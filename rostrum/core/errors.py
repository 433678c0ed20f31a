"""Refusals: the few ways in which Rostrum says no, each with its own status, code and way forward."""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """An act was refused. `message` is a whole sentence for the person; `clause` a citation where one applies."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400

    def __init__(self, message: str, *, clause: str = "", way_forward: str = "", url: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.clause = clause
        self.way_forward = way_forward
        self.url = url
        self.typed: list[tuple[str, str]] = []  # (label, what the person had typed), shown back on the page


class NotAllowed(Refusal):
    """Not you: this person may never do this here (HTTP 403)."""

    code = "not-you"
    status = 403


class WrongState(Refusal):
    """Not now: the thing is in a state that the act does not start from (HTTP 409)."""

    code = "not-now"
    status = 409


class Overtaken(Refusal):
    """Too late: someone else acted between reading and acting (HTTP 409)."""

    code = "too-late"
    status = 409


class Invalid(Refusal):
    """What was sent cannot be used (HTTP 422). `fields` maps a field's name to what is wrong with it."""

    code = "invalid"
    status = 422

    def __init__(
        self, message: str, *, fields: dict[str, list[str]] | None = None, clause: str = "", way_forward: str = ""
    ) -> None:
        super().__init__(message, clause=clause, way_forward=way_forward)
        self.fields = fields or {}
