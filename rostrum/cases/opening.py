"""Every write on a case before its decision: open, add evidence, assign, look into, escalate, hand back, close."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.cases import found as findings
from rostrum.cases import notices as N
from rostrum.cases import sources
from rostrum.cases.effects import current
from rostrum.cases.models import Case, CaseEvidence, TalkNote
from rostrum.cases.parties import Parties, case_relations
from rostrum.cases.queries import CASE_HOLD
from rostrum.cases.states import CLOSE_CASE, ESCALATE, HAND_BACK, OPEN_CASES, Ending
from rostrum.cases.texts import prose
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite, setting
from rostrum.policies.rolewords import worded
from rostrum.registry.holding import lift_hold, place_hold
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from rostrum.registry.states import LIVE, Standing
from rostrum.schoolyear.queries import Unit as Count
from rostrum.schoolyear.queries import calendar
from rostrum.workflow.moves import advance

OPEN_CITES = ("1.5", "1.10")
OWN_FILES = {sources.PICTURE, sources.FILE}
ELSEWHERE = (findings.REVIEW_FINDING, findings.FINDING)  # what lies elsewhere in Rostrum and may be evidence


@dataclass(frozen=True)
class Evidence:
    """One thing that a case rests on, as it is handed in: a kind of sources.py, which one, and what it shows."""

    words: str
    kind: str = sources.NOTE
    ref: str = ""
    file_hash: str = ""
    file_type: str = ""


def not_yours(case: Case, parties: Parties) -> str:
    """Whom a case waits for, for whoever is refused."""
    names = ", ".join(one.name for one in parties.deciders(case).people)
    if not names:
        return _("Nobody is left to decide this case who does not look after the account. A role must be filled first.")
    return _("This case is not yours to decide. It is waiting for %(names)s.") % {"names": names}


def _checked(by: Person, account: Account, given: Evidence) -> Evidence:
    """Evidence as it is kept. Raises Invalid for no words, an unknown kind, or a thing that is not about the account."""
    words = prose(given.words, "evidence", missing=_("Say what it shows, in a sentence."))
    if given.kind in sources.LABELS and given.kind not in sources.SOURCES:
        if (given.kind in OWN_FILES) != bool(given.file_hash):
            message = _("Add the file, or make it a note.")
            raise Invalid(message, fields={"evidence": [message]})
        return Evidence(words, given.kind, "", given.file_hash, given.file_type)
    found = sources.find(by, given.kind, given.ref)
    if found is None or found.account.pk != account.pk:
        message = _("There is no such finding on this account, or you may not read it.")
        raise Invalid(message, fields={"evidence": [message]})
    return Evidence(words, given.kind, given.ref)


def _keep(case: Case, given: Evidence, by: Person) -> CaseEvidence:
    return CaseEvidence(
        case=case, kind=given.kind, ref=given.ref, words=given.words, file_hash=given.file_hash,
        file_type=given.file_type, added_by=by, added_at=clock.now(),
    )  # fmt: skip


def case_due(opened: date) -> date | None:
    """By when a case must be settled that is opened on a day; None where the division set no time."""
    days = setting("case_days")
    return calendar().deadline(opened, days, Count.SCHOOL_DAYS).on if isinstance(days, int) else None


@transaction.atomic
def open_case(
    account: Account, *, by: Person, reason: str, evidence: Iterable[Evidence], review: bool = False,
    seen: int | None = None,
) -> Case:  # fmt: skip
    """Open the file on an account: Communications, the Director, or whoever leads its school (AP 193 1.5, 1.10).

    `reason` is why, `evidence` at least one thing that it rests on. With `review` the account is put under review as
    well, for those who may. While a case is open the account cannot be retired: the register holds a mark. Raises
    NotAllowed (no such role; one looks after the account oneself), WrongState (retired; a case is open already),
    Overtaken, Invalid by field.
    """
    hold_the_pen()
    parties = Parties([account])
    if not may(by, "cases:open", account.unit):
        raise NotAllowed(worded(_("Only {keeper}, {director} or whoever leads the school can open a case.")))
    if by.pk in parties.own(account):
        raise NotAllowed(_("You look after this account yourself. Somebody else opens a case on it."))
    account.refresh_from_db()
    if seen is not None and seen != account.version:
        raise Overtaken(_("While you were reading, this was changed. Nothing you did was lost; look at it again."))
    if account.state not in LIVE:
        raise WrongState(_("This account is retired already. There is nothing left to decide about it."))
    why = prose(reason, "reason", missing=_("Say why, so that whoever decides can do it in a minute."))
    rests_on = [_checked(by, account, one) for one in evidence]
    if not rests_on:
        message = _("Name at least one thing that the case rests on.")
        raise Invalid(message, fields={"evidence": [message]})
    if review and account.state == Standing.RECOGNISED and not may(by, "account:review", account.unit):
        raise NotAllowed(worded(_("Only {keeper} can put an account under review.")))
    now = clock.now()
    case = Case(account=account, reason=why, opened_by=by, opened_at=now, moved_at=now, due_on=case_due(clock.today()))
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:
        raise WrongState(
            _("A case about this account is open already."), way_forward=_("Add what you have to that one.")
        ) from None
    case.ref = f"C{clock.today().year}-{case.pk:04d}"
    Case.objects.filter(pk=case.pk).update(ref=case.ref)
    CaseEvidence.objects.bulk_create(_keep(case, one, by) for one in rests_on)
    record(
        by, "case:open", case, citations=cite(OPEN_CITES), note=why,
        after={"account": account.public_id, "evidence": len(rests_on)},
    )  # fmt: skip
    place_hold(account, kind=CASE_HOLD, ref=case.ref, by=by)
    if review and account.state == Standing.RECOGNISED:
        change_standing(account, "review", by=by, reason=why)
        case.review = current(account)
        Case.objects.filter(pk=case.pk).update(review=case.review)
    N.tell(parties.deciders(case).people, N.OPENED, case, by, why)
    return case


def _need_open(case: Case, seen: int | None) -> None:
    """Raise WrongState when a case is over, Overtaken when it moved on since it was read."""
    if case.state not in OPEN_CASES:
        raise WrongState(
            _("This case is over: it is “%(state)s”. Here it is as it stands.") % {"state": case.get_state_display()}
        )
    if seen is not None and seen != case.version:
        raise Overtaken(_("While you were reading, this was changed. Nothing you did was lost; look at it again."))


def _write(case: Case, **fields: Any) -> None:
    """Change an open case without moving it, once: conditional on the version that was read."""
    done = Case.objects.filter(pk=case.pk, version=case.version, state__in=OPEN_CASES).update(
        version=F("version") + 1, **fields
    )
    if not done:
        raise Overtaken(_("While you were reading, someone else acted on this. Nothing you did was lost."))
    case.refresh_from_db()


@transaction.atomic
def add_evidence(case: Case, *, by: Person, evidence: Evidence, seen: int | None = None) -> CaseEvidence:
    """Add to what an open case rests on: its opener, Communications, whoever may decide it.

    Raises NotAllowed, WrongState, Overtaken, Invalid; the same thing twice is refused as Invalid.
    """
    hold_the_pen()
    parties = Parties([case.account])
    mine = case_relations(by, case, parties)
    if by.pk in parties.own(case.account) or not may(by, "cases:evidence", case.unit, mine):
        raise NotAllowed(not_yours(case, parties))
    _need_open(case, seen)
    given = _checked(by, case.account, evidence)
    row = _keep(case, given, by)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        message = _("The case rests on this already.")
        raise Invalid(message, fields={"evidence": [message]}) from None
    _write(case)
    record(by, "case:evidence", case, citations=cite(OPEN_CITES), after={"kind": given.kind, "ref": given.ref})
    return row


@transaction.atomic
def assign(case: Case, *, by: Person, to: Person, seen: int | None = None) -> Case:
    """Give an open case to one of those who may decide it. Raises NotAllowed, WrongState, Overtaken, Invalid."""
    hold_the_pen()
    parties = Parties([case.account])
    if by.pk in parties.own(case.account) or not may(by, "cases:assign", case.unit, case_relations(by, case, parties)):
        raise NotAllowed(not_yours(case, parties))
    _need_open(case, seen)
    if all(one.pk != to.pk for one in parties.deciders(case).people):
        message = _("%(name)s cannot decide this case. Choose one of those it is waiting for.") % {"name": to.name}
        raise Invalid(message, fields={"to": [message]})
    if case.assigned_to_id == to.pk:
        raise WrongState(_("%(name)s has this case already.") % {"name": to.name})
    before = case.assigned_to.name if case.assigned_to else ""
    _write(case, assigned_to=to)
    record(by, "case:assign", case, citations=cite(OPEN_CITES), before={"to": before}, after={"to": to.name})
    N.tell([to], N.ASSIGNED, case, by, "")
    return case


@transaction.atomic
def look(case: Case, *, by: Person, seen: int | None = None) -> Case:
    """Say that one looks into an open case now, so that two people do not do the same work (no lock: a sign)."""
    hold_the_pen()
    parties = Parties([case.account])
    if not may(by, "cases:look", case.unit, case_relations(by, case, parties)):
        raise NotAllowed(not_yours(case, parties))
    _need_open(case, seen)
    if case.looking_by_id == by.pk:
        raise WrongState(_("You look into this case already."))
    _write(case, looking_by=by, looking_since=clock.now())
    record(by, "case:look", case, citations=cite(OPEN_CITES))
    return case


@transaction.atomic
def leave(case: Case, *, by: Person, seen: int | None = None) -> Case:
    """Take one's sign off an open case again. Raises WrongState where somebody else, or nobody, looks into it."""
    hold_the_pen()
    _need_open(case, seen)
    if case.looking_by_id != by.pk:
        raise WrongState(_("You do not look into this case."))
    _write(case, looking_by=None, looking_since=None)
    record(by, "case:leave", case, citations=cite(OPEN_CITES))
    return case


