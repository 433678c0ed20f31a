"""Findings in every state, reached by the acts that people use."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from rostrum.archive.models import PostVersion
from rostrum.monitoring import deciding
from rostrum.monitoring.models import Finding
from rostrum.monitoring.scanning import capture
from rostrum.registry.models import Account
from tests.cast import Cast, official

_numbers = count(1)
PHONE = "Text Coach Kim at 306-967-3058 for a ride."


def kept(cast: Cast, text: str = PHONE, account: Account | None = None, **more: Any) -> PostVersion:
    """A post of an official account, kept by its manager and checked at once."""
    account = account or official(cast)
    address = more.pop("address", f"{account.address.rstrip('/')}/posts/{next(_numbers)}")
    return capture(account, by=cast.teacher, address=address, text=text, **more)[0]


def opened(cast: Cast, **more: Any) -> Finding:
    version = kept(cast, **more)
    return Finding.objects.select_related("account__unit").get(subject=f"post:{version.post_id}", rule="person.phone")


def confirmed(cast: Cast, **more: Any) -> Finding:
    return deciding.confirm(opened(cast, **more), by=cast.principal, task="edit", reason="Use the office number.")


def answered(cast: Cast, **more: Any) -> Finding:
    return deciding.answer(confirmed(cast, **more), by=cast.teacher, reason="I changed the number.")


REACHED: dict[str, Callable[[Cast], Finding]] = {
    "open": opened,
    "confirmed": confirmed,
    "answered": answered,
    "escalated": lambda c: deciding.escalate(opened(c), by=c.principal, reason="It is about me."),
    "dismissed": lambda c: deciding.dismiss(opened(c), by=c.principal, ground="allowed", reason="A public line."),
    "resolved": lambda c: deciding.accept(answered(c), by=c.principal),
}
GIVEN: dict[str, dict[str, Any]] = {
    "confirm": {"task": "edit", "reason": "Use the office number."},
    "dismiss": {"ground": "false_alarm", "reason": "A room."},
    "reopen": {},
    "answer": {"reason": "I changed it."},
    "accept": {},
    "return": {"reason": "The number is still in the comments."},
    "escalate": {"reason": "More than I can decide."},
    "settle": {"reason": "A case was opened."},
}
