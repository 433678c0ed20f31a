"""The states of a departure and of each account that it touches, and every legal move between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rostrum.workflow.moves import Move


class DepartureState(models.TextChoices):
    """Where a departure is: known beforehand, being handed over, handed over; or taken back."""

    AHEAD = "ahead", _("Leaves later")
    OPEN = "open", _("To be handed over")
    DONE = "done", pgettext_lazy("departure", "Handed over")
    CANCELLED = "cancelled", _("Stays after all")
    RETURNED = "returned", _("Came back")


class ItemState(models.TextChoices):
    """Where one account of a departure is."""

    OPEN = "open", _("To be confirmed")
    DONE = "done", pgettext_lazy("departure", "Confirmed")
    DROPPED = "dropped", _("No longer needed")


D, E = DepartureState, ItemState
# While open, a person has one departure; the database holds to that.
OPEN_DEPARTURES = frozenset({D.AHEAD.value, D.OPEN.value})

LEAVE = Move(
    "leave",
    frozenset({D.AHEAD}),
    D.OPEN,
    "departure:leave",
    ("1.7", "3.4"),
    _("Note that they have left"),
    effect=_("They can no longer sign in. What they looked after waits to be confirmed."),
)
CANCEL = Move(
    "cancel",
    frozenset({D.AHEAD}),
    D.CANCELLED,
    "departure:plan",
    ("1.7", "3.4"),
    _("They stay after all"),
    reason_required=True,
    effect=_("Their last day is taken away again. What was already handed over stays handed over."),
    done=_("Their last day is taken away again. Everyone who was told of it has been told."),
)
RETURN = Move(
    "return",
    frozenset({D.OPEN}),
    D.RETURNED,
    "person:manage",
    ("1.7", "3.4"),
    _("Note that they are back"),
    effect=_("They can sign in again. What nobody had taken over yet is theirs again."),
)
FINISH = Move(
    "finish",
    frozenset({D.OPEN}),
    D.DONE,
    "departure:confirm",
    ("1.7", "3.4"),
    _("Finish"),
    effect=_("Every account is handed over, reset and cleared of their access."),
)
DEPARTURE_MOVES: tuple[Move, ...] = (LEAVE, CANCEL, RETURN, FINISH)

CONFIRM = Move(
    "confirm",
    frozenset({E.OPEN}),
    E.OPEN,
    "departure:confirm",
    ("1.7", "3.4"),
    _("Confirm"),
    effect=_("Your name and the time are kept with each thing that you confirm."),
    done=_("It is confirmed. The rest of this account is still open."),
    tone="primary",
)
SETTLE = Move(
    "settle",
    frozenset({E.OPEN}),
    E.DONE,
    "departure:confirm",
    ("1.7", "3.4"),
    _("Confirm the last thing"),
    done=_("This account is fully handed over."),
    tone="primary",
)
DROP = Move(
    "drop",
    frozenset({E.OPEN}),
    E.DROPPED,
    "departure:drop",
    ("1.7", "3.4"),
    _("Drop"),
    effect=_("Nothing of it needs to be confirmed any more."),
)
ITEM_MOVES: tuple[Move, ...] = (CONFIRM, SETTLE, DROP)

TABLES: dict[str, tuple[Move, ...]] = {"departure": DEPARTURE_MOVES, "departureitem": ITEM_MOVES}
