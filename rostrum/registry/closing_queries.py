"""What others may ask about closing: what is open, what is missing, what is owed, what became of a handle."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from rostrum.core import clock
from rostrum.core.dates import day
from rostrum.people.models import Person
from rostrum.people.queries import may, seen_units
from rostrum.registry.closing_models import Closing, ClosingAnswer, ParkedHandle
from rostrum.registry.closing_states import (
    BEFORE,
    CLOSING_MOVES,
    HANDLE_MOVES,
    OPEN_CLOSINGS,
    TAKE_UP,
    ClosingItem,
    ClosingState,
    HandleState,
)
from rostrum.registry.models import Account
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.states import Standing
from rostrum.registry.turns import relations as of_request
from rostrum.workflow.moves import Move


def closings() -> QuerySet[Closing]:
    """All closings with the rows that every page about them needs."""
    return Closing.objects.select_related(
        "account__unit__parent", "account__registration__request", "started_by", "retired_by"
    )


def visible_to(person: Person) -> QuerySet[Closing]:
    """The closings of accounts whose record a person may read."""
    return closings().filter(account__in=accounts_visible_to(person).order_by().values("pk"))


def open_closing(account: Account) -> Closing | None:
    """The closing of an account that is not over, if there is one."""
    return closings().filter(account=account, state__in=OPEN_CLOSINGS).first()


def last_closing(account: Account) -> Closing | None:
    """The newest closing of an account that retired it."""
    return closings().filter(account=account, state__in=[ClosingState.OWED, ClosingState.DONE]).first()


def answers_of(closing: Closing) -> dict[str, ClosingAnswer]:
    """What was answered, by item."""
    return {one.item: one for one in closing.answers.select_related("by")}


def missing(closing: Closing) -> list[str]:
    """The items of the checklist that nobody has answered, in the order of the page."""
    given = set(closing.answers.values_list("item", flat=True))
    return [item for item in ClosingItem.values if item not in given]


def relations(person: Person, account: Account) -> frozenset[str]:
    """How a person stands to an account: who asked for it, who looks after it or has access."""
    return of_request(person, account.registration.request)


def may_start(person: Person, account: Account) -> bool:
    """Whether a person may start closing an account: its people, its school's leaders, Communications."""
    return may(person, "close:start", account.unit, relations(person, account))


def may_answer(person: Person, closing: Closing) -> bool:
    """Whether a person may fill in the checklist now."""
    writable = closing.state in {ClosingState.PREPARING, ClosingState.OWED}
    return writable and may(person, "close:answer", closing.unit, relations(person, closing.account))


def allowed(person: Person, closing: Closing) -> list[Move]:
    """The moves on a closing that a person could make now. Retiring and handing in need a complete checklist."""
    mine = relations(person, closing.account)
    complete = not missing(closing)
    return [
        m for m in CLOSING_MOVES
        if closing.state in m.sources and may(person, m.permission, closing.unit, mine)
        and (complete or m.name not in {"hand_in", "retire", "finish"})
    ]  # fmt: skip


def handles() -> QuerySet[ParkedHandle]:
    """All handles of retired accounts with the rows that every page about them needs."""
    return ParkedHandle.objects.select_related("account__unit__parent", "account__registration__request", "by")


def handles_visible_to(person: Person) -> QuerySet[ParkedHandle]:
    """The handles of accounts whose record a person may read."""
    return handles().filter(account__in=accounts_visible_to(person).order_by().values("pk"))


def handle_of(account: Account) -> ParkedHandle | None:
    """What became of the handle of an account; None while nobody has said."""
    return handles().filter(account=account).first()


def allowed_with_handle(person: Person, handle: ParkedHandle) -> list[Move]:
    """The moves on a handle that a person could make now."""
    mine = relations(person, handle.account)
    return [
        m for m in HANDLE_MOVES
        if m is not TAKE_UP and handle.state in m.sources and may(person, m.permission, handle.unit, mine)
    ]  # fmt: skip


def to_renew(on: date | None = None) -> QuerySet[ParkedHandle]:
    """The parked handles that somebody must look after by a day, the oldest first."""
    return handles().filter(state=HandleState.PARKED, renew_on__lte=on or clock.today()).order_by("renew_on", "pk")


def owed(on: date | None = None) -> QuerySet[Closing]:
    """The checklists that are owed; with a day, those that are due by then. The oldest due first."""
    found = closings().filter(state=ClosingState.OWED).order_by("due_on", "retired_at", "pk")
    return found if on is None else found.filter(due_on__lte=on)


def waiting_for(person: Person, most: int | None = None) -> list[Closing]:
    """The closings that wait for a person: to be retired, or with a checklist that is theirs to complete.

    Of the rows around a closing they bring its account only.
    """
    rows = Closing.objects.select_related("account")
    if may(person, "close:retire"):
        found = rows.filter(state__in=[ClosingState.READY, ClosingState.OWED])
        return list(found.order_by("-state", "due_on", "retired_at", "moved_at", "pk")[:most])  # first what is ready
    units = seen_units(person, "close:answer")
    mine = Q(account__registration__designations__person=person,
             account__registration__designations__accepted_at__isnull=False,
             account__registration__designations__released_at=None)  # fmt: skip
    if units is None or units.exists():
        mine |= Q() if units is None else Q(account__unit__in=units)
    theirs = Closing.objects.filter(mine, state=ClosingState.OWED).values("pk")
    begun = Closing.objects.filter(state=ClosingState.PREPARING, started_by=person).values("pk")
    return list(rows.filter(Q(pk__in=theirs) | Q(pk__in=begun)).order_by("due_on", "moved_at", "pk")[:most])


def notice_of(account: Account) -> str:
    """What the public reads on the page of a retired account, in the reader's language; "" where nothing was written."""
    if account.state != Standing.RETIRED:
        return ""
    closing = last_closing(account)
    said = answers_of(closing).get(ClosingItem.NOTICE) if closing else None
    if said is None or said.answer != "shown":
        return ""
    french = (translation.get_language() or "en").startswith("fr")
    return (said.detail_fr or said.detail) if french else said.detail


def handle_words(account: Account) -> str:
    """What the public may know of the handle of a retired account, as a sentence; "" while nobody has said."""
    handle = handle_of(account)
    if handle is None:
        return ""
    return {
        HandleState.PARKED.value: _("We keep its name so that nobody else can take it. Nothing new is posted there."),
        HandleState.GIVEN_UP.value: _("We gave its name up: anyone may have taken it since."),
        HandleState.GONE.value: _("The platform has closed it. Whoever uses its name now is not us."),
    }.get(handle.state, "")


def parked_words(handle: ParkedHandle) -> str:
    """What staff read of a handle: "Retired and parked: looked after until Tue 1 Jun 2027"."""
    if handle.state == HandleState.PARKED:
        return _("Retired and parked. To be looked after again on %(day)s.") % {"day": day(handle.renew_on)}
    return str(handle.get_state_display())


def being_closed(accounts: Iterable[int]) -> set[int]:
    """Those of the accounts (primary keys) that are being closed. One query for any number."""
    return set(
        Closing.objects.filter(account__in=list(accounts), state__in=BEFORE).values_list("account_id", flat=True)
    )
