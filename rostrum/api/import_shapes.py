"""The shapes of lists brought in by a program: people and schools, and today's accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from rostrum.api.paging import Paged
from rostrum.api.public_shapes import Shape
from rostrum.api.staff_shapes import Sent, Version
from rostrum.intake.accounts_columns import FIELDS
from rostrum.intake.accounts_models import Level as RowLevel
from rostrum.intake.accounts_models import ListState as KeptState
from rostrum.intake.models import ImportState

RunState = Literal["reading", "ready", "refused", "applying", "applied", "dropped"]
assert set(ImportState.values) == set(RunState.__args__)  # type: ignore[attr-defined]  # noqa: S101 - see public_shapes
ListState = Literal["reading", "open", "refused", "taking", "done", "dropped"]
assert set(KeptState.values) == set(ListState.__args__)  # type: ignore[attr-defined]  # noqa: S101 - see public_shapes
Level = Literal["problem", "look", "fine", "held", "skipped"]
assert set(RowLevel.values) == set(Level.__args__)  # type: ignore[attr-defined]  # noqa: S101 - see public_shapes
Cell = Literal["address", "platform", "name", "unit", "manager", "mailbox", "note"]
assert set(FIELDS) == set(Cell.__args__)  # type: ignore[attr-defined]  # noqa: S101 - see public_shapes
Thing = Literal["unit", "person", "post"]
What = Literal["new", "changed", "gone"]
Weight = Literal["file", "row", "note"]
ImportNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]
RowNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Ended = Annotated[str, StringConstraints(pattern=r"^(person|post):[0-9]{1,12}$")]
SheetName = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1F\x7F]{0,31}$")]
CellText = Annotated[str, StringConstraints(max_length=4000)]
YesNo = Literal["true", "false"]


class PeopleOptions(Schema):
    """What to make of a list of people."""

    model_config = ConfigDict(extra="forbid")

    schools: YesNo = Field("false", description="true: a school that a simple list names and that is new is added.")
    classes: YesNo = Field("false", description="true: classes of a OneRoster export become classroom units.")
    sheet: SheetName = Field("", description="The sheet of a workbook; else the first that holds something.")


class PeopleImportOut(Shape):
    """A list of people and schools on its way in. Only one that is `applied` has changed anything."""

    number: int = Field(description="Its number here.", examples=[12])
    kind: Literal["oneroster", "list"] = Field(description="What the file is.")
    state: RunState = Field(
        description="reading and applying: a job is at it, ask again; ready: look, then apply; refused: nothing of the "
        "file can be used; applied; dropped."
    )
    label: str = Field(description="That state in words.")
    file_name: str
    sha256: str = Field(description="The file, as its SHA-256.")
    size: int = Field(description="Its size in bytes.")
    started_at: datetime
    ended_at: datetime | None
    by: str | None = Field(description="Who brought the file; null for the operator at the command line.")
    counts: dict[str, int] = Field(
        description="What would change or did: `person_new`, `unit_changed`, `post_gone`, `faults`, `students` and so "
        "on. Students are counted and never kept."
    )
    digest: str = Field(description="The mark of what would be written. Send it to apply exactly that; may be empty.")
    message: str = Field(description="Why the last attempt to apply it did nothing; else empty.")


class PeopleImportList(Shape):
    """One part of the lists of people that were brought."""

    items: list[PeopleImportOut]
    next: str | None


class FaultOut(Shape):
    """One thing that is wrong with a file: where, which value, what is wrong, what to do."""

    row: int = Field(description="The row as a spreadsheet counts, from 1; 0 for the file as a whole.")
    column: str = Field(description="The column's name as the file has it; may be empty.")
    value: str = Field(description="What stands there, shortened.")
    weight: Weight = Field(
        description="file: nothing of the file can be used; row: this row is left out; note: someone should know."
    )
    code: str = Field(description="The kind of fault, as a key.")
    message: str = Field(description="What is wrong, as a sentence.")
    remedy: str = Field(description="What to do; may be empty.")
    file: str = Field(description="Which file of a folder or zip; may be empty.")


class FaultList(Shape):
    """One part of what is wrong with a file: what stops it first, then row by row."""

    items: list[FaultOut]
    next: str | None


class ChangeOut(Shape):
    """One thing that an import would change."""

    thing: Thing = Field(description="unit: a school or other unit; person; post: a role that somebody holds.")
    what: What = Field(description="gone: no longer in the file. It stays unless it is named in `ends` on applying.")
    label: str
    detail: str
    row: int = Field(description="The row of the file; 0 where there is none.")
    end: str | None = Field(description="What to put into `ends` to end it; null for what cannot be ended so.")


class ChangeList(Shape):
    """One part of what an import would change."""

    items: list[ChangeOut]
    next: str | None


class ChangeQuery(Paged):
    """Filters of the changes."""

    what: What | None = Field(None, description="Only what is new, changed or gone.")
    thing: Thing | None = Field(None, description="Only units, people or roles.")


class ApplyPeopleIn(Sent):
    """Yes to the plan that was seen."""

    digest: Digest = Field(description="The digest under which the plan was read.")
    ends: list[Ended] = Field(
        default_factory=list, max_length=20_000,
        description="Leavers and roles to end, as `end` of the changes names them. What is not named stays.",
    )  # fmt: skip


class NothingIn(Sent):
    """An act that needs nothing besides its address."""


class AccountOptions(Schema):
    """How to read a list of accounts."""

    model_config = ConfigDict(extra="forbid")

    sheet: SheetName = Field("", description="The sheet of a workbook; else the first that holds something.")


class AccountImportOut(Shape):
    """A list of today's accounts on its way in. They become known, not official (AP 193 1.2, 3.2)."""

    number: int = Field(description="Its number here.", examples=[4])
    state: ListState = Field(
        description="reading and taking: a job is at it, ask again; open: being looked through; refused: nothing of the "
        "file can be used, and the notes say why; done: brought in; dropped: given up."
    )
    label: str = Field(description="That state in words.")
    version: int = Field(description="Rises when its columns are read another way. Send it to apply.")
    file_name: str
    sha256: str = Field(description="The file, as its SHA-256.")
    started_at: datetime
    ended_at: datetime | None
    by: str | None = Field(description="Who brought the file; null for the operator at the command line.")
    sheet: str = Field(description="The sheet that was read; empty where the file is no workbook.")
    sheets: list[str] = Field(description="The workbook’s visible sheets. To read another, bring the file with its name.")
    columns: dict[str, str] = Field(description="Which column of the file was read as what.")
    counts: dict[str, int] = Field(
        description="While open, how many rows are `problem`, `look`, `fine`, `held`, `skipped`; then `taken`, `held` "
        "and `skipped`."
    )
    notes: list[NoteOut] = Field(description="What is to be said of the file itself, and of rows that were unreadable.")


