"""The states of a proposed change to a live account, and every legal move between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rostrum.workflow.moves import Move


class ChangeState(models.TextChoices):
    """Where a change to an account is: it takes the same two yeses as the account itself (AP 193 1.2, 3.1)."""

    PROPOSED = "proposed", _("Waiting for the school's yes")
    AGREED = "agreed", _("Waiting for approval")
    APPROVED = "approved", _("Done")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


C = ChangeState
# While open, an account has one proposed change; the database holds to that.
OPEN_CHANGES = frozenset({C.PROPOSED.value, C.AGREED.value})

AGREE = Move(
    "agree",
    frozenset({C.PROPOSED}),
    C.AGREED,
    "change:agree",
    ("1.3", "3.1"),
    _("Agree"),
    effect=_("You say that the change is wanted and fits your school. It is approved next, by somebody else."),
    done=_("You agreed. Whoever approves it has been told."),
    tone="primary",
)
APPROVE = Move(
    "approve",
    frozenset({C.AGREED}),
    C.APPROVED,
    "change:approve",
    ("1.3", "3.1", "3.2"),
    _("Approve the change"),
    effect=_("The register and the directory change at once. What it was called before is kept with its dates."),
    done=_("The change is in the register now."),
    tone="primary",
)
DECLINE = Move(
    "decline",
    frozenset({C.PROPOSED, C.AGREED}),
    C.DECLINED,
    "change:decline",
    ("1.3", "3.1"),
    _("Decline the change"),
    reason_required=True,
    effect=_("The account stays as it is. Everyone who had a part in it is told, with your reason."),
    done=_("You declined it. Everyone who had a part in it has been told."),
    tone="danger",
)
WITHDRAW = Move(
    "withdraw",
    frozenset({C.PROPOSED, C.AGREED}),
    C.WITHDRAWN,
    "change:withdraw",
    ("3.1",),
    _("Withdraw the change"),
    effect=_("The account stays as it is. You can always propose another change."),
    done=_("You withdrew it. The account stays as it is."),
    tone="danger",
)
CHANGE_MOVES: tuple[Move, ...] = (AGREE, APPROVE, DECLINE, WITHDRAW)
