"""A list of today's accounts on its way in: staged, repaired on the spot, brought in whole or not at all."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.intake import accounts_columns as columns
from rostrum.intake import tables
from rostrum.intake.accounts_models import AccountList, AccountRow, Level, ListState
from rostrum.intake.accounts_rows import LIMITS, Finding, Judge, Judged
from rostrum.intake.faults import shown
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite
from rostrum.registry import known
from rostrum.registry.known_models import KnownAccount

MOST_ROWS = 20_000
BATCH = 1_000
NOTES_KEPT = 60
KEPT = timedelta(days=60)  # a list that nobody finishes is forgotten after this time


def _need(by: Person | None) -> None:
    if by is not None and not may(by, "known:import"):
        raise NotAllowed(_("Only Communications can bring a list of accounts in."))


def _note(fault: Any) -> dict[str, Any]:
    return {"row": fault.row, "column": fault.column, "value": fault.value, "weight": fault.weight,
            "message": f"{fault.message} {fault.remedy}".strip()}  # fmt: skip


@transaction.atomic
def stage(name: str, file: BinaryIO, *, by: Person | None) -> AccountList:
    """Read a CSV, XLSX or other table and keep its rows, so that nothing of the work on them is lost.

    Nothing enters the register. `by` is None on the command line. Raises NotAllowed, and Invalid with what to do when
    the file cannot be used at all.
    """
    _need(by)
    AccountList.objects.filter(state=ListState.OPEN, started_at__lt=clock.now() - KEPT).delete()
    file.seek(0)
    digest = hashlib.sha256()
    while part := file.read(1 << 20):
        digest.update(part)
    table = tables.read(name, file, known=columns.ALL)
    _refuse_unusable(table)
    header = list(table.header)
    batch = AccountList.objects.create(
        by=by, file_name=shown(name)[:200], sha256=digest.hexdigest(), header=header, mapping=mapping_for(header),
        started_at=clock.now(),
    )  # fmt: skip
    count, waiting = 0, []
    for row in table:
        count += 1
        if count > MOST_ROWS:
            raise _unusable(_("The list has more than %(most)d rows. Split it.") % {"most": MOST_ROWS})
        waiting.append(AccountRow(batch=batch, number=row.number, cells=list(row.cells)))
        if len(waiting) == BATCH:
            AccountRow.objects.bulk_create(waiting)
            waiting = []
    AccountRow.objects.bulk_create(waiting)
    _refuse_unusable(table)
    if not count:
        raise _unusable(_("There is no row under the names of the columns."))
    batch.notes = [_note(fault) for fault in list(table.faults)[:NOTES_KEPT]]
    batch.save(update_fields=["notes"])
    judge_all(batch)
    return batch


def _refuse_unusable(table: tables.Table) -> None:
    if table.faults.stopping:
        fault = next(one for one in table.faults if one.weight == "file")
        raise _unusable(f"{fault.message} {fault.remedy}".strip())


def _unusable(message: str) -> Invalid:
    return Invalid(message, fields={"file": [message]})


def mapping_for(header: list[str]) -> columns.Mapping:
    """How the columns are read: as the last list with the same columns was, else by their names."""
    for before in AccountList.objects.exclude(mapping={}).order_by("-pk")[:20]:
        if before.header == header:
            return columns.sound(before.mapping, len(header))
    return columns.guess(header)


def values_of(row: AccountRow, mapping: Mapping[str, int]) -> dict[str, str]:
    """A row's cells by field: what was typed over a cell, else what the file says."""
    cells = row.cells
    read = {name: cells[index] for name, index in mapping.items() if index < len(cells)}
    return {name: row.edits.get(name, read.get(name, "")) for name in columns.FIELDS}


def judged(rows: Iterable[AccountRow], batch: AccountList, judge: Judge | None = None) -> dict[int, Judged]:
    """Everything there is to say about some rows, by their row number; rows further up win over their doubles."""
    rows, judge = list(rows), judge or Judge()
    out = {row.number: judge.judge(values_of(row, batch.mapping)) for row in rows}
    judge.against_register(out)
    keys = {one.key for one in out.values() if one.key}
    first: dict[str, int] = {}
    numbered = {row.number for row in rows}
    for part in _chunks(sorted(keys), 500):
        kept = AccountRow.objects.filter(batch=batch, key__in=part, skipped=False).order_by("number")
        for number, key in kept.values_list("number", "key"):
            if number not in numbered:  # judged below, with the key that it has now
                first.setdefault(key, number)
    for row in sorted(rows, key=lambda one: one.number):
        key = out[row.number].key
        if key and not row.skipped:
            first[key] = min(first.get(key, row.number), row.number)
    for row in rows:
        one = out[row.number]
        if one.key and not row.skipped and first[one.key] < row.number and one.level() != "held":
            message = _("The same account as in row %(row)d. Only that one is taken.") % {"row": first[one.key]}
            one.findings.append(Finding("address", "held", message))
    return out


def _chunks(things: list[str], size: int) -> Iterator[list[str]]:
    return (things[start : start + size] for start in range(0, len(things), size))


def _keep(rows: Iterable[AccountRow], found: Mapping[int, Judged]) -> None:
    changed = []
    for row in rows:
        one = found[row.number]
        level = Level.SKIPPED if row.skipped else Level(one.level())
        if (row.level, row.key) != (level, one.key[:240]):
            row.level, row.key = level, one.key[:240]
            changed.append(row)
    AccountRow.objects.bulk_update(changed, ["level", "key"], batch_size=500)


