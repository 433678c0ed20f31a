"""Reading a list of today's accounts: at once when it is small, else by a job; one sheet of a workbook at a time."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.errors import Invalid, WrongState
from rostrum.intake import accounts_columns as columns
from rostrum.intake import progress, storing, tables
from rostrum.intake.accounts import (
    BATCH,
    KEPT,
    MOST_ROWS,
    SMALL_ROWS,
    UNFINISHED,
    judged,
    keep,
    level_of,
    mapping_for,
    need,
    opened,
)
from rostrum.intake.accounts_models import AccountList, AccountRow, ListState
from rostrum.intake.faults import shown
from rostrum.jobs.actions import enqueue
from rostrum.people.models import Person

NOTES_KEPT = 60


@transaction.atomic
def stage(name: str, file: BinaryIO, *, by: Person | None, sheet: str = "") -> AccountList:
    """Take a CSV, XLSX or other table and keep its rows, so that nothing of the work on them is lost.

    Nothing enters the register. A large file is read by a job and the list is `reading` until then; one that turns out
    to be of no use is `refused`, with the reason in its notes. `by` is None on the command line, which waits for
    either. Raises NotAllowed, and Invalid with what to do when a small file cannot be used at all.
    """
    need(by)
    _forget_old()
    token = storing.new_token()
    sha256, _size = storing.keep(token, file)
    batch = AccountList.objects.create(
        by=by, file_name=shown(name)[:200], sha256=sha256, kept_in=token, sheet=sheet[:200],
        state=ListState.READING, started_at=clock.now(),
    )  # fmt: skip
    if by is not None and not storing.small(token):
        hand_over(batch, by)
        return batch
    read(batch)
    if batch.state == ListState.REFUSED:
        storing.forget(token)
        raise Invalid(message := batch.notes[0]["message"], fields={"file": [message]})
    return batch


def _forget_old() -> None:
    """A list that nobody finishes is forgotten after sixty days, rows and file."""
    AccountList.objects.filter(state__in=[*UNFINISHED, ListState.TAKING], started_at__lt=clock.now() - KEPT).delete()


def hand_over(batch: AccountList, by: Person | None) -> None:
    """Let a job read the list, or judge the rows that it has. The list is `reading` until then."""
    key = f"intake.read_accounts:{batch.pk}:{batch.version}"
    enqueue("intake.read_accounts", key=key, batch=batch.pk, language=by.language if by else "en-ca")


@transaction.atomic
def read_sheet(batch: AccountList, sheet: str, *, by: Person | None) -> AccountList:
    """Read another sheet of the workbook instead; what was mended in the rows of this one goes with them.

    Raises NotAllowed, Invalid for a sheet that the workbook has not, WrongState when the file is no longer kept.
    """
    now = opened(batch, by, ListState.OPEN, ListState.REFUSED)
    if sheet not in now.sheets:
        raise Invalid(_("The workbook has no sheet called “%(sheet)s”.") % {"sheet": sheet[:60]})
    if not still_kept(now):
        raise WrongState(_("This file is no longer kept."), way_forward=_("Bring the file again."))
    now.rows.all().delete()
    now.state, now.sheet, now.version, now.notes = ListState.READING, sheet, now.version + 1, []
    now.save(update_fields=["state", "sheet", "version", "notes"])
    if by is None or storing.small(now.kept_in):
        read(now)
    else:
        hand_over(now, by)
    return now


@transaction.atomic
def read_columns(batch: AccountList, mapping: columns.Mapping, *, by: Person | None) -> AccountList:
    """Read the columns another way; kept for the next list with the same columns. What was repaired stays.

    A long list is judged again by a job. Raises Invalid for one column that is to mean two things.
    """
    now = opened(batch, by)
    chosen = [index for index in mapping.values() if index is not None]
    if len(chosen) != len(set(chosen)):
        raise Invalid(_("One column cannot mean two things."))
    now.mapping = columns.sound(mapping, len(now.header))
    now.version += 1
    now.state = ListState.READING
    now.save(update_fields=["mapping", "version", "state"])
    if by is not None and now.rows.count() > SMALL_ROWS:
        hand_over(now, by)
    else:
        _judge_again(now)
    return now


def still_kept(batch: AccountList) -> bool:
    """Whether another sheet of the file can be read."""
    return bool(batch.kept_in) and (storing.folder(batch.kept_in) / storing.UPLOAD).exists()


def read(batch: AccountList) -> AccountList:
    """Read the staged file and judge every row; then the list waits for a person. May be done twice.

    Nothing is locked meanwhile: the rows are written in one step at the end, unless somebody gave the list up.
    """
    if batch.state != ListState.READING:
        return batch
    if batch.rows.exists():  # only their columns are read another way
        return _judge_again(batch)
    upload = storing.folder(batch.kept_in) / storing.UPLOAD
    if not upload.exists():
        return batch
    with progress.told(batch.kept_in):
        rows, notes, stopped = _rows_of(batch, upload)
        progress.judging()
        if not stopped:
            batch.mapping = mapping_for(batch.header)
            found = judged(rows, batch)
            for row in rows:
                row.level, row.key = level_of(row, found[row.number])
    state = ListState.REFUSED if stopped else ListState.OPEN
    with transaction.atomic():
        changed = AccountList.objects.filter(pk=batch.pk, state=ListState.READING, version=batch.version).update(
            state=state, header=batch.header, mapping=batch.mapping, sheet=batch.sheet, sheets=batch.sheets, notes=notes,
        )  # fmt: skip
        if changed and not stopped:
            AccountRow.objects.bulk_create(rows, batch_size=BATCH)
    batch.refresh_from_db()
    if len(batch.sheets) < 2:  # nothing else of it will be asked for
        token = batch.kept_in
        transaction.on_commit(lambda: storing.forget(token))
    return batch


def _rows_of(batch: AccountList, upload: Any) -> tuple[list[AccountRow], list[dict[str, Any]], bool]:
    """The rows under the header, what is to be said of the file, and whether nothing of it can be used."""
    with upload.open("rb") as stream:
        table = tables.read(batch.file_name, stream, sheet=batch.sheet, known=columns.ALL)
        batch.header, batch.sheets, batch.sheet = list(table.header), list(table.sheets), table.sheet[:200]
        rows: list[AccountRow] = []
        for row in table:
            if len(rows) == MOST_ROWS:
                message = _("The list has more than %(most)d rows. Split it.") % {"most": MOST_ROWS}
                return [], [_note_of_file(message)], True
            rows.append(AccountRow(batch=batch, number=row.number, cells=list(row.cells)))
        faults = list(table.faults)
    stops = [_note(fault) for fault in faults if fault.weight == "file"]
    if stops:
        return [], stops, True
    if not rows:
        return [], [_note_of_file(_("There is no row under the names of the columns."))], True
    return rows, [_note(fault) for fault in faults[:NOTES_KEPT]], False


def _note(fault: Any) -> dict[str, Any]:
    return {"row": fault.row, "column": fault.column, "value": fault.value, "weight": fault.weight,
            "message": f"{fault.message} {fault.remedy}".strip()}  # fmt: skip


def _note_of_file(message: str) -> dict[str, Any]:
    return {"row": 0, "column": "", "value": "", "weight": "file", "message": message}


def _judge_again(batch: AccountList) -> AccountList:
    with progress.told(batch.kept_in):
        progress.judging()
        rows = list(batch.rows.all())
        found = judged(rows, batch)
    with transaction.atomic():
        if AccountList.objects.filter(pk=batch.pk, state=ListState.READING, version=batch.version).update(
            state=ListState.OPEN
        ):
            keep(rows, found)
    batch.refresh_from_db()
    return batch
