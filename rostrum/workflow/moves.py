"""The shape of a legal move, and the one function that makes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person, Unit
from rostrum.people.queries import capacities, may
from rostrum.policies.queries import cite

REASON_LIMIT = 2000


@dataclass(frozen=True)
class Move:
    """One legal move: from these states, to that state, by whoever holds the permission, under these clauses."""

    name: str
    sources: frozenset[str]
    target: str
    permission: str
    cites: tuple[str, ...]
    label: Promise | str
    reason_required: bool = False
    effect: Promise | str = ""
    done: Promise | str = ""
    tone: str = "plain"


class Movable(Protocol):
    """What a thing needs so that it can be moved."""

    pk: Any
    state: str
    version: int

    @property
    def unit(self) -> Unit: ...
    def get_state_display(self) -> str: ...


def clean_reason(reason: str, *, required: bool) -> str:
    """A comment in plain text of at most 2,000 characters; Invalid when it is needed and missing."""
    try:
        text = clean(reason, multiline=True, max_length=REASON_LIMIT)
    except UnsafeText:
        message = _("Write the comment in plain text of at most %(limit)d characters.") % {"limit": REASON_LIMIT}
        raise Invalid(message, fields={"reason": [message]}) from None
    if required and not text:
        message = _("Say why, so that the other person knows what to do.")
        raise Invalid(message, fields={"reason": [message]})
    return text


@transaction.atomic
def advance(
    thing: Any,
    move: Move,
    *,
    by: Person | None,
    relations: Collection[str] = (),
    seen: int | None = None,
    reason: str = "",
    not_you: str = "",
    fields: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    role: str = "",
    extra_cites: Iterable[str] = (),
    under: Iterable[str] | None = None,
) -> str:
    """Make one legal move, once, and write down who made it under which clauses. Returns the cleaned comment.

    `under` are resolved citations in place of the move's own, for an act whose clauses the thing's edition names.
    `seen` is the version that the person was looking at; when the thing has moved on since, they are too late.
    Raises NotAllowed (not you), WrongState (not now), Overtaken (too late), Invalid (a missing reason).
    """
    note = clean_reason(reason, required=move.reason_required)
    if by is not None and not may(by, move.permission, thing.unit, relations):
        raise NotAllowed(not_you or _("Your role does not let you do this here."))
    if thing.state not in move.sources:
        if seen is not None and seen != thing.version:
            raise Overtaken(_("While you were reading, someone else acted on this. Nothing you did was lost."))
        raise WrongState(
            _("This cannot be done now: it is “%(state)s”. Here it is as it stands.")
            % {"state": thing.get_state_display()}
        )
    if seen is not None and seen != thing.version:
        raise Overtaken(_("While you were reading, this was changed. Nothing you did was lost; look at it again."))
    before = {"state": thing.state}
    hold_the_pen()
    model: type[models.Model] = type(thing)
    moved = model._default_manager.filter(pk=thing.pk, state=thing.state, version=thing.version).update(
        state=move.target, version=thing.version + 1, **(fields or {})
    )
    if not moved:
        raise Overtaken(_("While you were reading, someone else acted on this. Nothing you did was lost."))
    thing.refresh_from_db()
    acted_as = role or _acting_role(by, move.permission, thing.unit, relations)
    record(
        by, f"{model._meta.model_name}:{move.name}", thing,
        citations=cite((*move.cites, *extra_cites)) if under is None else list(under),
        before=before, after={"state": move.target, **(after or {})}, note=note, role=acted_as,
    )
    return note


def _acting_role(by: Person | None, permission: str, unit: Unit, relations: Collection[str]) -> str:
    """The capacity in which the person acted, for the log: a role before a mere relation."""
    if by is None:
        return "clock"
    from_roles = capacities(by, unit) - {"anyone"}
    order = ("administrator", "supervisor", "communications", "director", "privacy", "sysadmin", "auditor")
    if "requester" in relations and permission in {"request:submit", "request:withdraw", "registration:send"}:
        return "requester"
    return next((r for r in order if r in from_roles), next(iter(sorted(relations)), "anyone"))
