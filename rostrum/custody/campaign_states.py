"""The states of a hand-over campaign and of each of its accounts, and every legal move between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rostrum.workflow.moves import Move


class CampaignState(models.TextChoices):
    """Whether a hand-over campaign runs."""

    RUNNING = "running", _("Running")
    ENDED = "ended", _("Ended")


class LineState(models.TextChoices):
    """Whether it was said of an account who stays and who goes."""

    OPEN = "open", _("Not answered yet")
    ANSWERED = "answered", _("Answered")


C, L = CampaignState, LineState

END = Move(
    "end",
    frozenset({C.RUNNING}),
    C.ENDED,
    "handover:campaign",
    ("1.7", "3.4"),
    _("End the campaign"),
    effect=_("Nobody is reminded any more. What is missing stays in sight; whoever leads a school is told of it."),
    done=_("The campaign has ended."),
    tone="danger",
)
CAMPAIGN_MOVES: tuple[Move, ...] = (END,)

ANSWER = Move(
    "answer",
    frozenset({L.OPEN, L.ANSWERED}),
    L.ANSWERED,
    "handover:answer",
    ("1.7", "3.4"),
    _("Say who stays"),
    effect=_("Whoever goes is not released by this. The line then says what is still missing, one thing at a time."),
    done=_("It is noted who stays and who goes."),
    tone="primary",
)
LINE_MOVES: tuple[Move, ...] = (ANSWER,)

TABLES: dict[str, tuple[Move, ...]] = {"handovercampaign": CAMPAIGN_MOVES, "handoverline": LINE_MOVES}
