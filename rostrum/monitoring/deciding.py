"""Every write of a person on a finding: confirm, dismiss, answer, settle, hand on, take on, look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Refusal, WrongState
from rostrum.monitoring import notices as N
from rostrum.monitoring.models import Finding
from rostrum.monitoring.queries import LOOKING, relations
from rostrum.monitoring.states import (
    ACCEPT,
    ANSWER,
    CONFIRM,
    DISMISS,
    ESCALATE,
    LIVE_FINDINGS,
    REOPEN,
    SEND_BACK,
    SETTLE,
    Ground,
    Task,
)
from rostrum.people.models import Person
from rostrum.people.queries import active_people, may
from rostrum.policies.queries import setting
from rostrum.policies.rolewords import worded
from rostrum.schoolyear.queries import calendar
from rostrum.workflow.moves import Move, advance, clean_reason

FREE = {"looked_at_by": None, "looked_at_since": None}


def _move(finding: Finding, move: Move, by: Person, reason: str, seen: int | None, **fields: Any) -> str:
    """One legal move by somebody apart: whoever looks after the account answers, and never judges."""
    related = relations(by, finding)
    if move != ANSWER and "named" in related:
        raise NotAllowed(
            _("You look after this account, so somebody else decides on what was found."),
            way_forward=worded(_("{keeper}, or whoever leads the school, decides.")),
        )
    not_you = _("Only those who look after this account can answer this.") if move == ANSWER else ""
    return advance(
        finding, move, by=by, relations=related, seen=seen, reason=reason, not_you=not_you,
        fields={"moved_at": clock.now(), **FREE, **fields},
        after={"rule": finding.rule, "account": finding.account.public_id},
    )  # fmt: skip


def due_day(today: date | None = None) -> date | None:
    """The last day for a manager, in school days from today; None while the division set no number."""
    days = setting("finding_days")
    return calendar().add_school_days(today or clock.today(), days) if isinstance(days, int) and days > 0 else None


@transaction.atomic
def confirm(
    finding: Finding, *, by: Person, task: str, reason: str = "", due_on: date | None = None, seen: int | None = None
) -> Finding:
    """Agree that it is so, and ask the managers to do `task` by a day (AP 193 1.5, 1.7, 3.4).

    `due_on` is the day that the person chose, else the division's own number of school days, else none. Raises the
    refusals of `advance`, Invalid for an unknown task or a day that has passed.
    """
    if task not in Task.values:
        message = _("Choose what the manager is to do.")
        raise Invalid(message, fields={"task": [message]})
    if due_on is not None and due_on < clock.today():
        message = _("This day has passed. Choose a later one.")
        raise Invalid(message, fields={"due_on": [message]})
    due = due_on or due_day()
    note = _move(
        finding, CONFIRM, by, reason, seen, task=task, due_on=due, decided_by=by, decided_at=clock.now(),
        comment=clean_reason(reason, required=False), ground="",
    )  # fmt: skip
    N.tell_managers(finding, N.ASKED, by, note)
    return finding


@transaction.atomic
def dismiss(finding: Finding, *, by: Person, ground: str, reason: str = "", seen: int | None = None) -> Finding:
    """Disagree, or find it not worth asking for: with a ground from the list, and words where they help.

    It stays dismissed until the evidence changes. Raises the refusals of `advance`, Invalid for an unknown ground.
    """
    if ground not in Ground.values:
        message = _("Choose why it is dismissed.")
        raise Invalid(message, fields={"ground": [message]})
    _move(
        finding, DISMISS, by, reason, seen, ground=ground, decided_by=by, decided_at=clock.now(),
        comment=clean_reason(reason, required=False),
    )  # fmt: skip
    return finding


@transaction.atomic
def dismiss_many(pks: Iterable[int], *, by: Person, ground: str, reason: str = "") -> tuple[list[Finding], int]:
    """Dismiss several at once, each on its own terms; returns those dismissed, and how many could not be.

    Each is one act with one entry in the log. One that somebody decided on meanwhile, or that is not this person's to
    decide, is left as it is and counted.
    """
    done, left = [], 0
    hold_the_pen()
    for one in Finding.objects.filter(pk__in=list(pks)).select_related("account__unit", "account__registration"):
        try:
            with transaction.atomic():
                done.append(dismiss(one, by=by, ground=ground, reason=reason))
        except Invalid:
            raise
        except Refusal:
            left += 1
    return done, left


@transaction.atomic
def reopen(finding: Finding, *, by: Person, reason: str = "", seen: int | None = None) -> Finding:
    """Take a dismissal back."""
    _move(finding, REOPEN, by, reason, seen, ground="", decided_by=None, decided_at=None, comment="")
    return finding


@transaction.atomic
def answer(
    finding: Finding, *, by: Person, reason: str, proof: tuple[str, str] = ("", ""), seen: int | None = None
) -> Finding:
    """A manager says what was done, with a screenshot where there is one (AP 193 1.7, 3.4)."""
    note = _move(
        finding, ANSWER, by, reason, seen, answered_by=by, answered_at=clock.now(),
        answer=clean_reason(reason, required=True), proof=proof[0], proof_type=proof[1],
    )  # fmt: skip
    N.tell_judge(finding, N.ANSWERED, by, note)
    return finding


@transaction.atomic
def accept(finding: Finding, *, by: Person, reason: str = "", seen: int | None = None) -> Finding:
    """What the manager did settles it."""
    note = _move(finding, ACCEPT, by, reason, seen)
    N.tell_managers(finding, N.SETTLED, by, note)
    return finding


@transaction.atomic
def send_back(
    finding: Finding, *, by: Person, reason: str, due_on: date | None = None, seen: int | None = None
) -> Finding:
    """Something is still missing: the managers get it back with a comment, and a new day."""
    note = _move(finding, SEND_BACK, by, reason, seen, due_on=due_on or due_day(), answered_by=None, answered_at=None)
    N.tell_managers(finding, N.RETURNED, by, note)
    return finding


@transaction.atomic
def escalate(finding: Finding, *, by: Person, reason: str, seen: int | None = None) -> Finding:
    """Hand it to Communications with everything that is known of it."""
    note = _move(finding, ESCALATE, by, reason, seen, comment=clean_reason(reason, required=True), assigned_to=None)
    N.tell_communications(finding, by, note)
    return finding


@transaction.atomic
def settle(finding: Finding, *, by: Person, reason: str, seen: int | None = None) -> Finding:
    """Close it without the manager's answer, with a reason: a case was opened, it was settled by telephone."""
    was = finding.state
    note = _move(finding, SETTLE, by, reason, seen, comment=clean_reason(reason, required=True), decided_by=by,
                 decided_at=clock.now())  # fmt: skip
    if was == "confirmed":
        N.tell_managers(finding, N.SETTLED, by, note)
    return finding


