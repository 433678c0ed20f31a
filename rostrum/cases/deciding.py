"""Every write on a decision: its draft, deciding, replacing it, saying that what it orders is done (AP 193 1.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.cases import notices as N
from rostrum.cases.composing import Letter, decision_letter
from rostrum.cases.decision_models import TASKS, Decision, Measure, Strike
from rostrum.cases.effects import apply, take_back, wipe_strike
from rostrum.cases.models import Case, DecisionDraft
from rostrum.cases.opening import not_yours, settle
from rostrum.cases.parties import Parties, acted_in_case, case_relations, decision_relations, managers
from rostrum.cases.queries import appeal_of
from rostrum.cases.rulings import Checked, Ruling, check
from rostrum.cases.states import DECIDE, OPEN_CASES, REPLACED, SUPERSEDE, AppealState, CaseState, DecisionState
from rostrum.cases.texts import prose
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.core.secretive import HIDDEN, looks_secret
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.graduated import graduated
from rostrum.policies.queries import cite, setting
from rostrum.registry.states import LIVE
from rostrum.schoolyear.queries import Unit as Count
from rostrum.schoolyear.queries import calendar
from rostrum.workflow.moves import advance

# What may be typed into a draft, and how much of it.
DRAFT_FIELDS = frozenset(
    {"measures", "clauses", "evidence", "facts", "to_do", "do_by", "effective_on", "suspend_for", "suspended_until",
     "severity"}
)  # fmt: skip
DRAFT_LIMIT = 6000


@transaction.atomic
def save_draft(case: Case, typed: Mapping[str, list[str]], *, by: Person) -> DecisionDraft:
    """Keep what a decider has typed so far, right or wrong, for them alone. What looks like a secret is covered.

    Typing is not an act: nothing is logged (decision 0006). Raises NotAllowed, WrongState, Invalid (far too long).
    """
    parties = Parties([case.account])
    mine = case_relations(by, case, parties)
    move = SUPERSEDE if case.state == CaseState.DECIDED else DECIDE
    if not may(by, move.permission, case.unit, mine):
        raise NotAllowed(not_yours(case, parties))
    if case.state not in move.sources:
        raise WrongState(_("This case is closed. Nothing is decided in it any more."))
    kept: dict[str, list[str]] = {}
    for name in sorted(DRAFT_FIELDS & set(typed)):
        values = [_kept(value) for value in list(typed[name])[:60]]
        kept[name] = [HIDDEN if looks_secret(value) else value for value in values]
    draft, _made = DecisionDraft.objects.update_or_create(
        case=case, author=by, defaults={"typed": kept, "saved_at": clock.now()}
    )
    return draft


def _kept(value: str) -> str:
    try:
        return clean(value, multiline=True, max_length=DRAFT_LIMIT)
    except UnsafeText:
        raise Invalid(_("Some of this is no plain text, or far too long. Write it in your own words.")) from None


def strike_until(said: Checked) -> date | None:
    """The last day on which a decision's warning would count: the severity's own time, else the division's, else none."""
    table = graduated().table
    severity = table.severity(said.severity) if table and said.severity else None
    days = severity.counts_days if severity and severity.counts_days else setting("strike_days")
    return said.effective_on + timedelta(days=days) if isinstance(days, int) and days > 0 else None


def appeal_until(on: date) -> date | None:
    """The last day to appeal a decision of a day, in school days; None where the division set no time."""
    days = setting("appeal_days")
    return calendar().deadline(on, days, Count.SCHOOL_DAYS).on if isinstance(days, int) else None


def effect_stays() -> bool:
    """Whether an appeal suspends the effect, as the division set it; where it set nothing, it does not."""
    return setting("appeal_suspends_effect") is True


def compose(
    case: Case, said: Checked, *, ref: str, by: Person, role: str, former: Decision | None, final: bool
) -> Letter:
    """The letter of a decision as it would be sent today; the same words before it is sent and after."""
    parties = Parties([case.account])
    apart = acted_in_case(case) | {by.pk}
    return decision_letter(
        said, case.account, ref=ref, by=by, role=role,
        strike_until=strike_until(said), appeal_until=appeal_until(clock.today()), stays=effect_stays(),
        deciders=[one.name for one in parties.appeal_deciders_apart(case.account, apart).people],
        replaces=former.ref or "" if former else "", final=final,
    )  # fmt: skip


def preview(case: Case, *, by: Person, ruling: Ruling) -> Letter:
    """The letter as it will be sent, from what was typed; nothing is written. Raises NotAllowed, WrongState, Invalid."""
    parties = Parties([case.account])
    former = standing_decision(case)
    move = SUPERSEDE if former else DECIDE
    if not may(by, move.permission, case.unit, case_relations(by, case, parties)):
        raise NotAllowed(not_yours(case, parties))
    need_decidable(case, former)
    said = check(ruling, case)
    role = parties.deciders(case).role
    return compose(case, said, ref=_("(its number)"), by=by, role=role, former=former, final=False)


