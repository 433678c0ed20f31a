"""What a retirement leaves behind: a checklist that is owed, and what becomes of the handle. Part of other acts.

Nothing here asks who may or writes an entry of the log: the act that retires, answers or reinstates does both.
"""

from __future__ import annotations

from datetime import date, datetime

from rostrum.people.models import Person
from rostrum.policies.queries import setting
from rostrum.registry.closing_models import Closing, ClosingAnswer, ParkedHandle
from rostrum.registry.closing_states import BEFORE, OPEN_CLOSINGS, ClosingItem, ClosingState, HandleState
from rostrum.registry.models import Account
from rostrum.schoolyear.counting import counting


def usual_due(begun: datetime) -> date | None:
    """The day by which an owed checklist is to be complete, by the division's own number; None where it set none."""
    days = setting("closing_days")
    return counting().due(begun, days).on if isinstance(days, int) and days > 0 else None


def owe_checklist(account: Account, *, by: Person, reason: str, at: datetime, due_on: date | None) -> Closing:
    """The checklist of an account that was retired just now without one: what was answered before stays."""
    due = due_on or usual_due(at)
    closing = Closing.objects.filter(account=account, state__in=BEFORE).first()
    if closing is None:
        closing = Closing(account=account, reason=reason, started_by=by, started_at=at)
    else:
        closing.version += 1
    closing.state, closing.urgent, closing.due_on = ClosingState.OWED, True, due
    closing.retired_by, closing.retired_at, closing.moved_at = by, at, at
    closing.save()
    for answer in closing.answers.filter(item=ClosingItem.HANDLE):
        settle_handle(closing, answer, at)
    return closing


def settle_handle(closing: Closing, answer: ClosingAnswer, at: datetime) -> None:
    """What was answered about the handle holds from now on, as the account is retired."""
    mine = ParkedHandle.objects.filter(account=closing.account, since__gte=closing.retired_at or at).first()
    handle = mine or ParkedHandle(account=closing.account, since=at)
    handle.state, handle.by, handle.note, handle.moved_at = answer.answer, answer.by, answer.detail, at
    handle.renew_on = answer.day if answer.answer == HandleState.PARKED else None
    handle.version += 1 if mine else 0
    handle.save()


def taken_back(account: Account, at: datetime) -> None:
    """A retirement was taken back: no checklist is owed any more, and the handle is in use again."""
    Closing.objects.filter(account=account, state__in=OPEN_CLOSINGS).update(state=ClosingState.ABANDONED, moved_at=at)
    ParkedHandle.objects.filter(account=account).exclude(state=HandleState.TAKEN_UP).update(
        state=HandleState.TAKEN_UP, moved_at=at, renew_on=None
    )
