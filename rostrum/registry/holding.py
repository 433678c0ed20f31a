"""Holds on accounts: what is open about one forbids retiring or purging it; set, lifted and asked for here."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import WrongState
from rostrum.people.models import Person
from rostrum.registry.hold_models import AccountHold
from rostrum.registry.models import Account
from rostrum.registry.states import LIVE

# What may hold an account, each with a sentence for whoever is refused: "%(ref)s" is which one.
KINDS: dict[str, Promise | str] = {}


def declare(kind: str, words: Promise | str) -> str:
    """Make a kind of hold known, with its sentence. Raises ValueError when the kind has another sentence."""
    if KINDS.get(kind, words) != words:
        raise ValueError(f"The hold {kind} is declared twice.")
    KINDS[kind] = words
    return kind


@transaction.atomic
def place_hold(account: Account, *, kind: str, ref: str, by: Person | None, reason: str = "") -> AccountHold:
    """Mark that an account must stay as it is while the thing `kind` `ref` is open; one event on the account.

    Called inside the act that opens that thing, which has asked whether the person may. Marking it again changes
    nothing. A retired account can be held too: nothing of it is purged then. Raises KeyError for a kind that nobody
    declared.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    hold_the_pen()
    try:
        with transaction.atomic():
            mark = AccountHold.objects.create(account=account, kind=kind, ref=ref, since=clock.now(), set_by=by)
    except IntegrityError:
        return AccountHold.objects.get(account=account, kind=kind, ref=ref, until=None)
    record(by, "account:hold", account, label=account.name, note=reason, after={"kind": kind, "ref": ref})
    return mark


@transaction.atomic
def lift_hold(account: Account, *, kind: str, ref: str, by: Person | None, reason: str = "") -> bool:
    """Take a mark away; says whether there was one. One event on the account where there was."""
    hold_the_pen()
    lifted = AccountHold.objects.filter(account=account, kind=kind, ref=ref, until=None).update(
        until=clock.now(), lifted_by=by
    )
    if lifted:
        record(by, "account:unhold", account, label=account.name, note=reason, after={"kind": kind, "ref": ref})
    return bool(lifted)


def holds(account: Account) -> list[AccountHold]:
    """What holds an account today, oldest first."""
    return list(AccountHold.objects.filter(account=account, until=None))


def held(accounts: Iterable[int]) -> set[int]:
    """Those of the accounts (primary keys) that something holds today. One query for any number."""
    found = AccountHold.objects.filter(account__in=list(accounts), until=None)
    return set(found.values_list("account_id", flat=True))


def words_of(mark: AccountHold) -> str:
    """Why an account is held, as a sentence: "A case about it is open (2026-0003)."."""
    return str(KINDS.get(mark.kind, mark.kind)) % {"ref": mark.ref}


NOT_RETIRED = gettext_lazy("This account cannot be retired now.")


def refuse_when_held(account: Account, said: Promise | str = NOT_RETIRED) -> None:
    """Raise WrongState when something holds the account, saying what. To be asked with the log's pen in hand.

    Every act that retires, purges, merges or renames an account asks this; `said` is what cannot be done, as a whole
    sentence. Source: AP 193 1.5, 1.10 (what is looked into stays).
    """
    found = holds(account)
    if found:
        raise WrongState(
            f"{said} {' '.join(words_of(one) for one in found)}",
            way_forward=_("Settle that first; then it can be done."),
        )


def hold_many(accounts: Iterable[Account], *, kind: str, ref: str, by: Person | None) -> int:
    """Mark many live accounts at once for one thing, as part of an act that writes its own event of all of them.

    An account that has this very mark keeps it. Says how many were asked for. Raises KeyError for an unknown kind.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    now = clock.now()
    rows = [AccountHold(account=one, kind=kind, ref=ref, since=now, set_by=by) for one in accounts if one.state in LIVE]
    AccountHold.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def lift_many(*, kind: str, ref: str, by: Person | None) -> int:
    """Take every mark of one thing away, as part of the act that settles it; says from how many accounts."""
    return AccountHold.objects.filter(kind=kind, ref=ref, until=None).update(until=clock.now(), lifted_by=by)
