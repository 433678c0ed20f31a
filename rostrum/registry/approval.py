"""The steps of approval that a request's edition names: which is asked now, who may give it, what it is called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rostrum.policies.citations import Citation
from rostrum.policies.queries import cite, content
from rostrum.policies.schema import Step, Words
from rostrum.registry import statewords
from rostrum.registry.models import AccountRequest
from rostrum.registry.states import APPROVE, ENDORSE, RequestState
from rostrum.workflow.moves import Move


def steps_of(request: AccountRequest) -> tuple[Step, ...]:
    """Every step that the edition of a request names, in order. All but the last endorse, the last approves."""
    return content(request.edition).approval.steps


def in_own_words(request: AccountRequest) -> bool:
    """Whether the steps of a request are called as its edition calls them."""
    return statewords.in_own_words(steps_of(request))


def endorsing_position(request: AccountRequest) -> int:
    """The position of the endorsing step that is asked next; of the last one once all are given."""
    return min(request.steps_given, max(len(steps_of(request)) - 2, 0))


def current(request: AccountRequest) -> Step | None:
    """The step that a request waits for now; None when it waits for none."""
    if request.state == RequestState.SUBMITTED:
        return steps_of(request)[endorsing_position(request)]
    return steps_of(request)[-1] if request.state == RequestState.ENDORSED else None


def following(request: AccountRequest) -> Step | None:
    """The step after the one that a request waits for now; None when that is the last."""
    if request.state != RequestState.SUBMITTED:
        return None
    return steps_of(request)[endorsing_position(request) + 1]


def roles_of_step(step: Step) -> frozenset[str]:
    """Every role that the edition names for a step."""
    return frozenset({*step.role_by_kind.values(), step.role_outside_school or "", step.role or ""} - {""})


def citations(request: AccountRequest, numbers: Iterable[str], step: Step | None) -> list[str]:
    """The clauses under which a step is given: its own, where it has words of its own, else those of AP 193."""
    if step is None or not in_own_words(request):
        return cite(numbers)
    edition = request.edition
    return [str(Citation(edition.procedure.key, edition.label, number)) for number in step.cites]


def endorsing_move(request: AccountRequest) -> Move:
    """The move that gives the next endorsing step: to the approval after the last one, else to the next step."""
    last = endorsing_position(request) == len(steps_of(request)) - 2
    return ENDORSE if last else replace(ENDORSE, target=RequestState.SUBMITTED)


def told(words: Words) -> dict[str, str]:
    """A sentence of the edition in both languages, for a row that is read in either."""
    return {"en": words.en, "fr": words.fr}


def noted(step: Step) -> dict[str, object]:
    """What the log keeps of a step that was given, so that a history can name it in either language."""
    return {"step": {"key": step.key, **told(step.label)}}


def step_for(request: AccountRequest, move: Move) -> Step | None:
    """The step that a move would give now, where the edition's own words name it; None in an edition of two."""
    if move.name not in {ENDORSE.name, APPROVE.name} or not in_own_words(request):
        return None
    return steps_of(request)[-1] if move.name == APPROVE.name else steps_of(request)[endorsing_position(request)]
