"""How webhooks read on pages: states as badges, what went wrong in words, and who may look at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from rostrum.core.errors import NotAllowed
from rostrum.hooks.events import KINDS, PING
from rostrum.hooks.models import DeliveryState, EndpointState, HookDelivery, HookEndpoint
from rostrum.people.models import Person
from rostrum.people.queries import may

TROUBLES: dict[str, Promise | str] = {
    "address": gettext_lazy("The address cannot be used. Change it."),
    "insecure": gettext_lazy("The address must start with https://. Change it."),
    "inside": gettext_lazy("The address leads into a private network, so nothing was sent there."),
    "unknown": gettext_lazy("No machine of this name was found. Check the address."),
    "unreachable": gettext_lazy("Nobody answered at this address."),
    "certificate": gettext_lazy("The certificate of the other system is not valid. Whoever runs it must renew it."),
    "timeout": gettext_lazy("It did not answer within 10 seconds."),
    "broken": gettext_lazy("The connection broke, or what answered was no web server."),
    "redirect": gettext_lazy("It pointed to another address. Redirects are not followed: enter the final address."),
    "gone": gettext_lazy("It answered that nobody listens there any more."),
    "sealed": gettext_lazy("The signing key cannot be read any more. Make a new one."),
    "status": gettext_lazy("It answered that something is wrong on its side."),
}


def need(person: Person) -> None:
    """Raise NotAllowed unless the person keeps the webhooks."""
    if not may(person, "hook:manage"):
        raise NotAllowed(
            _("Only the system administrator keeps the webhooks."),
            way_forward=_("What is public needs none: the directory has a feed of changes for everyone."),
        )


def endpoint_badge(endpoint: HookEndpoint) -> dict[str, str]:
    """Whether messages go there, in a word with its colour and icon."""
    if endpoint.state == EndpointState.RETIRED:
        return {"tone": "over", "word": pgettext("webhook", "Retired")}
    if endpoint.state == EndpointState.OFF:
        return {"tone": "over", "word": pgettext("webhook", "Off")}
    if endpoint.state != EndpointState.ON:
        return {"tone": "stop", "word": _("Switched off")}
    if endpoint.failing_since:
        return {"tone": "act", "word": pgettext("webhook", "Failing")}
    return {"tone": "good", "word": pgettext("webhook", "On")}


_TONES = {
    DeliveryState.OWED.value: "moving", DeliveryState.SENT.value: "good", DeliveryState.FAILED.value: "stop",
    DeliveryState.DROPPED.value: "over",
}  # fmt: skip


def delivery_badge(delivery: HookDelivery) -> dict[str, str]:
    """How far a message has come; amber while it is being tried again."""
    if delivery.state == DeliveryState.OWED and delivery.last_trouble:
        return {"tone": "act", "word": _("Tried again")}
    return {"tone": _TONES[delivery.state], "word": str(delivery.get_state_display())}


def kind_words(kind: str) -> str:
    """What a kind of message tells of."""
    return _("A test") if kind == PING else str(KINDS.get(kind, kind))


def trouble_words(trouble: str, status: int | None) -> str:
    """What went wrong, with the number that the other side's people will ask for."""
    if not trouble:
        return ""
    words = str(TROUBLES.get(trouble, trouble))
    return f"{words} (HTTP {status})" if status else words


def tries_of(delivery: HookDelivery) -> list[dict[str, Any]]:
    """Every attempt that is kept, the last first."""
    return [
        {
            "at": datetime.fromisoformat(one["at"]), "status": one["status"], "ms": one["ms"],
            "words": trouble_words(one["trouble"], one["status"]),
        }
        for one in reversed(delivery.tries)
    ]  # fmt: skip
