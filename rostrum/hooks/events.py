"""What other systems may hear of: the kinds of messages, and which entry of the log becomes which. Public facts only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rostrum.audit.models import Event
from rostrum.registry.change_models import AccountChange, FormerDetails
from rostrum.registry.change_queries import told
from rostrum.registry.listing import OFFICIAL, RETIRED, SUSPENDED, listed, public_fields
from rostrum.registry.models import Account, AccountRequest
from rostrum.registry.states import RequestState, Standing

BECAME_OFFICIAL, CHANGED, GOT_SUSPENDED, GOT_RESTORED, GOT_RETIRED, MOVED, PING = (
    "account.official", "account.changed", "account.suspended", "account.restored", "account.retired", "request.moved",
    "webhook.test",
)  # fmt: skip

# In the order of the form. A test is sent by hand and cannot be chosen.
KINDS: MappingProxyType[str, Promise | str] = MappingProxyType(
    {
        BECAME_OFFICIAL: _("An account became official"),
        CHANGED: _("What the directory says of an account changed"),
        GOT_SUSPENDED: _("An account was suspended"),
        GOT_RESTORED: _("A suspended account is official again"),
        GOT_RETIRED: _("An account was retired"),
        MOVED: _("A request moved on: its number and state, nothing else"),
    }
)
# What an entry of the log means for the public. A review and its end are the division's own affair (AP 193 1.5).
_ACCOUNT_ACTS = {
    "account:open": (BECAME_OFFICIAL, OFFICIAL),
    "account:suspend": (GOT_SUSPENDED, SUSPENDED),
    "account:restore": (GOT_RESTORED, OFFICIAL),
    "account:reinstate": (GOT_RESTORED, OFFICIAL),
    "account:close": (GOT_RETIRED, RETIRED),
}
# A draft is nobody's business but its author's, so it starts with being sent.
_REQUEST_ACTS = tuple(
    f"accountrequest:{move}"
    for move in ("submit", "endorse", "approve", "return", "decline", "withdraw", "lapse", "register", "retroactive")
)
_UNIT_ACT = "unit:change"
_CHANGE_ACT, _MERGE_ACT = "accountchange:approve", "accountchange:merge"
_CHANGE_ACTS = (_CHANGE_ACT, _MERGE_ACT)
ACTS = (*_ACCOUNT_ACTS, *_REQUEST_ACTS, _UNIT_ACT, *_CHANGE_ACTS)


@dataclass(frozen=True)
class Message:
    """One message to be told to whoever wants its kind: `about` names it in lists, `seq` is its entry of the log."""

    id: str
    kind: str
    about: str
    seq: int
    payload: dict[str, Any]


def payload(kind: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """The body of a message: its type, when it happened, and the thing as the public knows it."""
    moment = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"type": kind, "timestamp": moment, "data": data}


def _id(event: Event, kind: str, thing: str) -> str:
    """The same entry of the log always makes the same id: whoever gets a message twice can tell."""
    return "msg_" + hashlib.sha256(f"{event.hash} {kind} {thing}".encode()).hexdigest()[:28]


def messages(events: Sequence[Event]) -> Iterator[Message]:
    """What a stretch of the log says to others, oldest first. Few queries, whatever its length."""
    wanted = {one.subject_id for one in events if one.act in _ACCOUNT_ACTS and one.subject_id}
    accounts = {one.pk: one for one in listed().filter(pk__in=wanted)}
    moved = {one.subject_id for one in events if one.act in _REQUEST_ACTS and one.subject_id}
    refs = dict(AccountRequest.objects.filter(pk__in=moved).values_list("pk", "ref"))
    renamed = _changed([one.subject_id for one in events if one.act in _CHANGE_ACTS and one.subject_id])
    accounts |= {one.pk: one for one in listed().filter(pk__in=renamed.values())} if renamed else {}
    for event in events:
        if event.act in _CHANGE_ACTS:
            account = accounts.get(renamed.get(event.subject_id or 0, 0))
            if account is not None:
                merged = event.act == _MERGE_ACT
                yield _of_account(event, GOT_RETIRED if merged else CHANGED, account, RETIRED if merged else "")
        elif event.act in _ACCOUNT_ACTS:
            account = accounts.get(event.subject_id or 0)
            if account is not None:
                kind, standing = _ACCOUNT_ACTS[event.act]
                # The standing of that moment: by the time this is read, the account may have moved on.
                yield _of_account(event, kind, account, standing)
        elif event.act == _UNIT_ACT:
            yield from _of_unit(event)
        elif refs.get(event.subject_id or 0):
            yield from _of_request(event, str(refs[event.subject_id or 0]))


def _changed(changes: list[int]) -> dict[int, int]:
    """Whose account each of the changes touched, where the public reads it: a new number of the platform alone is not."""
    if not changes:
        return {}
    quiet = set(FormerDetails.objects.filter(change__in=changes).values_list("change_id", flat=True))
    quiet -= set(told(FormerDetails.objects.filter(change__in=changes)).values_list("change_id", flat=True))
    return dict(AccountChange.objects.filter(pk__in=changes).exclude(pk__in=quiet).values_list("pk", "account_id"))


def _of_account(event: Event, kind: str, account: Account, standing: str = "") -> Message:
    data = public_fields(account, settings.SITE_URL)
    data |= {"standing": standing} if standing else {}
    return Message(_id(event, kind, account.public_id), kind, account.name, event.seq, payload(kind, event.at, data))


def _of_unit(event: Event) -> Iterator[Message]:
    """A unit got another name, and the directory shows it with each of its accounts."""
    kept = getattr(event, "kept", None)
    before, after = (kept.payload.get(side) or {} if kept else {} for side in ("before", "after"))
    if not isinstance(before, dict) or not isinstance(after, dict) or before.get("name") == after.get("name"):
        return
    for account in listed().filter(unit=event.subject_id).exclude(state=Standing.RETIRED).order_by("pk"):
        yield _of_account(event, CHANGED, account)


def _of_request(event: Event, ref: str) -> Iterator[Message]:
    """The number and the state of a request. Who, what for and why stay inside."""
    kept = getattr(event, "kept", None)
    after = kept.payload.get("after") if kept else None
    state = after.get("state") if isinstance(after, dict) else None
    if state in RequestState.values:
        yield Message(
            _id(event, MOVED, ref), MOVED, ref, event.seq, payload(MOVED, event.at, {"ref": ref, "state": state})
        )
