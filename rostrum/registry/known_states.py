"""The states of a known account (said to be ours, not official), and every legal move between them."""

from __future__ import annotations

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rostrum.policies.rolewords import APPROVER, KEEPER
from rostrum.workflow.moves import Move


class KnownState(models.TextChoices):
    """Where an account stands that Rostrum knows and the register does not hold (AP 193 1.2, 3.2)."""

    KNOWN = "known", _("Known, not official")
    CLAIMED = "claimed", _("Ours, on its way")
    DISOWNED = "disowned", _("Said not to be ours")
    UNREACHABLE = "unreachable", _("Ours, out of reach")
    SETTLED = "settled", _("Settled")


class Outcome(models.TextChoices):
    """How a settled one was settled."""

    OFFICIAL = "official", _("It is official")
    ENDED = "ended", _("Its request ended")
    CLOSED = "closed", _("The platform closed it")


class Origin(models.TextChoices):
    """How Rostrum came to know of it."""

    IMPORT = "import", _("From a list")
    SIGHTING = "sighting", _("Found by someone")


K = KnownState
# While open, an account is known once per platform and handle; the database holds to that.
OPEN_KNOWN = frozenset({K.KNOWN.value, K.CLAIMED.value, K.UNREACHABLE.value})

CLAIM = Move(
    "claim",
    frozenset({K.KNOWN}),
    K.CLAIMED,
    "known:claim",
    ("1.2", "3.1", "3.2"),
    _("Ours"),
    effect=format_lazy(
        _("It goes to {approver} for approval. It is official only after its Registration Form is confirmed."),
        approver=APPROVER,
    ),
    done=format_lazy(_("You said that it is yours, and {keeper} was told."), keeper=KEEPER),
    tone="primary",
)
DISOWN = Move(
    "disown",
    frozenset({K.KNOWN}),
    K.DISOWNED,
    "known:disown",
    ("1.2", "1.3"),
    _("Not ours"),
    reason_required=True,
    effect=format_lazy(_("Next, {keeper} reads your reason and looks at it."), keeper=KEEPER),
    done=format_lazy(_("You said that it is not yours, and {keeper} was told."), keeper=KEEPER),
    tone="danger",
)
UNREACHABLE = Move(
    "unreachable",
    frozenset({K.KNOWN}),
    K.UNREACHABLE,
    "known:unreachable",
    ("1.2", "3.2"),
    _("Ours, but nobody can reach it"),
    reason_required=True,
    effect=format_lazy(_("Next, {keeper} asks the platform to close it."), keeper=KEEPER),
    done=format_lazy(_("You said that nobody can reach it any more, and {keeper} was told."), keeper=KEEPER),
)
REOPEN = Move(
    "reopen",
    frozenset({K.DISOWNED, K.UNREACHABLE, K.SETTLED}),
    K.KNOWN,
    "known:reopen",
    ("1.2", "3.1"),
    _("Open it again"),
    reason_required=True,
    effect=_("The school is asked again whether the account is theirs."),
    done=_("It is open again, and the school is asked."),
)
CLOSED = Move(
    "closed",
    frozenset({K.UNREACHABLE}),
    K.SETTLED,
    "known:closed",
    ("1.2", "1.5"),
    _("The platform has closed it"),
    reason_required=True,
    effect=_("It leaves the list of accounts that are out of reach."),
    done=_("It is noted as closed."),
)
SETTLE = Move(
    "settle",
    frozenset({K.KNOWN, K.CLAIMED, K.DISOWNED, K.UNREACHABLE}),
    K.SETTLED,
    "known:settle",
    ("3.2",),
    _("Settle"),
    effect=_("It became official, or its request ended."),
)
KNOWN_MOVES: tuple[Move, ...] = (CLAIM, DISOWN, UNREACHABLE, REOPEN, CLOSED, SETTLE)

TABLES: dict[str, tuple[Move, ...]] = {"knownaccount": KNOWN_MOVES}
