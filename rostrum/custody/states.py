"""The states of a hand-over between two people, and every legal move between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rostrum.workflow.moves import Move


class HandOverState(models.TextChoices):
    """Where a hand-over is: asked for, and then done, declined or withdrawn."""

    ASKED = "asked", _("Waiting for an answer")
    DONE = "done", _("Handed over")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


H = HandOverState

ACCEPT = Move(
    "accept",
    frozenset({H.ASKED}),
    H.DONE,
    "handover:accept",
    ("1.7", "3.4"),
    pgettext_lazy("hand-over", "Take it over"),
    effect=_("You are a content manager from now on, in the place of whoever hands it over. They are released."),
    done=_("You look after this account now."),
    tone="primary",
)
DECLINE = Move(
    "decline",
    frozenset({H.ASKED}),
    H.DECLINED,
    "handover:decline",
    ("1.7", "3.4"),
    _("Decline"),
    reason_required=True,
    effect=_("Everything stays as it is. Whoever asked you is told, with your reason."),
    done=_("You declined it. Whoever asked you has been told."),
    tone="danger",
)
WITHDRAW = Move(
    "withdraw",
    frozenset({H.ASKED}),
    H.WITHDRAWN,
    "handover:withdraw",
    ("1.7", "3.4"),
    _("Withdraw the hand-over"),
    effect=_("Everything stays as it is. The person who was asked is told."),
    done=_("You withdrew it. Everything stays as it is."),
    tone="danger",
)
HAND_OVER_MOVES: tuple[Move, ...] = (ACCEPT, DECLINE, WITHDRAW)

TABLES: dict[str, tuple[Move, ...]] = {"handover": HAND_OVER_MOVES}
