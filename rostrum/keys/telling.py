"""Telling many people at once about many resets: one letter each, with a count and the first names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rostrum.audit.actions import hold_the_pen
from rostrum.core import clock
from rostrum.core.errors import Overtaken
from rostrum.keys.due import local_midnight, remind_every
from rostrum.keys.models import Reset, ResetCall, ResetCampaign
from rostrum.keys.notices import (
    LATE,
    MANY_ASKED,
    NUDGED,
    REMINDER,
    Called,
    both,
    keepers_of_the_register,
    trigger_words,
)
from rostrum.keys.queries import Leads, Patience, in_post
from rostrum.keys.states import ALARMS, CallState, ResetState
from rostrum.notices.actions import owe_many
from rostrum.notices.kinds import NoticeKind
from rostrum.people.models import Person, Unit
from rostrum.people.queries import active_people, division
from rostrum.policies.queries import cite
from rostrum.registry.states import LIVE
from rostrum.schoolyear.counting import counting
from rostrum.schoolyear.queries import calendar
from rostrum.schoolyear.words import long_day

PART = 5000  # ids in one statement; SQLite takes 32,766
Letter = tuple[Person, dict[str, Any]]
NAMED = 8  # accounts that a letter names; the list behind its link has all of them
KEPT = 8 * NAMED  # names after which the first of them are sought out, so that one person's letter stays small


@dataclass
class Heap:
    """What one person is told in one letter: how many accounts, the first of them by name, and the first day due."""

    names: list[dict[str, str]] = field(default_factory=list)
    due: date | None = None
    count: int = 0

    def add(self, name: dict[str, str], due: date | None) -> None:
        """One more account. Of thousands, the first few names are kept."""
        self.count += 1
        self.names.append(name)
        if len(self.names) >= KEPT:
            self.names = self.first()
        if due is not None:
            self.due = due if self.due is None else min(self.due, due)


    def first(self) -> list[dict[str, str]]:
        """The names that a letter has room for, in the order of the alphabet."""
        return sorted(self.names, key=lambda one: one["en"])[:NAMED]


class Phrases:
    """What letters say of numbers and days, in both languages. Each phrase is made once for thousands of letters."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, int], dict[str, str]] = {}
        self._days: dict[date, dict[str, str]] = {}
        self.account, self.cited, self._today = both(lambda: _("Account")), cite(["3.4"]), clock.today()

    def accounts(self, count: int) -> dict[str, str]:
        """ "3 accounts"."""
        return self._once(("accounts", count, 0), lambda: _accounts(count))

    def waiting(self, to_reset: int, to_confirm: int) -> dict[str, str]:
        """ "3 accounts to reset, 1 reset to confirm"."""
        return self._once(("waiting", to_reset, to_confirm), lambda: _waiting(to_reset, to_confirm))

    def context(self, count: dict[str, str], heap: Heap, **more: Any) -> dict[str, Any]:
        """The words of one letter: the count, the first accounts by name, the first day by which something is due."""
        names = heap.first()
        said: dict[str, Any] = {
            "count": count, "comment": "", "clauses": self.cited, "facts": [[self.account, name] for name in names],
            **more,
        }  # fmt: skip
        if heap.due is not None:
            said["due"] = self._day(heap.due)
        return said

    def _day(self, on: date) -> dict[str, str]:
        if on not in self._days:
            self._days[on] = both(lambda: long_day(on, today=self._today))
        return self._days[on]

    def _once(self, key: tuple[str, int, int], words: Callable[[], str]) -> dict[str, str]:
        if key not in self._known:
            self._known[key] = both(words)
        return self._known[key]


def _accounts(count: int) -> str:
    return ngettext("%(n)d account", "%(n)d accounts", count) % {"n": count}


def _waiting(to_reset: int, to_confirm: int) -> str:
    parts = []
    if to_reset:
        parts.append(ngettext("%(n)d account to reset", "%(n)d accounts to reset", to_reset) % {"n": to_reset})
    if to_confirm:
        parts.append(ngettext("%(n)d reset to confirm", "%(n)d resets to confirm", to_confirm) % {"n": to_confirm})
    return ", ".join(parts)


