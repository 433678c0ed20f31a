"""Every write of an import of people: staging a file, reading it, applying it whole, setting it aside."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import NotAllowed, Overtaken, Refusal, WrongState
from rostrum.intake import oneroster, plan, progress, roll, rosterfiles, stafflist, storing
from rostrum.intake.accounts_models import AccountList, ListState
from rostrum.intake.comparing import compare
from rostrum.intake.models import ImportKind, ImportRun, ImportState
from rostrum.intake.plan import Plan
from rostrum.intake.roll import Roll
from rostrum.intake.writing import Written, write
from rostrum.jobs.actions import enqueue
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.rolewords import keeper

KEPT_FOR = timedelta(hours=24)
SMALL_CHANGES = 2_000  # more are applied by a job
OPTIONS = {"classes": bool, "schools": bool, "sheet": str}


def _need(by: Person | None) -> None:
    if by is not None and not (may(by, "person:manage") and may(by, "unit:manage")):
        raise NotAllowed(
            _("Your role does not let you bring people in."),
            way_forward=_("Ask your system administrator, or %(keeper)s, to do it.") % {"keeper": keeper()},
        )


@transaction.atomic
def stage(stream: BinaryIO, *, name: str, by: Person | None, options: dict[str, Any] | None = None) -> ImportRun:
    """Take an upload in; nothing of the division changes. A small file is read at once, a large one by a job.

    Raises NotAllowed without the right to keep people and units, Invalid for a file that is too large.
    """
    _need(by)
    chosen = {key: kind(value) for key, kind in OPTIONS.items() if (value := (options or {}).get(key))}
    token = storing.new_token()
    sha256, size = storing.keep(token, stream)
    upload = storing.folder(token) / storing.UPLOAD
    packed = rosterfiles.looks_like_roster(upload)
    run = ImportRun.objects.create(
        kind=ImportKind.ONEROSTER if packed else ImportKind.LIST,
        by=by,
        file_name=Path(name.replace("\\", "/")).name[:200] or "file",
        sha256=sha256,
        size=size,
        kept_in=token,
        options=chosen,
        started_at=clock.now(),
    )
    _read_by_size(run, by)
    return run


def _read_by_size(run: ImportRun, by: Person | None) -> None:
    """A small file is read at once, a large one by a job."""
    if storing.small(run.kept_in):
        read(run)
    else:
        enqueue("intake.read", run=run.pk, language=by.language if by else "en-ca")


def read(run: ImportRun) -> ImportRun:
    """Read a staged file and compare it with the division; then it waits for a person. May be done twice.

    What may hold students is deleted as soon as the staff are read out of it. Whoever waits is told how far it is.
    """
    place = storing.folder(run.kept_in)
    upload = place / storing.UPLOAD
    if run.state != ImportState.READING or not upload.exists():
        return run
    with progress.told(run.kept_in):
        found = read_file(upload, run.file_name, run.options)
        progress.judging()
        found.save(place / storing.ROLL)
        made = compare(found, by=run.by, options=run.options)
        made.save(place / storing.PLAN)
    students = found.counts.get("students") or any(fault.code == "students" for fault in found.faults)
    if run.kind == ImportKind.ONEROSTER or students:
        storing.forget(run.kept_in, only=storing.UPLOAD)
    state = ImportState.REFUSED if made.faults.stopping else ImportState.READY
    _move(run, ImportState.READING, state, counts={**found.counts, **made.counts}, digest=made.digest)
    return run


def read_file(path: Path, name: str, options: dict[str, Any]) -> Roll:
    """The roll of a file or folder, whichever format it has."""
    if path.is_dir() or rosterfiles.looks_like_roster(path):
        return oneroster.read(path)
    with path.open("rb") as stream:
        return stafflist.read(name, stream, sheet=str(options.get("sheet", "")))


def _move(run: ImportRun, source: str, target: str, **fields: Any) -> None:
    """Bring a run from one state to the next, once. Raises Overtaken when somebody else did."""
    if not ImportRun.objects.filter(pk=run.pk, state=source).update(state=target, **fields):
        raise Overtaken(_("This import was applied or set aside a moment ago. Here it is as it stands."))
    run.refresh_from_db()


def saved_roll(run: ImportRun) -> Roll:
    """What was read out of the file. Raises WrongState when it is no longer kept."""
    try:
        return roll.load(storing.folder(run.kept_in) / storing.ROLL)
    except OSError:
        raise _forgotten() from None


def saved_plan(run: ImportRun) -> Plan:
    """What the import would do, as it was last worked out. Raises WrongState when it is no longer kept."""
    try:
        return plan.load(storing.folder(run.kept_in) / storing.PLAN)
    except OSError:
        raise _forgotten() from None


def _forgotten() -> WrongState:
    return WrongState(
        _("This file is no longer kept: an upload that nobody confirms is deleted after a day."),
        way_forward=_("Bring the file again."),
    )


def other_sheets(run: ImportRun) -> bool:
    """Whether another sheet of the workbook can be read: a file that held students is deleted at once."""
    return (storing.folder(run.kept_in) / storing.UPLOAD).exists()


@transaction.atomic
def again(run: ImportRun, *, by: Person | None, options: dict[str, Any]) -> ImportRun:
    """Work the plan out anew, with other options or after the division changed.

    Another sheet is read anew, of a large workbook by a job. Raises WrongState where its file is no longer kept.
    """
    _need(by)
    if run.state not in {ImportState.READY, ImportState.REFUSED}:
        raise WrongState(_("This import is over. Bring the file again."))
    chosen = {key: kind(value) for key, kind in OPTIONS.items() if (value := options.get(key))}
    place = storing.folder(run.kept_in)
    found = saved_roll(run)
    if (sheet := chosen.get("sheet")) and sheet != found.sheet:
        if not other_sheets(run):
            raise WrongState(
                _("The workbook held students, so it was deleted as soon as it was read."),
                way_forward=_("Save the sheet with the staff as a file of its own, and bring that one."),
            )
        _move(run, run.state, ImportState.READING, options=chosen)
        _read_by_size(run, by)
        return run
    made = compare(found, by=run.by, options=chosen)
    made.save(place / storing.PLAN)
    state = ImportState.REFUSED if made.faults.stopping else ImportState.READY
    _move(run, run.state, state, options=chosen, counts={**found.counts, **made.counts}, digest=made.digest)
    return run


@transaction.atomic
def confirm(run: ImportRun, *, by: Person | None, digest: str, ends: list[str]) -> ImportRun:
    """A person says yes to the plan they saw. Small plans are applied at once, large ones by a job.

    `ends` are the leavers and appointments they ticked, as "person:12" and "post:7". Raises Overtaken when the plan
    is not the one that was seen.
    """
    _need(by)
    if run.state != ImportState.READY:
        raise WrongState(_("This import is over. Bring the file again."))
    if digest != run.digest:
        raise Overtaken(_("The division changed while you were looking. Here is what the import would do now."))
    ticked = sorted({one for one in ends if one.partition(":")[0] in {"person", "post"}})
    _move(run, ImportState.READY, ImportState.APPLYING, options={**run.options, "ends": ticked}, message="")
    total = sum(
        run.counts.get(f"{thing}_{what}", 0) for thing in ("unit", "person", "post") for what in ("new", "changed")
    )
    if total + len(ticked) > SMALL_CHANGES:
        enqueue("intake.apply", run=run.pk, language=by.language if by else "en-ca")
    else:
        apply(run)
    return run


def apply(run: ImportRun) -> Written | None:
    """Apply a confirmed plan whole, in one transaction; None when somebody else did. A refusal undoes all of it."""
    try:
        with transaction.atomic():
            # One import at a time: the second waits here, and then finds the division changed.
            hold_the_pen()
            if not ImportRun.objects.filter(pk=run.pk, state=ImportState.APPLYING).exists():
                return None
            options = dict(run.options)
            found = saved_roll(run)
            made = compare(found, by=run.by, options=options)
            if made.digest != run.digest:
                raise Overtaken(_("The division changed while you were looking. Here is what the import would do now."))
            done = write(found, made, by=run.by, ends=set(options.pop("ends", [])), reason=run.file_name)
            _move(
                run, ImportState.APPLYING, ImportState.APPLIED,
                ended_at=clock.now(), options=options, left=done.left, counts={**run.counts, **done.counts},
            )  # fmt: skip
            record(
                run.by, "import:apply", run, label=run.file_name,
                after={"sha256": run.sha256, "kind": run.kind, **done.counts},
            )  # fmt: skip
    except Refusal as refusal:
        _take_back(run, refusal)
        return None
    transaction.on_commit(lambda: storing.forget(run.kept_in))
    return done


def _take_back(run: ImportRun, refusal: Refusal) -> None:
    """Nothing was applied: the import waits again, with the plan as it would be now and the reason why."""
    options = {key: value for key, value in run.options.items() if key != "ends"}
    ImportRun.objects.filter(pk=run.pk, state=ImportState.APPLYING).update(
        state=ImportState.READY, options=options, message=str(refusal.message)[:500]
    )
    run.refresh_from_db()
    if (storing.folder(run.kept_in) / storing.ROLL).exists():
        again(run, by=run.by, options=options)


@transaction.atomic
def drop(run: ImportRun, *, by: Person | None) -> ImportRun:
    """Set an import aside; what was kept of its file is deleted. Nothing of the division changes."""
    _need(by)
    if run.state not in {ImportState.READY, ImportState.REFUSED, ImportState.READING}:
        raise WrongState(_("This import is over. Bring the file again."))
    _move(run, run.state, ImportState.DROPPED, ended_at=clock.now())
    storing.forget(run.kept_in)
    return run


def bring_in(path: Path, *, dry: bool, options: dict[str, Any] | None = None) -> tuple[Roll, Plan, ImportRun | None]:
    """The whole of an import for the operator at the command line: read, compare and, unless `dry`, apply at once.

    Leavers stay: a person decides on them, on the page. Raises Invalid when nothing of the file can be used.
    """
    with translation.override("en-ca"):
        found = read_file(path, path.name, options or {})
        made = compare(found, by=None, options=options)
        if dry or made.faults.stopping or not (made.does_something):
            return found, made, None
        with transaction.atomic():
            hold_the_pen()
            made = compare(found, by=None, options=options)
            now = clock.now()
            run = ImportRun.objects.create(
                kind=found.source, state=ImportState.APPLIED, file_name=path.name[:200], sha256=_sha256(path),
                size=_size(path), kept_in=storing.new_token(), options=options or {}, digest=made.digest,
                started_at=now, ended_at=now,
            )  # fmt: skip
            done = write(found, made, by=None, ends=set(), reason=path.name)
            ImportRun.objects.filter(pk=run.pk).update(counts={**found.counts, **made.counts, **done.counts})
            record(None, "import:apply", run, label=run.file_name,
                   after={"sha256": run.sha256, "kind": run.kind, **done.counts})  # fmt: skip
            run.refresh_from_db()
    return found, made, run


def _files(path: Path) -> list[Path]:
    return sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for one in _files(path):
        with one.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()


def _size(path: Path) -> int:
    return sum(one.stat().st_size for one in _files(path))


def clear_old(now: Any = None) -> int:
    """Set aside what nobody confirmed for a day, and delete folders that no import waits for; says how many."""
    limit = (now or clock.now()) - KEPT_FOR
    # One that is still "being applied" after a day lost its worker, and with it all that it had begun.
    waiting = ImportRun.objects.exclude(state__in=[ImportState.APPLIED, ImportState.DROPPED])
    old = list(waiting.filter(started_at__lt=limit))
    for run in old:
        ImportRun.objects.filter(pk=run.pk, state=run.state).update(state=ImportState.DROPPED, ended_at=clock.now())
        storing.forget(run.kept_in)
    alive = set(
        ImportRun.objects.exclude(state__in=[ImportState.APPLIED, ImportState.DROPPED]).values_list(
            "kept_in", flat=True
        )
    )
    lists = AccountList.objects.exclude(state__in=[ListState.DONE, ListState.DROPPED])
    alive |= set(lists.values_list("kept_in", flat=True))
    dead = [token for token in storing.old_tokens() if token not in alive]
    for token in dead:
        storing.forget(token)
    return len(old)
