"""Every write to calls for a reset: asking for one, raising an alarm, calling it off."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from itertools import groupby

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import Line, hold_the_pen, record_many
from rostrum.core import clock
from rostrum.core.errors import NotAllowed, Overtaken, WrongState
from rostrum.keys import notices as N
from rostrum.keys.due import due_on
from rostrum.keys.models import Reset, ResetCall
from rostrum.keys.plain import plain
from rostrum.keys.queries import calls, relations
from rostrum.keys.states import ALARMS, CALL_OFF, CAUSED, CallState, ResetState, Trigger
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.workflow.moves import advance

NOTE_LIMIT = 2000


def check_live(account: Account) -> None:
    """Raise WrongState for an account that is retired: nobody is asked to reset what is no longer used."""
    if account.state not in LIVE:
        raise WrongState(
            _("This account is retired. Its access is dealt with where it was retired, not by a reset."),
            way_forward=_("See its record for who holds it."),
        )


def may_raise(person: Person, account: Account, trigger: str) -> bool:
    """Whether a person may ask for a reset: an alarm, whoever has access; any other, the school and Communications."""
    permission = "keys:alarm" if trigger in ALARMS else "keys:ask"
    return trigger not in CAUSED and may(person, permission, account.unit, relations(person, account))


@transaction.atomic
def call_for_reset(
    account: Account, *, trigger: str, by: Person | None, note: str = "", due: date | None = None
) -> ResetCall:
    """Ask the managers of an account to reset its access (AP 193 3.4: periodically or as the need arises).

    `trigger` is one of `states.Trigger`. While one is open for the account and trigger, that one is the answer and
    nothing is written; where `note` gives another reason (a second person left), the open call counts from now on,
    so that a reset made before does not answer it. Several open calls are answered by one reset. For a leaver, a
    change of role or the clock (`states.CAUSED`) the calling act has asked who may; the others ask here.
    Raises NotAllowed, WrongState (retired), Invalid (the note looks like a password).
    """
    return call_for_resets([account], trigger=trigger, by=by, note=note, due=due)[0]


@transaction.atomic
def call_for_resets(
    accounts: Iterable[Account], *, trigger: str, by: Person | None, note: str = "", due: date | None = None
) -> list[ResetCall]:
    """Ask for a reset of several accounts for one reason, all or none, each as `call_for_reset` would.

    Inside `reading` and `together`, what is asked of the database hardly grows with them.
    """
    hold_the_pen()
    trigger, why = Trigger(trigger).value, plain(note, "note", NOTE_LIMIT)
    many = list({one.pk: one for one in accounts}.values())
    for one in many:
        if trigger not in CAUSED and (by is None or not may_raise(by, one, trigger)):
            raise NotAllowed(
                _("Only those who have access to this account, lead its school or keep the register can say this.")
                if trigger in ALARMS
                else worded(
                    _("Only whoever leads the school and {keeper} can ask for a reset. Others can raise an alarm.")
                )
            )
    _check_still_live(many)
    open_ones = calls().filter(account__in=many, trigger=trigger, state=CallState.OPEN)
    known = {one.account_id: one for one in open_ones}
    found: list[ResetCall] = []
    told: list[ResetCall] = []
    for first_time, some in groupby(many, key=lambda one: one.pk not in known):  # the log keeps the order given
        if first_time:
            found += _ask(list(some), trigger, by, why, due or due_on(trigger), told)
        else:
            found += _ask_again([known[one.pk] for one in some], by, why, told)
    if told:
        N.ask(told, by)
    return found


def _check_still_live(accounts: Collection[Account]) -> None:
    """`check_live` of each as it stands in the database now."""
    rows = Account.objects.filter(pk__in=[one.pk for one in accounts]).values_list("pk", "state", "version")
    now = {pk: (state, version) for pk, state, version in rows}
    for one in accounts:
        one.state, one.version = now[one.pk]
        check_live(one)


def _ask(
    accounts: list[Account], trigger: str, by: Person | None, why: str, due: date | None, told: list[ResetCall]
) -> list[ResetCall]:
    """Calls for accounts that have none of this trigger yet. `told` is added to: of these the managers are told."""
    now = clock.now()
    made = [
        ResetCall(account=one, trigger=trigger, note=why, asked_by=by, asked_at=now, since=now, told_at=now, due_on=due)
        for one in accounts
    ]
    try:
        with transaction.atomic():
            ResetCall.objects.bulk_create(made)
    except IntegrityError:  # somebody asked in the same moment: theirs is the answer
        if len(accounts) == 1:
            return [calls().get(account=accounts[0], trigger=trigger, state=CallState.OPEN)]
        return [call for one in accounts for call in _ask([one], trigger, by, why, due, told)]
    _record(by, "resetcall:ask", made, why)
    told += made
    return made


@transaction.atomic
def raise_alarm(accounts: Iterable[Account], *, trigger: str, by: Person, note: str = "") -> list[ResetCall]:
    """Raise one alarm for several accounts, all or none: whoever loses a phone loses the way into all of them."""
    if trigger not in ALARMS:
        raise ValueError(f"{trigger} is no alarm.")
    return [call_for_reset(one, trigger=trigger, by=by, note=note) for one in accounts]


def _ask_again(known: list[ResetCall], by: Person | None, why: str, told: list[ResetCall]) -> list[ResetCall]:
    """Another reason for calls that are open: they count from now on, and their notes keep both.

    A reason that a call has already, or none, is no other: nothing is written.
    """
    now, anew = clock.now(), [one for one in known if why and why not in one.note.split("\n")]
    for call in anew:
        note = f"{call.note}\n{why}" if call.note else why
        note = note if len(note) <= NOTE_LIMIT else why
        done = ResetCall.objects.filter(pk=call.pk, state=CallState.OPEN, version=call.version).update(
            since=now, note=note, version=call.version + 1
        )
        if not done:
            raise Overtaken(_("While you were writing, someone else acted on this. Nothing you did was lost."))
        call.since, call.note, call.version = now, note, call.version + 1
    if anew:
        _record(by, "resetcall:ask_again", anew, why)
        told += anew
    return known


def _record(by: Person | None, act: str, asked: list[ResetCall], why: str) -> None:
    """One entry of the log for each call; only the first says by when, which asking again leaves as it is."""
    record_many(by, act, (
        Line(call, str(call), note=why, after={
            "account": call.account.public_id, "trigger": call.trigger,
            **({"due_on": call.due_on} if act == "resetcall:ask" else {}),
        })
        for call in asked
    ), citations=cite(["3.4"]))  # fmt: skip


def _may_off(person: Person, call: ResetCall) -> set[str]:
    return set(relations(person, call.account)) | ({"call_asker"} if call.asked_by_id == person.pk else set())


def may_call_off(person: Person, call: ResetCall) -> bool:
    """Whether a person may call off what asks for a reset: who asked, who leads the school, Communications."""
    return may(person, "keys:call_off", call.unit, _may_off(person, call))


@transaction.atomic
def call_off(call: ResetCall, *, by: Person, reason: str, seen: int | None = None) -> ResetCall:
    """Say that a reset is not needed after all: a false alarm, asked by mistake. The reason is kept and told."""
    why = plain(reason, "reason")
    now = clock.now()
    note = advance(
        call, CALL_OFF, by=by, relations=_may_off(by, call), seen=seen, reason=why,
        not_you=worded(_("Only whoever asked, whoever leads the school, and {keeper} can call this off.")),
        fields={"closed_at": now, "closed_by": by, "close_reason": why},
        after={"account": call.account.public_id, "trigger": call.trigger},
    )  # fmt: skip
    N.call_off(call, by, note)
    return call


def answer_calls(reset: Reset) -> list[ResetCall]:
    """Close every open call that a confirmed reset answers: those that were asked for before it was made.

    Part of the act that confirms the reset (rostrum/keys/stating.py), which records it. A call that came after the
    statement stays open: nobody can have known of it.
    """
    if reset.state != ResetState.CONFIRMED:
        raise ValueError("Only a confirmed reset answers anything.")
    met = ResetCall.objects.filter(account=reset.account_id, state=CallState.OPEN, since__lte=reset.made_at)
    found = list(met.order_by("pk"))
    for call in found:
        done = met.filter(pk=call.pk, version=call.version).update(
            state=CallState.ANSWERED, answered_by=reset, closed_at=reset.confirmed_at, closed_by=reset.confirmed_by,
            version=call.version + 1,
        )  # fmt: skip
        if not done:
            raise Overtaken(_("While you were reading, another reset of this account was asked for. Look at it again."))
    return found
