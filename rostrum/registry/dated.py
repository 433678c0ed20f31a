"""The directory in time: as it was at the end of a past day, and what has changed in it, newest first."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from rostrum.audit import queries as log
from rostrum.registry.change_models import FormerDetails
from rostrum.registry.change_queries import told
from rostrum.registry.listing import OFFICIAL, RETIRED, SUSPENDED
from rostrum.registry.models import Account, AccountStanding
from rostrum.registry.states import Standing

RESTORED, CHANGED = "restored", "changed"


def newest_act() -> tuple[str, datetime] | None:
    """A mark that differs whenever anything was done at all, and when that was. It says nothing of what it was."""
    return log.newest()


def end_of(day: date) -> datetime:
    """The moment a day ends in the division's own time zone, also on the days when clocks change."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_default_timezone())


def as_on(accounts: QuerySet[Account], day: date) -> QuerySet[Account]:
    """Only what was registered at the end of a day, each with the state it then had as `then`
    and the moment that state began as `then_since`.

    Read from the dated standings, so an account that became official later is not there and one that was retired
    later still is. What an account was called then, `change_queries.called_on` says.
    """
    moment = end_of(day)
    return accounts.filter(
        Q(standings__until=None) | Q(standings__until__gte=moment), standings__since__lt=moment
    ).annotate(then=F("standings__state"), then_since=F("standings__since"))


def not_then(accounts: QuerySet[Any], state: str) -> QuerySet[Any]:
    """What `as_on` gave, without those that had a state then."""
    return accounts.exclude(then=state)


def states_then(accounts: QuerySet[Any]) -> dict[int, str]:
    """The state of then, by primary key, of what `as_on` gave, in its order."""
    return dict(accounts.values_list("pk", "then"))


@dataclass(frozen=True)
class Change:
    """One change that the public may know of: an account became official, was suspended, restored or retired, or it
    got another name, address or unit; `before` then holds what it was called until that moment."""

    kind: str
    at: datetime
    account: Account
    before: FormerDetails | None = None


def changes(accounts: QuerySet[Account] | None = None) -> QuerySet[AccountStanding]:
    """The standings that changed what the public reads, newest first, of all accounts or of those given.

    A review and its end are the division's own affair (AP 193 1.5, 1.10): the account stayed official, so neither
    is a change, nor is another end for a suspension that goes on. Reasons and persons are never part of it.
    """
    # `change_standing` ends one stretch at the very moment the next begins.
    before = AccountStanding.objects.filter(account=OuterRef("account"), until=OuterRef("since"))
    found = (
        AccountStanding.objects.exclude(state=Standing.REVIEW)
        .annotate(restored=Exists(before.filter(state=Standing.SUSPENDED)))
        .exclude(Q(state=Standing.RECOGNISED) & Exists(before.filter(state=Standing.REVIEW)))
        .exclude(Q(state=Standing.SUSPENDED) & Exists(before.filter(state=Standing.SUSPENDED)))
        .select_related("account__unit", "account__unit__parent", "account__merged_into")
        .defer("reason", "citations")
        .order_by("-since", "-pk")
    )
    return found if accounts is None else found.filter(account__in=accounts.order_by().values("pk"))


def renamings(accounts: QuerySet[Account] | None = None) -> QuerySet[FormerDetails]:
    """What accounts were called until they got another name, address or unit, newest first."""
    rows = FormerDetails.objects.select_related("account__unit__parent", "unit__parent", "change")
    found = told(rows).order_by("-until", "-pk")
    return found if accounts is None else found.filter(account__in=accounts.order_by().values("pk"))


def newest_changes(start: int, stop: int, accounts: QuerySet[Account] | None = None) -> list[Change]:
    """Everything the public may know of that changed, newest first, from the `start`th to before the `stop`th."""
    standings = (change(row) for row in changes(accounts)[:stop])
    named = (Change(CHANGED, one.until, one.account, one) for one in renamings(accounts)[:stop])
    return list(heapq.merge(standings, named, key=lambda one: one.at, reverse=True))[start:stop]


def change(row: Any) -> Change:
    """A row of `changes` as what happened."""
    kinds = {Standing.SUSPENDED.value: SUSPENDED, Standing.RETIRED.value: RETIRED}
    kind = kinds.get(row.state, RESTORED if row.restored else OFFICIAL)
    return Change(kind, row.since, row.account)


def last_change() -> datetime | None:
    """When the directory last changed in a way the public can see; None while it is empty."""
    newest = [changes().values_list("since", flat=True).first(), renamings().values_list("until", flat=True).first()]
    return max((at for at in newest if at), default=None)
