"""Every write that changes a live account's name, address or unit: proposed, agreed, approved, declined, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.core.text import UnsafeText, clean
from rostrum.people.models import Person, Unit
from rostrum.policies.queries import cite
from rostrum.registry import change_notices as N
from rostrum.registry import lookalike
from rostrum.registry.change_models import AccountChange, FormerDetails
from rostrum.registry.change_queries import ChangeTurns, may_propose, parts, relations
from rostrum.registry.change_states import AGREE, APPROVE, DECLINE, WITHDRAW, ChangeState
from rostrum.registry.checks import Note, address_notes, name_notes, neighbours
from rostrum.registry.models import Account, AccountKey
from rostrum.registry.search import search_text
from rostrum.registry.states import LIVE
from rostrum.workflow.moves import Move, advance, clean_reason

PROPOSE_CITES = ("1.3", "3.1")
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


def _wanted(account: Account, name: str, address: str, unit: Unit) -> dict[str, Any]:
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
    account: Account, *, by: Person, name: str, address: str, unit: Unit, reason: str, seen: int | None = None
) -> AccountChange:
    """Propose another name, address or unit for a live account.

    `name` in plain text, `address` as pasted (or today's), `unit` the one it will speak for. Whoever leads that unit
    has thereby agreed to what they propose themselves. Source: AP 193 1.3 (the name), 3.1 (two approvals).
    Raises NotAllowed, WrongState (retired; a change is on its way already), Overtaken, Invalid by field.
    """
    hold_the_pen()
    if not may_propose(by, account):
        raise NotAllowed(_("Only those who look after this account, lead its school or keep the register can change it."))
    account.refresh_from_db()
    if seen is not None and seen != account.version:
        raise Overtaken(_("While you were reading, this was changed. Nothing you did was lost; look at it again."))
    if account.state not in LIVE:
        raise WrongState(_("This account is retired. What it was called stays as it was."))
    why = clean_reason(reason, required=True)
    wanted, now = _wanted(account, name, address, unit), clock.now()
    turns = ChangeTurns([unit])
    leads = any(one.pk == by.pk for one in turns.agreers(unit).people)
    change = AccountChange(
        account=account, **wanted, reason=why, proposed_by=by, proposed_at=now, moved_at=now,
        state=ChangeState.AGREED if leads else ChangeState.PROPOSED,
        agreed_by=by if leads else None, agreed_at=now if leads else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError:
        raise WrongState(_("A change to this account is on its way already. It is decided on first.")) from None
    record(
        by, "accountchange:propose", change, citations=cite(PROPOSE_CITES), note=why,
        before={part: old for part, old, _new in parts(change)},
        after={"account": account.public_id, **{part: new for part, _old, new in parts(change)}},
    )  # fmt: skip
    N.ask(change, by, turns, why)
    N.tell_managers(change, N.PROPOSED, by, why)
    return change


def _move(change: AccountChange, move: Move, by: Person, reason: str, seen: int | None, **fields: Any) -> str:
    turns = ChangeTurns([change.unit])
    turn = turns.of(change)
    not_you = _("This change is not yours to decide. It is waiting for %(names)s.") % {
        "names": ", ".join(one.name for one in turn.people) if turn and turn.people else "-"
    }
    return advance(
        change, move, by=by, relations=relations(by, change, turns), seen=seen, reason=reason, not_you=not_you,
        fields={"moved_at": clock.now(), **fields}, role=turn.role if turn and by in turn.people else "",
        after={"account": change.account.public_id},
    )  # fmt: skip


@transaction.atomic
def agree(change: AccountChange, *, by: Person, reason: str = "", seen: int | None = None) -> AccountChange:
    """The school's yes: whoever leads the unit that the account will speak for (AP 193 3.1)."""
    note = _move(change, AGREE, by, reason, seen, agreed_by=by, agreed_at=clock.now())
    N.ask(change, by, ChangeTurns([change.unit]), note)
    return change


@transaction.atomic
def approve(change: AccountChange, *, by: Person, reason: str = "", seen: int | None = None) -> AccountChange:
    """The last yes: the register changes at once, and what the account was called before is kept with its dates.

    Source: AP 193 1.3, 3.1, 3.2. Raises the refusals of `advance`; WrongState when the account was retired or the
    address was registered meanwhile.
    """
    account = change.account
    account.refresh_from_db()
    if change.state == ChangeState.AGREED and account.state not in LIVE:
        raise WrongState(_("This account was retired meanwhile. What it was called stays as it was."))
    now = clock.now()
    note = _move(change, APPROVE, by, reason, seen, decided_by=by, decided_at=now)
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
    note = _move(change, DECLINE, by, reason, seen, decided_by=by, decided_at=clock.now())
    N.tell_all(change, N.DECLINED, by, note)
    return change


@transaction.atomic
def withdraw(change: AccountChange, *, by: Person, reason: str = "", seen: int | None = None) -> AccountChange:
    """Whoever proposed it takes it back. The account stays as it is."""
    note = _move(change, WITHDRAW, by, reason, seen)
    N.tell_all(change, N.WITHDRAWN, by, note)
    return change


ACTS: dict[str, Callable[..., AccountChange]] = {"agree": agree, "approve": approve, "decline": decline, "withdraw": withdraw}
