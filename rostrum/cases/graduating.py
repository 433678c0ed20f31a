"""What the division's graduated actions suggest for an account today. A suggestion to whoever decides, never an act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rostrum.cases.queries import counting
from rostrum.core import clock
from rostrum.policies.graduated import GraduatedState, graduated
from rostrum.policies.schema import GraduatedStep, Severity
from rostrum.registry.models import Account


@dataclass(frozen=True)
class Suggestion:
    """For one severity: the how-manieth this would be within the step's time, and what was written down for it.

    `step` is None where nothing was written down for that number; `before` are the days of the warnings counted.
    `special` are the steps that are reached as well, were one of their clauses what was broken.
    """

    severity: Severity
    occurrence: int
    step: GraduatedStep | None
    before: tuple[date, ...]
    special: tuple[GraduatedStep, ...] = ()


def suggestions(
    account: Account, *, but_case: int | None = None, on: date | None = None
) -> tuple[GraduatedState, list[Suggestion]]:
    """What was written down for each severity, were a breach of it decided today; nothing where nobody wrote any down.

    Counted are the warnings of the same severity that count on the day: not those that ended, were overturned,
    replaced or are stayed. `but_case` leaves out those of the case itself, whose decision would be replaced.
    """
    state, day = graduated(), on or clock.today()
    if state.table is None:
        return state, []
    strikes = [one for one in counting([account.pk], day) if one.decision.case_id != but_case]
    found = []
    for severity in state.table.severities:
        mine = [one.since for one in strikes if one.severity == severity.key]
        found.append(_suggest(severity, [s for s in state.table.steps if s.severity == severity.key], mine, day))
    return state, found


def _within(step: GraduatedStep, before: list[date], day: date) -> tuple[date, ...]:
    """The days of the earlier warnings that lie within a step's own time."""
    since = day - timedelta(days=step.within_days) if step.within_days else date.min
    return tuple(one for one in before if one >= since)


def _suggest(severity: Severity, steps: list[GraduatedStep], before: list[date], day: date) -> Suggestion:
    """The highest step that is reached: its number of breaches, this one included, lie within its own time."""
    reached = [one for one in steps if len(_within(one, before, day)) + 1 >= one.occurrence]
    general = max((one for one in reached if not one.clauses), key=lambda one: one.occurrence, default=None)
    within = _within(general, before, day) if general else tuple(before)
    least = general.occurrence if general else 0
    special = tuple(one for one in reached if one.clauses and one.occurrence >= least)
    return Suggestion(severity, len(within) + 1, general, within, special)
