"""Every write on a change to a live account's name, address, number or unit: proposed, agreed to, approved, declined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.audit.actions import hold_the_pen
from rostrum.core import clock
from rostrum.core.errors import Invalid, Overtaken, WrongState
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person, Unit
from rostrum.registry import change_notices as N
from rostrum.registry import lookalike
from rostrum.registry.change_models import AccountChange, FormerDetails
from rostrum.registry.change_queries import turns_of
from rostrum.registry.change_states import AGREE, APPROVE, DECLINE, GIVE, WITHDRAW, ChangeState
from rostrum.registry.change_steps import move_on, put_on_its_way, refuse_start
from rostrum.registry.checks import Note, address_notes, name_notes, neighbours
from rostrum.registry.holding import refuse_when_held
from rostrum.registry.merging import merge
from rostrum.registry.models import Account, AccountKey
from rostrum.registry.numbers import read_number
from rostrum.registry.search import search_text
from rostrum.registry.states import LIVE
from rostrum.workflow.moves import clean_reason

PROPOSE_CITES = ("1.3", "3.1")
NOT_CHANGED = gettext_lazy("This account cannot be changed now.")
NAME_LIMIT, ADDRESS_LIMIT = 120, 500


def notes_for(account: Account, *, name: str, address: str, unit: Unit) -> list[Note]:
    """What the register has to say about what an account would be called: 1.3, the address, doubles, look-alikes."""
    found, notes = address_notes(address, account.platform, "address") if address != account.address else (None, [])
    if name != account.name or unit.pk != account.unit_id:
        notes += name_notes(name, unit, account.entity_kind)
    canonical = found.canonical_id if found and found.status != "reject" else ""
    if canonical or name != account.name:
        others = neighbours(
            platform=account.platform,
            canonical_id=canonical if canonical != account.canonical_id else "",
            handle=found.handle if found and canonical != account.canonical_id else "",
            name=name if name != account.name else "",
            unit=unit,
            but_request=account.registration.request_id,
        )
        notes += [Note("address" if n.field == "handle" else n.field, n.level, n.message, n.clause) for n in others]
    return notes


def _cleaned(typed: str, field: str, limit: int) -> str:
    try:
        text = clean(typed, max_length=limit)
    except UnsafeText:
        message = _("Write it in plain text of at most %(limit)d characters.") % {"limit": limit}
        raise Invalid(message, fields={field: [message]}) from None
    if not text:
        message = _("This cannot be empty.")
        raise Invalid(message, fields={field: [message]})
    return text


def _wanted(account: Account, name: str, address: str, unit: Unit, number: str | None) -> dict[str, Any]:
    """The whole of what the account is to be; Invalid beside the field that cannot be."""
    wanted: dict[str, Any] = {
        "unit": unit, "name": _cleaned(name, "name", NAME_LIMIT), "handle": account.handle,
        "canonical_id": account.canonical_id, "platform_id": account.platform_id, "address": account.address,
    }  # fmt: skip
    typed = _cleaned(address, "address", ADDRESS_LIMIT)
    problems: dict[str, list[str]] = {}
    if unit.closed_on is not None and unit.closed_on <= clock.today():
        problems["unit"] = [_("%(unit)s is closed. Choose the one that takes it over.") % {"unit": unit.name}]
    for note in notes_for(account, name=wanted["name"], address=typed, unit=unit):
        if note.level == "problem":
            problems.setdefault(note.field, []).append(note.message)
    if number is not None and number.strip() != account.platform_id:
        wanted["platform_id"], wrong = read_number(number[:ADDRESS_LIMIT], account.platform, account)
        if wrong:
            problems["number"] = [wrong]
    if problems:
        raise Invalid(_("Some of it cannot be. Look beside the fields."), fields=problems)
    if typed != account.address:
        found, _notes = address_notes(typed, account.platform, "address")
        wanted |= {
            "handle": (found.handle or found.canonical_id)[:120],
            "canonical_id": found.canonical_id[:200],
            "address": found.canonical_url[:500],
        }
    same = all(getattr(account, field) == value for field, value in wanted.items())
    if same:
        raise Invalid(_("Nothing of this is different from what the register holds. Change what is to change."))
    return wanted


@transaction.atomic
def propose(
    account: Account, *, by: Person, name: str, address: str, unit: Unit, reason: str, number: str | None = None,
    seen: int | None = None,
) -> AccountChange:  # fmt: skip
    """Propose another name, address, number of the platform or unit for a live account.

    `name` in plain text, `address` as pasted (or today's), `unit` the one it will speak for, `number` bare or as the
    address that shows it (None: as it is). Whoever leads a school has thereby agreed for it to what they propose
    themselves; to another school it goes only when both agree. Source: AP 193 1.3 (the name), 3.1 (two approvals).
    Raises NotAllowed, WrongState (retired; a change is on its way already), Overtaken, Invalid by field.
    """
    hold_the_pen()
    refuse_start(account, by, seen)
    refuse_when_held(account, NOT_CHANGED)
    why = clean_reason(reason, required=True)
    wanted = _wanted(account, name, address, unit, number)
    change, turns = put_on_its_way(account, wanted, by=by, why=why, act="accountchange:propose", cites=PROPOSE_CITES)
    N.ask(change, by, turns, why)
    N.tell_managers(change, N.PROPOSED, by, why)
    return change


@transaction.atomic
def give(change: AccountChange, *, by: Person, reason: str = "", seen: int | None = None) -> AccountChange:
    """The yes of the school that gives an account to another one. Whoever leads that one is asked next (AP 193 3.1).

    Where the other school has said yes by proposing it, Communications is asked at once.
    """
    move = replace(GIVE, target=ChangeState.AGREED) if change.agreed_by_id else GIVE
    note = move_on(change, move, by, reason, seen, given_by=by, given_at=clock.now())
    N.ask(change, by, turns_of(change), note)
    return change


@transaction.atomic
def agree(change: AccountChange, *, by: Person, reason: str = "", seen: int | None = None) -> AccountChange:
    """The school's yes: whoever leads the unit that the account will speak for (AP 193 3.1)."""
    note = move_on(change, AGREE, by, reason, seen, agreed_by=by, agreed_at=clock.now())
    N.ask(change, by, turns_of(change), note)
    return change


@transaction.atomic
def approve(change: AccountChange, *, by: Person, reason: str = "", seen: int | None = None) -> AccountChange:
    """The last yes: the register changes at once, and what the account was called before is kept with its dates.

    Source: AP 193 1.3, 3.1, 3.2. Raises the refusals of `advance`; WrongState when the account was retired or the
    address was registered meanwhile.
    """
    account = change.account
    if change.into_id:
        raise WrongState(_("This is a merge. Approve it as one, with both records before you."))
    account.refresh_from_db()
    if change.state == ChangeState.AGREED and account.state not in LIVE:
        raise WrongState(_("This account was retired meanwhile. What it was called stays as it was."))
    now = clock.now()
    note = move_on(change, APPROVE, by, reason, seen, decided_by=by, decided_at=now)
    refuse_when_held(account, NOT_CHANGED)
    if change.platform_id != account.platform_id:
        _number, wrong = read_number(change.platform_id, account.platform, account)
        if wrong:
            raise WrongState(wrong, way_forward=_("Decline this change, or settle whose number it is first."))
    newest = account.former_details.order_by("-until", "-pk").first()
    FormerDetails.objects.create(
        account=account, change=change, unit=account.unit, name=account.name, handle=account.handle,
        canonical_id=account.canonical_id, platform_id=account.platform_id, address=account.address,
        since=newest.until if newest else account.official_since, until=now,
    )  # fmt: skip
    _apply(account, change)
    N.tell_all(change, N.APPROVED, by, note)
    return change


def _apply(account: Account, change: AccountChange) -> None:
    """Write what a change says into the account, with its words for searching and its keys for look-alikes."""
    version = account.version
    for field in ("unit", "name", "handle", "canonical_id", "platform_id", "address"):
        setattr(account, field, getattr(change, field))
    fields = {
        "unit": account.unit, "name": account.name, "handle": account.handle, "canonical_id": account.canonical_id,
        "platform_id": account.platform_id, "address": account.address, "search_text": search_text(account),
        "version": version + 1,
    }  # fmt: skip
    try:
        with transaction.atomic():
            done = Account.objects.filter(pk=account.pk, version=version).update(**fields)
    except IntegrityError:
        raise WrongState(
            _("Another account was registered under this address meanwhile. Decline this change, or ask them.")
        ) from None
    if not done:
        raise Overtaken(_("While you were reading, someone else acted on this. Nothing you did was lost."))
    account.version = version + 1
    account.keys.all().delete()
    AccountKey.objects.bulk_create(
        AccountKey(account=account, key=key[:130]) for key in sorted(lookalike.search_keys(account.handle))
    )


@transaction.atomic
def decline(change: AccountChange, *, by: Person, reason: str, seen: int | None = None) -> AccountChange:
    """A no, with its reason. The account stays as it is."""
    note = move_on(change, DECLINE, by, reason, seen, decided_by=by, decided_at=clock.now())
    N.tell_all(change, N.DECLINED, by, note)
    return change


@transaction.atomic
def withdraw(change: AccountChange, *, by: Person, reason: str = "", seen: int | None = None) -> AccountChange:
    """Whoever proposed it takes it back. The account stays as it is."""
    note = move_on(change, WITHDRAW, by, reason, seen)
    N.tell_all(change, N.WITHDRAWN, by, note)
    return change


ACTS: dict[str, Callable[..., AccountChange]] = {
    "give": give, "agree": agree, "approve": approve, "merge": merge, "decline": decline, "withdraw": withdraw,
}  # fmt: skip
