"""Every write on a certification: asked for, answered fact by fact, certified many at once, settled, dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, Refusal, WrongState
from rostrum.core.secretive import looks_secret
from rostrum.notices.actions import owe
from rostrum.people.models import Person, Unit
from rostrum.people.queries import may
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded
from rostrum.registry import changing
from rostrum.registry.change_models import AccountChange
from rostrum.registry.change_queries import open_change
from rostrum.registry.correcting import checked
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.upkeep import notices as N
from rostrum.upkeep.facts import BY_CHANGE, IN_REGISTER, FactRow, rows_of
from rostrum.upkeep.looking_after import asked_of, communications, managers_of, relations
from rostrum.upkeep.models import Certification, Correction, Fact, Origin, SuspensionProposal
from rostrum.upkeep.states import (
    CERTIFY,
    CITES,
    CORRECT,
    DROP,
    MOOT,
    OPEN_CERTIFICATIONS,
    SETTLE,
    CertificationState,
    CorrectionState,
    ProposalState,
)
from rostrum.upkeep.windows import choices
from rostrum.workflow.moves import advance, clean_reason

RIGHT, WRONG = "right", "wrong"
SHOULD_LIMIT = 2000


@dataclass(frozen=True)
class Said:
    """What a manager said of one fact: right, or wrong and what it should be (a unit for whom it speaks for)."""

    answer: str
    should_be: str = ""
    unit: Unit | None = None


@transaction.atomic
def ask(account: Account, *, by: Person, reason: str, due_on: date | None = None) -> Certification:
    """Ask the managers of one account to certify it now, whatever the rhythm (AP 193 1.10: as the need arises).

    Raises NotAllowed, WrongState (retired; one is open already), Invalid (no reason; a day that has passed).
    """
    hold_the_pen()
    if not may(by, "certification:ask", account.unit):
        raise NotAllowed(worded(_("Only {keeper} can ask for a certification.")))
    why = clean_reason(reason, required=True)
    today, now = clock.today(), clock.now()
    if due_on is not None and due_on < today:
        message = _("This day has passed. Choose one that is still to come.")
        raise Invalid(message, fields={"due_on": [message]})
    account.refresh_from_db(fields=["state"])
    if account.state not in LIVE:
        raise WrongState(_("This account is retired. There is nothing to certify."))
    chosen = choices()
    due = due_on or (chosen.counted.due(today, chosen.answer_days).on if chosen.answer_days else None)
    try:
        with transaction.atomic():
            made = Certification.objects.create(
                account=account, origin=Origin.ASKED, period=today, asked_by=by, reason=why, opened_at=now, moved_at=now,
                due_on=due, told_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise WrongState(_("Its managers are asked already. That certification is answered first.")) from None
    record(by, "certification:call", made, citations=cite(["1.10", *CITES]), note=why,
           after={"account": account.public_id, "due": due}, role="communications")  # fmt: skip
    for person in asked_of(account):
        said = {**N.many([account.name], 1, due), "comment": why}
        owe(N.ASKED, to=person, about=made, ref=str(person.pk), context=said)
    return made


def _refuse_strangers(it: Certification, by: Person, related: frozenset[str]) -> str:
    """Say who must answer, where it is not this person. Empty where it is."""
    if may(by, CERTIFY.permission, it.unit, related):
        return ""
    names = ", ".join(one.name for one in asked_of(it.account)) or "-"
    return _("You do not look after this account today. It is waiting for %(names)s.") % {"names": names}


def _cleaned(rows: list[FactRow], said: Mapping[str, Said]) -> dict[str, Said]:
    """The answers as they may be kept. Raises Invalid by field: a fact without an answer, a wrong one without its words."""
    out: dict[str, Said] = {}
    problems: dict[str, list[str]] = {}
    for row in rows:
        given = said.get(row.fact)
        if given is None or given.answer not in {RIGHT, WRONG}:
            problems[row.fact] = [_("Say whether this is right.")]
        elif given.answer == RIGHT:
            out[row.fact] = Said(RIGHT)
        elif row.fact == Fact.UNIT:
            if given.unit is None or given.unit.name == "":
                problems[f"should_{row.fact}"] = [_("Choose whom the account speaks for.")]
            else:
                out[row.fact] = Said(WRONG, given.unit.name, given.unit)
        else:
            try:
                out[row.fact] = Said(WRONG, _should_be(row.fact, given.should_be))
            except Invalid as refusal:
                problems[f"should_{row.fact}"] = [message for found in refusal.fields.values() for message in found]
    if problems:
        raise Invalid(_("Some answers are missing or cannot be used."), fields=problems)
    return out


def _should_be(fact: str, typed: str) -> str:
    if fact in IN_REGISTER:
        return checked(fact, typed)
    text = clean_reason(typed, required=False)
    if not text:
        raise Invalid("", fields={fact: [_("Say what it should be.")]})
    if looks_secret(text):
        raise Invalid("", fields={fact: [_("This looks like a password. Say it without: Rostrum never keeps one.")]})
    return text


@transaction.atomic
def answer(
    it: Certification, said: Mapping[str, Said], *, by: Person, note: str = "", seen: int | None = None
) -> Certification:
    """Certify an account: every fact right, or wrong and what it should be (AP 193 1.6, 1.7, 3.4).

    All right certifies it at once. What is wrong with its name, address or unit becomes a proposed change (two
    yeses); the rest a task for Communications. Raises NotAllowed (no manager, or no longer one), WrongState (answered,
    retired), Overtaken (somebody was faster), Invalid by field.
    """
    hold_the_pen()
    account = it.account
    account.refresh_from_db()
    related = relations(by, account)
    stranger = _refuse_strangers(it, by, related)
    if not stranger and account.state not in LIVE:
        raise WrongState(_("This account was retired meanwhile. There is nothing to certify any more."))
    rows = rows_of(account)
    answers = {} if stranger or it.state != CertificationState.OPEN else _cleaned(rows, said)
    wrong = {fact: one for fact, one in answers.items() if one.answer == WRONG}
    now = clock.now()
    kept = [
        {"fact": row.fact, "approved": row.approved, "register": row.register,
         "answer": answers[row.fact].answer, "should_be": answers[row.fact].should_be}
        for row in rows if row.fact in answers
    ]  # fmt: skip
    text = clean_reason(note, required=False)
    if looks_secret(text):
        message = _("This looks like a password. Say it without: Rostrum never keeps one.")
        raise Invalid(message, fields={"note": [message]})
    advance(
        it, CORRECT if wrong else CERTIFY, by=by, relations=related, seen=seen, reason=text, not_you=stranger,
        fields={"answered_by": by, "answered_at": now, "moved_at": now, "answers": kept, "note": text},
        after={"account": account.public_id, "wrong": sorted(wrong)},
    )  # fmt: skip
    if wrong:
        _note_wrong(it, {row.fact: row for row in rows}, wrong, by, text)
    end_proposals(account)
    return it


def _note_wrong(
    it: Certification, rows: Mapping[str, FactRow], wrong: Mapping[str, Said], by: Person, note: str
) -> None:
    """A correction for each wrong fact: with the change that will put it right, or as a task."""
    change = _propose(it.account, wrong, by, note)
    now = clock.now()
    made = [
        Correction(
            certification=it, account=it.account, fact=fact, register_says=rows[fact].register[:2000],
            should_be=one.should_be, change=change if fact in BY_CHANGE else None, noted_by=by, noted_at=now, moved_at=now,
        )
        for fact, one in wrong.items()
    ]  # fmt: skip
    Correction.objects.bulk_create(made)
    tasks = [one for one in made if one.change is None]
    if tasks:
        facts = [(_label(one.fact), one.should_be) for one in tasks]
        for person in communications():
            if person.pk != by.pk:
                said = N.one(it.account.name, by, note, facts)
                owe(N.TO_CORRECT, to=person, about=it, ref=str(it.pk), context=said)


def _label(fact: str) -> Any:
    return lambda: str(Fact(fact).label)


def _propose(account: Account, wrong: Mapping[str, Said], by: Person, note: str) -> AccountChange | None:
    """The change that puts name, address and unit right; None where none of them is wrong, or a change is on its way."""
    mine = {fact: wrong[fact] for fact in BY_CHANGE if fact in wrong}
    if not mine or open_change(account) is not None:
        return None
    unit = mine[Fact.UNIT].unit if Fact.UNIT in mine else account.unit
    reason = _("Noted at the certification.") + (f" {note}" if note else "")
    try:
        return changing.propose(
            account, by=by, unit=unit or account.unit, reason=reason,
            name=mine[Fact.NAME].should_be if Fact.NAME in mine else account.name,
            address=mine[Fact.ADDRESS].should_be if Fact.ADDRESS in mine else account.address,
        )  # fmt: skip
    except Invalid as refusal:
        fields = {f"should_{name}": messages for name, messages in refusal.fields.items()}
        first = next(iter(mine))
        raise Invalid(refusal.message, fields=fields or {f"should_{first}": [refusal.message]}) from None


@dataclass(frozen=True)
class Done:
    """What certifying many at once did: those certified, and those that could not be, each with the reason."""

    certified: list[Certification]
    refused: list[tuple[Certification, str]]


def certify_many(items: Iterable[tuple[Certification, int | None]], *, by: Person) -> Done:
    """Say of many accounts at once that each is still ours and still right. Each is an act of its own.

    What somebody else answered or retired meanwhile is passed over and said; it stops none of the others.
    """
    certified: list[Certification] = []
    refused: list[tuple[Certification, str]] = []
    for it, seen in items:
        said = {fact: Said(RIGHT) for fact in Fact.values}
        try:
            certified.append(answer(it, said, by=by, seen=seen))
        except Refusal as refusal:
            refused.append((it, refusal.message))
    return Done(certified, refused)


@transaction.atomic
def settle_when_done(it: Certification, *, by: Person | None) -> bool:
    """Certify an account once nothing of what was not right is open any more; says whether it did."""
    it.refresh_from_db()
    if it.state != CertificationState.CORRECTING or it.corrections.filter(state=CorrectionState.OPEN).exists():
        return False
    advance(it, SETTLE, by=by, fields={"moved_at": clock.now()}, after={"account": it.account.public_id})
    return True


@transaction.atomic
def end_proposals(account: Account) -> int:
    """Note that suspensions proposed for an account are no longer needed. Part of the act that made them so."""
    count = 0
    for one in SuspensionProposal.objects.filter(account=account, state=ProposalState.OPEN):
        advance(one, MOOT, by=None, fields={"moved_at": clock.now()}, after={"account": account.public_id})
        count += 1
    return count


@transaction.atomic
def drop(it: Certification) -> Certification:
    """End what was asked about an account that was retired meanwhile. Only the clock does this."""
    if it.account.state in LIVE:
        raise WrongState(_("This account is not retired."))
    advance(it, DROP, by=None, fields={"moved_at": clock.now()}, after={"account": it.account.public_id})
    return it


def open_one(account: Account) -> Certification | None:
    """The certification of an account that is open or being put right, if there is one."""
    return Certification.objects.filter(account=account, state__in=OPEN_CERTIFICATIONS).first()


__all__ = [
    "RIGHT", "WRONG", "Done", "Overtaken", "Said", "answer", "ask", "certify_many", "drop", "end_proposals",
    "managers_of", "open_one", "settle_when_done",
]  # fmt: skip
