"""Every write when somebody leaves or comes back: the departure itself, the sweep over accounts, the confirmations.

People's own acts are wrapped here, so that a departure and what it leaves behind are one transaction. Whoever notes
that somebody left (a page, a list, the division's sign-in) calls these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.core.reading import reading
from rostrum.core.text import UnsafeText, clean
from rostrum.custody import departure_notices as N
from rostrum.custody.departure_models import Departure, DepartureItem, DepartureSource
from rostrum.custody.departure_queries import departures, may_plan, open_rows
from rostrum.custody.departure_states import CANCEL, DROP, FINISH, LEAVE, RETURN, DepartureState, ItemState
from rostrum.custody.following import follow
from rostrum.custody.resets import LEAVER, ask_for_resets
from rostrum.custody.touches import Touch, touches_of
from rostrum.notices.actions import together
from rostrum.people import actions as people
from rostrum.people.models import Person
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE
from rostrum.schoolyear.queries import end_of_day
from rostrum.workflow.moves import advance

CITES = ("1.7", "3.4")
LONGEST_AHEAD = timedelta(days=730)  # a last day further off than two years is a slip of the pen
SOURCES = {one.value for one in DepartureSource}


def _note(reason: str) -> str:
    try:
        return clean(reason, max_length=300)
    except UnsafeText:
        message = _("Use plain letters and at most %(limit)d characters here.") % {"limit": 300}
        raise Invalid(message, fields={"reason": [message]}) from None


@transaction.atomic
def depart(person: Person, *, by: Person | None, on: date | None = None, reason: str = "",
           source: str = DepartureSource.HAND) -> Departure | None:  # fmt: skip
    """Note a departure: today, on a day that is over, or a last day still to come.

    Somebody who has left can no longer sign in from this moment; somebody who leaves later works on until that day is
    over. Either way every account they touch is named in the same transaction. Returns the departure; None where
    somebody left who touched no account. Raises NotAllowed, WrongState (noted already), Invalid (an impossible day).
    """
    if on is not None and on > clock.today():
        return plan(person, by=by, on=on, reason=reason, source=source)
    return depart_many([person], by=by, on=on, reason=reason, source=source)[0]


@transaction.atomic
def depart_many(persons: Sequence[Person], *, by: Person | None, on: date | None = None, reason: str = "",
                source: str = DepartureSource.LIST) -> list[Departure | None]:  # fmt: skip
    """Note that several people have left, as one act: first all leave, then what they leave behind is counted.

    So two managers of one account who leave together are one shortage, not two. Refusals as `depart`.
    """
    hold_the_pen()
    for person in persons:
        people.note_departure(person, by=by, on=on, reason=reason)
    return sweep(persons, by=by, reason=_note(reason), source=source)


def sweep(persons: Sequence[Person], *, by: Person | None, reason: str = "",
          source: str = DepartureSource.FOUND) -> list[Departure | None]:  # fmt: skip
    """Name every account that these people, who have left, still touch. Belongs inside the transaction of the act.

    Doing it again names only what came to light since. Managers who are still here are asked to confirm, the schools'
    leaders and Communications are told, a reset is called for, and a shortage is raised where one arose. What is asked
    of the database hardly grows with the accounts that somebody touches.
    """
    with reading(), together():
        return _sweep(persons, by, reason, source)


def _sweep(persons: Sequence[Person], by: Person | None, reason: str, source: str) -> list[Departure | None]:
    touched = touches_of([one.pk for one in persons])
    known = {one.person_id: one for one in departures().filter(person__in=persons, state__in=("ahead", "open"))}
    found: list[Departure | None] = []
    swept: list[Departure] = []
    for person in persons:
        it = known.get(person.pk)
        if it is None and not touched[person.pk]:
            found.append(None)
            continue
        if it is None:
            it = _open(person, by, reason, source)
            _name(it, touched[person.pk])
        else:
            if it.state == DepartureState.AHEAD:
                it.person = person
                _leave(it, person, by, reason)
            _name_again(it, touched[person.pk])
        swept.append(it)
        found.append(it)
    rows = open_rows(swept)
    waiting = [one for many in rows.values() for one in many]
    follow([one.account for one in waiting], by=by, fell=True)
    letters = N.Letters(swept, waiting)
    for it in swept:
        if rows[it.pk]:
            _ask(it, rows[it.pk], letters, by, reason)
        else:
            finish_if_done(it, by=by)
    return found


def _since(last_day: date, now: datetime) -> datetime:
    """The moment from which they were gone: now, or the end of a last day that lies behind."""
    return end_of_day(last_day) if last_day < clock.today() else now


def _open(person: Person, by: Person | None, reason: str, source: str) -> Departure:
    now, last = clock.now(), person.left_on or clock.today()
    it = Departure.objects.create(
        person=person, last_day=last, source=source if source in SOURCES else DepartureSource.HAND, reason=reason,
        state=DepartureState.OPEN, noted_by=by, noted_at=now, since=_since(last, now),
    )  # fmt: skip
    record(by, "departure:note", it, citations=cite(CITES), label=person.name, note=reason,
           after={"last_day": last, "source": it.source}, role="clock" if by is None else "")  # fmt: skip
    return it


def _leave(it: Departure, person: Person, by: Person | None, reason: str) -> None:
    last = person.left_on or clock.today()
    fields: dict[str, Any] = {"last_day": last, "since": _since(last, clock.now())}
    advance(it, LEAVE, by=by, relations={"clock"}, reason=reason, fields=fields, role="clock" if by is None else "",
            after={"last_day": last})  # fmt: skip
    it.person = person


def _name(it: Departure, touched: Iterable[Touch]) -> None:
    """One row for each account touched."""
    DepartureItem.objects.bulk_create(
        DepartureItem(departure=it, account=one.account, parts=one.parts) for one in touched
    )


def _name_again(it: Departure, touched: Iterable[Touch]) -> None:
    """A row for each account that came to light since; those that are there already are brought up to date."""
    here = {one.account_id: one for one in it.items.all()}
    new = []
    for touch in touched:
        row = here.get(touch.account.pk)
        if row is None:
            new.append(touch)
        elif row.state == ItemState.OPEN and row.parts != touch.parts:
            DepartureItem.objects.filter(pk=row.pk).update(parts=touch.parts)
    _name(it, new)


def _ask(it: Departure, rows: list[DepartureItem], letters: N.Letters, by: Person | None, reason: str) -> None:
    """Letters and calls for a reset, for what waits now."""
    alone = letters.to_managers(it, N.OPEN, by, rows, reason)
    letters.to_leaders(it, N.OPEN_TOLD, by, rows, reason)
    if alone:
        letters.to_leaders(it, N.NOBODY, None, alone)
    ask_for_resets([one.account for one in rows if one.reset_at is None], LEAVER, by=by, note=it.person.name)


@transaction.atomic
def plan(person: Person, *, by: Person | None, on: date, reason: str = "",
         source: str = DepartureSource.HAND) -> Departure:  # fmt: skip
    """Note somebody's last day beforehand, or move it. Until it is over they work and sign in as before.

    Every account they touch is named now, so that the hand-over can begin while they are still here. May be done by
    whoever keeps the list of people and by whoever leads the place where they work; never by the person themself.
    Raises NotAllowed, WrongState (they have left), Invalid by field `on`.
    """
    hold_the_pen()
    if by is not None and not may_plan(by, person):
        raise NotAllowed(
            worded(_(
                "Only whoever leads the place where %(name)s works, {keeper} "
                "and the system administrator can note this."
            )) % {"name": person.name},
        )  # fmt: skip
    if by is not None and by.pk == person.pk:
        raise NotAllowed(_("You cannot note your own departure. Ask someone else who keeps the list of people."))
    person.refresh_from_db(fields=["is_active", "left_on"])
    if not person.is_active:
        raise WrongState(_("This person is already noted as having left."))
    if not clock.today() < on <= clock.today() + LONGEST_AHEAD:
        message = _("Choose a day from tomorrow on, within the next two years.")
        raise Invalid(message, fields={"on": [message]})
    note = _note(reason)
    it = departures().filter(person=person, state=DepartureState.AHEAD).first()
    if it is not None:
        return _redate(it, by, on, note)
    try:
        with transaction.atomic():
            it = Departure.objects.create(
                person=person, last_day=on, source=source, reason=note, state=DepartureState.AHEAD, noted_by=by,
                noted_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise WrongState(_("Somebody noted a last day for %(name)s a moment ago.") % {"name": person.name}) from None
    record(by, "departure:announce", it, citations=cite(CITES), label=person.name, note=note, after={"last_day": on})
    _name(it, touches_of([person.pk])[person.pk])
    _tell_ahead(it, by, note)
    return it


def _redate(it: Departure, by: Person | None, on: date, note: str) -> Departure:
    if it.last_day == on:
        message = _("%(day)s is noted already. Choose another day, or leave it as it is.") % {"day": day(on)}
        raise Invalid(message, fields={"on": [message]})
    before = it.last_day
    if not Departure.objects.filter(pk=it.pk, version=it.version, state=DepartureState.AHEAD).update(
        last_day=on, version=it.version + 1
    ):
        raise WrongState(_("Somebody changed this departure a moment ago."))
    it.refresh_from_db()
    record(by, "departure:redate", it, citations=cite(CITES), label=it.person.name, note=note,
           before={"last_day": before}, after={"last_day": on})  # fmt: skip
    _name_again(it, touches_of([it.person_id])[it.person_id])
    _tell_ahead(it, by, note)
    return it


def _tell_ahead(it: Departure, by: Person | None, note: str) -> None:
    rows = open_rows([it])[it.pk]
    letters = N.Letters([it], rows)
    letters.to_managers(it, N.AHEAD, by, rows, note)
    letters.to_leaders(it, N.AHEAD_TOLD, by, rows, note)


@transaction.atomic
def leave_on_time(it: Departure) -> Departure:
    """The clock: somebody's last day is over. They can no longer sign in; what waits is asked for now.

    Raises WrongState when it was taken back, or their last day moved, since the list was read.
    """
    hold_the_pen()
    it.refresh_from_db()
    if it.state != DepartureState.AHEAD or it.last_day >= clock.today():
        raise WrongState(_("This departure has changed meanwhile."))
    person = it.person
    person.refresh_from_db()
    if person.is_active:
        people.note_departure(person, by=None, on=it.last_day, reason=it.reason)
    sweep([person], by=None)
    it.refresh_from_db()
    return it


@transaction.atomic
def cancel(it: Departure, *, by: Person, reason: str, seen: int | None = None) -> Departure:
    """Take a last day back: the person stays after all. What was handed over already stays so."""
    if not may_plan(by, it.person):
        raise NotAllowed(worded(_(
            "Only whoever leads the place where %(name)s works, {keeper} and the "
            "system administrator can note this."
        )) % {"name": it.person.name})  # fmt: skip
    rows = open_rows([it])[it.pk]
    note = advance(it, CANCEL, by=by, seen=seen, reason=reason, fields={"ended_at": clock.now()})
    letters = N.Letters([it], rows)
    letters.to_managers(it, N.CANCELLED, by, rows, note)
    letters.to_leaders(it, N.CANCELLED, by, rows, note)
    _drop(rows)
    return it


@transaction.atomic
def come_back(person: Person, *, by: Person | None) -> Person:
    """Somebody who left is back: they can sign in again, and what nobody had taken over yet is theirs again.

    A role that ended stays ended, and so does an account that was handed over. Raises what `people.note_return` does.
    """
    hold_the_pen()
    people.note_return(person, by=by)
    it = departures().filter(person=person, state=DepartureState.OPEN).first()
    if it is None:
        return person
    rows = open_rows([it])[it.pk]
    advance(it, RETURN, by=by, fields={"ended_at": clock.now()}, role="clock" if by is None else "")
    letters = N.Letters([it], rows)
    letters.to_managers(it, N.RETURNED, by, rows)
    letters.to_leaders(it, N.RETURNED, by, rows)
    _drop(rows)
    follow([one.account for one in rows], by=by, fell=False)
    return person


def _drop(rows: Iterable[DepartureItem]) -> None:
    for one in rows:
        advance(one, DROP, by=None, fields={"ended_at": clock.now()}, role="clock")


def drop_retired(it: Departure) -> int:
    """Drop the accounts of a departure that were retired since: nobody needs to hand them over. Says how many."""
    rows = [one for one in open_rows([it])[it.pk] if one.account.state not in LIVE]
    _drop(rows)
    finish_if_done(it, by=None)
    return len(rows)


def finish_if_done(it: Departure, *, by: Person | None) -> bool:
    """A departure is over once its person has left and every account is confirmed. Belongs inside an act."""
    if it.state != DepartureState.OPEN or it.items.filter(state=ItemState.OPEN).exists():
        return False
    advance(it, FINISH, by=by, relations={"manager"}, fields={"ended_at": clock.now()},
            role="clock" if by is None else "manager")  # fmt: skip
    rows = list(it.items.exclude(state=ItemState.DROPPED).select_related("account__unit", "account__registration"))
    if rows:
        N.Letters([it], rows).to_leaders(it, N.DONE, None, rows)
    return True


def accounts_of(it: Departure) -> list[Account]:
    """The accounts that a departure names, by name."""
    return [one.account for one in it.items.select_related("account__unit").order_by("account__name", "pk")]
