"""Lists of people and schools brought in by a program: upload, look at every change and fault, apply whole or drop."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Path, Query, Router, UploadedFile

from rostrum.api import import_shapes as shapes
from rostrum.api.answers import acting, reading_own
from rostrum.api.auth import caller
from rostrum.api.once import act_once
from rostrum.api.paging import Paged, part, part_of
from rostrum.api.problems import Problem
from rostrum.api.public import NOTHING
from rostrum.api.showing import BASE, shaped
from rostrum.api.uploads import fingerprint_of, opened, refuse_unknown
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.intake import actions
from rostrum.intake.faults import Fault
from rostrum.intake.models import ImportRun, ImportState
from rostrum.intake.plan import Change, Plan
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.tokens.scopes import IMPORT_PEOPLE

router = Router(tags=["ImportPeople"])
HERE = f"{BASE}/imports/people"
UNDER_WAY = frozenset({ImportState.READING.value, ImportState.APPLYING.value})
ORDER = {"file": 0, "row": 1, "note": 2}


def _keeper(request: HttpRequest) -> Person:
    """The caller, if they may bring people in. Raises NotAllowed as the page does."""
    person = caller(request, IMPORT_PEOPLE)
    if not (may(person, "person:manage") and may(person, "unit:manage")):
        raise NotAllowed(_("Your role does not let you bring people in."))
    return person


def _fields(run: ImportRun) -> dict[str, Any]:
    return {
        "number": run.pk, "kind": run.kind, "state": run.state, "label": str(ImportState(run.state).label),
        "file_name": run.file_name, "sha256": run.sha256, "size": run.size, "started_at": run.started_at,
        "ended_at": run.ended_at, "by": run.by.name if run.by else None,
        "counts": {key: int(value) for key, value in run.counts.items()},
        "digest": run.digest if run.state == ImportState.READY else "", "message": run.message,
    }  # fmt: skip


def _shown(run: ImportRun) -> dict[str, Any]:
    return shaped(shapes.PeopleImportOut, _fields(ImportRun.objects.select_related("by").get(pk=run.pk)))


def _found(number: int) -> ImportRun:
    run = ImportRun.objects.select_related("by").filter(pk=number).first()
    if run is None:
        raise Http404(NOTHING)
    return run


def _accepted(made: dict[str, Any], done: int) -> int:
    """202 while a job is at it: the address of the import says when it has ended."""
    return 202 if made["state"] in UNDER_WAY else done


def _where(made: dict[str, Any]) -> str:
    return f"{HERE}/{made['number']}"


def _plan(run: ImportRun) -> Plan:
    """What an import would do. Raises WrongState while it is read, and once its file is no longer kept."""
    if run.state == ImportState.READING:
        raise WrongState(_("This file is still being read. Ask again in a few seconds."))
    if run.state in {ImportState.APPLIED, ImportState.DROPPED}:
        raise WrongState(_("This import is over, and its file is no longer kept. Its counts say what was done."))
    return actions.saved_plan(run)


@router.get(
    "/imports/people", response=reading_own(shapes.PeopleImportList), operation_id="listPeopleImports",
    summary="Lists of people that were brought",
)  # fmt: skip
def runs(request: HttpRequest, response: HttpResponse, asked: Query[Paged]) -> dict[str, Any]:
    """The newest first, whoever brought them, from the pages and from programs."""
    _keeper(request)
    return part(
        request, response, ImportRun.objects.select_related("by"), asked, order=("-pk",),
        show=lambda rows: [_fields(one) for one in rows],
    )  # fmt: skip


@router.post(
    "/imports/people", response=acting(shapes.PeopleImportOut, status=201, later=True),
    operation_id="bringPeople", summary="Bring a list of people: what would change",
)  # fmt: skip
def bring(request: HttpRequest, file: File[UploadedFile], asked: Form[shapes.PeopleOptions]) -> HttpResponse:
    """Upload a OneRoster 1.1 or 1.2 zip, or a list of staff as CSV, XLSX, XLS or ODS. Nothing of the division changes.

    201 with the import, `ready` or `refused`; a large file is read by a job: 202, and the address in `Location` says
    when it is ready. Students in it are counted and never kept.
    """
    person = _keeper(request)
    refuse_unknown(request, shapes.PeopleOptions, "file")
    options = {"schools": asked.schools == "true", "classes": asked.classes == "true", "sheet": asked.sheet}

    def act() -> dict[str, Any]:
        return _shown(actions.stage(opened(file), name=file.name or "", by=person, options=options))

    return act_once(
        request, person, act, status=lambda made: _accepted(made, 201), location=_where,
        body=fingerprint_of(file, options),
    )  # fmt: skip


@router.get(
    "/imports/people/{number}", response=reading_own(shapes.PeopleImportOut, 404), operation_id="readPeopleImport",
    summary="One list of people",
)  # fmt: skip
def read(request: HttpRequest, number: Path[shapes.ImportNumber]) -> dict[str, Any]:
    """Where it is: ask again while it is `reading` or `applying`."""
    _keeper(request)
    return _fields(_found(number))


@router.get(
    "/imports/people/{number}/faults", response=reading_own(shapes.FaultList, 404, 409),
    operation_id="listPeopleFaults", summary="What is wrong with the file",
)  # fmt: skip
def faults(
    request: HttpRequest, response: HttpResponse, number: Path[shapes.ImportNumber], asked: Query[Paged]
) -> dict[str, Any]:
    """Every row that is left out and every note, with row, column, value and what to do; what stops the file first."""
    _keeper(request)
    run = _found(number)
    found = sorted(_plan(run).faults, key=lambda one: (ORDER[one.weight], one.file, one.row))
    return part_of(request, response, found, asked, mark=run.digest, show=_fault)


def _fault(one: Fault) -> dict[str, Any]:
    return {
        "row": one.row, "column": one.column, "value": one.value, "weight": one.weight, "code": one.code,
        "message": one.message, "remedy": one.remedy, "file": one.file,
    }  # fmt: skip


@router.get(
    "/imports/people/{number}/changes", response=reading_own(shapes.ChangeList, 404, 409),
    operation_id="listPeopleChanges", summary="What the import would change",
)  # fmt: skip
def changes(
    request: HttpRequest, response: HttpResponse, number: Path[shapes.ImportNumber],
    asked: Query[shapes.ChangeQuery],
) -> dict[str, Any]:  # fmt: skip
    """Every unit, person and role that is new or changed, and whoever is no longer in the file."""
    _keeper(request)
    run = _found(number)
    found = _plan(run).changes
    if asked.what:
        found = [one for one in found if one.what == asked.what]
    if asked.thing:
        found = [one for one in found if one.thing == asked.thing]
    return part_of(request, response, found, asked, mark=run.digest, show=_change)


def _change(one: Change) -> dict[str, Any]:
    ending = one.what == "gone" and one.thing != "unit"
    return {
        "thing": one.thing, "what": one.what, "label": one.label, "detail": one.detail, "row": one.row,
        "end": f"{one.thing}:{one.pk}" if ending else None,
    }  # fmt: skip


@router.post(
    "/imports/people/{number}/apply", response=acting(shapes.PeopleImportOut, later=True),
    operation_id="applyPeople", summary="Apply a list of people",
)  # fmt: skip
def apply(
    request: HttpRequest, number: Path[shapes.ImportNumber], payload: shapes.ApplyPeopleIn
) -> HttpResponse:
    """Exactly the plan of this digest, in one transaction, all of it or nothing; a large one by a job (202).

    If the division changed since, nothing is done (409 too-late): read the import again, look, and apply its new digest.
    """
    person = _keeper(request)
    run = _found(number)

    def act() -> dict[str, Any]:
        return _shown(actions.confirm(run, by=person, digest=payload.digest, ends=list(payload.ends)))

    response = act_once(request, person, act, status=lambda made: _accepted(made, 200), location=_where)
    made = json.loads(response.content)
    # Put back: it waits again with a plan worked out anew, which has to be kept, so this is said after the act.
    if made["state"] == ImportState.READY:
        raise Problem("too-late", made["message"])
    return response


@router.post(
    "/imports/people/{number}/drop", response=acting(shapes.PeopleImportOut), operation_id="dropPeople",
    summary="Set a list of people aside",
)  # fmt: skip
def drop(request: HttpRequest, number: Path[shapes.ImportNumber], payload: shapes.NothingIn) -> HttpResponse:
    """Delete what is kept of the file. Nothing of the division changes."""
    person = _keeper(request)
    run = _found(number)
    return act_once(request, person, lambda: _shown(actions.drop(run, by=person)))
