"""How requests, their Registration Forms and records are told to the person who asks: what the pages show, no more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from ninja import Schema

from rostrum.people.models import Person
from rostrum.registry.models import Account, AccountRequest, AccountStanding, Designation, Registration
from rostrum.registry.queries import allowed_moves, allowed_registration_moves, registration_of, status_of
from rostrum.registry.turns import Turns
from rostrum.workflow.moves import Move

BASE = "/api/v1"


def shaped(shape: type[Schema], fields: dict[str, Any]) -> dict[str, Any]:
    """What is about to be answered, held against its description."""
    return shape.model_validate(fields).model_dump(mode="json")


def person_fields(person: Person | None) -> dict[str, Any] | None:
    """A person by name and title; addresses and everything else stay on the pages."""
    return {"name": person.name, "title": person.title} if person else None


def request_fields(it: AccountRequest, reader: Person, turns: Turns) -> dict[str, Any]:
    """A request in short."""
    status = status_of(it, reader, turns)
    return {
        "ref": it.ref, "version": it.version, "state": it.state,
        "status": {
            "word": status.word, "tone": status.tone, "next_step": status.next_step,
            "waiting_for": [one.name for one in status.turn.people] if status.turn else [],
        },
        "name": it.name, "platform": it.platform, "handle": it.handle, "unit": it.unit.code if it.unit else None,
        "unit_name": it.unit.name if it.unit else None, "kind": it.entity_kind or None,
        "requester": person_fields(it.requester), "started_at": it.started_at, "submitted_at": it.submitted_at,
        "moved_at": it.moved_at,
    }  # fmt: skip


def request_rows(found: list[AccountRequest], reader: Person) -> list[dict[str, Any]]:
    """Requests in short; whose turn it is, is worked out for all of them at once."""
    turns = Turns(found)
    return [request_fields(one, reader, turns) for one in found]


def move_fields(moves: Iterable[Move], base: str) -> list[dict[str, Any]]:
    """The moves that somebody could make, each with its address."""
    return [
        {
            "name": move.name, "label": str(move.label), "effect": str(move.effect),
            "reason_required": move.reason_required, "href": f"{base}/moves/{move.name}",
        }
        for move in moves
    ]  # fmt: skip


def manager_fields(one: Designation) -> dict[str, Any]:
    """A named manager and their answer."""
    return {
        "person": person_fields(one.person), "place": one.kind, "named_at": one.named_at,
        "accepted_at": one.accepted_at, "declined_at": one.declined_at, "released_at": one.released_at,
    }  # fmt: skip


def request_in_full(it: AccountRequest, reader: Person) -> dict[str, Any]:
    """A request with its Registration Form and the moves that the reader could make."""
    registration = registration_of(it)
    number = Account.objects.filter(registration=registration).values_list("public_id", flat=True).first()
    shown = registration is not None and (registration.sent_at is not None or reader.pk == it.requester_id)
    return {
        **request_fields(it, reader, Turns([it])), "mailbox": it.mailbox, "purpose": it.purpose,
        "form_edition": it.form_edition, "edition": str(it.edition), "endorsed_by": person_fields(it.endorsed_by),
        "endorsed_at": it.endorsed_at, "approved_by": person_fields(it.approved_by), "approved_at": it.approved_at,
        "last_comment": it.last_comment, "answers": it.answers,
        "registration": registration_fields(registration, reader) if registration and shown else None,
        "account": number if registration else None,
        "allowed_moves": move_fields(allowed_moves(reader, it), f"{BASE}/requests/{it.ref}"),
    }  # fmt: skip


def registration_fields(registration: Registration, reader: Person) -> dict[str, Any]:
    """A Registration Form."""
    base = f"{BASE}/requests/{registration.request.ref}/registration"
    return {
        "version": registration.version, "state": registration.state, "address": registration.address,
        "handle": registration.handle, "mailbox": registration.mailbox, "second_factor": registration.second_factor,
        "managers": [manager_fields(one) for one in registration.designations.all()], "answers": registration.answers,
        "confirmed_by": person_fields(registration.confirmed_by), "confirmed_at": registration.confirmed_at,
        "last_comment": registration.last_comment,
        "allowed_moves": move_fields(allowed_registration_moves(reader, registration), base),
    }  # fmt: skip


def record_fields(account: Account) -> dict[str, Any]:
    """An account as the register keeps it, in short."""
    return {
        "id": account.public_id, "version": account.version, "state": account.state,
        "label": account.get_state_display(), "name": account.name, "unit": account.unit.name,
        "unit_code": account.unit.code, "kind": account.entity_kind, "platform": account.platform,
        "handle": account.handle, "address": account.address, "mailbox": account.mailbox, "purpose": account.purpose,
        "official_since": timezone.localdate(account.official_since), "standing_since": account.standing_since,
    }  # fmt: skip


def record_in_full(account: Account) -> dict[str, Any]:
    """A record with its managers and standings."""
    registration = account.registration
    standings = AccountStanding.objects.filter(account=account).select_related("by").order_by("since", "pk")
    return {
        **record_fields(account), "platform_id": account.platform_id, "second_factor": registration.second_factor,
        "custody": registration.custody, "request": registration.request.ref,
        "managers": [manager_fields(one) for one in registration.designations.select_related("person")],
        "standings": [
            {
                "state": one.state, "since": one.since, "until": one.until, "reason": one.reason,
                "by": one.by.name if one.by else None, "citations": one.citations,
            }
            for one in standings
        ],
    }  # fmt: skip
