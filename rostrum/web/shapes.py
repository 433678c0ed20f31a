"""The shapes in which one area tells another page what it has: desk cards, hub cards, panels and acts of a record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise

Words = Promise | str


@dataclass(frozen=True)
class DeskCard:
    """One thing on Today that waits for the reader: what it is, since when, by when, and the way to do it.

    `lines` are whole sentences. `due` is the last day; `late` marks one that has passed. `urgent` stands above
    everything else on the page: for a crisis only.
    """

    title: Words
    lines: list[Words]
    since: datetime
    url: str
    button: Words
    icon: str = "clipboard-list"
    due: date | None = None
    late: bool = False
    urgent: bool = False


@dataclass(frozen=True)
class HubCard:
    """One door on the page "Reviews": what lies behind it, and in words how much of it asks for someone.

    `tone` is one of moving, good, act, stop, over (as in every status); `state` is the word that goes with it.
    """

    title: Words
    line: Words
    url: str
    icon: str
    state: Words = ""
    tone: str = "over"
    order: int = 100


@dataclass(frozen=True)
class Act:
    """One entry of a record page's menu. `primary` makes it the page's one button where nothing else is."""

    label: Words
    url: str
    icon: str
    danger: bool = False
    primary: bool = False


@dataclass(frozen=True)
class Panel:
    """A section of the account's record page, drawn by the area's own template with its own context.

    `order` sorts the panels; `aside` puts it into the narrow column. `warning` is a sentence that stands at the top
    of the page because somebody must act, `link` where.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 100
    aside: bool = False
    warning: Words = ""
    link: str = ""
    link_words: Words = ""
