"""Lists of today's accounts brought in by a program: upload, look at every row, mend it, take the list in whole."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Path, Query, Router, UploadedFile

from rostrum.api import import_shapes as shapes
from rostrum.api.answers import acting, reading_own
from rostrum.api.auth import caller
from rostrum.api.once import act_once
from rostrum.api.paging import Paged, part
from rostrum.api.public import NOTHING
from rostrum.api.showing import BASE, shaped
from rostrum.api.uploads import fingerprint_of, opened, refuse_unknown
from rostrum.core.errors import NotAllowed, Overtaken, WrongState
from rostrum.intake import accounts, accounts_reading
from rostrum.intake.accounts_models import AccountList, AccountRow, ListState
from rostrum.intake.accounts_rows import Finding, Judged
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.rolewords import keeper
from rostrum.tokens.scopes import IMPORT_ACCOUNTS

router = Router(tags=["ImportAccounts"])
HERE = f"{BASE}/imports/accounts"


def _keeper(request: HttpRequest) -> Person:
    """The caller, if they may bring accounts in. Raises NotAllowed as the page does."""
    person = caller(request, IMPORT_ACCOUNTS)
    if not may(person, "known:import"):
        raise NotAllowed(_("Only %(keeper)s can bring a list of accounts in.") % {"keeper": keeper()})
    return person


def _fields(batch: AccountList) -> dict[str, Any]:
    counts = batch.counts if batch.state in {ListState.DONE, ListState.DROPPED} else accounts.counts(batch)
    return {
        "number": batch.pk, "state": batch.state, "label": str(ListState(batch.state).label), "version": batch.version,
        "file_name": batch.file_name, "sha256": batch.sha256, "started_at": batch.started_at,
        "ended_at": batch.finished_at, "by": batch.by.name if batch.by else None,
        "columns": {name: str(batch.header[at]) for name, at in batch.mapping.items() if at < len(batch.header)},
        "sheet": batch.sheet, "sheets": batch.sheets,
        "counts": {key: int(value) for key, value in counts.items()}, "notes": batch.notes,
    }  # fmt: skip


def _shown(batch: AccountList) -> dict[str, Any]:
    return shaped(shapes.AccountImportOut, _fields(AccountList.objects.select_related("by").get(pk=batch.pk)))


def _found(number: int) -> AccountList:
    batch = AccountList.objects.select_related("by").filter(pk=number).first()
    if batch is None:
        raise Http404(NOTHING)
    return batch


def _accepted(made: dict[str, Any], done: int) -> int:
    """202 while a job is at it: the address of the list says when it has ended."""
    return 202 if made["state"] in {ListState.READING.value, ListState.TAKING.value} else done


def _finding(one: Finding, values: dict[str, str], columns: dict[str, str]) -> dict[str, Any]:
    return {
        "field": one.field, "column": columns.get(one.field, ""), "value": values.get(one.field, ""),
        "level": one.level, "message": str(one.message), "suggestions": list(one.suggestions),
        "clause": one.clause or None, "href": f"{settings.SITE_URL}{one.url}" if one.url else None,
    }  # fmt: skip


def _row(row: AccountRow, judged: Judged, batch: AccountList) -> dict[str, Any]:
    values = accounts.values_of(row, batch.mapping)
    columns = _fields_read(batch)
    return {
        "row": row.number, "level": row.level, "values": values,
        "understood": judged.entry.address if judged.entry else "",
        "findings": [_finding(one, values, columns) for one in judged.findings],
    }  # fmt: skip


def _fields_read(batch: AccountList) -> dict[str, str]:
    return {name: str(batch.header[at]) for name, at in batch.mapping.items() if at < len(batch.header)}


def _rows(found: list[AccountRow], batch: AccountList) -> list[dict[str, Any]]:
    judged = accounts.judged(found, batch)
    return [_row(one, judged[one.number], batch) for one in found]


@router.get(
    "/imports/accounts", response=reading_own(shapes.AccountImportList), operation_id="listAccountImports",
    summary="Lists of accounts that were brought",
)  # fmt: skip
def lists(request: HttpRequest, response: HttpResponse, asked: Query[Paged]) -> dict[str, Any]:
    """The newest first, whoever brought them, from the pages and from programs."""
    _keeper(request)
    return part(
        request, response, AccountList.objects.select_related("by"), asked, order=("-pk",),
        show=lambda rows: [_fields(one) for one in rows],
    )  # fmt: skip


@router.post(
    "/imports/accounts", response=acting(shapes.AccountImportOut, status=201, later=True),
    operation_id="bringAccounts", summary="Bring a list of accounts: what each row needs",
)  # fmt: skip
def bring(request: HttpRequest, file: File[UploadedFile], asked: Form[shapes.AccountOptions]) -> HttpResponse:
    """Upload today's accounts as CSV, XLSX, XLS or ODS, one in a row. Nothing enters the register (AP 193 1.2, 3.2).

    The answer counts what the rows need; `…/rows` tells it row by row. 422 when nothing of the file can be used. A
    large file is read by a job: 202, and the address in `Location` says when it is `open`, or `refused` and why.
    """
    person = _keeper(request)
    refuse_unknown(request, shapes.AccountOptions, "file")
    options = {"sheet": asked.sheet}

    def act() -> dict[str, Any]:
        return _shown(accounts_reading.stage(file.name or "", opened(file), by=person, **options))

    return act_once(
        request, person, act, status=lambda made: _accepted(made, 201),
        location=lambda made: f"{HERE}/{made['number']}", body=fingerprint_of(file, options),
    )  # fmt: skip


@router.get(
    "/imports/accounts/{number}", response=reading_own(shapes.AccountImportOut, 404),
    operation_id="readAccountImport", summary="One list of accounts",
)  # fmt: skip
def read(request: HttpRequest, number: Path[shapes.ImportNumber]) -> dict[str, Any]:
    """Where it is, how its columns were read, and how many rows need what."""
    _keeper(request)
    return _fields(_found(number))


@router.get(
    "/imports/accounts/{number}/rows", response=reading_own(shapes.RowList, 404, 409), operation_id="listAccountRows",
    summary="The rows of a list of accounts",
)  # fmt: skip
def rows(
    request: HttpRequest, response: HttpResponse, number: Path[shapes.ImportNumber], asked: Query[shapes.RowQuery]
) -> dict[str, Any]:
    """Row by row: what was understood, and each finding with column, value and what to do. None once it is in."""
    _keeper(request)
    batch = _found(number)
    if batch.state == ListState.READING:
        raise WrongState(_("This list is still being read. Ask again in a few seconds."))
    found = batch.rows.filter(level=asked.level) if asked.level else batch.rows.all()
    return part(request, response, found, asked, order=("number",), show=lambda some: _rows(some, batch))


@router.patch(
    "/imports/accounts/{number}/rows/{row}", response=acting(shapes.RowOut), operation_id="mendAccountRow",
    summary="Mend one row, skip it or take it back",
)  # fmt: skip
def mend(
    request: HttpRequest, number: Path[shapes.ImportNumber], row: Path[shapes.RowNumber], payload: shapes.RepairIn
) -> HttpResponse:
    """Type over cells of one row, or pass it over. The row is judged at once; the file itself is never changed."""
    person = _keeper(request)
    batch = _found(number)
    if not batch.rows.filter(number=row).exists() and batch.state == ListState.OPEN:
        raise Http404(NOTHING)

    def act() -> dict[str, Any]:
        values = {str(name): typed for name, typed in payload.values.items()}
        kept, judged = accounts.repair(batch, row, by=person, values=values, skipped=payload.skipped)
        return shaped(shapes.RowOut, _row(kept, judged, batch))

    return act_once(request, person, act)


@router.post(
    "/imports/accounts/{number}/apply", response=acting(shapes.AccountImportOut, later=True), operation_id="applyAccounts",
    summary="Take a list of accounts in",
)  # fmt: skip
def apply(
    request: HttpRequest, number: Path[shapes.ImportNumber], payload: shapes.ApplyAccountsIn
) -> HttpResponse:
    """All of it or nothing: while one row is a `problem`, 422. What is taken in is known, not official (AP 193 1.2).

    A long list is taken in by a job: 202, and the list is `taking` until it is `done`.
    """
    person = _keeper(request)
    batch = _found(number)

    def act() -> dict[str, Any]:
        if batch.state == ListState.OPEN and batch.version != payload.version:
            raise Overtaken(_("This list was read another way since. Read it again."))
        return _shown(accounts.confirm(batch, by=person))

    return act_once(request, person, act, status=lambda made: _accepted(made, 200))


@router.post(
    "/imports/accounts/{number}/drop", response=acting(shapes.AccountImportOut), operation_id="dropAccounts",
    summary="Give a list of accounts up",
)  # fmt: skip
def drop(request: HttpRequest, number: Path[shapes.ImportNumber], payload: shapes.NothingIn) -> HttpResponse:
    """Its rows are deleted. Nothing of it enters the register."""
    person = _keeper(request)
    batch = _found(number)

    def act() -> dict[str, Any]:
        accounts.drop(batch, by=person)
        return _shown(batch)

    return act_once(request, person, act)
