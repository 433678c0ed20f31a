"""The states of an order of Communications, what it may be about, and every legal move."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rostrum.policies.rolewords import worded_lazy
from rostrum.workflow.moves import Move


class OrderState(models.TextChoices):
    """Where an order is (AP 193 1.5, 1.10)."""

    GIVEN = "given", _("Waiting for the managers")
    DONE = "done", _("Said to be done")
    CANNOT = "cannot", _("Said to be impossible")
    CONFIRMED = "confirmed", _("Done and confirmed")
    ACCEPTED = "accepted", _("Left as it is")
    WITHDRAWN = "withdrawn", pgettext_lazy("order", "Withdrawn")
    LAPSED = "lapsed", _("Over: the account is retired")


class OrderKind(models.TextChoices):
    """What of an account is to change."""

    NAME = "name", _("Its name or profile")
    ACCESS = "access", _("Who can get in")
    CONTENT = "content", _("What it shows")
    VISIBILITY = "visibility", _("Who can see it or comment")


O = OrderState  # noqa: E741 - as the other tables do it
# Somebody must still act: a manager, or Communications.
OPEN_ORDERS = frozenset({O.GIVEN.value, O.DONE.value, O.CANNOT.value})

FULFIL = Move(
    "fulfil",
    frozenset({O.GIVEN}),
    O.DONE,
    "order:answer",
    ("1.5", "1.7"),
    _("It is done"),
    reason_required=True,
    effect=worded_lazy(_("{keeper} looks at it and confirms it, or says what is missing.")),
    done=worded_lazy(_("You said that it is done. {keeper} has been told.")),
    tone="primary",
)
CANNOT = Move(
    "cannot",
    frozenset({O.GIVEN}),
    O.CANNOT,
    "order:answer",
    ("1.5", "1.7"),
    _("It cannot be done"),
    reason_required=True,
    effect=worded_lazy(_("{keeper} reads your reason, and leaves it as it is or says how it can be done.")),
    done=worded_lazy(_("You said that it cannot be done. {keeper} has been told.")),
)
CONFIRM = Move(
    "confirm",
    frozenset({O.DONE}),
    O.CONFIRMED,
    "order:confirm",
    ("1.5", "1.10"),
    _("Confirm that it is done"),
    effect=_("The order is over. Those who look after the account are told."),
    done=_("The order is over."),
    tone="primary",
)
SEND_BACK = Move(
    "send_back",
    frozenset({O.DONE, O.CANNOT}),
    O.GIVEN,
    "order:confirm",
    ("1.5", "1.10"),
    _("Say what is missing"),
    reason_required=True,
    effect=_("The order waits for the managers again, with what you write."),
    done=_("The managers have been told what is missing."),
)
ACCEPT = Move(
    "accept",
    frozenset({O.CANNOT}),
    O.ACCEPTED,
    "order:confirm",
    ("1.5", "1.10"),
    _("Leave it as it is"),
    reason_required=True,
    effect=_("The order is over, although it was not done. Those who look after the account are told why."),
    done=_("The order is over. It was left as it is."),
)
WITHDRAW = Move(
    "withdraw",
    OPEN_ORDERS,
    O.WITHDRAWN,
    "order:withdraw",
    ("1.5",),
    _("Take the order back"),
    reason_required=True,
    effect=_("The order is over. Those who look after the account are told why."),
    done=_("You took the order back."),
    tone="danger",
)
LAPSE = Move(
    "lapse",
    OPEN_ORDERS,
    O.LAPSED,
    "order:lapse",
    ("1.5",),
    _("Lapse"),
    effect=_("The account is retired, so there is nothing left to change."),
)
ORDER_MOVES: tuple[Move, ...] = (FULFIL, CANNOT, CONFIRM, SEND_BACK, ACCEPT, WITHDRAW, LAPSE)

TABLES: dict[str, tuple[Move, ...]] = {"accountorder": ORDER_MOVES}