def _move(case: Case, move: Any, by: Person, reason: str, seen: int | None, parties: Parties, **fields: Any) -> str:
    turn = parties.deciders(case)
    return advance(
        case, move, by=by, relations=case_relations(by, case, parties), seen=seen, reason=reason,
        not_you=not_yours(case, parties), role=turn.role if by in turn.people else "",
        fields={"moved_at": clock.now(), "looking_by": None, "looking_since": None, **fields},
        after={"account": case.account.public_id},
    )  # fmt: skip


@transaction.atomic
def escalate(case: Case, *, by: Person, reason: str, seen: int | None = None) -> Case:
    """Pass an open case to the Director, with the reason. Raises the refusals of `advance`."""
    note = _move(case, ESCALATE, by, reason, seen, Parties([case.account]), assigned_to=None)
    N.tell(Parties([case.account]).deciders(case).people, N.ESCALATED, case, by, note)
    return case


@transaction.atomic
def hand_back(case: Case, *, by: Person, reason: str, seen: int | None = None) -> Case:
    """The Director gives a case back to Communications, with the reason. Raises the refusals of `advance`."""
    note = _move(case, HAND_BACK, by, reason, seen, Parties([case.account]), assigned_to=None)
    N.tell(Parties([case.account]).deciders(case).people, N.HANDED_BACK, case, by, note)
    return case


