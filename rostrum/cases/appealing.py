"""Every write on an appeal: lodge, name who decides, uphold, vary, overturn, withdraw (AP 193 1.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.cases import notices as N
from rostrum.cases.appeal_models import Appeal, AppealFile
from rostrum.cases.composing import appeal_letter
from rostrum.cases.deciding import effect_stays, end_former, issue
from rostrum.cases.decision_models import Decision
from rostrum.cases.effects import apply, held_otherwise, others, rests_on, take_back, wipe_strike
from rostrum.cases.parties import Parties, acted, appeal_relations, decision_relations, keepers, managers, nobody_words
from rostrum.cases.queries import APPEAL_HOLD, CASE_HOLD, appeal_of, last_day_passed
from rostrum.cases.rulings import Ruling, check
from rostrum.cases.states import (
    CHANGED_ON_APPEAL,
    OVERTURN,
    OVERTURNED_ON_APPEAL,
    UPHOLD,
    VARY,
    WITHDRAW,
    AppealState,
    DecisionState,
)
from rostrum.cases.texts import LONG, prose
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded
from rostrum.registry.holding import holds, lift_hold, place_hold, words_of
from rostrum.schoolyear.words import long_day
from rostrum.workflow.moves import Move, advance

MOST_FILES = 10
CITES = ("1.5",)


@dataclass(frozen=True)
class Attachment:
    """One file that comes with an appeal, kept by its hash; `words` says what it is."""

    file_hash: str
    file_type: str
    words: str = ""


def _need_appealable(decision: Decision, by: Person) -> None:
    """Raise NotAllowed or WrongState when this person cannot appeal this decision now, saying why."""
    if not may(by, "appeals:lodge", decision.unit, decision_relations(by, decision)):
        raise NotAllowed(_("Only those who look after this account or lead its school can appeal this decision."))
    earlier = appeal_of(decision)
    if decision.final:
        raise WrongState(_("This decision was made on appeal. There is no second appeal."))
    if earlier is not None:
        raise WrongState(
            _("This decision was appealed on %(day)s already. There is one appeal for each decision.")
            % {"day": long_day(timezone.localdate(earlier.lodged_at))}
        )
    if decision.state != DecisionState.STANDS:
        raise WrongState(_("This decision is no longer in force. There is nothing to appeal any more."))
    if last_day_passed(decision) and decision.appeal_until is not None:
        raise WrongState(
            _("It is too late: the last day to appeal this decision was %(day)s.")
            % {"day": long_day(decision.appeal_until)},
            way_forward=_("Whoever decided can still replace the decision: write to them."),
        )


@transaction.atomic
def lodge(
    decision: Decision, *, by: Person, reasons: str, files: Iterable[Attachment] = (), seen: int | None = None
) -> Appeal:
    """Appeal a decision, once, by the day that its letter names (AP 193 1.5; domain: decided by somebody else).

    By whoever was sent it, looks after the account or leads its school. The account is held while the appeal runs.
    Where the division set it so, the effect does not hold meanwhile: the account is official again at once. Raises
    NotAllowed, WrongState (too late, appealed already, no longer in force), Overtaken, Invalid.
    """
    hold_the_pen()
    decision.refresh_from_db()
    _need_appealable(decision, by)
    if seen is not None and seen != decision.version:
        raise Overtaken(_("While you were reading, this was changed. Nothing you did was lost; look at it again."))
    why = prose(reasons, "reasons", limit=LONG, missing=_("Say why the decision should be different."))
    first: dict[str, Attachment] = {}
    for one in files:
        first.setdefault(one.file_hash, one)
    kept = list(first.values())
    if len(kept) > MOST_FILES:
        message = _("Add at most %(count)d files.") % {"count": MOST_FILES}
        raise Invalid(message, fields={"attached": [message]})
    now = clock.now()
    appeal = Appeal(
        decision=decision, first_decider=decision.decided_by, lodged_by=by, lodged_at=now, moved_at=now, reasons=why,
        stayed=effect_stays(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            appeal.save(force_insert=True)
    except IntegrityError:
        raise Overtaken(
            _("Somebody appealed this decision a moment ago. There is one appeal for each decision.")
        ) from None
    AppealFile.objects.bulk_create(
        AppealFile(appeal=appeal, file_hash=one.file_hash, file_type=one.file_type, words=one.words[:200], added_at=now)
        for one in kept
    )
    record(
        by, "appeal:lodge", appeal, label=decision.ref or "", note=why, citations=cite(CITES), role="appellant",
        after={"decision": decision.ref, "files": len(kept), "stayed": appeal.stayed},
    )  # fmt: skip
    place_hold(decision.account, kind=APPEAL_HOLD, ref=decision.ref or "", by=by)
    if appeal.stayed:
        take_back(decision, by=by, relations={"stay"}, reason=_stay_words(decision))
    _ask(appeal, by, why)
    people = [*managers(decision.account), *Parties([decision.account]).administrators(decision.account).people]
    N.tell_appeal([*people, decision.decided_by, *decision.told.all()], N.LODGED_TOLD, appeal, by)
    return appeal


def _stay_words(decision: Decision) -> str:
    return _("An appeal against decision %(ref)s is running: what was decided does not hold meanwhile.") % {
        "ref": decision.ref
    }


def _ask(appeal: Appeal, by: Person | None, comment: str) -> None:
    """Ask whoever decides; where nobody is left, whoever must name someone."""
    parties, apart = Parties([appeal.decision.account]), acted([appeal])[appeal.pk]
    deciders = parties.appeal_deciders(appeal, apart).people
    if deciders:
        N.tell_appeal(deciders, N.LODGED, appeal, by, comment)
        return
    people = parties.directors(appeal.decision.account).people or tuple(keepers())
    N.tell_appeal(people, N.NOBODY, appeal, None, more={"who": by.name if by else ""})


@transaction.atomic
def name_decider(appeal: Appeal, *, by: Person, person: Person, reason: str, seen: int | None = None) -> Appeal:
    """The Director names who decides an appeal: somebody who works here and had no part in the matter before.

    Naming decides nothing, so the Director may do it also after acting before. Raises NotAllowed, WrongState,
    Overtaken, Invalid (a person who acted, lodged it, looks after the account, or has left).
    """
    hold_the_pen()
    if not may(by, "appeals:name", appeal.unit):
        raise NotAllowed(worded(_("Only {director} names who decides an appeal.")))
    if appeal.state != AppealState.LODGED:
        raise WrongState(
            _("This appeal is over: it is “%(state)s”. Here it is as it stands.")
            % {"state": appeal.get_state_display()}
        )
    if seen is not None and seen != appeal.version:
        raise Overtaken(_("While you were reading, this was changed. Nothing you did was lost; look at it again."))
    why = prose(reason, "reason", missing=_("Say why you name this person."))
    if not person.is_active or person.pk in acted([appeal])[appeal.pk]:
        message = _("%(name)s had a part in this matter before, or does not work here. Name somebody else.") % {
            "name": person.name
        }
        raise Invalid(message, fields={"person": [message]})
    before = appeal.named.name if appeal.named else ""
    named = Appeal.objects.filter(pk=appeal.pk, version=appeal.version, state=AppealState.LODGED).update(
        named=person, named_by=by, named_at=clock.now(), version=F("version") + 1
    )
    if not named:
        raise Overtaken(_("While you were reading, someone else acted on this. Nothing you did was lost."))
    appeal.refresh_from_db()
    record(
        by, "appeal:name", appeal, label=appeal.decision.ref or "", note=why, role="director", citations=cite(CITES),
        before={"named": before}, after={"named": person.name},
    )  # fmt: skip
    N.tell_appeal([person], N.NAMED, appeal, by, why)
    return appeal


def _not_yours(appeal: Appeal, parties: Parties, apart: set[int]) -> str:
    nobody = nobody_words(appeal, parties, apart)
    if nobody:
        return nobody
    names = ", ".join(one.name for one in parties.appeal_deciders(appeal, apart).people)
    return _(
        "This appeal is not yours to decide. Somebody who had no part in it before decides; it is waiting for %(names)s."
    ) % {"names": names}


def _close(appeal: Appeal, move: Move, by: Person, answer: str, seen: int | None) -> tuple[str, str]:
    """Make a move that ends an appeal. Returns the cleaned answer, and the role in which the person acted."""
    prose(answer, "reason")
    parties, apart = Parties([appeal.decision.account]), acted([appeal])[appeal.pk]
    turn = parties.appeal_deciders(appeal, apart)
    decides = move is not WITHDRAW
    fields = {"moved_at": clock.now()}
    more = {"decided_by": by, "decided_at": clock.now(), "answer": answer.strip()[:2000]} if decides else {}
    role = turn.role if by in turn.people else ""
    note = advance(
        appeal, move, by=by, relations=appeal_relations(by, appeal, parties, apart), seen=seen, reason=answer,
        not_you=_not_yours(appeal, parties, apart) if decides else _("Only whoever lodged an appeal can withdraw it."),
        fields={**fields, **more}, role=role if decides else "lodger", after={"decision": appeal.decision.ref},
    )  # fmt: skip
    lift_hold(appeal.decision.account, kind=APPEAL_HOLD, ref=appeal.decision.ref or "", by=by)
    appeal.decision.refresh_from_db()
    return note, role


def _still(decision: Decision) -> list[str]:
    """Why an account stays as it is although a decision fell: another decision, or another mark."""
    said = [_("Decision %(ref)s holds.") % {"ref": one.ref} for one in others(decision)]
    return said + [words_of(one) for one in holds(decision.account) if one.kind not in {CASE_HOLD, APPEAL_HOLD}]


def _answer(
    appeal: Appeal, by: Person, role: str, outcome: str, note: str, restored: bool = False, still: Iterable[str] = ()
) -> None:
    """Keep the letter of what was decided on appeal, and send it to everyone it concerns."""
    decision = appeal.decision
    appeal.letter = appeal_letter(
        outcome, note, decision.account, ref=decision.ref or "", by=by, role=role, restored=restored, still=still
    )
    Appeal.objects.filter(pk=appeal.pk).update(letter=appeal.letter)
    parties = Parties([decision.account])
    people = [
        appeal.lodged_by, *managers(decision.account), *parties.administrators(decision.account).people,
        *decision.told.all(), appeal.first_decider, decision.case.opened_by,
    ]  # fmt: skip
    N.tell_appeal(people, N.ANSWERED, appeal, by, letter=appeal.letter)


@transaction.atomic
def uphold(appeal: Appeal, *, by: Person, reason: str, seen: int | None = None) -> Appeal:
    """The decision stands, with reasons. Where the appeal had stayed its effect, that holds again from now on.

    Raises the refusals of `advance`; NotAllowed for everyone who had a part before.
    """
    hold_the_pen()
    note, role = _close(appeal, UPHOLD, by, reason, seen)
    _hold_again(appeal, by, {"appeal_decider"})
    _answer(appeal, by, role, "upheld", note)
    return appeal


def _hold_again(appeal: Appeal, by: Person, relations: set[str]) -> None:
    """What a stayed decision did to the standing, it does again; not where its suspension would be over by now."""
    decision = appeal.decision
    over = decision.suspended_until is not None and decision.suspended_until <= clock.today()
    if not appeal.stayed or decision.state != DecisionState.STANDS or over:
        return
    if not rests_on(decision):
        reason = _("Decision %(ref)s holds again: the appeal is over.") % {"ref": decision.ref}
        decision.standing = apply(decision, by=by, relations=relations, reason=reason)
        Decision.objects.filter(pk=decision.pk).update(standing=decision.standing)


@transaction.atomic
def overturn(appeal: Appeal, *, by: Person, reason: str, seen: int | None = None) -> Appeal:
    """The decision falls, with reasons: its warning and its suspension are wiped from the standing, not from the log.

    The account is official again in the same transaction, when nothing else keeps it as it is; the letter says which.
    """
    hold_the_pen()
    note, role = _close(appeal, OVERTURN, by, reason, seen)
    decision = appeal.decision
    advance(decision, OVERTURNED_ON_APPEAL, by=by, relations={"appeal_decider"}, reason=note)
    wipe_strike(decision, by=by)
    still = _still(decision) if rests_on(decision) and held_otherwise(decision) else []
    why = _("Decision %(ref)s was overturned on appeal.") % {"ref": decision.ref}
    restored = take_back(decision, by=by, relations={"appeal_decider"}, reason=why)
    _answer(appeal, by, role, "overturned", note, restored, still)
    return appeal


@transaction.atomic
def vary(appeal: Appeal, *, by: Person, reason: str, ruling: Ruling, seen: int | None = None) -> Appeal:
    """Another decision takes the place of the first, with reasons; there is no appeal against it.

    Its letter and the answer are both sent. Raises as `uphold`, and Invalid for a ruling that cannot be.
    """
    hold_the_pen()
    decision = appeal.decision
    parties, apart = Parties([decision.account]), acted([appeal])[appeal.pk]
    turn = parties.appeal_deciders(appeal, apart)
    _need_turn(appeal, by, seen, parties, apart)
    prose(reason, "reason", missing=_("Say why, so that the other person knows what to do."))
    said = check(ruling, decision.case)
    lift_hold(decision.account, kind=APPEAL_HOLD, ref=decision.ref or "", by=by)
    end_former(decision, CHANGED_ON_APPEAL, by=by, relations={"appeal_decider"})
    made = issue(
        decision.case, said, by=by, role=turn.role, relations={"appeal_decider"}, former=decision, final=True,
        asked=[appeal.lodged_by, appeal.first_decider],
    )  # fmt: skip
    note = advance(
        appeal, VARY, by=by, relations={"appeal_decider"}, seen=seen, reason=reason, role=turn.role,
        fields={"moved_at": clock.now(), "decided_by": by, "decided_at": clock.now(), "outcome": made,
                "answer": reason.strip()[:2000]},
        after={"decision": decision.ref, "by": made.ref},
    )  # fmt: skip
    _answer(appeal, by, turn.role, "varied", note)
    return appeal


def _need_turn(appeal: Appeal, by: Person, seen: int | None, parties: Parties, apart: set[int]) -> None:
    """Raise what `advance` would: not you, not now, too late. For an act that writes before it moves the appeal."""
    if not may(by, VARY.permission, appeal.unit, appeal_relations(by, appeal, parties, apart)):
        raise NotAllowed(_not_yours(appeal, parties, apart))
    if appeal.state not in VARY.sources:
        raise WrongState(
            _("This appeal is over: it is “%(state)s”. Here it is as it stands.")
            % {"state": appeal.get_state_display()}
        )
    if seen is not None and seen != appeal.version:
        raise Overtaken(_("While you were reading, someone else acted on this. Nothing you did was lost."))


@transaction.atomic
def withdraw(appeal: Appeal, *, by: Person, reason: str = "", seen: int | None = None) -> Appeal:
    """Whoever lodged an appeal takes it back. The decision holds; it cannot be appealed a second time."""
    hold_the_pen()
    note, _role = _close(appeal, WITHDRAW, by, reason, seen)
    _hold_again(appeal, by, {"stay"})
    parties, apart = Parties([appeal.decision.account]), acted([appeal])[appeal.pk]
    people = [*parties.appeal_deciders(appeal, apart).people, appeal.first_decider, appeal.decision.case.opened_by]
    N.tell_appeal(people, N.WITHDRAWN, appeal, by, note)
    return appeal


ACTS: dict[str, Callable[..., Appeal]] = {"uphold": uphold, "overturn": overturn, "withdraw": withdraw}
