"""Declaring the messages that may be owed. A higher package declares its kinds; this one only keeps them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class NoticeKind:
    """One kind of message: its words (templates over the notice's context) and what it asks of the reader.

    `subject`, `lead`, `next_step` and `why` are translatable sentences with %(name)s places. `route` and
    `route_arg` say which page the one link opens. `asks` is true when the reader must act.
    """

    key: str
    subject: Promise | str
    lead: Promise | str
    why: Promise | str
    link: Promise | str
    route: str
    next_step: Promise | str = ""
    asks: bool = False


KINDS: dict[str, NoticeKind] = {}


def declare(kind: NoticeKind) -> NoticeKind:
    """Make a kind known. Raises ValueError when the key is taken by another kind."""
    if KINDS.get(kind.key, kind) != kind:
        raise ValueError(f"The notice kind {kind.key} is declared twice.")
    KINDS[kind.key] = kind
    return kind