def judge_all(batch: AccountList) -> dict[int, Judged]:
    """Judge every row and keep what each needs; returns what was found."""
    rows = list(batch.rows.all())
    found = judged(rows, batch)
    _keep(rows, found)
    return found


def counts(batch: AccountList) -> dict[str, int]:
    """How many rows need what."""
    found = Counter(batch.rows.values_list("level", flat=True))
    return {level.value: found.get(level.value, 0) for level in Level}


def _open(batch: AccountList, by: Person | None) -> AccountList:
    """The list, locked until the transaction ends. Raises NotAllowed, and WrongState when it is in already."""
    _need(by)
    now = AccountList.objects.select_for_update().get(pk=batch.pk)
    if now.state != ListState.OPEN:
        raise WrongState(
            _("This list is “%(state)s”. Nothing of it can be changed.") % {"state": now.get_state_display()}
        )
    return now


@transaction.atomic
def read_columns(batch: AccountList, mapping: columns.Mapping, *, by: Person | None) -> AccountList:
    """Read the columns another way; kept for the next list with the same columns. What was repaired stays."""
    now = _open(batch, by)
    chosen = [index for index in mapping.values() if index is not None]
    if len(chosen) != len(set(chosen)):
        raise Invalid(_("One column cannot mean two things."))
    now.mapping = columns.sound(mapping, len(now.header))
    now.version += 1
    now.save(update_fields=["mapping", "version"])
    judge_all(now)
    return now


@transaction.atomic
def repair(
    batch: AccountList,
    number: int,
    *,
    by: Person | None,
    values: Mapping[str, str] | None = None,
    skipped: bool | None = None,
) -> tuple[AccountRow, Judged]:
    """Type over cells of one row, or skip it, or take it back. Kept at once; the file itself is never changed.

    Raises Invalid for a row that is not there and for endless text.
    """
    now = _open(batch, by)
    row = now.rows.filter(number=number).first()
    if row is None:
        raise Invalid(_("This list has no row %(number)d.") % {"number": number})
    for name, value in (values or {}).items():
        if name not in columns.FIELDS:
            raise Invalid(_("A row has no field called %(name)s.") % {"name": name[:40]})
        if len(value) > LIMITS[name] * 2:
            raise Invalid(_("Use at most %(limit)d characters here.") % {"limit": LIMITS[name]})
        kept = value.replace("\x00", "").encode("utf-8", "replace").decode()
        if kept.strip() == values_of(row, now.mapping)[name].strip():
            continue
        row.edits = {**row.edits, name: kept}
    if skipped is not None:
        row.skipped = skipped
    before = row.key
    row.save(update_fields=["edits", "skipped"])
    found = judged([row], now)
    _keep([row], found)
    doubles = list(now.rows.filter(key__in=[k for k in {before, row.key} if k]).exclude(pk=row.pk))
    if doubles:
        _keep(doubles, judged(doubles, now))
    return row, judged([row], now)[number]


@transaction.atomic
def bring_in(batch: AccountList, *, by: Person | None) -> list[KnownAccount]:
    """Take the list in: every row that is in order or only wants a look. All of it or nothing.

    Rows that are held already, stand twice or are skipped are passed over, so that the same list twice changes
    nothing. Raises Invalid while a row cannot be used, WrongState when somebody was faster.
    """
    now = _open(batch, by)
    found = judge_all(now)
    skipped = set(now.rows.filter(skipped=True).values_list("number", flat=True))
    taken = {n: one for n, one in found.items() if n not in skipped}
    stuck = [n for n, one in taken.items() if one.level() == "problem"]
    if stuck:
        raise Invalid(
            ngettext(
                "One row cannot be used yet. Repair it, or skip it. Nothing was brought in.",
                "%(count)d rows cannot be used yet. Repair them, or skip them. Nothing was brought in.",
                len(stuck),
            )
            % {"count": len(stuck)}
        )
    entries = [one.entry for n, one in sorted(taken.items()) if one.level() != "held" and one.entry is not None]
    made = known.bring_in(entries, by=by, source=now.file_name) if entries else []
    ended = {
        "taken": len(made), "held": sum(one.level() == "held" for one in taken.values()), "skipped": len(skipped),
    }  # fmt: skip
    _end(now, ListState.DONE, ended)
    record(
        by, "accountlist:bring_in", now, citations=cite(["1.2", "3.2"]), role="communications" if by else "clock",
        after={"file": now.file_name, "sha256": now.sha256, **ended},
    )  # fmt: skip
    return made


@transaction.atomic
def drop(batch: AccountList, *, by: Person | None) -> AccountList:
    """Give a list up. Nothing of it enters the register."""
    now = _open(batch, by)
    _end(now, ListState.DROPPED, {})
    record(by, "accountlist:drop", now, citations=cite(["3.2"]), role="communications" if by else "clock")
    return now


def _end(batch: AccountList, state: ListState, ended: dict[str, int]) -> None:
    """Close the list; its rows, which hold what people wrote about people, go."""
    changed = AccountList.objects.filter(pk=batch.pk, state=ListState.OPEN, version=batch.version).update(
        state=state, counts=ended, finished_at=clock.now(), version=batch.version + 1
    )
    if not changed:
        raise Overtaken(_("Someone else has just brought this list in."))
    batch.refresh_from_db()
    batch.rows.all().delete()
