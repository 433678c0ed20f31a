"""Every message about a departure: known beforehand, to be handed over, reminded, taken back, handed over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rostrum.core.dates import day
from rostrum.custody.departure_models import Departure, DepartureItem
from rostrum.custody.departure_queries import due_day
from rostrum.custody.departure_states import ItemState
from rostrum.custody.leaders import Leaders
from rostrum.custody.queries import managers_of
from rostrum.custody.touches import TOUCHES
from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.people.models import Person
from rostrum.policies.queries import cite
from rostrum.registry.notices import in_both

_WHY_HOLDS = _("You get this letter because you look after an account that %(whom)s has a part in.")
_WHY_LEADS = _("You get this letter because you lead a school or keep the register.")
SHOWN = 20  # accounts named in one letter; the page shows all


def _kind(key: str, subject: Any, lead: Any, why: Any, next_step: Any, asks: bool = False) -> NoticeKind:
    return declare(NoticeKind(key, subject, lead, why, _("See the checklist"), "web:departure", next_step, asks))


AHEAD = _kind(
    "departure.ahead",
    _("Leaves on %(day)s: %(whom)s"),
    _("%(who)s noted that the last day of %(whom)s is %(day)s. They touch %(many)s that you look after."),
    _WHY_HOLDS,
    _("Use the days until then: name who takes over, and let %(whom)s show them what they need to know."),
)
AHEAD_TOLD = _kind(
    "departure.ahead_told",
    _("Leaves on %(day)s: %(whom)s"),
    _("%(who)s noted that the last day of %(whom)s is %(day)s. They touch %(many)s."),
    _WHY_LEADS,
    _("Whoever is left as the only manager of an account needs somebody beside them. The checklist says where."),
)
OPEN = _kind(
    "departure.open",
    _("Confirm: %(whom)s has left, %(many)s"),
    _("%(whom)s has left. They touched %(many)s that you look after."),
    _WHY_HOLDS,
    _("Confirm for each account: it is handed over, their access is gone, the account information is reset."),
    asks=True,
)
OPEN_TOLD = _kind(
    "departure.open_told",
    _("Has left: %(whom)s, %(many)s"),
    _("%(whom)s has left. They touched %(many)s."),
    _WHY_LEADS,
    _("The managers who are still here were asked to confirm each account. Nothing is done before they have."),
)
REMINDER = _kind(
    "departure.reminder",
    _("Still to be confirmed: %(whom)s has left, %(many)s"),
    _("%(whom)s has left, and %(many)s that you look after wait to be confirmed."),
    _WHY_HOLDS,
    _("Confirm for each account: it is handed over, their access is gone, the account information is reset."),
    asks=True,
)
NOBODY = _kind(
    "departure.nobody",
    _("Nobody can confirm: %(whom)s has left, %(many)s"),
    _("%(whom)s has left, and %(many)s have no content manager who still works here."),
    _WHY_LEADS,
    _("Name a content manager for each. Only a manager who is still here can confirm the hand-over."),
    asks=True,
)
CANCELLED = _kind(
    "departure.cancelled",
    _("Stays after all: %(whom)s"),
    _("%(who)s noted that %(whom)s does not leave after all."),
    _WHY_LEADS,
    _("What was already handed over stays handed over."),
)
RETURNED = _kind(
    "departure.returned",
    _("Is back: %(whom)s"),
    _("%(who)s noted that %(whom)s is back. What nobody had taken over yet is theirs again."),
    _WHY_LEADS,
    _("If they are no longer to look after an account, release them on its page."),
)
DONE = _kind(
    "departure.done",
    _("Fully handed over: %(whom)s"),
    _("Every account that %(whom)s touched is handed over, reset and cleared of their access."),
    _WHY_LEADS,
    _("Nothing more is to be done. The checklist says who confirmed what."),
)


def _many(count: int) -> dict[str, str]:
    return in_both(lambda: ngettext("%(count)d account", "%(count)d accounts", count) % {"count": count})


def _parts(item: DepartureItem) -> dict[str, str]:
    return in_both(lambda: ", ".join(str(TOUCHES[part]) for part in item.parts))


def _words(departure: Departure, who: Person | None, rows: list[DepartureItem], comment: str = "") -> dict[str, Any]:
    facts = [[dict.fromkeys(("en", "fr"), one.account.name), _parts(one)] for one in rows[:SHOWN]]
    last = due_day(departure)
    return {
        "who": who.name if who else "Rostrum", "whom": departure.person.name, "many": _many(len(rows)),
        "day": in_both(lambda: day(departure.last_day)), "comment": comment, "facts": facts,
        "clauses": cite(["1.7", "3.4"]), **({"due": in_both(lambda: day(last))} if last else {}),
    }  # fmt: skip


def tell_managers(departure: Departure, kind: NoticeKind, who: Person | None, rows: list[DepartureItem],
                  comment: str = "") -> list[DepartureItem]:  # fmt: skip
    """One letter to each living manager, about the accounts that they look after; returns the accounts without one."""
    living = managers_of([one.account for one in rows])
    mine: dict[Person, list[DepartureItem]] = defaultdict(list)
    alone = []
    for one in rows:
        others = [found.person for found in living[one.account_id] if found.person_id != departure.person_id]
        for person in others:
            mine[person].append(one)
        if not others:
            alone.append(one)
    for person, theirs in mine.items():
        if who is None or person.pk != who.pk or kind.asks:
            owe(
                kind, to=person, about=departure, ref=str(departure.pk), context=_words(departure, who, theirs, comment)
            )
    return alone


def tell_leaders(departure: Departure, kind: NoticeKind, who: Person | None, rows: list[DepartureItem],
                 comment: str = "", but: Iterable[int] = ()) -> None:  # fmt: skip
    """One letter to each who leads a school of these accounts or of the person, and to Communications."""
    leaders = Leaders([departure.unit, *(one.account.unit for one in rows)])
    theirs: dict[Person, list[DepartureItem]] = {}
    for person in leaders.of(departure.unit):
        theirs.setdefault(person, [])
    for one in rows:
        for person in leaders.of(one.account.unit):
            theirs.setdefault(person, []).append(one)
    for person in leaders.communications(departure.unit):
        theirs[person] = rows
    left_out = {*but, departure.person_id, who.pk if who else 0}
    for person, some in theirs.items():
        if person.pk not in left_out and (some or not rows):
            owe(kind, to=person, about=departure, ref=str(departure.pk), context=_words(departure, who, some, comment))


def open_rows(departure: Departure) -> list[DepartureItem]:
    """The accounts of a departure that still wait, with what letters need."""
    rows = departure.items.filter(state=ItemState.OPEN).select_related("account__unit", "account__registration")
    return list(rows.order_by("account__name", "pk"))
