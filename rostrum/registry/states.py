"""The states of an account request, a registration and an account, and every legal move between them."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rostrum.policies.rolewords import APPROVER
from rostrum.workflow.moves import Move


class RequestState(models.TextChoices):
    """Where Form 193-1 is (AP 193 1.2, 3.1, 3.2)."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for endorsement")
    ENDORSED = "endorsed", _("Waiting for approval")
    APPROVED = "approved", _("Approved, register it now")
    REGISTERED = "registered", _("Official")
    RETURNED = "returned", _("Returned for changes")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")


class RegistrationState(models.TextChoices):
    """Where the Registration Form is (AP 193 3.2)."""

    DRAFT = "draft", _("Being filled in")
    SENT = "sent", _("Waiting for confirmation")
    RETURNED = "returned", _("Returned for changes")
    CONFIRMED = "confirmed", _("Confirmed")
    DROPPED = "dropped", _("Dropped")


class Standing(models.TextChoices):
    """The state of an official account. `recognised` is what the public reads as "official"."""

    RECOGNISED = "recognised", _("Official")
    REVIEW = "review", _("Under review")
    SUSPENDED = "suspended", _("Suspended")
    RETIRED = "retired", _("Retired")


R, G, S = RequestState, RegistrationState, Standing
EDITABLE = frozenset({R.DRAFT.value, R.RETURNED.value})
OPEN = frozenset({R.SUBMITTED.value, R.ENDORSED.value, R.APPROVED.value})
OVER = frozenset({R.REGISTERED.value, R.DECLINED.value, R.WITHDRAWN.value, R.LAPSED.value})
LIVE = frozenset({S.RECOGNISED.value, S.REVIEW.value, S.SUSPENDED.value})

SUBMIT = Move(
    "submit",
    EDITABLE,
    R.SUBMITTED,
    "request:submit",
    ("1.2", "3.1"),
    _("Send the request"),
    done=_("Your request is on its way."),
    tone="primary",
)
ENDORSE = Move(
    "endorse",
    frozenset({R.SUBMITTED}),
    R.ENDORSED,
    "request:endorse",
    ("1.2", "3.1"),
    _("Endorse"),
    effect=format_lazy(
        _("You say that this account is wanted and that its name fits. After you, {approver} decides."), approver=APPROVER
    ),
    done=format_lazy(_("You endorsed it, and {approver} was told."), approver=APPROVER),
    tone="primary",
)
APPROVE = Move(
    "approve",
    frozenset({R.ENDORSED}),
    R.APPROVED,
    "request:approve",
    ("1.2", "3.1"),
    _("Approve"),
    effect=_("The account may be made. It is official only after its Registration Form is confirmed."),
    done=_("You approved it. The person who asked can register the account now."),
    tone="primary",
)
RETURN = Move(
    "return",
    frozenset({R.SUBMITTED, R.ENDORSED}),
    R.RETURNED,
    "request:return",
    ("3.1",),
    _("Return for changes"),
    reason_required=True,
    effect=_("The person who asked gets it back with your comment and can send it again. Nothing they wrote is lost."),
    done=_("You returned it. The person who asked has your comment."),
)
DECLINE = Move(
    "decline",
    frozenset({R.SUBMITTED, R.ENDORSED}),
    R.DECLINED,
    "request:decline",
    ("1.2", "3.1"),
    _("Decline"),
    reason_required=True,
    effect=_("The request ends here. Everyone who touched it is told, with your reason."),
    done=_("You declined it. Everyone who touched it has been told."),
    tone="danger",
)
WITHDRAW = Move(
    "withdraw",
    frozenset({R.DRAFT, R.RETURNED, R.SUBMITTED, R.ENDORSED, R.APPROVED}),
    R.WITHDRAWN,
    "request:withdraw",
    ("3.1",),
    _("Withdraw"),
    effect=_("The request ends here. You can always start another."),
    done=_("You withdrew the request."),
    tone="danger",
)
# The same move, where whoever asked has left: nobody would be there to make it, and the handle would stay taken.
WITHDRAW_LEFT = replace(
    WITHDRAW,
    sources=frozenset({R.APPROVED.value}),
    reason_required=True,
    effect=_("The approval ends here and the handle is free again. Everyone who touched it is told, with your reason."),
    done=_("You withdrew the request. Everyone who touched it has been told."),
)
LAPSE = Move(
    "lapse",
    frozenset({R.APPROVED}),
    R.LAPSED,
    "request:lapse",
    ("3.2",),
    _("Lapse"),
    effect=_("The approval ends because nobody registered the account in time."),
)
REGISTER = Move(
    "register",
    frozenset({R.APPROVED}),
    R.REGISTERED,
    "registration:confirm",
    ("1.2", "3.2"),
    _("Register"),
)
REQUEST_MOVES: tuple[Move, ...] = (SUBMIT, ENDORSE, APPROVE, RETURN, DECLINE, WITHDRAW, LAPSE, REGISTER)

