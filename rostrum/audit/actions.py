"""Every write to the log: recording an act, and redacting what was said about something."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils.functional import Promise

from rostrum.audit import chain
from rostrum.audit.models import Event, EventPayload
from rostrum.core import clock
from rostrum.core.reading import forget

WRITER_LOCK = 193
BATCH = 500  # events written in one statement
EXACT_INTEGERS = 2**53 - 1  # RFC 8785 numbers are doubles: a larger integer would change on the way


def plain(value: object) -> Any:
    """The JSON form of a value that may stand in a payload.

    Moments become ISO text in UTC, dates ISO text, choices and lazy words text, models their number. Floats
    are refused (TypeError): two machines may write them differently, and no rule of Rostrum needs one.
    Characters that a database cannot keep (NUL, lone surrogates) become U+FFFD, so that recording never fails
    on hostile text.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, int):
        return value if -EXACT_INTEGERS <= value <= EXACT_INTEGERS else str(value)
    if isinstance(value, str | Promise):
        return str(value).encode("utf-8", "replace").decode().replace("\x00", "�")
    if isinstance(value, datetime):
        return chain.moment(value) if value.tzinfo else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Mapping):
        return {str(plain(str(key))): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray):
        return [plain(item) for item in value]
    raise TypeError(f"A log entry cannot hold a {type(value).__name__}.")


def _take_the_pen() -> tuple[int, str]:
    """Waits until this transaction is the log's only writer; then the number and hash of the last entry.

    On SQLite the immediate transaction is already the only writer. On PostgreSQL a transaction-wide advisory
    lock is; it is taken in the caller's transaction and leaves with it, so numbers have no gaps after a
    rollback.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of the act it records.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
    forget()
    last = Event.objects.order_by("-seq").values_list("seq", "hash").first()
    return last or (0, chain.GENESIS)


def hold_the_pen() -> None:
    """Waits until this transaction is the log's only writer, before the act changes its first row.

    An act that changes several rows, and another that changes the same ones in another order, then wait for
    each other here instead of in the middle, where PostgreSQL would have to end one of them.
    """
    _take_the_pen()


def _subject(thing: models.Model | None, subject: tuple[str, int | None] | None) -> tuple[str, int | None]:
    if subject is not None:
        return subject
    if thing is None:
        return "", None
    return str(thing._meta.model_name), thing.pk


def _name(actor: models.Model | None) -> str:
    if actor is None:
        return "Rostrum"
    return str(getattr(actor, "name", "") or actor)


def record(
    actor: models.Model | None,
    act: str,
    thing: models.Model | None,
    *,
    citations: Iterable[str] = (),
    before: object = None,
    after: object = None,
    note: str = "",
    role: str | Promise = "",
    label: str | Promise = "",
    subject: tuple[str, int | None] | None = None,
    request_id: str = "",
    at: datetime | None = None,
) -> Event:
    """Writes one event, chained to the one before, in the caller's transaction.

    `actor` is a Person, or None when Rostrum itself acted. `act` is `subject:act`. `thing` is the row acted
    on (or give `subject=(type, number)` where there is none). `label` is what a reader will see it called, by
    default its own words. `citations` are resolved citations such as `ap-193@2015-09#3.1`. `at` is for
    imports only; by default the present. Raises RuntimeError outside a transaction: an act without its event,
    or an event without its act, must not be possible. Format: docs/audit.md.
    """
    seq, prev = _take_the_pen()
    subject_type, subject_id = _subject(thing, subject)
    payload = {
        "actor_name": plain(_name(actor)),
        "role": plain(role),
        "subject_label": plain(str(label) or ("" if thing is None else str(thing))),
        "citations": plain(list(citations)),
        "before": plain(before),
        "after": plain(after),
        "note": plain(note),
    }
    salt = secrets.token_bytes(32)
    at = at or clock.now()
    header: dict[str, Any] = {
        "seq": seq + 1,
        "at": chain.moment(at),
        "actor_id": None if actor is None else actor.pk,
        "act": act,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "request_id": request_id[:64],
        "commit": chain.commitment(salt, payload),
        "prev": prev,
    }
    event = Event.objects.create(**{**header, "at": at}, hash=chain.link(header))
    EventPayload.objects.create(event=event, salt=salt, payload=payload)
    return event


@dataclass(frozen=True)
class Line:
    """One event of many: the row acted on, what a reader sees it called, what changed, and clauses of its own."""

    thing: models.Model
    label: str
    before: object = None
    after: object = None
    note: str = ""
    citations: tuple[str, ...] = ()


def record_many(
    actor: models.Model | None,
    act: str,
    lines: Iterable[Line],
    *,
    citations: Iterable[str] = (),
    role: str | Promise = "",
    request_id: str = "",
) -> int:
    """Writes one event for each line, as `record` would, in few statements; says how many.

    For acts on thousands of things at once. Raises RuntimeError outside a transaction.
    """
    seq, prev = _take_the_pen()
    at, cited = clock.now(), plain(list(citations))
    events: list[Event] = []
    payloads: list[EventPayload] = []

    def write() -> None:
        Event.objects.bulk_create(events)
        EventPayload.objects.bulk_create(payloads)
        events.clear()
        payloads.clear()

    first = seq
    for line in lines:
        seq += 1
        payload = {
            "actor_name": plain(_name(actor)), "role": plain(role), "subject_label": plain(line.label),
            "citations": plain(line.citations) if line.citations else cited,
            "before": plain(line.before), "after": plain(line.after), "note": plain(line.note),
        }  # fmt: skip
        salt = secrets.token_bytes(32)
        subject_type, subject_id = _subject(line.thing, None)
        header: dict[str, Any] = {
            "seq": seq, "at": chain.moment(at), "actor_id": None if actor is None else actor.pk, "act": act,
            "subject_type": subject_type, "subject_id": subject_id, "request_id": request_id[:64],
            "commit": chain.commitment(salt, payload), "prev": prev,
        }  # fmt: skip
        prev = chain.link(header)
        events.append(Event(**{**header, "at": at}, hash=prev))
        payloads.append(EventPayload(event_id=seq, salt=salt, payload=payload))
        if len(events) >= BATCH:
            write()
    write()
    return seq - first


@transaction.atomic
def redact(
    subject_type: str,
    subject_id: int,
    *,
    by: models.Model | None,
    reason: str,
    citations: Iterable[str] = (),
    role: str | Promise = "",
) -> int:
    """Removes what the log says about one subject and keeps that something happened; says how many events.

    Payloads and salts are deleted, so the rest can no longer be guessed from the commitments; the headers
    stay and the chain still verifies. The redaction is itself an event that names the events it emptied, so a
    payload that vanished any other way is found by `audit verify`.
    """
    _take_the_pen()
    kept = EventPayload.objects.filter(
        event__subject_type=subject_type, event__subject_id=subject_id
    ).exclude(event__act=chain.REDACT)
    numbers = sorted(kept.values_list("event_id", flat=True))
    if not numbers:
        return 0
    EventPayload.objects.filter(pk__in=numbers).delete()
    record(
        by,
        chain.REDACT,
        None,
        subject=(subject_type, subject_id),
        after={"events": numbers},
        note=reason,
        citations=citations,
        role=role,
    )
    return len(numbers)
