"""The states of certifications, corrections, proposed suspensions and pauses, and every legal move between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rostrum.workflow.moves import Move


class CertificationState(models.TextChoices):
    """Where one certification is: the manager's word that the account is still ours and still right."""

    OPEN = "open", _("Waiting for its manager")
    CORRECTING = "correcting", _("Something is not right")
    CERTIFIED = "certified", pgettext_lazy("account", "Certified")
    MISSED = "missed", _("Not answered")
    OVER = "over", _("The account was retired")


class CorrectionState(models.TextChoices):
    """Where one thing is that a manager said is not right."""

    OPEN = "open", _("Waiting to be put right")
    MADE = "made", _("Put right")
    KEPT = "kept", _("Left as it is")
    OVER = "over", _("The account was retired")


class ProposalState(models.TextChoices):
    """Where a proposed suspension is. A rule proposes; only a person suspends."""

    OPEN = "open", _("Waiting for a decision")
    SUSPENDED = "suspended", _("Suspended")
    LEFT = "left", _("Left official")
    OVER = "over", _("No longer needed")


class PauseState(models.TextChoices):
    """Whether a pause still holds."""

    RUNNING = "running", pgettext_lazy("account", "Paused")
    ENDED = "ended", pgettext_lazy("pause", "Ended early")
    PASSED = "passed", pgettext_lazy("pause", "Over")


C, K, P, B = CertificationState, CorrectionState, ProposalState, PauseState
# While open, an account has one certification; the database holds to that.
OPEN_CERTIFICATIONS = frozenset({C.OPEN.value, C.CORRECTING.value})
CITES = ("1.7", "3.4")

CERTIFY = Move(
    "certify", frozenset({C.OPEN}), C.CERTIFIED, "certification:answer", ("1.6", *CITES), _("Certify"),
    effect=_("The account shows that you looked at it, and when."), done=_("Certified."),
    tone="primary",
)  # fmt: skip
CORRECT = Move(
    "correct", frozenset({C.OPEN}), C.CORRECTING, "certification:answer", ("1.6", *CITES), _("Say what is not right"),
    effect=_("What is not right becomes a proposed change or a task. When all of it is settled, the account is certified."),
    done=_("What is not right is on its way to be put right."),
)  # fmt: skip
SETTLE = Move(
    "settle", frozenset({C.CORRECTING}), C.CERTIFIED, "certification:settle", CITES, _("Settle"),
    effect=_("Everything that was not right is settled."),
)  # fmt: skip
MISS = Move(
    "miss", frozenset({C.OPEN}), C.MISSED, "certification:miss", CITES, _("Note as not answered"),
    effect=_("The next one has begun."),
)  # fmt: skip
DROP = Move(
    "drop", frozenset({C.OPEN, C.CORRECTING}), C.OVER, "certification:drop", CITES, _("Drop"),
    effect=_("The account was retired."),
)  # fmt: skip
CERTIFICATION_MOVES: tuple[Move, ...] = (CERTIFY, CORRECT, SETTLE, MISS, DROP)

MAKE = Move(
    "make", frozenset({K.OPEN}), K.MADE, "correction:settle", ("1.6", *CITES), _("Put it right"),
    effect=_("The register says what the manager wrote. Whoever noted it is told."), done=_("It is put right."),
    tone="primary",
)  # fmt: skip
KEEP = Move(
    "keep", frozenset({K.OPEN}), K.KEPT, "correction:settle", CITES, _("Leave it as it is"), reason_required=True,
    effect=_("The register stays as it is. Whoever noted it reads your reason."), done=_("It stays as it is."),
)  # fmt: skip
FOLLOW_MADE = Move(
    "follow", frozenset({K.OPEN}), K.MADE, "correction:follow", CITES, _("Follow"), effect=_("The change was approved."),
)  # fmt: skip
FOLLOW_KEPT = Move(
    "give_up", frozenset({K.OPEN}), K.KEPT, "correction:follow", CITES, _("Follow"),
    effect=_("The change was declined or withdrawn."),
)  # fmt: skip
DROP_CORRECTION = Move(
    "drop", frozenset({K.OPEN}), K.OVER, "correction:follow", CITES, _("Drop"), effect=_("The account was retired."),
)  # fmt: skip
CORRECTION_MOVES: tuple[Move, ...] = (MAKE, KEEP, FOLLOW_MADE, FOLLOW_KEPT, DROP_CORRECTION)

AGREE = Move(
    "suspend", frozenset({P.OPEN}), P.SUSPENDED, "proposal:decide", ("1.5", "1.7"), _("Suspend the official mark"),
    reason_required=True, tone="danger",
    effect=_("The public reads that this account must not be relied on for now. Its managers are told."),
    done=_("The account is suspended."),
)  # fmt: skip
LEAVE = Move(
    "leave", frozenset({P.OPEN}), P.LEFT, "proposal:decide", ("1.5", "1.7"), _("Leave it official"),
    reason_required=True, effect=_("The account stays official. Its managers are told, with your reason."),
    done=_("The account stays official."), tone="primary",
)  # fmt: skip
MOOT = Move(
    "moot", frozenset({P.OPEN}), P.OVER, "proposal:moot", ("1.5", "1.7"), _("No longer needed"),
    effect=_("The account was certified, suspended otherwise or retired."),
)  # fmt: skip
PROPOSAL_MOVES: tuple[Move, ...] = (AGREE, LEAVE, MOOT)

RESUME = Move(
    "resume", frozenset({B.RUNNING}), B.ENDED, "pause:resume", ("1.7",), _("End the pause"),
    effect=_("Days without a post count again."), done=_("The pause is over."), tone="primary",
)  # fmt: skip
PASS = Move(
    "pass", frozenset({B.RUNNING}), B.PASSED, "pause:pass", ("1.7",), _("Let the pause end"),
    effect=_("Its last day is over."),
)  # fmt: skip
PAUSE_MOVES: tuple[Move, ...] = (RESUME, PASS)

TABLES: dict[str, tuple[Move, ...]] = {
    "certification": CERTIFICATION_MOVES, "correction": CORRECTION_MOVES, "suspensionproposal": PROPOSAL_MOVES,
    "pause": PAUSE_MOVES,
}  # fmt: skip
