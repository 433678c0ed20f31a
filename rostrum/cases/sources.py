"""What evidence may name elsewhere in Rostrum: each kind is the log's word for a thing, read here by its number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rostrum.people.models import Person
from rostrum.registry.models import Account

NOTE, PICTURE, FILE = "note", "picture", "document"


@dataclass(frozen=True)
class Found:
    """One thing that a case may rest on: on which account, what it shows in words, and its page (a route's name)."""

    account: Account
    words: str
    route: str
    route_arg: str


@dataclass(frozen=True)
class Source:
    """A kind of evidence that lies elsewhere: what it is called, and how it is read for one who may read it."""

    kind: str
    label: Promise | str
    find: Callable[[Person, int], Found | None]


SOURCES: dict[str, Source] = {}
LABELS: dict[str, Promise | str] = {NOTE: _("Note"), PICTURE: _("Screenshot"), FILE: _("Document")}


def declare(source: Source) -> Source:
    """Make a kind of evidence known. The package that keeps the thing lies beneath `cases`, or calls this from above."""
    SOURCES[source.kind] = source
    LABELS[source.kind] = source.label
    return source


def find(person: Person, kind: str, ref: str) -> Found | None:
    """What a (kind, number) names, if there is such a thing and the person may read it."""
    source = SOURCES.get(kind)
    if source is None or not (ref.isascii() and ref.isdigit() and len(ref) < 18):
        return None
    return source.find(person, int(ref))


def label_of(kind: str) -> str:
    """What a kind of evidence is called."""
    return str(LABELS.get(kind, kind))
