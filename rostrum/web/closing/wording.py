"""How closing an account is told on pages: states and answers as words with a colour, what each item asks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from rostrum.registry.closing_models import Closing, ParkedHandle
from rostrum.registry.closing_states import ANSWERS, ClosingItem, ClosingState, HandleState

TONES = {
    ClosingState.PREPARING.value: "moving", ClosingState.READY.value: "act", ClosingState.OWED.value: "act",
    ClosingState.DONE.value: "good", ClosingState.ABANDONED.value: "over",
}  # fmt: skip
HANDLE_TONES = {
    HandleState.PARKED.value: "good", HandleState.GIVEN_UP.value: "stop", HandleState.GONE.value: "over",
    HandleState.TAKEN_UP.value: "over",
}  # fmt: skip
# What an item is for, and what its line asks.
LEADS: dict[str, Any] = {
    ClosingItem.TOLD: _("Families and staff should hear of it from us, not find a silent account."),
    ClosingItem.ARCHIVE: _("Posts of an official account are records. Say where the copy is, never how to open it."),
    ClosingItem.KEYS: _(
        "Change the password, take everybody else out, and say where the password is kept. Never write it here."
    ),
    ClosingItem.HANDLE: _(
        "On most platforms anyone can take a free name the same day and post as if they were us. A parked name stays ours "
        "as long as somebody looks after it."
    ),
    ClosingItem.NOTICE: _("It stands on the account’s page in the directory for as long as the account is retired."),
}
LINES: dict[str, Any] = {
    ClosingItem.TOLD: _("Whom and how, or why nobody"),
    ClosingItem.ARCHIVE: _("Where the copy is, or why there is none"),
    ClosingItem.KEYS: _("Where the password is kept now, or what was tried"),
    ClosingItem.HANDLE: _("Why (needed when it is given up)"),
    ClosingItem.NOTICE: _("In English"),
}
CLAUSES = {
    ClosingItem.TOLD: "1.7", ClosingItem.ARCHIVE: "1.10", ClosingItem.KEYS: "3.4", ClosingItem.HANDLE: "3.4",
    ClosingItem.NOTICE: "1.2",
}  # fmt: skip


def closing_badge(it: Closing) -> dict[str, str]:
    """The state of a closing as a word with a colour."""
    return {"tone": TONES.get(it.state, "over"), "word": it.get_state_display()}


def handle_badge(it: ParkedHandle) -> dict[str, str]:
    """What became of a handle, as a word with a colour."""
    return {"tone": HANDLE_TONES.get(it.state, "over"), "word": it.get_state_display()}


def answer_words(item: str, answer: str) -> str:
    """An answer in words; the answer itself where it is none of today's."""
    found = ANSWERS.get(item, {}).get(answer)
    return str(found[0]) if found else answer
