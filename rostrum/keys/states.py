"""The states of a call for a reset, of a reset and of a campaign, and every legal move between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rostrum.workflow.moves import Move


class Trigger(models.TextChoices):
    """Why the access of an account is to be reset: "periodically or as the need arises" (AP 193 3.4)."""

    PERIOD = "period", _("The division’s period has passed")
    YEAR_START = "year_start", _("Start of the school year")
    LEAVER = "leaver", _("Somebody with access has left")
    ROLE_CHANGE = "role_change", _("Somebody with access has another job now")
    PHISHING = "phishing", _("Suspected phishing")
    LOST_PHONE = "lost_phone", _("Lost or stolen phone")
    SHARED = "shared", _("Somebody else knows the password")
    AD_HOC = "ad_hoc", _("Asked for by somebody who may")
    CAMPAIGN = "campaign", _("Part of a campaign")


T = Trigger
# What a manager raises in seconds; Communications sees it at once.
ALARMS = (T.PHISHING.value, T.LOST_PHONE.value, T.SHARED.value)
# What another act or the clock causes; whoever did that act was asked whether they may.
CAUSED = frozenset({T.PERIOD.value, T.YEAR_START.value, T.LEAVER.value, T.ROLE_CHANGE.value, T.CAMPAIGN.value})


class CallState(models.TextChoices):
    """Where a call for a reset is."""

    OPEN = "open", _("Asked for")
    ANSWERED = "answered", _("Answered")
    CALLED_OFF = "called_off", _("Called off")


class ResetState(models.TextChoices):
    """Where a reset is: a statement by one person, confirmed by another."""

    MADE = "made", _("Waiting for a second person")
    RETURNED = "returned", _("Returned")
    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CampaignState(models.TextChoices):
    """Where a campaign is."""

    RUNNING = "running", _("Running")
    ENDED = "ended", _("Ended")


C, R, P = CallState, ResetState, CampaignState
# While one is open, an account has no other; the database holds to that.
OPEN_RESETS = frozenset({R.MADE.value, R.RETURNED.value})

CALL_OFF = Move(
    "call_off",
    frozenset({C.OPEN}),
    C.CALLED_OFF,
    "keys:call_off",
    ("3.4",),
    _("Call it off"),
    reason_required=True,
    effect=_("Nobody is asked for this reset any more. The managers are told, with your reason."),
    done=_("You called it off. The managers have been told."),
    tone="danger",
)
# Made for every call that a confirmed reset answers, never by itself.
ANSWER = Move("answer", frozenset({C.OPEN}), C.ANSWERED, "keys:confirm", ("3.4",), _("Answer"))
# Made by the clock when the account is retired, and when a campaign ends: nobody has to answer any more.
LAPSE = Move("lapse", frozenset({C.OPEN}), C.CALLED_OFF, "keys:lapse", ("3.4",), _("Lapse"))
CALL_MOVES: tuple[Move, ...] = (CALL_OFF, ANSWER, LAPSE)

CONFIRM = Move(
    "confirm",
    frozenset({R.MADE}),
    R.CONFIRMED,
    "keys:confirm",
    ("3.4",),
    _("Confirm the reset"),
    effect=_("You say that you looked and that it is so. Everything that asked for this reset is answered."),
    done=_("You confirmed the reset."),
    tone="primary",
)
RETURN = Move(
    "return",
    frozenset({R.MADE}),
    R.RETURNED,
    "keys:return",
    ("3.4",),
    _("Return it"),
    reason_required=True,
    effect=_("Whoever made the statement gets it back with your reason and can make it again."),
    done=_("You returned it. Whoever made it has your reason."),
)
RESTATE = Move(
    "restate",
    frozenset({R.RETURNED}),
    R.MADE,
    "keys:restate",
    ("3.4",),
    _("Make the statement again"),
    done=_("Your statement waits for a second person again."),
    tone="primary",
)
WITHDRAW = Move(
    "withdraw",
    frozenset({R.MADE, R.RETURNED}),
    R.WITHDRAWN,
    "keys:withdraw",
    ("3.4",),
    _("Withdraw the reset"),
    effect=_("The statement counts for nothing. What asked for a reset still asks for one."),
    done=_("It is withdrawn. What asked for a reset still asks for one."),
    tone="danger",
)
RESET_MOVES: tuple[Move, ...] = (CONFIRM, RETURN, RESTATE, WITHDRAW)

NUDGE = Move(
    "nudge",
    frozenset({P.RUNNING}),
    P.RUNNING,
    "keys:campaign",
    ("3.4",),
    _("Remind those who are missing"),
    effect=_("Everyone who looks after an account that is missing gets one letter. Once in a period is enough."),
    done=_("Everyone who is missing has been reminded."),
    tone="primary",
)
END = Move(
    "end",
    frozenset({P.RUNNING}),
    P.ENDED,
    "keys:campaign",
    ("3.4",),
    _("End the campaign"),
    reason_required=True,
    effect=_("Nobody is asked for it any more. What was reset stays on record, and so does what was not."),
    done=_("The campaign is over."),
    tone="danger",
)
CAMPAIGN_MOVES: tuple[Move, ...] = (NUDGE, END)

TABLES: dict[str, tuple[Move, ...]] = {
    "resetcall": CALL_MOVES, "reset": RESET_MOVES, "resetcampaign": CAMPAIGN_MOVES,
}  # fmt: skip
