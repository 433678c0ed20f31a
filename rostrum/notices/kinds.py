"""Declaring the messages that may be owed. A higher package declares its kinds; this one only keeps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise

from rostrum.people.models import Person

Words = Promise | str


@dataclass(frozen=True)
class NoticeKind:
    """One kind of message: its words (templates over the notice's context) and what it asks of the reader.

    `subject`, `lead`, `next_step` and `why` are translatable sentences with %(name)s places. `route` and
    `route_arg` say which page the one link opens. `asks` is true when the reader must act.

    `secret` makes the path of a link that only its reader may have. It is called when the letter is handed over, so
    the link is in no table: the record of the letter says that it was left out, and the notice is not listed in the
    application. `for_at_most` is how long after the act a letter is still tried: later it would only surprise.

    `urgent` letters come at once whatever rhythm the person likes, although they ask nothing: in a crisis only.
    """

    key: str
    subject: Promise | str
    lead: Promise | str
    why: Promise | str
    link: Promise | str
    route: str
    next_step: Promise | str = ""
    asks: bool = False
    secret: Callable[[Person], str] | None = None
    for_at_most: timedelta | None = None
    urgent: bool = False


KINDS: dict[str, NoticeKind] = {}


def unlisted() -> list[str]:
    """Kinds that come by letter only, because their link is for nobody else."""
    return [key for key, kind in KINDS.items() if kind.secret is not None]


def declare(kind: NoticeKind) -> NoticeKind:
    """Make a kind known. Raises ValueError when the key is taken by another kind."""
    if KINDS.get(kind.key, kind) != kind:
        raise ValueError(f"The notice kind {kind.key} is declared twice.")
    KINDS[kind.key] = kind
    return kind


def notice_kind(
    key: str, subject: Words, lead: Words, why: Words, next_step: Words, link: Words, route: str, asks: bool = False
) -> NoticeKind:  # fmt: skip
    """Declare a kind by its words in the order in which a letter has them, then the one page that it opens."""
    return declare(NoticeKind(key, subject, lead, why, link, route, next_step, asks))
