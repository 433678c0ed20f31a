"""The graduated actions that hold now, and writing the division's own down: a suggestion, never an act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import models, transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from rostrum.audit.actions import record
from rostrum.core import clock
from rostrum.core.errors import Invalid
from rostrum.core.text import UnsafeText, clean
from rostrum.policies import queries
from rostrum.policies.citations import Citation
from rostrum.policies.graduatedchecks import contradictions
from rostrum.policies.models import SettingValue
from rostrum.policies.schema import Graduated

KEY = "graduated"  # under which the division's own choice is kept, beside its settings
REASON_LIMIT = 2000


@dataclass(frozen=True)
class GraduatedState:
    """The table that holds now, and whose it is: the procedure's, the division's, or nobody's (`table` is None)."""

    table: Graduated | None
    source: Literal["procedure", "division", "not_set"]
    chosen: SettingValue | None


def graduated() -> GraduatedState:
    """The division's own table, else the procedure's, else none: not set by the procedure.

    A table of the division's that no longer fits (its shape was changed by an update) counts as none.
    """
    edition = queries.in_force()
    own = queries.latest_choice(edition.procedure_id, KEY)
    if own is not None and own.value is not None:
        try:
            return GraduatedState(Graduated.model_validate(own.value), "division", own)
        except ValidationError:
            return GraduatedState(None, "not_set", own)
    found = queries.content(edition).graduated
    return GraduatedState(found, "procedure" if found else "not_set", own)


@transaction.atomic
def set_graduated(
    value: Mapping[str, Any] | None,
    *,
    by_name: str,
    reason: str,
    by: models.Model | None = None,
    role: str = "",
    at: datetime | None = None,
) -> SettingValue:
    """Write down the division's own graduated actions, from now on; None takes them back.

    `value` has the shape of the table in a procedure's file. Decisions already made stay as they are. Raises Invalid
    for a table that contradicts itself or names a clause that the procedure has not, and for a missing reason.
    """
    edition = queries.in_force()
    document = queries.content(edition)
    before = graduated()
    kept: Any = None
    if value is not None:
        table = _read(value)
        problems = [message for _path, message in contradictions(table)]
        for number in (*table.cites, *(number for step in table.steps for number in step.clauses)):
            if document.clause(number) is None:
                problems.append(_("There is no clause %(number)s in this procedure.") % {"number": number})
        if problems:
            raise Invalid(problems[0], fields={"table": list(dict.fromkeys(problems))})
        kept = table.model_dump(mode="json")
    try:
        why = clean(reason, multiline=True, max_length=REASON_LIMIT)
    except UnsafeText:
        why = ""
    if not why:
        message = _("Say why, in plain text of at most %(limit)d characters.") % {"limit": REASON_LIMIT}
        raise Invalid(message, fields={"reason": [message]})
    chosen = SettingValue.objects.create(
        procedure=edition.procedure, key=KEY, value=kept, reason=why, set_by_name=by_name, set_at=at or clock.now()
    )
    record(
        by, "graduated:set" if kept is not None else "graduated:clear", chosen, note=why, role=role, at=at,
        citations=[str(Citation(edition.procedure.key, edition.label, number))
                   for number in (kept["cites"] if kept else [])],
        before={"source": before.source}, after={"source": graduated().source},
    )  # fmt: skip
    return chosen


def _read(value: Mapping[str, Any]) -> Graduated:
    try:
        return Graduated.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        message = _("The table cannot be used: %(place)s, %(why)s.") % {"place": place, "why": first["msg"]}
        raise Invalid(message, fields={"table": [message]}) from None
