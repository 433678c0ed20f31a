"""Every message about a departure: known beforehand, to be handed over, reminded, taken back, handed over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rostrum.core.dates import day
from rostrum.custody.departure_models import Departure, DepartureItem
from rostrum.custody.departure_queries import DueDays
from rostrum.custody.leaders import Leaders
from rostrum.custody.queries import managers_of
from rostrum.custody.touches import TOUCHES
from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.people.models import Person
from rostrum.policies.queries import cite
from rostrum.registry.models import Designation
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


class Letters:
    """The letters about some departures. Who manages, who leads and what every letter says is asked once for them all.

    `rows` are all accounts that the letters may be about.
    """

    def __init__(self, departures: Iterable[Departure], rows: Iterable[DepartureItem]) -> None:
        self._departures, self._rows = list(departures), list(rows)

    @cached_property
    def _living(self) -> dict[int, list[Designation]]:
        return managers_of({one.account_id: one.account for one in self._rows}.values())

    @cached_property
    def _leaders(self) -> Leaders:
        return Leaders([*(one.unit for one in self._departures), *(one.account.unit for one in self._rows)])

    @cached_property
    def _due(self) -> DueDays:
        return DueDays()

    @cached_property
    def _clauses(self) -> list[str]:
        return cite(["1.7", "3.4"])

    def _words(self, departure: Departure, who: Person | None, rows: list[DepartureItem], comment: str) -> dict[str, Any]:
        facts = [[dict.fromkeys(("en", "fr"), one.account.name), _parts(one)] for one in rows[:SHOWN]]
        last = self._due.of(departure)
        return {
            "who": who.name if who else "Rostrum", "whom": departure.person.name, "many": _many(len(rows)),
            "day": in_both(lambda: day(departure.last_day)), "comment": comment, "facts": facts,
            "clauses": self._clauses, **({"due": in_both(lambda: day(last))} if last else {}),
        }  # fmt: skip

    def to_managers(self, departure: Departure, kind: NoticeKind, who: Person | None, rows: list[DepartureItem],
                    comment: str = "") -> list[DepartureItem]:  # fmt: skip
        """One letter to each living manager, about the accounts that they look after; returns the accounts without one."""
        mine: dict[Person, list[DepartureItem]] = defaultdict(list)
        alone = []
        for one in rows:
            others = [found.person for found in self._living[one.account_id] if found.person_id != departure.person_id]
            for person in others:
                mine[person].append(one)
            if not others:
                alone.append(one)
        for person, theirs in mine.items():
            if who is None or person.pk != who.pk or kind.asks:
                self._owe(kind, person, departure, who, theirs, comment)
        return alone

    def to_leaders(self, departure: Departure, kind: NoticeKind, who: Person | None, rows: list[DepartureItem],
                   comment: str = "") -> None:  # fmt: skip
        """One letter to each who leads a school of these accounts or of the person, and to Communications."""
        theirs: dict[Person, list[DepartureItem]] = {}
        for person in self._leaders.of(departure.unit):
            theirs.setdefault(person, [])
        for one in rows:
            for person in self._leaders.of(one.account.unit):
                theirs.setdefault(person, []).append(one)
        for person in self._leaders.communications(departure.unit):
            theirs[person] = rows
        left_out = {departure.person_id, who.pk if who else 0}
        for person, some in theirs.items():
            if person.pk not in left_out and (some or not rows):
                self._owe(kind, person, departure, who, some, comment)

    def _owe(self, kind: NoticeKind, to: Person, departure: Departure, who: Person | None, rows: list[DepartureItem],
             comment: str) -> None:  # fmt: skip
        words = self._words(departure, who, rows, comment)
        owe(kind, to=to, about=departure, ref=str(departure.pk), context=words)