SEND = Move(
    "send",
    frozenset({G.DRAFT, G.RETURNED}),
    G.SENT,
    "registration:send",
    ("3.2", "3.4"),
    _("Send the Registration Form"),
    done=_("Your Registration Form is on its way."),
    tone="primary",
)
CONFIRM = Move(
    "confirm",
    frozenset({G.SENT}),
    G.CONFIRMED,
    "registration:confirm",
    ("1.2", "3.2"),
    _("Confirm: make it official"),
    effect=_("The account becomes official, gets its public id and is listed in the directory."),
    done=_("The account is official now."),
    tone="primary",
)
SEND_BACK = Move(
    "return",
    frozenset({G.SENT}),
    G.RETURNED,
    "registration:return",
    ("3.2",),
    _("Return for changes"),
    reason_required=True,
    effect=_("The person who asked gets the form back with your comment."),
    done=_("You returned it. The person who asked has your comment."),
)
REGISTRATION_MOVES: tuple[Move, ...] = (SEND, CONFIRM, SEND_BACK)

REVIEW = Move(
    "review",
    frozenset({S.RECOGNISED}),
    S.REVIEW,
    "account:review",
    ("1.5", "1.10"),
    _("Put under review"),
    reason_required=True,
    effect=_("The account stays official while you look. Its managers are told."),
    done=_("The account is under review."),
)
CLEAR = Move(
    "clear",
    frozenset({S.REVIEW}),
    S.RECOGNISED,
    "account:clear",
    ("1.10",),
    _("End the review, all in order"),
    reason_required=True,
    effect=_("The account goes on as before. Its managers are told."),
    done=_("The review is over."),
    tone="primary",
)
SUSPEND = Move(
    "suspend",
    frozenset({S.RECOGNISED, S.REVIEW}),
    S.SUSPENDED,
    "account:suspend",
    ("1.5",),
    _("Suspend the official mark"),
    reason_required=True,
    effect=_("The public reads that this account must not be relied on for now. Its managers are told."),
    done=_("The account is suspended."),
    tone="danger",
)
RESTORE = Move(
    "restore",
    frozenset({S.SUSPENDED}),
    S.RECOGNISED,
    "account:restore",
    ("1.5", "1.10"),
    _("Restore"),
    reason_required=True,
    effect=_("The account is official again. Its managers are told."),
    done=_("The account is official again."),
    tone="primary",
)
# Another end, or another condition, for a suspension that goes on. It changes nothing that the public reads.
EXTEND = Move(
    "extend",
    frozenset({S.SUSPENDED}),
    S.SUSPENDED,
    "account:suspend",
    ("1.5",),
    _("Change how long it is suspended"),
    reason_required=True,
    effect=_("The account stays suspended, with the new end and the new condition. Its managers are told."),
    done=_("The suspension goes on as you said."),
)
CLOSE = Move(
    "close",
    frozenset({S.RECOGNISED, S.REVIEW, S.SUSPENDED}),
    S.RETIRED,
    "account:close",
    ("1.5", "1.10"),
    _("Retire the account"),
    reason_required=True,
    effect=_(
        "The account stays in the directory, shown as retired. This cannot be undone: it would need a new request."
    ),
    done=_("The account is retired."),
    tone="danger",
)
REINSTATE = Move(
    "reinstate",
    frozenset({S.RETIRED}),
    S.RECOGNISED,
    "account:reinstate",
    ("1.5", "1.10"),
    _("Take the retirement back"),
    reason_required=True,
    effect=_("The account is official again, as if it had not been retired. Its managers are told."),
    done=_("The account is official again."),
    tone="primary",
)
# Reinstating belongs to nobody's rank: only whoever decides on an appeal against a closing may (rostrum/cases).
ACCOUNT_MOVES: tuple[Move, ...] = (REVIEW, CLEAR, SUSPEND, RESTORE, CLOSE, REINSTATE)

# The log's word for the thing, and its moves: what tests and drawings go through.
TABLES: dict[str, tuple[Move, ...]] = {
    "accountrequest": REQUEST_MOVES, "registration": REGISTRATION_MOVES, "account": (*ACCOUNT_MOVES, EXTEND),
}  # fmt: skip
