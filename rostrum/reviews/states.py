"""The states of a review, of a sample and of a finding, and every legal move between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rostrum.policies.rolewords import worded_lazy
from rostrum.workflow.moves import Move


class ReviewKind(models.TextChoices):
    """Why an account is reviewed (AP 193 1.5, 1.10: "as the need arises")."""

    SCHEDULED = "scheduled", _("Its turn has come")
    SAMPLED = "sampled", _("Drawn in a sample")
    AD_HOC = "ad_hoc", _("There was a reason")
    AGAIN = "again", _("Another look")
    SECOND = "second", _("Second reviewer")


class ReviewState(models.TextChoices):
    """Where a review is."""

    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Called off")


class Outcome(models.TextChoices):
    """How a review ended. It changes nothing about the account: a person does, with a reason."""

    IN_ORDER = "in_order", _("In order")
    FINDINGS = "findings", _("With findings")


class Answer(models.TextChoices):
    """What a reviewer says to one question of the checklist."""

    IN_ORDER = "in_order", _("In order")
    NOT_IN_ORDER = "not_in_order", _("Not in order")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    COULD_NOT_SEE = "could_not_see", _("Could not see")


class SampleState(models.TextChoices):
    """Where a sample is."""

    DRAWN = "drawn", _("Drawn")
    CALLED_OFF = "called_off", _("Called off")


class FindingState(models.TextChoices):
    """Where what a review found is."""

    OPEN = "open", _("To be put right")
    FIXED = "fixed", _("Said to be put right")
    CONTESTED = "contested", _("Contested")
    SETTLED = "settled", _("Put right")
    TAKEN_BACK = "taken_back", _("Taken back")
    SAME = "same", _("Found by both reviewers")


R, F, S = ReviewState, FindingState, SampleState
OPEN_REVIEWS = frozenset({R.PLANNED.value, R.UNDER_WAY.value})
# What still asks for somebody: the managers, or whoever judges what they answered.
OPEN_FINDINGS = frozenset({F.OPEN.value, F.FIXED.value, F.CONTESTED.value})

ASSIGN = Move(
    "assign",
    OPEN_REVIEWS,
    R.PLANNED,
    "review:assign",
    ("1.10",),
    _("Name the reviewer"),
    effect=_("Whoever you name is asked to do it. What was answered so far stays, and can be changed."),
    done=_("The reviewer has been asked."),
    tone="primary",
)
DECLINE = Move(
    "decline",
    OPEN_REVIEWS,
    R.PLANNED,
    "review:make",
    ("1.10",),
    _("I should not do this one"),
    reason_required=True,
    effect=_("Somebody else is asked. Your reason is kept with the review."),
    done=_("Somebody else does this review."),
)
START = Move(
    "start",
    frozenset({R.PLANNED}),
    R.UNDER_WAY,
    "review:make",
    ("1.5", "1.10"),
    _("Start"),
    effect=_("You open the account beside this page and answer the questions. Every answer is kept at once."),
    done=_("Your review is under way."),
    tone="primary",
)
FINISH = Move(
    "finish",
    frozenset({R.UNDER_WAY}),
    R.DONE,
    "review:make",
    ("1.5", "1.10"),
    _("End the review"),
    effect=worded_lazy(_("The answers can no longer be changed. The managers and {principal} are told what you found.")),
    done=_("The review is done."),
    tone="primary",
)
DROP = Move(
    "drop",
    OPEN_REVIEWS,
    R.DROPPED,
    "review:plan",
    ("1.10",),
    _("Call the review off"),
    reason_required=True,
    effect=_("Nobody is asked for it any more. It stays on record with your reason."),
    done=_("You called the review off."),
    tone="danger",
)
REVIEW_MOVES: tuple[Move, ...] = (ASSIGN, DECLINE, START, FINISH, DROP)

CALL_OFF = Move(
    "call_off",
    frozenset({S.DRAWN}),
    S.CALLED_OFF,
    "review:plan",
    ("1.10",),
    _("Call the sample off"),
    reason_required=True,
    effect=_("Reviews of it that nobody has started are called off as well. The draw stays on record."),
    done=_("The sample is called off."),
    tone="danger",
)
SAMPLE_MOVES: tuple[Move, ...] = (CALL_OFF,)

FIX = Move(
    "fix",
    frozenset({F.OPEN}),
    F.FIXED,
    "reviewfinding:answer",
    ("1.7", "3.4"),
    _("It is put right"),
    reason_required=True,
    effect=_("The reviewer looks at it and confirms, or says what is missing."),
    done=_("The reviewer has been told and looks at it."),
    tone="primary",
)
CONTEST = Move(
    "contest",
    frozenset({F.OPEN}),
    F.CONTESTED,
    "reviewfinding:answer",
    ("1.5", "1.10"),
    _("I do not agree"),
    reason_required=True,
    effect=_("The reviewer reads your reasons and takes the finding back, or says why it stands."),
    done=_("The reviewer has your reasons."),
)
SETTLE = Move(
    "settle",
    frozenset({F.FIXED}),
    F.SETTLED,
    "reviewfinding:judge",
    ("1.5", "1.10"),
    _("Confirm that it is put right"),
    effect=worded_lazy(_("The finding is closed. The managers and {principal} are told.")),
    done=_("The finding is closed."),
    tone="primary",
)
SEND_BACK = Move(
    "send_back",
    frozenset({F.FIXED}),
    F.OPEN,
    "reviewfinding:judge",
    ("1.5", "1.10"),
    _("Say what is missing"),
    reason_required=True,
    effect=_("The managers read what is missing and put it right."),
    done=_("The managers have been told what is missing."),
)
UPHOLD = Move(
    "uphold",
    frozenset({F.CONTESTED}),
    F.OPEN,
    "reviewfinding:judge",
    ("1.5", "1.10"),
    _("The finding stands"),
    reason_required=True,
    effect=_("The managers read your reasons. The finding is to be put right."),
    done=_("The managers have your reasons."),
)
TAKE_BACK = Move(
    "take_back",
    OPEN_FINDINGS,
    F.TAKEN_BACK,
    "reviewfinding:judge",
    ("1.10",),
    _("Take the finding back"),
    reason_required=True,
    effect=worded_lazy(_("The finding counts for nothing. The managers and {principal} are told, with your reason.")),
    done=_("The finding is taken back."),
    tone="danger",
)
EXTEND = Move(
    "extend",
    frozenset({F.OPEN}),
    F.OPEN,
    "reviewfinding:judge",
    ("1.10",),
    _("Give it another day"),
    reason_required=True,
    effect=worded_lazy(_("The finding stays, with the new day. The managers and {principal} are told.")),
    done=_("The managers have been told the new day."),
)
FINDING_MOVES: tuple[Move, ...] = (FIX, CONTEST, SETTLE, SEND_BACK, UPHOLD, TAKE_BACK, EXTEND)

TABLES: dict[str, tuple[Move, ...]] = {
    "review": REVIEW_MOVES, "reviewsample": SAMPLE_MOVES, "reviewfinding": FINDING_MOVES,
}  # fmt: skip
