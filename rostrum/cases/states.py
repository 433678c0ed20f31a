"""The states of cases, decisions and appeals, and every legal move between them (AP 193 1.5, 1.10)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rostrum.policies.rolewords import worded_lazy
from rostrum.workflow.moves import Move


class CaseState(models.TextChoices):
    """Where a case is."""

    OPEN = "open", pgettext_lazy("case", "Being looked into")
    ESCALATED = "escalated", _("Passed upward")
    DECIDED = "decided", pgettext_lazy("case", "Decided")
    CLOSED = "closed", pgettext_lazy("case", "Closed without a decision")


class Ending(models.TextChoices):
    """How a case ended that was closed without a decision."""

    TALK = "talk", _("A guidance talk was held")
    NOTHING = "nothing", _("Nothing was found")
    ELSEWHERE = "elsewhere", _("It is dealt with elsewhere")


class DecisionState(models.TextChoices):
    """Whether a decision stands. Its words never change; a later decision or an appeal takes its place."""

    STANDS = "stands", pgettext_lazy("decision", "In force")
    SUPERSEDED = "superseded", pgettext_lazy("decision", "Replaced by a later one")
    OVERTURNED = "overturned", pgettext_lazy("decision", "Overturned on appeal")


class AppealState(models.TextChoices):
    """Where an appeal is."""

    LODGED = "lodged", pgettext_lazy("appeal", "Waiting for a decision")
    UPHELD = "upheld", pgettext_lazy("appeal", "The decision stands")
    VARIED = "varied", pgettext_lazy("appeal", "The decision was changed")
    OVERTURNED = "overturned", pgettext_lazy("appeal", "The decision was overturned")
    WITHDRAWN = "withdrawn", pgettext_lazy("appeal", "Withdrawn")


C, D, A = CaseState, DecisionState, AppealState
OPEN_CASES = frozenset({C.OPEN.value, C.ESCALATED.value})

ESCALATE = Move(
    "escalate",
    frozenset({C.OPEN}),
    C.ESCALATED,
    "cases:escalate",
    ("1.5", "1.10"),
    worded_lazy(_("Pass it to {director}")),
    reason_required=True,
    effect=worded_lazy(_("{director} decides from now on, or gives it back. Nothing about the account changes.")),
    done=worded_lazy(_("{director} has been asked.")),
)
HAND_BACK = Move(
    "hand_back",
    frozenset({C.ESCALATED}),
    C.OPEN,
    "cases:hand_back",
    ("1.5", "1.10"),
    worded_lazy(_("Give it back to {keeper}")),
    reason_required=True,
    effect=worded_lazy(_("{keeper} decides on it, as before.")),
    done=worded_lazy(_("{keeper} has been told.")),
)
DECIDE = Move(
    "decide",
    frozenset({C.OPEN, C.ESCALATED}),
    C.DECIDED,
    "cases:decide",
    ("1.5",),
    _("Write the decision"),
    effect=_("The letter goes to the content managers and the administrator in full. What it says takes effect."),
    done=_("The decision is made. Everyone it concerns has been sent the letter."),
    tone="primary",
)
SUPERSEDE = Move(
    "supersede",
    frozenset({C.DECIDED}),
    C.DECIDED,
    "cases:supersede",
    ("1.5",),
    _("Replace the decision"),
    effect=_("The new letter takes the place of the old one, which stays in the log. A new appeal is possible."),
    done=_("The new decision is made. Everyone it concerns has been sent the letter."),
)
CLOSE_CASE = Move(
    "close",
    frozenset({C.OPEN, C.ESCALATED}),
    C.CLOSED,
    "cases:close",
    ("1.10",),
    _("Close without a decision"),
    reason_required=True,
    effect=_("No finding, no warning, nothing on the account's standing. The case stays in the log."),
    done=_("The case is closed. It leaves nothing on the account's standing."),
)
CASE_MOVES: tuple[Move, ...] = (DECIDE, SUPERSEDE, ESCALATE, HAND_BACK, CLOSE_CASE)

# What happens to a decision: never an edit, only an end, by a later decision or on appeal.
REPLACED = Move(
    "replace",
    frozenset({D.STANDS}),
    D.SUPERSEDED,
    "cases:supersede",
    ("1.5",),
    _("Replaced by a later decision"),
)
CHANGED_ON_APPEAL = Move("vary", frozenset({D.STANDS}), D.SUPERSEDED, "appeals:vary", ("1.5",), _("Changed on appeal"))
OVERTURNED_ON_APPEAL = Move(
    "overturn", frozenset({D.STANDS}), D.OVERTURNED, "appeals:overturn", ("1.5",), _("Overturned on appeal")
)
DECISION_MOVES: tuple[Move, ...] = (REPLACED, CHANGED_ON_APPEAL, OVERTURNED_ON_APPEAL)

UPHOLD = Move(
    "uphold",
    frozenset({A.LODGED}),
    A.UPHELD,
    "appeals:uphold",
    ("1.5",),
    _("Let the decision stand"),
    reason_required=True,
    effect=_("The decision holds as it was written. This ends the matter: there is one appeal for each decision."),
    done=_("The decision stands. Everyone it concerns has been sent your reasons."),
)
VARY = Move(
    "vary",
    frozenset({A.LODGED}),
    A.VARIED,
    "appeals:vary",
    ("1.5",),
    _("Change the decision"),
    reason_required=True,
    effect=_("Your decision takes the place of the first one, and what it says takes effect."),
    done=_("Your decision takes the place of the first one. Everyone it concerns has been sent the letter."),
)
OVERTURN = Move(
    "overturn",
    frozenset({A.LODGED}),
    A.OVERTURNED,
    "appeals:overturn",
    ("1.5",),
    _("Overturn the decision"),
    reason_required=True,
    effect=_(
        "Its warning and its suspension are wiped from the account's standing at once. They stay in the log, with "
        "your reasons."
    ),
    done=_("The decision is overturned and wiped from the account's standing. Everyone it concerns has been told."),
    tone="primary",
)
WITHDRAW = Move(
    "withdraw",
    frozenset({A.LODGED}),
    A.WITHDRAWN,
    "appeals:withdraw",
    ("1.5",),
    _("Withdraw the appeal"),
    effect=_("The decision holds. It cannot be appealed a second time."),
    done=_("You withdrew the appeal. The decision holds."),
    tone="danger",
)
APPEAL_MOVES: tuple[Move, ...] = (OVERTURN, VARY, UPHOLD, WITHDRAW)

TABLES: dict[str, tuple[Move, ...]] = {"case": CASE_MOVES, "decision": DECISION_MOVES, "appeal": APPEAL_MOVES}
