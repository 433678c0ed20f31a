"""What follows from any change of managers, in the same transaction: a shortage is raised at once, or is over."""

from __future__ import annotations

from collections.abc import Iterable

from rostrum.audit.actions import Line, record_many
from rostrum.core import clock
from rostrum.custody import notices as N
from rostrum.custody.leaders import Leaders
from rostrum.custody.models import Shortage
from rostrum.custody.queries import managers_of, managers_wanted, managing
from rostrum.people.models import Person
from rostrum.policies.queries import cite
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE


def follow(accounts: Iterable[Account], *, by: Person | None, fell: bool) -> list[Shortage]:
    """Compare the living managers of these accounts with what the division wants; returns the shortages raised.

    `fell`: the act took a manager away. Only then is a shortage raised (and its people told), or told again where it
    got worse: an account that never had more has not fallen. A shortage ends where there are enough again. Call it in
    the transaction of the act. Source: AP 193 1.7, 3.4.
    """
    many = list({one.pk: one for one in accounts}.values())
    if not many:
        return []
    wanted, living = managers_wanted(), managing([one.registration_id for one in many])
    known = {one.account_id: one for one in Shortage.objects.filter(account__in=many, resolved_at=None)}
    new: list[Shortage] = []
    raised: list[Shortage] = []
    for account in many:
        left, open_one = living.get(account.registration_id, 0), known.get(account.pk)
        if left >= wanted or account.state not in LIVE:
            if open_one is not None:
                _resolve(open_one, left)
        elif open_one is None:
            if fell:
                new.append(Shortage(account=account, left=left, raised_at=clock.now()))
                raised.append(new[-1])
        elif open_one.left != left:
            worse = left < open_one.left
            Shortage.objects.filter(pk=open_one.pk).update(left=left)
            open_one.left, open_one.account = left, account
            if worse:
                raised.append(open_one)
    _raise(new, by)
    _tell(raised, by)
    return raised


def _raise(new: list[Shortage], by: Person | None) -> None:
    """Write shortages down, each with its own entry of the log."""
    if not new:
        return
    Shortage.objects.bulk_create(new)
    record_many(by, "shortage:raise", (
        Line(one, one.account.name, after={"account": one.account.public_id, "left": one.left}) for one in new
    ), citations=cite(["1.7", "3.4"]), role="clock" if by is None else "")  # fmt: skip


def _resolve(shortage: Shortage, left: int) -> None:
    Shortage.objects.filter(pk=shortage.pk, resolved_at=None).update(resolved_at=clock.now(), left=left)


def _tell(raised: list[Shortage], by: Person | None) -> None:
    """Whoever leads the school, Communications, and the one manager who is left."""
    if not raised:
        return
    leaders = Leaders(one.account.unit for one in raised)
    living = managers_of([one.account for one in raised])
    for one in raised:
        account = one.account
        people = [
            *leaders.of(account.unit), *leaders.communications(account.unit),
            *(found.person for found in living[account.pk]),
        ]  # fmt: skip
        N.tell(people, N.FEW, account, N.said(account, by, state=N.state_words(one.left)))