def _parts(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = sorted(set(ids))
    return (rest[start : start + PART] for start in range(0, len(rest), PART))


def managers_by_registration(registrations: Iterable[int]) -> dict[int, list[int]]:
    """Who looks after the accounts of many registrations today: ids of people, in one statement for thousands."""
    found: dict[int, list[int]] = {}
    for part in _parts(registrations):
        held = in_post().filter(registration__in=part).order_by("registration", "kind", "pk")
        for registration, person in held.values_list("registration_id", "person_id"):
            found.setdefault(registration, []).append(person)
    return found


class Whose:
    """Whose each call is: the managers of the account, else whoever leads its unit. Few statements for any number."""

    def __init__(self, calls: list[ResetCall]) -> None:
        self._managers = managers_by_registration(one.account.registration_id for one in calls)
        self._units = {one.account.unit_id: one.account.unit for one in calls}
        self._leads = Leads(self._units.values())
        self._leading: dict[int, list[int]] = {}

    def of(self, call: ResetCall) -> list[int]:
        """Ids of the people who must answer a call."""
        return self._managers.get(call.account.registration_id) or self.leading(call)

    def leading(self, call: ResetCall) -> list[int]:
        """Ids of the people who lead the unit of a call's account."""
        unit = call.account.unit
        if unit.pk not in self._leading:
            self._leading[unit.pk] = [one.pk for one in self._leads.of(unit).people]
        return self._leading[unit.pk]


def _people(ids: Iterable[int]) -> dict[int, Person]:
    return active_people().in_bulk(list(ids))


def _about() -> Unit:
    """What a letter about many accounts is about: the division, that they are all of."""
    root = division()
    if root is None:
        raise LookupError("There are accounts and no division.")
    return root


def _with_accounts(wanted: Q) -> list[ResetCall]:
    """The open calls that are meant, with what letters say of their accounts and no more: there may be all accounts.

    Accounts of one unit share it.
    """
    found = ResetCall.objects.filter(wanted, state=CallState.OPEN, account__state__in=LIVE).select_related("account")
    calls = list(
        found.only(
            "trigger", "campaign", "due_on", "account__name", "account__platform", "account__registration", "account__unit"
        ).order_by("pk")
    )
    units: dict[int, Unit] = {}
    for part in _parts(one.account.unit_id for one in calls):
        units |= Unit.objects.in_bulk(part)
    for one in calls:
        one.account.unit = units[one.account.unit_id]
    return calls


@dataclass(frozen=True)
class Mark:
    """Rows that a letter spoke of: how they looked when they were read, and what says that it was told."""

    model: type[ResetCall] | type[Reset]
    rows: Sequence[ResetCall | Reset]
    untold: Q
    told: dict[str, Any]


def _send(kind: NoticeKind, letters: list[Letter], ref: str, *marks: Mark) -> int:
    """Owe the letters and mark what they spoke of, all or nothing; says how many. 0 where another run was faster.

    What takes time was done before: the log's pen is held only while the rows are written.
    """
    try:
        with transaction.atomic():
            hold_the_pen()
            for mark in marks:
                for part in _parts(one.pk for one in mark.rows):
                    if mark.model._default_manager.filter(mark.untold, pk__in=part).update(**mark.told) != len(part):
                        raise Overtaken("Another run told them.")
            if letters:
                owe_many(kind, letters, about=_about(), ref=ref)
    except Overtaken:
        return 0
    return len(letters)


def tell_new() -> int:
    """Tell the managers of what was asked by the clock or a campaign and nobody was told of yet; says how many letters.

    One letter for each person, cause and campaign, however many accounts they look after.
    """
    calls = _with_accounts(Q(told_at=None))
    if not calls:
        return 0
    called, whose, heaps = Called(), Whose(calls), defaultdict[tuple[int, str, int], Heap](Heap)
    for one in calls:
        name = called.of(one.account)
        for person in whose.of(one):
            heaps[person, one.trigger, one.campaign_id or 0].add(name, one.due_on)
    people, say = _people({person for person, _trigger, _campaign in heaps}), Phrases()
    causes = {trigger: trigger_words(trigger) for trigger in {key[1] for key in heaps}}
    letters = [
        (people[person], say.context(say.accounts(heap.count), heap, trigger=causes[trigger]))
        for (person, trigger, _campaign), heap in heaps.items() if person in people
    ]  # fmt: skip
    return _send(MANY_ASKED, letters, "mine", Mark(ResetCall, calls, Q(told_at=None), {"told_at": clock.now()}))


def nudge_letters(campaign: ResetCampaign, calls: QuerySet[ResetCall], comment: str) -> int:
    """One letter to everyone whose accounts are missing in a campaign. Part of the act that reminds them."""
    found = list(calls.filter(account__state__in=LIVE).select_related("account__unit").order_by("pk"))
    called, whose, heaps = Called(), Whose(found), defaultdict[int, Heap](Heap)
    for one in found:
        name = called.of(one.account)
        for person in whose.of(one):
            heaps[person].add(name, one.due_on)
    people, say = _people(heaps), Phrases()
    more = {"campaign": campaign.name, "comment": comment}
    letters = [(who, say.context(say.accounts(heaps[pk].count), heaps[pk]) | more) for pk, who in people.items()]
    owe_many(NUDGED, letters, about=campaign, ref="mine")
    return len(letters)


def remind() -> int:
    """Remind of what waits, once in a period for each call and statement; says how many letters.

    On school days, alarms on any day. One letter for each person. After an outage comes one reminder, not one for each
    period that was missed.
    """
    today, every = clock.today(), remind_every()
    limit = today - timedelta(days=every)
    before = local_midnight(limit + timedelta(days=1))
    school = calendar().is_school_day(today)
    untold = Q(reminded_on__lte=limit) | Q(reminded_on=None)
    waits = Q(reminded_on__lte=limit) | Q(reminded_on=None, since__lt=before)
    stated = Reset.objects.filter(account=OuterRef("account"), state=ResetState.MADE, made_at__gte=OuterRef("since"))
    calls = _with_accounts(
        waits & ~Exists(stated) & Q(told_at__isnull=False) & (Q() if school else Q(trigger__in=ALARMS))
    )
    resets = _resets_to_remind(limit, before) if school else []
    asks, confirms, called = defaultdict[int, Heap](Heap), defaultdict[int, Heap](Heap), Called()
    whose = Whose(calls)
    for call in calls:
        name = called.of(call.account)
        for person in whose.of(call):
            asks[person].add(name, call.due_on)
    for reset, ids in _whose_resets(resets):
        for person in ids:
            confirms[person].add(called.of(reset.account), None)
    people, say = _people({*asks, *confirms}), Phrases()
    letters = [(who, _reminder(say, asks.get(pk), confirms.get(pk))) for pk, who in people.items()]
    marks = [
        Mark(ResetCall, calls, untold, {"reminded_on": today}),
        Mark(Reset, resets, untold, {"reminded_on": today}),
    ]
    return _send(REMINDER, letters, "mine", *marks)


def _reminder(say: Phrases, asks: Heap | None, confirms: Heap | None) -> dict[str, Any]:
    """The words of a reminder: accounts to reset, statements to confirm, or both."""
    heaps = [one for one in (asks, confirms) if one is not None]
    whole = Heap([name for one in heaps for name in one.names], asks.due if asks else None)
    count = say.waiting(asks.count if asks else 0, confirms.count if confirms else 0)
    return say.context(count, whole)


def _resets_to_remind(limit: date, before: datetime) -> list[Reset]:
    """Statements that wait for a second person, or came back to their maker, and were not spoken of in a period."""
    waits = Q(reminded_on__lte=limit) | Q(reminded_on=None, made_at__lt=before)
    found = Reset.objects.filter(waits, state__in=[ResetState.MADE, ResetState.RETURNED], account__state__in=LIVE)
    return list(found.select_related("account__unit", "made_by").order_by("pk"))


def _whose_resets(resets: list[Reset]) -> Iterable[tuple[Reset, list[int]]]:
    """Each statement with the ids of those whose turn it is: the second person, or its maker when it came back."""
    managed = managers_by_registration(one.account.registration_id for one in resets)
    leads, patience = Leads(one.account.unit for one in resets), Patience()
    for one in resets:
        if one.state == ResetState.RETURNED:
            yield one, [one.made_by_id]
            continue
        others = [pk for pk in managed.get(one.account.registration_id, ()) if pk != one.made_by_id]
        if not others or patience.is_over(one):
            others += [who.pk for who in leads.of(one.account.unit, {one.made_by_id}).people]
        yield one, list(dict.fromkeys(others))


def tell_late() -> int:
    """Tell whoever leads the school, and Communications, what nobody answered in time; says how many letters.

    Once for each call, from the first moment after the end of its last local day; where the division goes by school
    days, on the next of them. A notice, never an act.
    """
    today = clock.today()
    if not counting().works(today):
        return 0
    calls = _with_accounts(Q(due_on__lt=today, late_told_on=None))
    if not calls:
        return 0
    called, whose, heaps = Called(), Whose(calls), defaultdict[int, Heap](Heap)
    keepers = [one.pk for one in keepers_of_the_register()]
    for one in calls:
        name = called.of(one.account)
        for person in {*whose.leading(one), *keepers}:
            heaps[person].add(name, one.due_on)
    people, say = _people(heaps), Phrases()
    letters = [(who, say.context(say.accounts(heaps[pk].count), heaps[pk])) for pk, who in people.items()]
    return _send(LATE, letters, "late", Mark(ResetCall, calls, Q(late_told_on=None), {"late_told_on": today}))
