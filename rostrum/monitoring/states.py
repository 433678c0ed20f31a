"""The states of a finding and every legal move between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rostrum.policies.rolewords import worded_lazy
from rostrum.workflow.moves import Move


class FindingState(models.TextChoices):
    """Where a finding is. A rule opens it; only people decide on it."""

    OPEN = "open", pgettext_lazy("finding", "Waiting for a look")
    ESCALATED = "escalated", _("Handed upward")
    CONFIRMED = "confirmed", pgettext_lazy("finding", "Waiting for the manager")
    ANSWERED = "answered", pgettext_lazy("finding", "Answered, waiting for a look")
    DISMISSED = "dismissed", pgettext_lazy("finding", "Dismissed")
    RESOLVED = "resolved", pgettext_lazy("finding", "Settled")


F = FindingState
LIVE_FINDINGS = frozenset({F.OPEN.value, F.ESCALATED.value, F.CONFIRMED.value, F.ANSWERED.value})
# The same evidence opens nothing new while one of these stands: a dismissed finding stays dismissed.
HOLDING = LIVE_FINDINGS | {F.DISMISSED.value}
SHOWN_TO_MANAGERS = frozenset({F.CONFIRMED.value, F.ANSWERED.value, F.RESOLVED.value})


class Ground(models.TextChoices):
    """Why a finding is dismissed. Only the first says that the rule was wrong."""

    FALSE_ALARM = "false_alarm", _("False alarm: it is not what the rule says")
    ALLOWED = "allowed", _("True, and allowed: there is consent, or it is public anyway")
    SETTLED = "settled", _("True, and settled already")
    SMALL = "small", _("True, and too small to ask for anything")


class Task(models.TextChoices):
    """What the manager is asked to do about a confirmed finding."""

    TAKE_DOWN = "take_down", _("Take the post down")
    EDIT = "edit", _("Change the post")
    EXPLAIN = "explain", _("Explain it")
    MEND = "mend", _("Put the account in order")


CONFIRM = Move(
    "confirm",
    frozenset({F.OPEN, F.ESCALATED}),
    F.CONFIRMED,
    "finding:confirm",
    ("1.5", "1.7", "3.4"),
    _("Confirm and ask the manager"),
    effect=_("Those who look after the account are told what to do and by when. It is no decision about the account."),
    done=_("Confirmed. The managers have been told what to do."),
    tone="primary",
)
DISMISS = Move(
    "dismiss",
    frozenset({F.OPEN, F.ESCALATED}),
    F.DISMISSED,
    "finding:dismiss",
    ("1.10",),
    _("Dismiss"),
    effect=_("Nobody is told. It stays dismissed until the post or the account changes."),
    done=_("Dismissed."),
)
REOPEN = Move(
    "reopen",
    frozenset({F.DISMISSED}),
    F.OPEN,
    "finding:reopen",
    ("1.10",),
    _("Open it again"),
    effect=_("It waits for a look again."),
    done=_("It waits for a look again."),
)
ANSWER = Move(
    "answer",
    frozenset({F.CONFIRMED}),
    F.ANSWERED,
    "finding:answer",
    ("1.7", "3.4"),
    _("Say what was done"),
    reason_required=True,
    effect=_("Whoever confirmed it looks at your answer."),
    done=_("Your answer is on its way."),
    tone="primary",
)
ACCEPT = Move(
    "accept",
    frozenset({F.ANSWERED}),
    F.RESOLVED,
    "finding:accept",
    ("1.5", "1.7"),
    _("It is settled"),
    effect=_("The finding is settled. Those who look after the account are told."),
    done=_("Settled. The managers have been told."),
    tone="primary",
)
SEND_BACK = Move(
    "return",
    frozenset({F.ANSWERED}),
    F.CONFIRMED,
    "finding:return",
    ("1.7",),
    _("Something is missing"),
    reason_required=True,
    effect=_("The managers get it back with your comment."),
    done=_("The managers have your comment."),
)
ESCALATE = Move(
    "escalate",
    frozenset({F.OPEN, F.CONFIRMED, F.ANSWERED}),
    F.ESCALATED,
    "finding:escalate",
    ("1.5", "1.10"),
    worded_lazy(_("Hand it to {keeper}")),
    reason_required=True,
    effect=worded_lazy(_("{keeper} gets it with everything that is known of it, and decides what comes next.")),
    done=worded_lazy(_("{keeper} has it now.")),
)
SETTLE = Move(
    "settle",
    frozenset({F.ESCALATED, F.CONFIRMED}),
    F.RESOLVED,
    "finding:settle",
    ("1.5", "1.10"),
    _("Close it without the manager"),
    reason_required=True,
    effect=_("It is closed with your reason, for example because a case was opened. The managers are told."),
    done=_("Closed."),
)
VANISH = Move(
    "vanish",
    LIVE_FINDINGS,
    F.RESOLVED,
    "finding:vanish",
    ("1.7",),
    _("No longer there"),
    effect=_("What the rule found is no longer there."),
)
FINDING_MOVES: tuple[Move, ...] = (CONFIRM, DISMISS, REOPEN, ANSWER, ACCEPT, SEND_BACK, ESCALATE, SETTLE, VANISH)

TABLES: dict[str, tuple[Move, ...]] = {"finding": FINDING_MOVES}