class NoteOut(Shape):
    """Something about the file, or about a row that could not be read at all."""

    row: int
    column: str
    value: str
    weight: Weight
    message: str


class AccountImportList(Shape):
    """One part of the lists of accounts that were brought."""

    items: list[AccountImportOut]
    next: str | None


class FindingOut(Shape):
    """One thing about a cell of a row."""

    field: str = Field(description="Which field: address, platform, name, unit, manager, mailbox or note.")
    column: str = Field(description="The column's name as the file has it; empty where the file has none.")
    value: str = Field(description="What stands there now.")
    level: Literal["problem", "look", "hint", "held"] = Field(
        description="problem: the row cannot be used yet; look: a person should look; held: nothing to do."
    )
    message: str = Field(description="What is wrong and what to do.")
    suggestions: list[str] = Field(description="What was probably meant; may be empty.")
    clause: str | None = Field(description="The clause of AP 193 behind it.")
    href: str | None = Field(description="The page of the thing it speaks of.")


class RowOut(Shape):
    """One row of a list of accounts, as it was read and mended."""

    row: int = Field(description="The row as a spreadsheet counts, from 1.")
    level: Level
    values: dict[str, str] = Field(description="The cells by field, with what was typed over them.")
    understood: str = Field(description="The account's address as it was understood; empty where it was not.")
    findings: list[FindingOut]


class RowList(Shape):
    """One part of the rows of a list."""

    items: list[RowOut]
    next: str | None


class RowQuery(Paged):
    """Filters of the rows."""

    level: Level | None = Field(None, description="Only rows that need this.")


class RepairIn(Sent):
    """Cells to type over, or a row to skip or take back. The file itself is never changed."""

    values: dict[Cell, CellText] = Field(default_factory=dict, description="What to read instead, by field.")
    skipped: bool | None = Field(None, description="true: pass the row over; false: take it back.")


class ApplyAccountsIn(Sent):
    """Yes to the list as it was read."""

    version: Version = Field(description="The version that was read.")