def standing_decision(case: Case) -> Decision | None:
    """The decision of a case that is in force, if there is one."""
    return (
        Decision.objects.select_related("account__unit", "standing", "case", "decided_by")
        .filter(case=case, state=DecisionState.STANDS)
        .first()
    )


def need_decidable(case: Case, former: Decision | None) -> None:
    """Raise WrongState when nothing can be decided about the account now, saying why."""
    account = case.account
    account.refresh_from_db()
    closed_by_former = former is not None and former.closes
    if account.state not in LIVE and not closed_by_former:
        raise WrongState(_("This account is closed already. There is nothing left to decide about it."))
    if former is not None:
        appeal = appeal_of(former)
        if appeal is not None and appeal.state == AppealState.LODGED:
            raise WrongState(
                _("An appeal against decision %(ref)s is running. It is decided first.") % {"ref": former.ref},
                way_forward=_("Whoever decides the appeal can change the decision."),
            )


@transaction.atomic
def decide(case: Case, *, by: Person, ruling: Ruling, seen: int | None = None) -> Decision:
    """Decide an open case: the letter is sent in full, and what it says takes effect in the same transaction.

    Source: AP 193 1.5. The decision cites at least one clause and one piece of evidence. Raises NotAllowed (not in
    turn, or one looks after the account), WrongState (decided already; the account is closed), Overtaken (somebody
    else decided meanwhile), Invalid by field.
    """
    hold_the_pen()
    parties = Parties([case.account])
    turn = parties.deciders(case)
    said = None  # who is not in turn, too late or not now is told so before what is wrong with the words
    if case.state in OPEN_CASES and by in turn.people and seen in {None, case.version}:
        need_decidable(case, None)
        said = check(ruling, case)
    advance(
        case, DECIDE, by=by, relations=case_relations(by, case, parties), seen=seen, not_you=not_yours(case, parties),
        role=turn.role if by in turn.people else "", after={"account": case.account.public_id},
        fields={"moved_at": clock.now(), "ended_by": by, "ended_at": clock.now(), "looking_by": None,
                "looking_since": None},
    )  # fmt: skip
    settle(case, by, _("A decision was made."), frozenset({"case_decider"}))
    return issue(case, said or check(ruling, case), by=by, role=turn.role, relations={"case_decider"}, former=None)


@transaction.atomic
def supersede(case: Case, *, by: Person, ruling: Ruling, seen: int | None = None) -> Decision:
    """Replace the decision of a case by a new one; the old one stays as it was written (AP 193 1.5).

    Its warning counts no longer, and what it did to the standing ends unless the new one says the same. Raises as
    `decide`, and WrongState while an appeal against the old one is running.
    """
    hold_the_pen()
    parties = Parties([case.account])
    turn, former, said = parties.deciders(case), standing_decision(case), None
    if case.state == CaseState.DECIDED and by in turn.people and seen in {None, case.version}:
        if former is None:
            raise WrongState(_("The decision of this case was overturned on appeal. A new matter needs a new case."))
        need_decidable(case, former)
        said = check(ruling, case)
    advance(
        case, SUPERSEDE, by=by, relations=case_relations(by, case, parties), seen=seen,
        not_you=not_yours(case, parties), role=turn.role if by in turn.people else "",
        fields={"moved_at": clock.now()}, after={"account": case.account.public_id},
    )  # fmt: skip
    if former is not None:
        end_former(former, REPLACED, by=by, relations={"case_decider"})
    return issue(case, said or check(ruling, case), by=by, role=turn.role, relations={"case_decider"}, former=former)


def end_former(former: Decision, move: Any, *, by: Person, relations: set[str]) -> None:
    """A decision stands no longer because another takes its place: recorded, its warning wiped."""
    advance(former, move, by=by, relations=relations)
    wipe_strike(former, by=by)


