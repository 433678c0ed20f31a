"""Mending many rows of a list at once: one place that is written alike in several rows; passing over what is stuck."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from rostrum.core.errors import Invalid
from rostrum.intake.accounts import SMALL_ROWS, opened, settle, values_of
from rostrum.intake.accounts_models import AccountList, AccountRow, Level, ListState
from rostrum.intake.accounts_reading import hand_over
from rostrum.intake.accounts_rows import LIMITS, Places
from rostrum.people.models import Person

SHOWN = 8  # kinds of misspelling that are offered together; the rest comes up as these are mended


@dataclass(frozen=True)
class Same:
    """A place that nobody understands, in how many rows it stands, and what was probably meant."""

    value: str
    count: int
    suggestions: tuple[str, ...]


def not_understood(batch: AccountList, places: Places) -> list[Same]:
    """What stands for a school in two rows or more and is none, the most frequent first."""
    stuck = batch.rows.filter(level=Level.PROBLEM)
    found = Counter(values_of(row, batch.mapping)["unit"].strip() for row in stuck)
    out: list[Same] = []
    for value, count in found.most_common():
        if count < 2 or len(out) == SHOWN:
            break
        unit, suggestions = places.find(value)
        if unit is None:
            out.append(Same(value, count, suggestions))
    return out


@transaction.atomic
def same_place(batch: AccountList, value: str, unit: str, *, by: Person | None) -> int:
    """Type one school over the same cell of every row that cannot be used yet; how many rows that were.

    Raises NotAllowed, WrongState, and Invalid for a school that is not here or a cell that stands in no such row.
    """
    now = opened(batch, by)
    if len(unit) > LIMITS["unit"] or not unit.strip():
        raise Invalid(_("Say which school or unit it is."))
    rows = [
        row for row in now.rows.filter(level=Level.PROBLEM)
        if values_of(row, now.mapping)["unit"].strip() == value.strip()
    ]  # fmt: skip
    if not rows:
        raise Invalid(_("No row that cannot be used yet says this."))
    for row in rows:
        row.edits = {**row.edits, "unit": unit.strip()}
    AccountRow.objects.bulk_update(rows, ["edits"], batch_size=500)
    _judge(now, rows, by)
    return len(rows)


@transaction.atomic
def skip_stuck(batch: AccountList, *, by: Person | None) -> int:
    """Pass over every row that cannot be used yet; each can be taken back. How many rows that were."""
    now = opened(batch, by)
    rows = list(now.rows.filter(level=Level.PROBLEM))
    for row in rows:
        row.skipped = True
    AccountRow.objects.bulk_update(rows, ["skipped"], batch_size=500)
    _judge(now, rows, by)
    return len(rows)


def _judge(now: AccountList, rows: list[AccountRow], by: Person | None) -> None:
    """At once, or by a job where it would take longer than a person waits."""
    if by is None or len(rows) <= SMALL_ROWS:
        settle(now, rows)
        return
    now.version += 1
    now.state = ListState.READING
    now.save(update_fields=["version", "state"])
    hand_over(now, by)
