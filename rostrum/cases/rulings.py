"""What a decision is to say, as typed and as it is kept: measures, clauses, evidence, facts, days. Checked by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from rostrum.cases.decision_models import TASKS, Measure
from rostrum.cases.models import Case, CaseEvidence
from rostrum.cases.texts import LONG, prose
from rostrum.core import clock
from rostrum.core.errors import Invalid
from rostrum.policies.graduated import graduated
from rostrum.policies.graduatedchecks import wrong_together
from rostrum.policies.models import Clause
from rostrum.policies.queries import in_force

FARTHEST = timedelta(days=366)  # a task, or a day from which a decision holds, is no further away
Say = Callable[[str, str], None]
LONGEST = timedelta(days=3660)  # as the register has it for a suspension


@dataclass(frozen=True)
class Ruling:
    """What a decision is to say. `clauses` are numbers of the edition in force, `evidence` primary keys of the case.

    `suspended_until` None with a suspension means: until what is to be done is done, and a person has restored it.
    """

    measures: tuple[str, ...]
    clauses: tuple[str, ...]
    evidence: tuple[int, ...]
    facts: str
    to_do: str = ""
    do_by: date | None = None
    effective_on: date | None = None
    suspended_until: date | None = None
    severity: str = ""


@dataclass(frozen=True)
class Checked:
    """The same, in order: texts cleaned, clauses and evidence as rows."""

    measures: tuple[str, ...]
    clauses: tuple[Clause, ...]
    evidence: tuple[CaseEvidence, ...]
    facts: str
    to_do: str
    do_by: date | None
    effective_on: date
    suspended_until: date | None
    severity: str


def citable() -> list[Clause]:
    """The clauses that a decision may cite: all of the edition in force but those on personal use, which are guidance."""
    return [one for one in Clause.objects.filter(edition=in_force()) if one.scope != "personal_use"]


def check(ruling: Ruling, case: Case) -> Checked:
    """A ruling in order, or Invalid with every problem beside its field (AP 193 1.5: at least one clause, evidence)."""
    problems: dict[str, list[str]] = {}

    def wrong(field: str, message: str) -> None:
        problems.setdefault(field, []).append(message)

    def text(typed: str, field: str, limit: int, missing: str) -> str:
        try:
            return prose(typed, field, limit=limit, missing=missing)
        except Invalid as refusal:
            for name, messages in refusal.fields.items():
                problems.setdefault(name, []).extend(messages)
            return ""

    measures = tuple(one for one in Measure.values if one in ruling.measures)
    if len(measures) != len(set(ruling.measures)):
        wrong("measures", _("One of these is no measure. Open the page again."))
    if not measures:
        wrong("measures", _("Choose what is decided. Guidance alone is a choice as well."))
    elif message := wrong_together(measures):
        wrong("measures", message)
    clauses = tuple(one for one in citable() if one.number in ruling.clauses)
    if not clauses:
        wrong("clauses", _("Choose at least one clause that the decision is made under."))
    evidence = tuple(CaseEvidence.objects.filter(case=case, pk__in=ruling.evidence))
    if not evidence:
        wrong("evidence", _("Choose at least one thing that the decision rests on."))
    facts = text(ruling.facts, "facts", LONG, _("Say what happened, in words that somebody who was not there follows."))
    tasks = bool(TASKS & set(measures))
    open_ended = Measure.SUSPEND in measures and ruling.suspended_until is None
    said = _("Say what must be done, so that it is clear when it is done.") if tasks or open_ended else ""
    to_do = text(ruling.to_do, "to_do", 2000, said)
    _days(ruling, measures, tasks, wrong)
    _severity(ruling.severity, wrong)
    if problems:
        raise Invalid(_("Some of it cannot be sent yet. Look beside the fields."), fields=problems)
    until = ruling.suspended_until if Measure.SUSPEND in measures else None
    return Checked(
        measures, clauses, evidence, facts, to_do, ruling.do_by, ruling.effective_on or clock.today(), until,
        ruling.severity,
    )  # fmt: skip


def _days(ruling: Ruling, measures: Iterable[str], tasks: bool, say: Say) -> None:
    today, chosen = clock.today(), set(measures)
    effective = ruling.effective_on or today
    if effective < today:
        say("effective_on", _("This day has passed. A decision takes effect today or later."))
    elif effective > today + FARTHEST:
        say("effective_on", _("This day is more than a year away. Choose one that is nearer."))
    elif effective != today and chosen & {Measure.SUSPEND.value, Measure.CLOSE.value}:
        say("effective_on", _("A suspension and a closing take effect the moment you send the letter: choose today."))
    if tasks and ruling.do_by is None:
        say("do_by", _("Say by which day it must be done."))
    if ruling.do_by is not None and ruling.do_by <= today:
        say("do_by", _("This day has passed or is today. Choose a day that is still to come."))
    elif ruling.do_by is not None and ruling.do_by > today + FARTHEST:
        say("do_by", _("This day is more than a year away. Choose one that is nearer."))
    if ruling.do_by is not None and not ruling.to_do.strip():
        say("to_do", _("Say what must be done by that day, or leave the day empty."))
    until = ruling.suspended_until
    if Measure.SUSPEND in chosen and until is not None and until <= today:
        say("suspended_until", _("This day has passed or is today. Choose a day that is still to come."))
    elif Measure.SUSPEND in chosen and until is not None and until > today + LONGEST:
        say("suspended_until", _("This day is more than ten years away. Choose one that is nearer."))


def _severity(key: str, say: Say) -> None:
    table = graduated().table
    if key and (table is None or table.severity(key) is None):
        say("severity", _("This is none of the severities that the division wrote down."))
