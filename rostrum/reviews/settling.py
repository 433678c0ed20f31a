"""Every write to findings: put right, contested, confirmed, sent back, upheld, taken back, given another day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen
from rostrum.core import clock
from rostrum.core.errors import Invalid
from rostrum.keys.plain import plain
from rostrum.notices.kinds import NoticeKind
from rostrum.people.models import Person
from rostrum.registry.standing import future_day
from rostrum.reviews import notices as N
from rostrum.reviews.conflicts import conflict, conflict_words
from rostrum.reviews.finding_models import ReviewFinding
from rostrum.reviews.queries import answerers, finding_relations, judges_of
from rostrum.reviews.states import CONTEST, EXTEND, FIX, SEND_BACK, SETTLE, TAKE_BACK, UPHOLD
from rostrum.workflow.moves import Move, advance

ANSWERS = (FIX, CONTEST)


def not_you(it: ReviewFinding, move: Move, by: Person) -> str:
    """Why somebody cannot make a move on a finding, and whom it waits for."""
    if move in ANSWERS:
        names = ", ".join(one.name for one in answerers(it.account)) or "-"
        return _(
            "Only those who look after this account and whoever leads its school answer. It waits for %(names)s."
        ) % {"names": names}
    if by.pk == it.answered_by_id:
        return _("You answered this, so somebody else judges it.")
    if tie := conflict(by, it.account):
        return conflict_words(tie, by.name) + " " + _("Somebody who is not tied to it judges this.")
    names = ", ".join(one.name for one in judges_of(it)) or "-"
    return _("This is not yours to judge. It waits for %(names)s.") % {"names": names}


def _move(it: ReviewFinding, move: Move, by: Person, reason: str, seen: int | None, needed: str, **fields: Any) -> str:
    hold_the_pen()
    why = plain(reason, "reason", needed=needed if move.reason_required else "")
    return advance(
        it, move, by=by, relations=finding_relations(by, it), seen=seen, reason=why, not_you=not_you(it, move, by),
        under=[it.citation], fields={"moved_at": clock.now(), "last_comment": why, **fields},
        after={"account": it.account.public_id},
    )  # fmt: skip


@transaction.atomic
def fix(it: ReviewFinding, *, by: Person, reason: str, seen: int | None = None) -> ReviewFinding:
    """A manager, or whoever leads the school, says that it is put right, with a line what was done (AP 193 1.7, 3.4)."""
    needed = _("Say in a line what you did.")
    text = plain(reason, "reason")
    note = _move(it, FIX, by, reason, seen, needed, answered_by=by, answered_at=clock.now(), answer=text)
    N.to_judges(it, N.ANSWERED, by, note)
    return it


@transaction.atomic
def contest(it: ReviewFinding, *, by: Person, reason: str, seen: int | None = None) -> ReviewFinding:
    """A manager, or whoever leads the school, does not agree, with reasons. Whoever judges answers with reasons too."""
    needed = _("Say why you do not agree.")
    text = plain(reason, "reason")
    note = _move(it, CONTEST, by, reason, seen, needed, answered_by=by, answered_at=clock.now(), answer=text)
    N.to_judges(it, N.CONTESTED, by, note)
    return it


def _judge(
    it: ReviewFinding, move: Move, kind: NoticeKind, by: Person, reason: str, seen: int | None, **fields: Any
) -> ReviewFinding:
    needed = _("Say why, so that the managers know what to do.")
    note = _move(it, move, by, reason, seen, needed, judged_by=by, judged_at=clock.now(), **fields)
    N.to_managers(it, kind, by, note)
    return it


@transaction.atomic
def settle(it: ReviewFinding, *, by: Person, reason: str = "", seen: int | None = None) -> ReviewFinding:
    """Confirm that it is put right. Never by whoever answered, nor by somebody who is tied to the account."""
    return _judge(it, SETTLE, N.SETTLED, by, reason, seen)


@transaction.atomic
def send_back(it: ReviewFinding, *, by: Person, reason: str, seen: int | None = None) -> ReviewFinding:
    """Say what is still missing; the managers go on."""
    return _judge(it, SEND_BACK, N.SENT_BACK, by, reason, seen)


@transaction.atomic
def uphold(it: ReviewFinding, *, by: Person, reason: str, seen: int | None = None) -> ReviewFinding:
    """A contested finding stands, with reasons."""
    return _judge(it, UPHOLD, N.UPHELD, by, reason, seen)


@transaction.atomic
def take_back(it: ReviewFinding, *, by: Person, reason: str, seen: int | None = None) -> ReviewFinding:
    """The finding counts for nothing, with the reason; it stays on record."""
    return _judge(it, TAKE_BACK, N.TAKEN_BACK, by, reason, seen)


@transaction.atomic
def extend(
    it: ReviewFinding, *, by: Person, reason: str, due_on: date | None, seen: int | None = None
) -> ReviewFinding:
    """Give a finding another day, with the reason. Raises Invalid beside `due_on` for none, or one that has passed."""
    if due_on is None:
        message = _("Choose the day by which it is to be put right.")
        raise Invalid(message, fields={"due_on": [message]})
    future_day(due_on, "due_on")
    return _judge(it, EXTEND, N.EXTENDED, by, reason, seen, due_on=due_on)


ACTS: dict[str, Callable[..., ReviewFinding]] = {
    "fix": fix, "contest": contest, "settle": settle, "send_back": send_back, "uphold": uphold, "take_back": take_back,
    "extend": extend,
}  # fmt: skip
