"""Every read of the log: one thing's history, the log screen's pages, the head of the chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Model, Q, QuerySet, Value

from rostrum.audit import chain
from rostrum.audit.models import Event
from rostrum.audit.words import sentence

PAGE = 50


@dataclass(frozen=True)
class HistoryEntry:
    """One line of a timeline. After a redaction only `seq`, `at` and `act` still tell something."""

    seq: int
    at: datetime
    actor_id: int | None
    who: str
    role: str
    act: str
    subject_type: str
    subject_id: int | None
    label: str
    note: str
    citations: tuple[str, ...]
    before: Any
    after: Any
    redacted: bool

    @property
    def words(self) -> str:
        """The act as a sentence in the reader's language."""
        return sentence(
            self.act,
            who=self.who,
            role=self.role,
            subject=self.label,
            note=self.note,
            before=str(self.before or ""),
            after=str(self.after or ""),
        )


@dataclass(frozen=True)
class LogPage:
    """A page of the log, newest first.

    `older` is the number to give as `before` for the next page, or None.
    """

    entries: list[HistoryEntry]
    older: int | None


@dataclass(frozen=True)
class Head:
    """Where the chain stands: how many entries, and the hash of the last."""

    size: int
    hash: str


def _entry(event: Event) -> HistoryEntry:
    kept = getattr(event, "kept", None)
    payload: dict[str, Any] = kept.payload if kept else {}
    return HistoryEntry(
        seq=event.seq,
        at=event.at,
        actor_id=event.actor_id,
        who=payload.get("actor_name", ""),
        role=payload.get("role", ""),
        act=event.act,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        label=payload.get("subject_label", ""),
        note=payload.get("note", ""),
        citations=tuple(payload.get("citations", ())),
        before=payload.get("before"),
        after=payload.get("after"),
        redacted=kept is None,
    )


def _about(things: Iterable[Model], rows: Iterable[QuerySet[Any]] = ()) -> QuerySet[Event]:
    numbers: dict[str, set[int]] = {}
    for thing in things:
        numbers.setdefault(str(thing._meta.model_name), set()).add(thing.pk)
    for kind, pk in _keys(rows):
        numbers.setdefault(kind, set()).add(pk)
    wanted = Q(pk__in=[])
    for kind, ids in numbers.items():
        wanted |= Q(subject_type=kind, subject_id__in=ids)
    return Event.objects.filter(wanted).select_related("kept")


def history(thing: Model) -> list[HistoryEntry]:
    """Everything that happened to one thing, newest last.

    The caller has already checked that one may see it.
    """
    return [_entry(event) for event in _about([thing]).order_by("seq")]


def history_many(things: Iterable[Model], rows: Iterable[QuerySet[Any]] = ()) -> list[HistoryEntry]:
    """The joint history of several things (a request and the account it became), newest last.

    `rows` are things not fetched yet, of any kinds: their numbers are asked for together, in one query.
    """
    return [_entry(event) for event in _about(things, rows).order_by("seq")]


def _keys(rows: Iterable[QuerySet[Any]]) -> list[tuple[str, int]]:
    """(kind, number) of everything in some queries, none of them cut short."""
    parts = [
        found.order_by().annotate(_kind=Value(str(found.model._meta.model_name), CharField())).values_list("_kind", "pk")
        for found in rows
    ]
    return list(parts[0].union(*parts[1:], all=True)) if parts else []


def search(
    text: str = "",
    *,
    act: str = "",
    actor_id: int | None = None,
    subject_type: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    size: int = PAGE,
) -> LogPage:
    """One page of the log, newest first, for those who may read all of it.

    `text` is looked for in who acted, what was acted on and the note; `act` is one act (`request:approve`) or
    a whole subject (`request:`); `since` is inclusive, `until` exclusive. Pages go by entry number
    (`before`), so a page costs the same at the end of the log as at the start.
    """
    found = Event.objects.select_related("kept").order_by("-seq")
    if text:
        found = found.filter(
            Q(kept__payload__actor_name__icontains=text)
            | Q(kept__payload__subject_label__icontains=text)
            | Q(kept__payload__note__icontains=text)
        )
    if act:
        found = found.filter(act__startswith=act) if act.endswith(":") else found.filter(act=act)
    if actor_id is not None:
        found = found.filter(actor_id=actor_id)
    if subject_type:
        found = found.filter(subject_type=subject_type)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    if before:
        found = found.filter(seq__lt=before)
    rows = list(found[: size + 1])
    entries = [_entry(event) for event in rows[:size]]
    return LogPage(entries, entries[-1].seq if len(rows) > size else None)


def head() -> Head:
    """The size of the log and its last hash; the empty log has size 0."""
    last = Event.objects.order_by("-seq").values_list("seq", "hash").first()
    return Head(*(last or (0, chain.GENESIS)))


def newest() -> tuple[str, datetime] | None:
    """The hash and the moment of the last entry: it differs whenever anything was done at all. None when empty."""
    return Event.objects.order_by("-seq").values_list("hash", "at").first()


def hash_at(size: int) -> str | None:
    """The hash of the entry with this number, None when the log has none (0 is the beginning)."""
    if size == 0:
        return chain.GENESIS
    return Event.objects.filter(seq=size).values_list("hash", flat=True).first()


def entries(after: int = 0) -> Iterator[dict[str, Any]]:
    """The log as `chain.verify` and an export read it: oldest first, streamed, from after entry `after`."""
    rows = Event.objects.filter(seq__gt=after).order_by("seq").select_related("kept")
    for event in rows.iterator(chunk_size=1000):
        kept = getattr(event, "kept", None)
        yield {
            "seq": event.seq,
            "at": chain.moment(event.at),
            "actor_id": event.actor_id,
            "act": event.act,
            "subject_type": event.subject_type,
            "subject_id": event.subject_id,
            "request_id": event.request_id,
            "commit": event.commit,
            "prev": event.prev,
            "hash": event.hash,
            "payload": kept.payload if kept else None,
            "salt": bytes(kept.salt).hex() if kept else None,
        }


def actor_ids(subject_type: str, subject_id: int) -> set[int]:
    """Ids of every person who ever acted on one thing."""
    found = Event.objects.filter(subject_type=subject_type, subject_id=subject_id, actor_id__isnull=False)
    return {actor for actor in found.values_list("actor_id", flat=True).distinct() if actor is not None}
