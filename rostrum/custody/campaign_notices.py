"""Every message about a hand-over campaign: started, reminded, ended."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rostrum.core.dates import day
from rostrum.custody.campaign_models import HandOverCampaign, HandOverLine
from rostrum.custody.campaign_queries import Seen
from rostrum.custody.leaders import Leaders
from rostrum.custody.queries import managers_of
from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.people.models import Person
from rostrum.policies.queries import cite
from rostrum.registry.notices import in_both

_WHY_HOLDS = _("You get this letter because you look after an account of this campaign.")
_WHY_LEADS = _("You get this letter because you lead a school of this campaign or keep the register.")
_LINK = _("See the campaign")
SHOWN = 20  # accounts named in one letter; the page shows all


def _kind(key: str, subject: Any, lead: Any, why: Any, next_step: Any, asks: bool = False) -> NoticeKind:
    return declare(NoticeKind(key, subject, lead, why, _LINK, "web:handover_campaign", next_step, asks))


STARTED = _kind(
    "handover.started",
    _("Say who stays by %(day)s: %(many)s, %(what)s"),
    _("%(who)s started “%(what)s”. It asks of each account who stays next year and who goes."),
    _WHY_HOLDS,
    _("Open each account and tick who goes. Groups of student editors stand there too, as groups."),
    asks=True,
)
STARTED_TOLD = _kind(
    "handover.started_told",
    _("Started: %(what)s, until %(day)s"),
    _("%(who)s started “%(what)s” for %(many)s."),
    _WHY_LEADS,
    _("The content managers are asked. Where an account has none, it is yours to say who takes it over."),
)
REMINDER = _kind(
    "handover.reminder",
    _("Not finished: %(many)s, %(what)s, until %(day)s"),
    _("In “%(what)s” something is still missing of %(many)s that you look after."),
    _WHY_HOLDS,
    _("Each account says what is missing. It ends on %(day)s."),
    asks=True,
)
REMINDER_ALONE = _kind(
    "handover.reminder_alone",
    _("Nobody is left to say: %(many)s, %(what)s"),
    _("In “%(what)s”, %(many)s have no content manager who still works here."),
    _WHY_LEADS,
    _("Name a content manager for each, or say yourself who takes it over."),
    asks=True,
)
ENDED = _kind(
    "handover.ended",
    _("Ended: %(what)s, %(many)s not finished"),
    _("“%(what)s” has ended. Of %(many)s something is still missing."),
    _WHY_LEADS,
    _("What is missing stands on the page of the campaign, school by school."),
)
ENDED_WHOLE = _kind(
    "handover.ended_whole",
    _("Ended, and nothing is missing: %(what)s"),
    _("“%(what)s” has ended. Of every account somebody has said who stays, and nothing is missing."),
    _WHY_LEADS,
    _("There is nothing to do."),
)


def _many(count: int) -> dict[str, str]:
    return in_both(lambda: ngettext("%(count)d account", "%(count)d accounts", count) % {"count": count})


def _words(it: HandOverCampaign, who: Person | None, names: list[str], comment: str) -> dict[str, Any]:
    label = in_both(lambda: _("Account"))
    return {
        "who": who.name if who else "Rostrum", "what": it.name, "many": _many(len(names)),
        "day": in_both(lambda: day(it.ends_on)), "comment": comment, "clauses": cite(["1.7", "3.4"]),
        "facts": [[label, name] for name in names[:SHOWN]],
    }  # fmt: skip


def tell_managers(it: HandOverCampaign, kind: NoticeKind, who: Person | None, rows: list[HandOverLine],
                  comment: str = "") -> list[HandOverLine]:  # fmt: skip
    """One letter to each living manager about their accounts; returns the lines whose account has none."""
    living = managers_of([one.account for one in rows])
    mine: dict[Person, list[str]] = defaultdict(list)
    alone = []
    for one in rows:
        for found in living[one.account_id]:
            mine[found.person].append(one.account.name)
        if not living[one.account_id]:
            alone.append(one)
    for person, names in mine.items():
        owe(kind, to=person, about=it, ref=str(it.pk), context=_words(it, who, names, comment))
    return alone


def tell_leaders(it: HandOverCampaign, kind: NoticeKind, who: Person | None, rows: list[HandOverLine],
                 comment: str = "") -> None:  # fmt: skip
    """One letter to each who leads a school of these accounts, and to Communications about all of them.

    Where there are none, whoever leads the campaign's own place hears that.
    """
    leaders = Leaders([it.unit, *(one.account.unit for one in rows)])
    theirs: dict[Person, list[str]] = {} if rows else {person: [] for person in leaders.of(it.unit)}
    for one in rows:
        for person in leaders.of(one.account.unit):
            theirs.setdefault(person, []).append(one.account.name)
    for person in leaders.communications(it.unit):
        theirs[person] = [one.account.name for one in rows]
    for person, names in theirs.items():
        if who is None or person.pk != who.pk:
            owe(kind, to=person, about=it, ref=str(it.pk), context=_words(it, who, names, comment))


def unfinished(many: list[Seen]) -> list[HandOverLine]:
    """Those lines of which something is missing."""
    return [one.line for one in many if not one.settled]