@transaction.atomic
def assign(finding: Finding, *, by: Person, to: Person | None) -> Finding:
    """Give a finding to somebody who decides on such, take it on oneself, or let it go (None)."""
    if not may(by, "finding:assign", finding.unit) or "named" in relations(by, finding):
        raise NotAllowed(_("Only those who decide on findings here can take them on or give them away."))
    if to is not None and (not may(to, "finding:dismiss", finding.unit) or "named" in relations(to, finding)):
        message = _("%(name)s does not decide on findings of this account.") % {"name": to.name}
        raise Invalid(message, fields={"to": [message]})
    hold_the_pen()
    if not Finding.objects.filter(pk=finding.pk, state__in=LIVE_FINDINGS).update(assigned_to=to):
        raise WrongState(_("This finding is settled. Nobody needs to take it on."))
    finding.refresh_from_db()
    record(by, "finding:give", finding, label=finding.account.name, citations=finding.clauses,
           after={"to": to.name if to else "", "account": finding.account.public_id})  # fmt: skip
    return finding


def look(finding: Finding, *, by: Person) -> bool:
    """Note that somebody is looking at a finding, so that two do not do the same work. A glance is no act.

    Returns whether it is theirs: False while somebody else has looked within the last five minutes.
    """
    now = clock.now()
    free = Q(looked_at_by=None) | Q(looked_at_by=by) | Q(looked_at_since__lt=now - LOOKING)
    return bool(
        Finding.objects.filter(free, pk=finding.pk, state__in=LIVE_FINDINGS).update(looked_at_by=by, looked_at_since=now)
    )


def deciders(finding: Finding) -> list[Person]:
    """Those to whom a finding can be given: who may decide on it and does not look after its account, by name."""
    keep = finding.account.registration.designations.filter(accepted_at__isnull=False, released_at=None)
    found = active_people().filter(appointments__isnull=False).exclude(pk__in=keep.values("person")).distinct()
    return [one for one in found.order_by("name") if may(one, "finding:dismiss", finding.unit)]


ACTS: dict[str, Callable[..., Finding]] = {
    "confirm": confirm, "dismiss": dismiss, "reopen": reopen, "answer": answer, "accept": accept, "return": send_back,
    "escalate": escalate, "settle": settle,
}  # fmt: skip
