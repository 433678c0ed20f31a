"""The write that makes a departure green: a living manager confirms hand-over, removal and reset of one account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.audit.actions import hold_the_pen
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.custody.departure_models import DepartureItem
from rostrum.custody.departure_queries import STEPS, counts_from, done_steps
from rostrum.custody.departure_states import CONFIRM, SETTLE, ItemState
from rostrum.custody.departures import finish_if_done
from rostrum.custody.following import follow
from rostrum.custody.managing import keep_a_first
from rostrum.custody.models import AccountTie, HandOver, HelperGroup, TieKind
from rostrum.custody.queries import STANDING, managers, managers_of
from rostrum.custody.states import HandOverState
from rostrum.keys.models import Reset
from rostrum.keys.queries import last_resets
from rostrum.people.models import Person
from rostrum.registry.models import AccessHolder, Designation
from rostrum.registry.registering import managers_min
from rostrum.registry.states import LIVE
from rostrum.workflow.moves import advance

COLUMNS = {"hand_over": "handed", "removal": "removed", "reset": "reset"}


class Obstacles:
    """What still stands in the way of each confirmation, for any number of accounts of departures. Four queries."""

    def __init__(self, items: Iterable[DepartureItem]) -> None:
        many = list(items)
        accounts, leavers = [one.account for one in many], {one.departure.person_id for one in many}
        self._living = managers_of(accounts)
        self._least = managers_min()
        asked = HandOver.objects.filter(account__in=accounts, state=HandOverState.ASKED, given_by__person__in=leavers)
        self._asked = set(asked.values_list("account", "given_by__person"))
        self._groups: dict[tuple[int, int], list[str]] = defaultdict(list)
        for group in HelperGroup.objects.filter(account__in=accounts, adult__in=leavers, until=None):
            self._groups[(group.account_id, group.adult_id)].append(group.label)
        self._resets = last_resets(one.pk for one in accounts)

    def of(self, item: DepartureItem, step: str) -> str:
        """What stands in the way of a step, as a whole sentence; empty when nothing does."""
        return {"hand_over": self._hand_over, "removal": self._removal, "reset": self._reset}[step](item)

    def reset(self, item: DepartureItem) -> Reset | None:
        """The witnessed reset that keeps the leaver out; None while there is none."""
        found, moment = self._resets.get(item.account_id), counts_from(item)
        return found if found is not None and moment is not None and found.made_at > moment else None

    def _hand_over(self, item: DepartureItem) -> str:
        leaver = item.departure.person
        if (item.account_id, leaver.pk) in self._asked:
            return _("Somebody was asked to take over and has not answered. Wait for the answer, or withdraw it.")
        left = [one for one in self._living[item.account_id] if one.person_id != leaver.pk]
        if len(left) < self._least:
            return ngettext(
                "The procedure asks for at least %(count)d content manager who stays. Name one first.",
                "The division asks for at least %(count)d content managers who stay. Name another one first.",
                self._least,
            ) % {"count": self._least}  # fmt: skip
        groups = self._groups.get((item.account_id, leaver.pk))
        if groups:
            return _("%(name)s answers for a group of helpers: %(group)s. Name another adult, or end the group.") % {
                "name": leaver.name, "group": ", ".join(groups)
            }  # fmt: skip
        return ""

    def _removal(self, item: DepartureItem) -> str:
        leaver, account = item.departure.person, item.account
        if account.mailbox.casefold() == leaver.email.casefold():
            return _("The account still uses %(mailbox)s, the mailbox of %(name)s. Note the new work e-mail first.") % {
                "mailbox": account.mailbox, "name": leaver.name
            }  # fmt: skip
        return ""

    def _reset(self, item: DepartureItem) -> str:
        name = {"name": item.departure.person.name}
        if counts_from(item) is None:
            return (
                _("%(name)s can still get in and would know what is chosen now. Take their access away first.") % name
            )
        if self.reset(item) is None:
            return _("No reset has been made and witnessed by a second person since %(name)s was out.") % name
        return ""


def may_confirm(person: Person, item: DepartureItem) -> bool:
    """Whether a person may confirm: a living content manager of the account, and never the leaver themself."""
    return person.pk != item.departure.person_id and any(one.person_id == person.pk for one in managers(item.account))


def check_may(by: Person, item: DepartureItem) -> None:
    """Refuse whoever is no living manager of the account, and the leaver themself. Raises NotAllowed."""
    if may_confirm(by, item):
        return
    if by.pk == item.departure.person_id:
        raise NotAllowed(_("You are the one who leaves. Another content manager of this account confirms it."))
    names = ", ".join(one.person.name for one in managers(item.account) if one.person_id != item.departure.person_id)
    if not names:
        raise NotAllowed(
            _("Only a content manager who stays can confirm this, and this account has none."),
            way_forward=_("Name one on the page of the account. Once they accept, they can confirm it."),
        )
    raise NotAllowed(_("Only a content manager who stays can confirm this: %(names)s.") % {"names": names})


@transaction.atomic
def confirm(item: DepartureItem, steps: Collection[str], *, by: Person, reason: str = "",
            seen: int | None = None) -> DepartureItem:  # fmt: skip
    """A living manager confirms one or more of hand_over, removal and reset of an account that somebody left.

    Hand-over: enough managers stay, the leaver is released, another adult answers for their helpers. Removal: on the
    platform the leaver's access, recovery and apps are gone; the register ends them too. Reset: `keys` has a witnessed
    one from after they were out. With all three the account is green, with all accounts the departure is over.
    Source: AP 193 1.7, 3.4. Raises NotAllowed, WrongState, Overtaken, Invalid by step.
    """
    hold_the_pen()
    account = item.account
    account.refresh_from_db()
    check_may(by, item)
    if item.state == ItemState.OPEN and account.state not in LIVE:
        raise WrongState(_("This account is retired. Nothing of it needs to be handed over."))
    before = done_steps(item)
    wanted = [step for step in STEPS if step in steps and before[step] is None]
    if not wanted and item.state == ItemState.OPEN:
        message = _("Tick what you confirm. What is confirmed already needs no tick.")
        raise Invalid(message, fields={"steps": [message]})
    if item.state == ItemState.OPEN:
        found = Obstacles([item])
        problems = {step: [said] for step in wanted if (said := found.of(item, step))}
        if problems:
            raise Invalid(_("Not all of it can be confirmed yet. Look beside the boxes."), fields=problems)
    now = clock.now()
    fields: dict[str, Any] = {}
    for step in wanted:
        fields |= {f"{COLUMNS[step]}_by": by, f"{COLUMNS[step]}_at": now}
    last = all(before[step] is not None or step in wanted for step in STEPS)
    move = SETTLE if last else CONFIRM
    advance(item, move, by=by, relations={"manager"}, seen=seen, reason=reason, role="manager",
            fields={**fields, **({"ended_at": now} if last else {})},
            after={"account": account.public_id, "leaver": item.departure.person.name, "confirmed": wanted})  # fmt: skip
    if "hand_over" in wanted:
        _hand_over(item)
    if "removal" in wanted:
        _remove(item)
    follow([account], by=by, fell="hand_over" in wanted)
    finish_if_done(item.departure, by=by)
    return item


def _hand_over(item: DepartureItem) -> None:
    """In the register: the leaver manages the account no longer, and answers for it no longer."""
    now, leaver = clock.now(), item.departure.person
    Designation.objects.filter(STANDING, registration=item.account.registration_id, person=leaver).update(
        released_at=now
    )
    AccountTie.objects.filter(account=item.account, person=leaver, until=None, kind=TieKind.ANSWERS).update(until=now)
    keep_a_first(item.account)


def _remove(item: DepartureItem) -> None:
    """In the register: the leaver can get in no longer, and no recovery and no app leads to them."""
    now, leaver = clock.now(), item.departure.person
    AccessHolder.objects.filter(registration=item.account.registration_id, person=leaver, until=None).update(until=now)
    AccountTie.objects.filter(account=item.account, person=leaver, until=None).exclude(kind=TieKind.ANSWERS).update(
        until=now
    )