@dataclass(frozen=True)
class Talk:
    """A guidance talk as it is noted: when, with whom, what was said."""

    held_on: date
    held_with: Person
    words: str


def _check_talk(case: Case, by: Person, ending: str, talk: Talk | None) -> Talk | None:
    if (ending == Ending.TALK) != (talk is not None):
        message = _("A guidance talk has a note of when it was, with whom, and what was said.")
        raise Invalid(message, fields={"ending": [message]})
    if talk is None:
        return None
    words = prose(talk.words, "words", missing=_("Write down what was said, so that both of you remember it."))
    if talk.held_on > clock.today():
        message = _("The talk has been held. This day is still to come.")
        raise Invalid(message, fields={"held_on": [message]})
    if talk.held_with.pk == by.pk or not talk.held_with.is_active:
        message = _("Choose the person with whom you talked. They must work here.")
        raise Invalid(message, fields={"held_with": [message]})
    return Talk(talk.held_on, talk.held_with, words)


@transaction.atomic
def close_case(
    case: Case, *, by: Person, reason: str, ending: str, talk: Talk | None = None, seen: int | None = None
) -> Case:
    """Close a case without a decision: a guidance talk, nothing found, or dealt with elsewhere (AP 193 1.10).

    A guidance talk is not a finding. It leaves no warning and nothing on the account's standing; its dated note is
    for the two who talked. A review that the case began ends with it. Raises the refusals of `advance`, Invalid.
    """
    if ending not in Ending.values:
        message = _("Say how the case ended.")
        raise Invalid(message, fields={"ending": [message]})
    prose(reason, "reason")
    parties = Parties([case.account])
    turn = {one.pk for one in parties.deciders(case).people}
    held = _check_talk(case, by, ending, talk) if by.pk in turn and case.state in OPEN_CASES else None
    now = clock.now()
    note = _move(case, CLOSE_CASE, by, reason, seen, parties, ending=ending, ended_by=by, ended_at=now)
    if held is not None:
        TalkNote.objects.create(
            case=case, held_on=held.held_on, held_by=by, held_with=held.held_with, words=held.words, noted_at=now
        )
    settle(case, by, note)
    N.tell([case.opened_by], N.CLOSED, case, by, note)
    if held is not None:
        N.tell_talk(case, by, held.held_with)
    return case


def settle(case: Case, by: Person, reason: str, relations: frozenset[str] = frozenset({"case_decider"})) -> None:
    """What follows when a case is over: the mark on the account goes, and the review that the case began ends."""
    account = case.account
    lift_hold(account, kind=CASE_HOLD, ref=case.ref or "", by=by)
    account.refresh_from_db()
    now = current(account)
    if case.review_id is not None and now is not None and now.pk == case.review_id:
        change_standing(account, "clear", by=by, reason=reason, relations=relations, tell=False)
