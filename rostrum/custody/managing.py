"""Every write on the content managers of a live account: name, answer, release, first or second, hand over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.custody import notices as N
from rostrum.custody.following import follow
from rostrum.custody.leaders import Leaders
from rostrum.custody.models import HandOver
from rostrum.custody.queries import (
    LIVING,
    STANDING,
    hand_over_to,
    is_manager,
    leaving_on,
    managers,
    managers_max,
    relations,
)
from rostrum.custody.resets import ROLE_CHANGE, ask_for_reset
from rostrum.custody.states import ACCEPT, DECLINE, WITHDRAW, HandOverState
from rostrum.guidance.queries import must_read
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account, Designation, DesignationKind
from rostrum.registry.notices import both
from rostrum.registry.registering import answer_designation, managers_min
from rostrum.registry.states import LIVE
from rostrum.workflow.moves import Move, advance, clean_reason

CITES = ("1.7", "3.4")
ANSWER_WORDS = {
    True: pgettext_lazy("content manager's answer", "Accepted"),
    False: pgettext_lazy("content manager's answer", "Declined"),
}


def account_of(designation: Designation) -> Account | None:
    """The account of a designation; None while its registration is on the way."""
    return (
        Account.objects.select_related("unit", "registration").filter(registration=designation.registration_id).first()
    )


def check_live(account: Account) -> None:
    """Refuse any change to who holds an account that is retired."""
    account.refresh_from_db(fields=["state", "version"])
    if account.state not in LIVE:
        raise WrongState(_("This account is retired. Who looked after it stays as it was."))


def check_stays(person: Person, field: str = "person") -> None:
    """Refuse somebody who has left, or whose last day is known: they could not look after it for long."""
    person.refresh_from_db(fields=["is_active", "left_on"])
    if not person.is_active:
        message = _("%(name)s has left. Choose somebody who works or volunteers here.") % {"name": person.name}
        raise Invalid(message, fields={field: [message]})
    last = leaving_on([person.pk]).get(person.pk)
    if last is not None:
        message = _("%(name)s leaves on %(day)s. Choose somebody who stays.") % {"name": person.name, "day": day(last)}
        raise Invalid(message, fields={field: [message]})


def _name(account: Account, person: Person, by: Person, note: str, *, in_place_of: Designation | None = None,
          at: datetime | None = None) -> Designation:  # fmt: skip
    """The row, its guards and its line in the log; accepted at once where somebody names themself."""
    check_stays(person)
    most = managers_max()
    standing = Designation.objects.filter(STANDING, registration=account.registration_id, person__is_active=True)
    if in_place_of is not None:
        standing = standing.exclude(pk=in_place_of.pk)
    if most is not None and standing.count() >= most:
        message = ngettext(
            "The division allows at most %(count)d content manager. Hand over, or release somebody first.",
            "The division allows at most %(count)d content managers. Hand over, or release somebody first.", most,
        ) % {"count": most}  # fmt: skip
        raise Invalid(message, fields={"person": [message]})
    own = person.pk == by.pk
    if own and must_read(by):
        raise WrongState(
            _("Say first that you have read the procedure in force. The division asks it of every manager.")
        )
    first = not Designation.objects.filter(
        LIVING, registration=account.registration_id, kind=DesignationKind.PRIMARY
    ).exists()
    now = at or clock.now()
    try:
        with transaction.atomic():
            made = Designation.objects.create(
                registration=account.registration, person=person, named_at=now, accepted_at=now if own else None,
                kind=DesignationKind.PRIMARY if first else DesignationKind.SECOND,
            )  # fmt: skip
    except IntegrityError:
        message = _("%(name)s is named already. See whether they have answered.") % {"name": person.name}
        raise Invalid(message, fields={"person": [message]}) from None
    record(by, "designation:name", made, citations=cite(CITES), label=person.name, note=note,
           after={"account": account.public_id, "accepted": own})  # fmt: skip
    return made


@transaction.atomic
def name_manager(account: Account, person: Person, *, by: Person, reason: str = "") -> Designation:
    """Name another content manager of a live account; it counts once they accept (AP 193 1.7, 3.4).

    Whoever names themself has accepted. Raises NotAllowed, WrongState (retired; the procedure not read yet), Invalid
    by field: somebody who has left or leaves, who is named already, or one more than the division allows.
    """
    hold_the_pen()
    if not may(by, "manager:name", account.unit, relations(by, account)):
        raise NotAllowed(worded(_("Only its managers, whoever leads its school and {keeper} can name a manager.")))
    check_live(account)
    note = clean_reason(reason, required=False)
    made = _name(account, person, by, note)
    if made.accepted_at is None:
        N.ask(made, account, by, note)
    else:
        _tell_of_answer(account, made, by, note, True)
    follow([account], by=by, fell=False)
    return made


@transaction.atomic
def answer(designation: Designation, *, by: Person, accept: bool, reason: str = "") -> Designation:
    """A named person accepts or declines; where they were asked to take over, the hand-over is done or declined.

    Works for an account on its way (as `registering.answer_designation`) and for a live one. Raises NotAllowed,
    WrongState (answered before, retired, or the procedure has to be read first), Invalid (no reason for a no).
    """
    hold_the_pen()
    by.refresh_from_db(fields=["is_active"])
    if not by.is_active:  # their departure was noted while they had the page open: it decides who has the account
        raise NotAllowed(_("%(name)s has left and can take nothing over any more.") % {"name": by.name})
    account = account_of(designation)
    if account is None:
        return answer_designation(designation, by=by, accept=accept, reason=reason)
    check_live(account)
    handed = hand_over_to(designation)
    answer_designation(designation, by=by, accept=accept, reason=reason)
    note = designation.reason or reason.strip()
    if handed is not None:
        _end_hand_over(handed, ACCEPT if accept else DECLINE, by, note)
        if accept:
            _take_place(handed, designation)
    follow([account], by=by, fell=False)
    if handed is not None and accept:
        words = N.said(account, by, note, giver=handed.given_by.person.name)
        N.tell(_around(account, handed.asked_by, handed.given_by.person), N.HANDED_OVER, account, words, but=[by.pk])
        ask_for_reset(account, ROLE_CHANGE, by=by, note=handed.given_by.person.name)
    else:
        _tell_of_answer(account, designation, by, note, accept, *([handed.asked_by] if handed else []))
    return designation


def _take_place(hand_over: HandOver, taker: Designation) -> None:
    """The giver is released, and the taker stands where the giver stood."""
    giver = hand_over.given_by
    Designation.objects.filter(pk=giver.pk, released_at=None).update(released_at=clock.now())
    Designation.objects.filter(pk=taker.pk).update(kind=giver.kind)
    giver.refresh_from_db()
    taker.refresh_from_db()


def _around(account: Account, *more: Person) -> list[Person]:
    """Those who hear of what happens to an account: its managers, whoever leads its school, and others with a part."""
    return [*(one.person for one in managers(account)), *Leaders([account.unit]).of(account.unit), *more]


def _tell_of_answer(account: Account, it: Designation, by: Person, note: str, accept: bool, *more: Person) -> None:
    words = N.said(account, by, note, answer=both(ANSWER_WORDS[accept]))
    N.tell(_around(account, *more), N.ANSWERED, account, words, but=[by.pk, it.person_id])


def _end_hand_over(hand_over: HandOver, move: Move, by: Person, note: str) -> None:
    advance(hand_over, move, by=by, relations={"successor"} if move is not WITHDRAW else relations(by, hand_over.account),
            reason=note, fields={"moved_at": clock.now()}, after={"account": hand_over.account.public_id},
            not_you=worded(_("Only a manager of this account, whoever leads its school or {keeper} can withdraw it.")),
            )  # fmt: skip


@transaction.atomic
def hand_over(designation: Designation, person: Person, *, by: Person, reason: str = "") -> HandOver:
    """Ask somebody to take over from a content manager; done when they accept (AP 193 1.7, 3.4).

    A manager hands over their own part; whoever leads the school and Communications may do it for them. Raises
    NotAllowed, WrongState (retired, no manager any more, asked already), Invalid by field: somebody who has left or
    leaves, or who looks after it already.
    """
    hold_the_pen()
    account = account_of(designation)
    own = by.pk == designation.person_id
    if account is None or not may(by, "manager:name", account.unit, relations(by, account) if own else ()):
        raise NotAllowed(worded(_("Only the manager, whoever leads the school and {keeper} can hand this over.")))
    check_live(account)
    designation.refresh_from_db()
    if designation.accepted_at is None or designation.released_at or designation.declined_at:
        raise WrongState(_("%(name)s is no manager of this account now.") % {"name": designation.person.name})
    if person.pk == designation.person_id:
        message = _("Choose somebody else: an account is handed over to another person.")
        raise Invalid(message, fields={"person": [message]})
    if HandOver.objects.filter(given_by=designation, state=HandOverState.ASKED).exists():
        raise WrongState(_("Somebody has been asked to take over already. Wait for the answer, or withdraw it."))
    note = clean_reason(reason, required=False)
    taker = _name(account, person, by, note, in_place_of=designation)
    now = clock.now()
    made = HandOver.objects.create(
        account=account, given_by=designation, taken_by=taker, asked_by=by, asked_at=now, moved_at=now, reason=note
    )
    record(by, "handover:ask", made, citations=cite(CITES), label=person.name, note=note,
           after={"account": account.public_id, "from": designation.person.name})  # fmt: skip
    if taker.accepted_at is None:
        N.ask(taker, account, by, note, made)
        return made
    _end_hand_over(made, ACCEPT, by, "")  # whoever takes it over themself has accepted
    _take_place(made, taker)
    follow([account], by=by, fell=False)
    N.tell(_around(account, designation.person), N.HANDED_OVER, account,
           N.said(account, by, note, giver=designation.person.name), but=[by.pk])  # fmt: skip
    ask_for_reset(account, ROLE_CHANGE, by=by, note=designation.person.name)
    return made


@transaction.atomic
def withdraw_hand_over(it: HandOver, *, by: Person, reason: str = "", seen: int | None = None) -> HandOver:
    """Take back that somebody was asked to take over; they are no longer named. Raises the refusals of `advance`."""
    note = advance(
        it, WITHDRAW, by=by, relations=relations(by, it.account), seen=seen, reason=reason,
        fields={"moved_at": clock.now()}, after={"account": it.account.public_id},
        not_you=worded(_("Only a manager of this account, whoever leads its school or {keeper} can withdraw it.")),
    )  # fmt: skip
    Designation.objects.filter(pk=it.taken_by_id, accepted_at=None).update(released_at=clock.now())
    N.tell([it.taken_by.person], N.WITHDRAWN, it.account, N.said(it.account, by, note), but=[by.pk])
    return it


@transaction.atomic
def release(designation: Designation, *, by: Person, reason: str = "") -> Designation:
    """Release a content manager, or take back that somebody was named (AP 193 1.7, 3.4).

    A person may step down themself; a manager may take back that somebody was named who has not answered. Never the
    last one: an account that goes on needs as many living managers as the
    procedure asks for. Raises NotAllowed, WrongState (the last one; over already; a hand-over waits), Invalid.
    """
    hold_the_pen()
    account = account_of(designation)
    own = by.pk == designation.person_id
    if account is not None and not own and designation.accepted_at is None:
        own = is_manager(by, account)  # a manager takes back that somebody was named, before the answer
    if account is None or not may(by, "manager:release", account.unit, {"named"} if own else ()):
        raise NotAllowed(worded(_("Only the person, whoever leads the school and {keeper} can release a manager.")))
    check_live(account)
    note = clean_reason(reason, required=False)
    designation.refresh_from_db()
    if designation.released_at or designation.declined_at:
        raise WrongState(_("%(name)s is no manager of this account now.") % {"name": designation.person.name})
    waits = HandOver.objects.filter(state=HandOverState.ASKED)
    if waits.filter(given_by=designation).exists() or waits.filter(taken_by=designation).exists():
        raise WrongState(_("A hand-over waits for an answer. Withdraw it first, or wait for the answer."))
    _check_not_last(account, designation)
    now = clock.now()
    if not Designation.objects.filter(pk=designation.pk, released_at=None, declined_at=None).update(released_at=now):
        raise WrongState(_("%(name)s is no manager of this account now.") % {"name": designation.person.name})
    was_living = designation.accepted_at is not None
    designation.refresh_from_db()
    record(by, "designation:release", designation, citations=cite(CITES), label=designation.person.name, note=note,
           after={"account": account.public_id})  # fmt: skip
    keep_a_first(account)
    follow([account], by=by, fell=True)
    words = N.said(account, by, note, whom=designation.person.name)
    N.tell(_around(account, designation.person), N.RELEASED, account, words, but=[by.pk])
    if was_living:
        ask_for_reset(account, ROLE_CHANGE, by=by, note=designation.person.name)
    return designation


def _check_not_last(account: Account, designation: Designation) -> None:
    if designation.accepted_at is None:
        return
    others = [one for one in managers(account) if one.pk != designation.pk]
    if not others:
        raise WrongState(
            _("%(name)s is the only content manager of this account. Hand it over, or name somebody else first.")
            % {"name": designation.person.name},
            clause="3.4",
        )
    least = managers_min()
    if len(others) < least and designation.person.is_active:
        raise WrongState(
            ngettext(
                "At least %(count)d content manager has to stay. Hand it over, or name somebody else first.",
                "At least %(count)d content managers have to stay. Hand it over, or name somebody else first.", least,
            ) % {"count": least},
            clause="3.4",
        )  # fmt: skip


def keep_a_first(account: Account) -> None:
    """Where the first content manager is gone, the longest-serving other takes that place."""
    living = managers(account)
    if living and not any(one.kind == DesignationKind.PRIMARY for one in living):
        oldest = min(living, key=lambda one: (one.accepted_at, one.pk))
        Designation.objects.filter(pk=oldest.pk).update(kind=DesignationKind.PRIMARY)


@transaction.atomic
def make_first(designation: Designation, *, by: Person) -> Designation:
    """Make a living manager the first content manager; the one who was becomes a second one."""
    hold_the_pen()
    account = account_of(designation)
    if account is None or not may(by, "manager:name", account.unit, relations(by, account)):
        raise NotAllowed(worded(_("Only its managers, whoever leads its school and {keeper} can say who is the first.")))
    check_live(account)
    rows: Any = Designation.objects.filter(STANDING, registration=account.registration_id)
    if not rows.filter(LIVING, pk=designation.pk).exclude(kind=DesignationKind.PRIMARY).exists():
        raise WrongState(_("%(name)s is the first content manager already, or no manager now.")
                         % {"name": designation.person.name})  # fmt: skip
    rows.filter(kind=DesignationKind.PRIMARY).update(kind=DesignationKind.SECOND)
    rows.filter(pk=designation.pk).update(kind=DesignationKind.PRIMARY)
    designation.refresh_from_db()
    record(by, "designation:first", designation, citations=cite(CITES), label=designation.person.name,
           after={"account": account.public_id})  # fmt: skip
    return designation
