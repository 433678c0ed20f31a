"""What the states of a request are called: by the edition's own words where it names more than two steps of approval."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rostrum.policies.queries import current, text
from rostrum.policies.schema import Step
from rostrum.registry.states import RequestState


def in_own_words(steps: tuple[Step, ...]) -> bool:
    """Whether steps are called as their edition calls them.

    An edition of two steps endorses and approves, as AP 193 does (3.1), and is told in those words. With more
    steps "endorsed" would not say which, so each is told by its own label and verb.
    """
    return len(steps) > 2


def state_word(state: str, steps: tuple[Step, ...], given: int | None = None) -> str:
    """A state in the active language; of a request of which `given` endorsing steps are given, the very step it is at."""
    if not in_own_words(steps) or state not in {RequestState.SUBMITTED, RequestState.ENDORSED}:
        return str(RequestState(state).label)
    if state == RequestState.ENDORSED:
        asked = steps[-1:]
    else:
        asked = steps[:-1] if given is None else steps[min(given, len(steps) - 2) :][:1]
    return _("Waiting: %(steps)s") % {"steps": ", ".join(f"“{text(step.label)}”" for step in asked)}


def state_choices() -> list[tuple[str, str]]:
    """Every state with its word under the edition in force, for a filter."""
    steps = current().approval.steps
    return [(state.value, state_word(state, steps)) for state in RequestState]

