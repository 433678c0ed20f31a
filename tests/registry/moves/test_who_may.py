"""Every person of the cast with every move: only those in turn may, and everyone else learns whom it waits for."""

from __future__ import annotations

import pytest

from rostrum.core.errors import NotAllowed
from rostrum.registry import actions, queries
from tests.registry.reached import Reached
from tests.registry.seeing import nothing_changes

EVERYONE = (
    "teacher",
    "colleague",
    "principal",
    "superintendent",
    "communications",
    "communications2",
    "privacy",
    "director",
    "auditor",
    "sysadmin",
    "charlie",
)
# Who may make each move from the state it starts in; nobody else, whatever their rank.
MAY = {
    ("draft", "submit"): {"teacher"},
    ("returned", "submit"): {"teacher"},
    ("submitted", "endorse"): {"principal"},
    ("submitted", "return"): {"principal"},
    ("submitted", "decline"): {"principal"},
    ("endorsed", "approve"): {"communications", "communications2"},
    ("endorsed", "return"): {"communications", "communications2"},
    ("endorsed", "decline"): {"communications", "communications2"},
    **{(state, "withdraw"): {"teacher"} for state in ("draft", "returned", "submitted", "endorsed", "approved")},
}
DO = {
    "submit": lambda r, by: actions.submit(r, by=by),
    "endorse": lambda r, by: actions.endorse(r, by=by),
    "approve": lambda r, by: actions.approve(r, by=by),
    "withdraw": lambda r, by: actions.withdraw(r, by=by),
    "return": lambda r, by: actions.return_to_requester(r, by=by, reason="Why"),
    "decline": lambda r, by: actions.decline(r, by=by, reason="Why"),
}
WAITS = {"submitted": "A. Petrova", "endorsed": "M. Laurent, J. Gagnon"}


@pytest.mark.parametrize(("state", "move"), MAY)
def test_only_these_may_and_everyone_else_learns_whose_turn_it_is(state: str, move: str, reached: Reached) -> None:
    for who in sorted(set(EVERYONE) - MAY[state, move]):
        with nothing_changes(), pytest.raises(NotAllowed) as refused:
            DO[move](reached.request(state), getattr(reached.cast, who))
        assert refused.value.status == 403
        expected = "Sofia Nguyen" if move in {"submit", "withdraw"} else WAITS[state]
        assert expected in refused.value.message, who
    for who in MAY[state, move]:
        assert move in {m.name for m in queries.allowed_moves(getattr(reached.cast, who), reached.request(state))}
