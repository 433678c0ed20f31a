"""Every message about a finding: asked to act, answered, settled, handed to Communications, late."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from rostrum.monitoring.models import Finding
from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.people.models import Person
from rostrum.people.queries import active_people, may
from rostrum.registry.known_notices import both
from rostrum.schoolyear.words import long_day

_WHY = _("You get this letter because you look after this account.")
_WHY_JUDGE = _("You get this letter because you confirmed this finding, or it was given to you.")
_WHY_COMMS = _("You get this letter because you keep the register of accounts.")
_LINK = _("See what was found")


def _kind(key: str, subject: Any, lead: Any, why: Any, next_step: Any, asks: bool = False) -> NoticeKind:
    return declare(NoticeKind(key, subject, lead, why, _LINK, "web:finding", next_step, asks))


ASKED = _kind(
    "finding.asked",
    _("Something to mend: %(what)s"),
    _("%(who)s looked at %(what)s and asks you to act."),
    _WHY,
    _("Open it, do what it says, and answer in one line."),
    asks=True,
)
RETURNED = _kind(
    "finding.returned",
    _("Something is still missing: %(what)s"),
    _("%(who)s looked at your answer about %(what)s. Something is still missing."),
    _WHY,
    _("Read the comment, do the rest, and answer again."),
    asks=True,
)
SETTLED = _kind(
    "finding.settled",
    _("Settled: %(what)s"),
    _("%(who)s settled what was found about %(what)s. There is nothing more to do."),
    _WHY,
    "",
)
ANSWERED = _kind(
    "finding.answered",
    _("Answered: %(what)s"),
    _("%(who)s says what was done about %(what)s."),
    _WHY_JUDGE,
    _("Look at it: settled, or something missing."),
    asks=True,
)
HANDED_ON = _kind(
    "finding.escalated",
    _("Handed to you: a finding about %(what)s"),
    _("%(who)s hands you a finding about %(what)s."),
    _WHY_COMMS,
    _("Confirm it, dismiss it, or open a case."),
    asks=True,
)
LATE = _kind(
    "finding.late",
    _("Late: %(what)s"),
    _("The day by which something was to be mended about %(what)s has passed."),
    _("You get this letter because you look after this account, or confirmed the finding."),
    _("Do it now, or say what keeps you from it."),
    asks=True,
)


def _said(finding: Finding, who: Person | None, comment: str) -> dict[str, Any]:
    """The words of every notice: the account and the task; never the words that were found."""
    facts = [[both(lambda: _("What to do")), both(finding.get_task_display)]] if finding.task else []
    due = finding.due_on
    if due:
        facts.append([both(lambda: _("By")), both(lambda: long_day(due))])
    return {"who": who.name if who else "", "what": finding.account.name, "comment": comment, "facts": facts,
            "clauses": list(finding.clauses)}  # fmt: skip


def _owe(people: Iterable[Person], kind: NoticeKind, finding: Finding, said: dict[str, Any], but: Person | None) -> None:
    told = {but.pk} if but else set()
    for one in people:
        if one.pk not in told and one.is_active:
            told.add(one.pk)
            owe(kind, to=one, about=finding, ref=str(finding.pk), context=said)


def managers(finding: Finding) -> list[Person]:
    """Those who look after the finding's account today."""
    standing = finding.account.registration.designations.filter(accepted_at__isnull=False, released_at=None)
    return [one.person for one in standing.select_related("person") if one.person.is_active]


def tell_managers(finding: Finding, kind: NoticeKind, who: Person, comment: str) -> None:
    """Tell those who look after the account."""
    _owe(managers(finding), kind, finding, _said(finding, who, comment), who)


def tell_judge(finding: Finding, kind: NoticeKind, who: Person, comment: str) -> None:
    """Tell whoever confirmed it, and whoever it was given to."""
    people = [one for one in (finding.assigned_to, finding.decided_by) if one is not None]
    _owe(people, kind, finding, _said(finding, who, comment), who)


def tell_communications(finding: Finding, who: Person, comment: str) -> None:
    """Tell everyone who may settle it for the division."""
    holders = active_people().filter(appointments__isnull=False).distinct()
    people = [one for one in holders if may(one, "finding:settle", finding.unit)]
    _owe(people, HANDED_ON, finding, _said(finding, who, comment), who)


def tell_late(finding: Finding) -> None:
    """Tell the managers and whoever confirmed it that the day has passed. The clock tells; nothing else happens."""
    people = [*managers(finding), *([finding.decided_by] if finding.decided_by else [])]
    _owe(people, LATE, finding, _said(finding, None, finding.comment), None)
