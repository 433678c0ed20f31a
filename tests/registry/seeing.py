"""What the tests look at after an act: the log's new lines, the notices owed, and whether anything moved at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any

from rostrum.audit.models import Event
from rostrum.cases.appeal_models import Appeal
from rostrum.cases.decision_models import Decision, Strike
from rostrum.cases.models import Case, CaseEvidence, TalkNote
from rostrum.notices.models import Notice
from rostrum.people.models import Person
from rostrum.registry.hold_models import AccountHold
from rostrum.registry.models import (
    AccessHolder,
    Account,
    AccountKey,
    AccountRequest,
    AccountStanding,
    Designation,
    Endorsement,
    Registration,
)
from tests.cast import Cast

TABLES = (
    AccessHolder, Account, AccountHold, AccountKey, AccountRequest, AccountStanding, Appeal, Case, CaseEvidence, Decision,
    Designation, Endorsement, Registration, Strike, TalkNote,
)  # fmt: skip


@dataclass
class Seen:
    """What came about: log entries as (act, actor, role, citations, note), notices as (person, kind, comment)."""

    events: list[tuple[str, int | None, str, list[str], str]] = field(default_factory=list)
    notices: set[tuple[int, str, str]] = field(default_factory=set)
    doubled: int = 0

    @property
    def acts(self) -> list[str]:
        """The acts, in order."""
        return [event[0] for event in self.events]

    def told(self, cast: Cast) -> dict[str, str]:
        """Who was told what, by the names of the cast."""
        names = {getattr(cast, f.name).pk: f.name for f in fields(cast) if isinstance(getattr(cast, f.name), Person)}
        return {names[person]: kind for person, kind, _comment in self.notices}

    @property
    def comments(self) -> set[str]:
        """Every comment that the notices carry."""
        return {comment for _person, _kind, comment in self.notices}


@contextmanager
def watching() -> Iterator[Seen]:
    """Collects the events and notices written inside."""
    last_event = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    last_notice = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    seen = Seen()
    yield seen
    for event in Event.objects.filter(seq__gt=last_event).select_related("kept").order_by("seq"):
        said = event.kept.payload
        seen.events.append((event.act, event.actor_id, said["role"], said["citations"], said["note"]))
    found = [(n.person_id, n.kind, n.context.get("comment", "")) for n in Notice.objects.filter(pk__gt=last_notice)]
    seen.notices = set(found)
    seen.doubled = len(found) - len({person for person, _kind, _comment in found})


def everything() -> dict[str, Any]:
    """The register's rows as they stand, and how long the log and the outbox are."""
    rows: dict[str, Any] = {model.__name__: list(model.objects.order_by("pk").values_list()) for model in TABLES}
    return {**rows, "log": Event.objects.count(), "outbox": Notice.objects.count()}


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fails when anything in the register, the log or the outbox is different afterwards."""
    before = everything()
    yield
    assert everything() == before


def cited(*numbers: str) -> list[str]:
    """Clauses as AP 193 of 2015 is cited."""
    return [f"ap-193@2015-09#{number}" for number in numbers]
