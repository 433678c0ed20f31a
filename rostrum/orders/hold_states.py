"""The states of a crisis hold, its kinds and scopes, and every legal move."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rostrum.registry.holding import declare
from rostrum.workflow.moves import Move

# The register's mark on every account under a hold; `ref` is the hold's own number.
MARK = declare("crisis", _("A crisis hold stands on it until somebody lifts it."))


class HoldState(models.TextChoices):
    """Whether a crisis hold stands (AP 193 1.5). It never ends by itself: somebody lifts it."""

    STANDING = "standing", _("Stands")
    LIFTED = "lifted", _("Lifted")


class HoldKind(models.TextChoices):
    """What a crisis hold asks of those who post."""

    FREEZE = "freeze", _("Nobody posts")
    TAKEOVER = "takeover", _("Taken over: its managers do not post")


class HoldScope(models.TextChoices):
    """Which accounts a crisis hold is about."""

    ALL = "all", _("All accounts of the division")
    UNIT = "unit", _("All accounts of a school or department")
    PLATFORM = "platform", _("All accounts on one platform")
    CHOSEN = "chosen", _("Chosen accounts")


H = HoldState
STANDING = frozenset({H.STANDING.value})

EXTEND = Move(
    "extend",
    STANDING,
    H.STANDING,
    "hold:extend",
    ("1.5", "1.10"),
    _("Change when it ends"),
    reason_required=True,
    effect=_("Everyone who was told of the hold is told the new time."),
    done=_("The hold has a new end. Everyone has been told."),
)
SAY = Move(
    "say",
    STANDING,
    H.STANDING,
    "hold:place",
    ("1.5",),
    _("Change what the public reads"),
    effect=_("The line stands on the public page of each of these accounts while the hold stands. Without one, nothing does."),
    done=_("The public pages say so now."),
)
LIFT = Move(
    "lift",
    STANDING,
    H.LIFTED,
    "hold:lift",
    ("1.5", "1.10"),
    _("Lift the hold"),
    reason_required=True,
    effect=_("Everyone who was told of the hold is told at once that they can post again."),
    done=_("The hold is lifted. Everyone has been told."),
    tone="primary",
)
HOLD_MOVES: tuple[Move, ...] = (EXTEND, SAY, LIFT)

TABLES: dict[str, tuple[Move, ...]] = {"crisishold": HOLD_MOVES}
