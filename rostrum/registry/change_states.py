"""The states of a proposed change to a live account, and every legal move between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rostrum.workflow.moves import Move


class ChangeState(models.TextChoices):
    """Where a change to an account is: it takes the same two yeses as the account itself (AP 193 1.2, 3.1)."""

    OFFERED = "offered", _("Waiting for the school that gives it")
    PROPOSED = "proposed", _("Waiting for the school's yes")
    AGREED = "agreed", _("Waiting for approval")
    APPROVED = "approved", _("Done")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


C = ChangeState
# While open, an account has one proposed change; the database holds to that.
OPEN_CHANGES = frozenset({C.OFFERED.value, C.PROPOSED.value, C.AGREED.value})

GIVE = Move(
    "give",
    frozenset({C.OFFERED}),
    C.PROPOSED,
    "change:give",
    ("1.3", "3.1"),
    _("Agree to give it"),
    effect=_("You say for your school that it goes to the other one. Whoever leads that one is asked next."),
    done=_("You agreed for your school. Whoever is next has been told."),
    tone="primary",
)

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
MERGE = Move(
    "merge",
    frozenset({C.AGREED}),
    C.APPROVED,
    "change:approve",
    ("1.5", "1.10", "3.2"),
    _("Approve the merge"),
    effect=_(
        "The account is retired at once, and its addresses lead to the one that stays. Its managers are told, and its "
        "closing checklist is owed."
    ),
    done=_("The accounts are merged. The directory says so now."),
    tone="primary",
)
DECLINE = Move(
    "decline",
    frozenset({C.OFFERED, C.PROPOSED, C.AGREED}),
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
    frozenset({C.OFFERED, C.PROPOSED, C.AGREED}),
    C.WITHDRAWN,
    "change:withdraw",
    ("3.1",),
    _("Withdraw the change"),
    effect=_("The account stays as it is. You can always propose another change."),
    done=_("You withdrew it. The account stays as it is."),
    tone="danger",
)
CHANGE_MOVES: tuple[Move, ...] = (GIVE, AGREE, APPROVE, MERGE, DECLINE, WITHDRAW)

TABLES: dict[str, tuple[Move, ...]] = {"accountchange": CHANGE_MOVES}
