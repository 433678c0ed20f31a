"""The states of closing an account, the items of its checklist, what becomes of its handle, and every legal move."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rostrum.policies.rolewords import worded_lazy
from rostrum.workflow.moves import Move


class ClosingState(models.TextChoices):
    """How far closing an account has come (AP 193 1.5, 3.4)."""

    PREPARING = "preparing", _("Being prepared")
    READY = "ready", _("Waiting to be retired")
    OWED = "owed", _("Retired, checklist owed")
    DONE = "done", pgettext_lazy("closing", "Done")
    ABANDONED = "abandoned", _("Not closed after all")


class ClosingItem(models.TextChoices):
    """What is seen to before an account is closed, in the order of the page."""

    TOLD = "told", _("Who was told")
    ARCHIVE = "archive", _("What it posted is kept")
    KEYS = "keys", _("Access is recovered")
    HANDLE = "handle", _("What becomes of its name")
    NOTICE = "notice", _("What the public reads")


class HandleState(models.TextChoices):
    """What becomes of the handle of a retired account: on most platforms a free one can be taken by anyone."""

    PARKED = "parked", _("Parked: still ours")
    GIVEN_UP = "given_up", _("Given up")
    GONE = "gone", _("Closed by the platform")
    TAKEN_UP = "taken_up", _("In use again")


K, I, P = ClosingState, ClosingItem, HandleState  # noqa: E741 - as the other tables do it
OPEN_CLOSINGS = frozenset({K.PREPARING.value, K.READY.value, K.OWED.value})
BEFORE = frozenset({K.PREPARING.value, K.READY.value})

# What may be answered for each item. A text is needed where the second value says so.
ANSWERS: dict[str, dict[str, tuple[object, bool]]] = {
    I.TOLD: {
        "told": (_("Told"), True),
        "nobody": (_("Nobody needs to be told"), True),
    },
    I.ARCHIVE: {
        "taken": (_("A copy is kept"), True),
        "nothing": (_("There is nothing to keep"), False),
        "impossible": (_("No copy can be made"), True),
    },
    I.KEYS: {
        "recovered": (_("We can get in, and nobody else can"), True),
        "lost": (_("Nobody can get in any more"), True),
        "closed": (_("The platform has closed it"), False),
    },
    I.HANDLE: {
        HandleState.PARKED: (_("Park it: keep it and post nothing"), False),
        HandleState.GIVEN_UP: (_("Give it up: anyone may take it"), True),
        HandleState.GONE: (_("The platform has closed it"), False),
    },
    I.NOTICE: {
        "shown": (_("Say something on the public page"), True),
        "none": (_("Say only that it is retired"), False),
    },
}

HAND_IN = Move(
    "hand_in",
    frozenset({K.PREPARING}),
    K.READY,
    "close:hand_in",
    ("1.10", "3.4"),
    worded_lazy(_("Ask {keeper} to retire it")),
    effect=worded_lazy(_("{keeper} looks at the checklist and retires the account, or says what is missing.")),
    done=worded_lazy(_("{keeper} has been asked to retire it.")),
    tone="primary",
)
RETURN = Move(
    "return",
    frozenset({K.READY}),
    K.PREPARING,
    "close:retire",
    ("1.10",),
    _("Say what is missing"),
    reason_required=True,
    effect=_("Whoever prepares the closing gets it back with your comment. The account stays as it is."),
    done=_("You said what is missing."),
)
RETIRE = Move(
    "retire",
    BEFORE,
    K.DONE,
    "close:retire",
    ("1.5", "1.10", "3.4"),
    _("Retire the account"),
    reason_required=True,
    effect=_("The account stays in the directory, shown as retired. It would need a new request to be official again."),
    done=_("The account is retired, and its checklist is complete."),
    tone="danger",
)
FINISH = Move(
    "finish",
    frozenset({K.OWED}),
    K.DONE,
    "close:answer",
    ("1.10", "3.4"),
    _("The checklist is complete"),
    effect=_("Nothing is owed any more. The account stays retired."),
    done=_("The checklist is complete."),
    tone="primary",
)
ABANDON = Move(
    "abandon",
    BEFORE,
    K.ABANDONED,
    "close:abandon",
    ("1.10",),
    _("Do not close it after all"),
    reason_required=True,
    effect=_("The account goes on as before. What was answered stays in its history."),
    done=_("The account goes on as before."),
)
CLOSING_MOVES: tuple[Move, ...] = (HAND_IN, RETURN, RETIRE, FINISH, ABANDON)

PARKED = frozenset({P.PARKED.value})
RENEW = Move(
    "renew",
    PARKED,
    P.PARKED,
    "parking:renew",
    ("3.4",),
    _("It was looked after"),
    effect=_("You say that somebody signed in, that nothing new stands there, and when to look again."),
    done=_("It is noted. You are asked again on the day you chose."),
    tone="primary",
)
GIVE_UP = Move(
    "give_up",
    PARKED,
    P.GIVEN_UP,
    "parking:give_up",
    ("1.5",),
    _("Give the name up"),
    reason_required=True,
    effect=_("Anyone may take the name on the platform and pass for us. The public reads that it is not ours any more."),
    done=_("The name is given up. The public is warned of it."),
    tone="danger",
)
TAKE_UP = Move(
    "take_up",
    frozenset({P.PARKED, P.GIVEN_UP, P.GONE}),
    P.TAKEN_UP,
    "parking:take_up",
    ("3.2",),
    _("Take up"),
    effect=_("An account of ours uses the name again."),
)
HANDLE_MOVES: tuple[Move, ...] = (RENEW, GIVE_UP, TAKE_UP)

TABLES: dict[str, tuple[Move, ...]] = {"closing": CLOSING_MOVES, "parkedhandle": HANDLE_MOVES}