def issue(
    case: Case, said: Checked, *, by: Person, role: str, relations: set[str], former: Decision | None,
    final: bool = False, asked: Iterable[Person] = (),
) -> Decision:  # fmt: skip
    """Write a decision down, send its letter, and let it take effect. Called inside the act that decides.

    `final` is a decision made on appeal, against which there is none. `asked` are told beside those it concerns.
    """
    now, account = clock.now(), case.account
    number = Decision.objects.filter(decided_at__year=clock.today().year).count() + 1
    decision = Decision.objects.create(
        case=case, account=account, former=former, decided_by=by, role=role, decided_at=now,
        measures=list(said.measures), severity=said.severity, facts=said.facts, to_do=said.to_do, do_by=said.do_by,
        effective_on=said.effective_on, suspended_until=said.suspended_until,
        appeal_until=None if final else appeal_until(clock.today()), clause_count=len(said.clauses),
        evidence_count=len(said.evidence), suspends=Measure.SUSPEND in said.measures,
        closes=Measure.CLOSE in said.measures,
        final=final,
    )  # fmt: skip
    decision.ref = f"D{clock.today().year}-{number:04d}"
    decision.letter = compose(case, said, ref=decision.ref, by=by, role=role, former=former, final=final)
    decision.clauses.set(said.clauses)
    decision.evidence.set(said.evidence)
    reason = _("Decision %(ref)s") % {"ref": decision.ref}
    record(
        by, "decision:issue", decision, label=decision.ref, role=role, after={
            "measures": decision.measures, "account": account.public_id, "case": case.ref,
            "clauses": [one.number for one in said.clauses],
        }, citations=[str(one) for one in said.clauses],
    )  # fmt: skip
    decision.standing = apply(decision, by=by, relations=relations, reason=reason)
    if former is not None and decision.standing is None:
        former.account = account
        take_back(former, by=by, relations=relations, reason=reason)
    Decision.objects.filter(pk=decision.pk).update(ref=decision.ref, letter=decision.letter, standing=decision.standing)
    if Measure.WARNING in said.measures:
        Strike.objects.create(
            decision=decision, account=account, severity=said.severity, since=said.effective_on,
            until=strike_until(said),
        )  # fmt: skip
    case.drafts.all().delete()
    _send(decision, by, asked)
    return decision


def _send(decision: Decision, by: Person, asked: Iterable[Person]) -> None:
    """Send the letter in full to the content managers and the administrator; tell those who decide and who opened."""
    parties = Parties([decision.account])
    to = {one.pk: one for one in (*managers(decision.account), *parties.administrators(decision.account).people)}
    if decision.former is not None:  # whoever was sent the first one reads what takes its place
        to |= {one.pk: one for one in decision.former.told.filter(is_active=True)}
    decision.told.set(to.values())
    N.tell_decision(to.values(), N.MADE, decision, None, letter=decision.letter, more={"who": by.name})
    case = decision.case
    others = [case.opened_by, *([case.assigned_to] if case.assigned_to else []), *asked]
    rest = [one for one in others if one.pk not in to and one.pk != by.pk]
    N.tell_decision(rest, N.MADE_TOLD, decision, by, letter=decision.letter)


@transaction.atomic
def report_done(decision: Decision, *, by: Person, note: str, seen: int | None = None) -> Decision:
    """Say that what a decision orders is done, with a note of what; whoever decides looks and restores (AP 193 1.5).

    Raises NotAllowed (not one it concerns), WrongState (nothing ordered, done already, no longer in force), Overtaken,
    Invalid.
    """
    hold_the_pen()
    if not may(by, "decisions:report", decision.unit, decision_relations(by, decision)):
        raise NotAllowed(
            _("Only those who look after this account, lead its school or decided can say that it is done.")
        )
    if decision.state != DecisionState.STANDS:
        raise WrongState(_("This decision is no longer in force. Nothing of it is to be done."))
    if not orders_something(decision):
        raise WrongState(_("This decision orders nothing that is to be done."))
    if decision.done_at is not None:
        raise WrongState(_("It is noted as done already."))
    if seen is not None and seen != decision.version:
        raise Overtaken(_("While you were reading, this was changed. Nothing you did was lost; look at it again."))
    words = prose(note, "note", missing=_("Say what was done, so that somebody can look."))
    done = Decision.objects.filter(pk=decision.pk, version=decision.version, done_at=None).update(
        done_at=clock.now(), done_by=by, done_note=words, version=decision.version + 1
    )
    if not done:
        raise Overtaken(_("While you were reading, someone else acted on this. Nothing you did was lost."))
    decision.refresh_from_db()
    record(
        by, "decision:report", decision, label=decision.ref or "", note=words, citations=cite(["1.5"]),
        role=next(iter(decision_relations(by, decision)), ""),
    )  # fmt: skip
    people = [*Parties([decision.account]).deciders(decision.case).people, decision.decided_by]
    N.tell_decision(people, N.REPORTED, decision, by, words)
    return decision


def orders_something(decision: Decision) -> bool:
    """Whether a decision orders something that somebody can say is done."""
    return bool(TASKS & set(decision.measures)) or bool(decision.to_do)


def as_ruling(decision: Decision) -> Ruling:
    """What a decision says, as a ruling: where a new one that takes its place begins."""
    return replace(
        Ruling(measures=tuple(decision.measures), clauses=(), evidence=(), facts=decision.facts),
        clauses=tuple(decision.clauses.values_list("number", flat=True)),
        evidence=tuple(decision.evidence.values_list("pk", flat=True)),
        to_do=decision.to_do, do_by=decision.do_by, suspended_until=decision.suspended_until,
        severity=decision.severity,
    )  # fmt: skip
