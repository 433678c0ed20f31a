"""The log's words for acts on webhooks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "hookendpoint:add": _("{who} added the webhook {subject}."),
    "hookendpoint:change": _("{who} changed the webhook {subject}."),
    "hookendpoint:rotate": _("{who} made a new signing key for the webhook {subject}."),
    "hookendpoint:switch_off": _("{who} switched off the webhook {subject}."),
    "hookendpoint:switch_on": _("{who} switched on the webhook {subject}."),
    "hookendpoint:retire": _("{who} retired the webhook {subject}."),
    "hookendpoint:give_up": _("The webhook {subject} was switched off: its messages did not arrive."),
    "hookendpoint:test": _("{who} sent a test to the webhook {subject}."),
    "hookdelivery:again": _("{who} sent a message of a webhook again: {subject}."),
}
