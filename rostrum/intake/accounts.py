"""A list of today's accounts on its way in: staged, repaired on the spot, brought in whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.intake import accounts_columns as columns
from rostrum.intake import storing
from rostrum.intake.accounts_models import AccountList, AccountRow, Level, ListState
from rostrum.intake.accounts_rows import LIMITS, Finding, Judge, Judged
from rostrum.jobs.actions import enqueue
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import keeper
from rostrum.registry import known
from rostrum.registry.known_models import KnownAccount

MOST_ROWS = 20_000
SMALL_ROWS = 1_000  # taken in within a second; more are taken in by a job
BATCH = 1_000
KEPT = timedelta(days=60)  # a list that nobody finishes is forgotten after this time
UNFINISHED = (ListState.READING, ListState.OPEN, ListState.REFUSED)


def need(by: Person | None) -> None:
    """Raise NotAllowed for whoever may not bring lists of accounts in; None is the operator at the command line."""
    if by is not None and not may(by, "known:import"):
        raise NotAllowed(_("Only %(keeper)s can bring a list of accounts in.") % {"keeper": keeper()})


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


def level_of(row: AccountRow, one: Judged) -> tuple[Level, str]:
    """What a row needs, and the key under which its doubles are found."""
    return Level.SKIPPED if row.skipped else Level(one.level()), one.key[:240]


def keep(rows: Iterable[AccountRow], found: Mapping[int, Judged]) -> None:
    """Write down what each row needs."""
    changed = []
    for row in rows:
        now = level_of(row, found[row.number])
        if (row.level, row.key) != now:
            row.level, row.key = now
            changed.append(row)
    AccountRow.objects.bulk_update(changed, ["level", "key"], batch_size=500)


def judge_all(batch: AccountList) -> dict[int, Judged]:
    """Judge every row and keep what each needs; returns what was found."""
    rows = list(batch.rows.all())
    found = judged(rows, batch)
    keep(rows, found)
    return found


def counts(batch: AccountList) -> dict[str, int]:
    """How many rows need what."""
    found = Counter(batch.rows.values_list("level", flat=True))
    return {level.value: found.get(level.value, 0) for level in Level}


def opened(batch: AccountList, by: Person | None, *states: ListState) -> AccountList:
    """The list, locked until the transaction ends. Raises NotAllowed, and WrongState unless it is open (or so)."""
    need(by)
    now = AccountList.objects.select_for_update().get(pk=batch.pk)
    if now.state not in (states or (ListState.OPEN,)):
        raise WrongState(
            _("This list is “%(state)s”. Nothing of it can be changed.") % {"state": now.get_state_display()}
        )
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
    now = opened(batch, by)
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
    row.save(update_fields=["edits", "skipped"])
    settle(now, [row])
    return row, judged([row], now)[number]


def settle(batch: AccountList, rows: list[AccountRow]) -> None:
    """Judge rows that were just mended, and every other row that was or now is the same account as one of them."""
    keys = {row.key for row in rows}
    keep(rows, judged(rows, batch))
    keys |= {row.key for row in rows}
    mended = {row.pk for row in rows}
    for part in _chunks(sorted(keys - {""}), 500):
        doubles = [row for row in batch.rows.filter(key__in=part) if row.pk not in mended]
        if doubles:
            keep(doubles, judged(doubles, batch))


@transaction.atomic
def confirm(batch: AccountList, *, by: Person) -> AccountList:
    """Take the list in: a short one at once, a long one by a job, which says what it refused in the list's notes.

    Raises Invalid while a row cannot be used, WrongState when somebody was faster.
    """
    now = opened(batch, by)
    _refuse_stuck(now.rows.filter(level=Level.PROBLEM).count())
    if now.rows.count() <= SMALL_ROWS:
        bring_in(now, by=by)
    else:
        now.state, now.version = ListState.TAKING, now.version + 1
        now.save(update_fields=["state", "version"])
        enqueue("intake.take_accounts", key=f"intake.take_accounts:{now.pk}:{now.version}", batch=now.pk, by=by.pk,
                language=by.language)  # fmt: skip
    batch.refresh_from_db()
    return batch


def take(batch: AccountList, *, by: Person) -> None:
    """The job's part of `confirm`. What is refused by now opens the list again, with the reason. May be done twice."""
    if batch.state != ListState.TAKING:
        return
    try:
        bring_in(batch, by=by)
    except (Invalid, NotAllowed) as refusal:
        note = {"row": 0, "column": "", "value": "", "weight": "note", "message": str(refusal.message)}
        AccountList.objects.filter(pk=batch.pk, state=ListState.TAKING).update(
            state=ListState.OPEN, version=batch.version + 1, notes=[note, *batch.notes]
        )


def _refuse_stuck(count: int) -> None:
    if count:
        raise Invalid(
            ngettext(
                "One row cannot be used yet. Repair it, or skip it. Nothing was brought in.",
                "%(count)d rows cannot be used yet. Repair them, or skip them. Nothing was brought in.",
                count,
            )
            % {"count": count}
        )


@transaction.atomic
def bring_in(batch: AccountList, *, by: Person | None) -> list[KnownAccount]:
    """Take the list in: every row that is in order or only wants a look. All of it or nothing.

    Rows that are held already, stand twice or are skipped are passed over, so that the same list twice changes
    nothing. Raises Invalid while a row cannot be used, WrongState when somebody was faster.
    """
    now = opened(batch, by, ListState.OPEN, ListState.TAKING)
    found = judge_all(now)
    skipped = set(now.rows.filter(skipped=True).values_list("number", flat=True))
    taken = {n: one for n, one in found.items() if n not in skipped}
    stuck = [n for n, one in taken.items() if one.level() == "problem"]
    _refuse_stuck(len(stuck))
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
    now = opened(batch, by, *UNFINISHED)
    _end(now, ListState.DROPPED, {})
    record(by, "accountlist:drop", now, citations=cite(["3.2"]), role="communications" if by else "clock")
    return now


def _end(batch: AccountList, state: ListState, ended: dict[str, int]) -> None:
    """Close the list; its rows, which hold what people wrote about people, go, and so does the file."""
    changed = AccountList.objects.filter(pk=batch.pk, state=batch.state, version=batch.version).update(
        state=state, counts=ended, finished_at=clock.now(), version=batch.version + 1
    )
    if not changed:
        raise Overtaken(_("Someone else has just brought this list in."))
    batch.refresh_from_db()
    batch.rows.all().delete()
    token = batch.kept_in
    if token:
        transaction.on_commit(lambda: storing.forget(token))
