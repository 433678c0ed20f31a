"""Every state of Form 193-1 with every move: the legal ones move once, are cited and told; the others change nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.people.models import Person
from rostrum.registry import actions, queries
from rostrum.registry.models import AccountRequest, Registration
from rostrum.registry.states import REQUEST_MOVES, RequestState
from tests.cast import Cast, endorsed, submitted
from tests.registry.conftest import taken_back
from tests.registry.reached import Reached
from tests.registry.seeing import cited, nothing_changes, watching

REASON = "Because the class asked for it."


def _lapse(request: AccountRequest, *, by: Person | None, **_more: Any) -> AccountRequest:
    return actions.lapse(request)


def _withdraw(request: AccountRequest, *, by: Person, **more: Any) -> AccountRequest:
    return actions.withdraw(request, by=by, **more)


def _submit(request: AccountRequest, *, by: Person, reason: str = "", seen: int | None = None) -> AccountRequest:
    return actions.submit(request, by=by, seen=seen)


ACTS: dict[str, Callable[..., AccountRequest]] = {
    "submit": _submit,
    "endorse": actions.endorse,
    "approve": actions.approve,
    "return": actions.return_to_requester,
    "decline": actions.decline,
    "withdraw": _withdraw,
    "lapse": _lapse,
}
MOVES = {move.name: move for move in REQUEST_MOVES if move.name != "register"}  # register: see test_registration_moves
assert set(MOVES) == set(ACTS)
PAIRS = [(state, move) for state in RequestState.values for move in MOVES]
LEGAL = [(state, move) for state, move in PAIRS if state in MOVES[move].sources]
REFUSED = [pair for pair in PAIRS if pair not in LEGAL]

# Who is told what after each legal move; the one who acts is told nothing but that it is on its way.
ASKED = {"communications": "request.approve_asked", "communications2": "request.approve_asked"}
TOLD: dict[tuple[str, str], dict[str, str]] = {
    ("draft", "submit"): {"principal": "request.endorse_asked", "teacher": "request.submitted"},
    ("returned", "submit"): {"principal": "request.endorse_asked", "teacher": "request.submitted"},
    ("submitted", "endorse"): {**ASKED, "teacher": "request.endorsed"},
    ("endorsed", "approve"): {"teacher": "request.approved", "principal": "request.approved_told"},
    ("submitted", "return"): {"teacher": "request.returned"},
    ("endorsed", "return"): {"teacher": "request.returned", "principal": "request.returned_told"},
    ("submitted", "decline"): {"teacher": "request.declined"},
    ("endorsed", "decline"): {"teacher": "request.declined", "principal": "request.declined"},
    ("draft", "withdraw"): {},
    ("returned", "withdraw"): {"principal": "request.withdrawn"},
    ("submitted", "withdraw"): {"principal": "request.withdrawn"},
    ("endorsed", "withdraw"): dict.fromkeys(("principal", "communications", "communications2"), "request.withdrawn"),
    ("approved", "withdraw"): dict.fromkeys(("principal", "communications"), "request.withdrawn"),
    ("approved", "lapse"): dict.fromkeys(("teacher", "principal", "communications"), "request.lapsed"),
}
ROLES = {"principal": "administrator", "communications": "communications", "teacher": "requester"}


def actor(state: str, move: str) -> str:
    """Whoever may make the move when its time has come."""
    if move in {"submit", "withdraw"}:
        return "teacher"
    return (
        "communications"
        if move == "approve" or (move in {"return", "decline"} and state == "endorsed")
        else "principal"
    )


def test_the_tables_of_this_file_are_complete() -> None:
    assert set(TOLD) == set(LEGAL)
    assert len(LEGAL) + len(REFUSED) == len(RequestState.values) * len(MOVES)


@pytest.mark.parametrize(("state", "move"), LEGAL)
def test_a_legal_move_moves_once_is_logged_once_cited_and_told(state: str, move: str, reached: Reached) -> None:
    cast, request = reached.cast, reached.request(state)
    version, who = request.version, actor(state, move)
    with watching() as seen:
        ACTS[move](request, by=getattr(cast, who), reason=REASON, seen=version)
    request.refresh_from_db()
    assert (request.state, request.version) == (MOVES[move].target, version + 1)
    note = "" if move in {"submit", "lapse"} else REASON
    by, role = (None, "clock") if move == "lapse" else (getattr(cast, who).pk, ROLES[who])
    assert seen.events == [(f"accountrequest:{move}", by, role, cited(*MOVES[move].cites), note)]
    assert seen.told(cast) == TOLD[state, move]
    assert seen.doubled == 0
    assert seen.comments <= {note}
    assert request.last_comment == note


@pytest.mark.parametrize(("state", "move"), REFUSED)
def test_a_move_from_another_state_is_refused_and_changes_nothing(state: str, move: str, reached: Reached) -> None:
    request = reached.request(state)
    with nothing_changes(), pytest.raises(WrongState) as refused:
        ACTS[move](request, by=getattr(reached.cast, actor(state, move)), reason=REASON)
    assert refused.value.status == 409
    assert str(RequestState(state).label) in refused.value.message


@pytest.mark.parametrize(("state", "move"), [pair for pair in REFUSED if pair[1] != "lapse"])  # the clock reads no page
def test_whoever_was_reading_an_older_version_is_told_they_are_too_late(
    state: str, move: str, reached: Reached
) -> None:
    request = reached.request(state)
    with nothing_changes(), pytest.raises(Overtaken):
        ACTS[move](request, by=getattr(reached.cast, actor(state, move)), reason=REASON, seen=request.version - 1)


@pytest.mark.parametrize(("state", "move"), LEGAL)
def test_a_stale_copy_loses(state: str, move: str, reached: Reached) -> None:
    """Two windows show the same thing; the second act finds it moved on."""
    first, second = reached.request(state), reached.request(state)
    who = getattr(reached.cast, actor(state, move))
    ACTS[move](first, by=who, reason=REASON)
    with nothing_changes(), pytest.raises(Overtaken):
        ACTS[move](second, by=who, reason=REASON)


@pytest.mark.parametrize(("state", "move"), [pair for pair in LEGAL if MOVES[pair[1]].reason_required])
@pytest.mark.parametrize("reason", ["", "   \n\t ", "hidden \u202e text", "nul \x00", "x" * 2001])
def test_a_no_needs_a_reason_in_plain_text(state: str, move: str, reason: str, reached: Reached) -> None:
    with nothing_changes(), pytest.raises(Invalid) as refused:
        ACTS[move](reached.request(state), by=getattr(reached.cast, actor(state, move)), reason=reason)
    assert list(refused.value.fields) == ["reason"]


@pytest.mark.parametrize("reason", ["O’Brien said “no” <script>alert(1)</script>\n\nVoilà; 3 > 2 & été", "x" * 2000])
def test_a_comment_is_kept_and_told_as_it_was_written(reason: str, reached: Reached) -> None:
    request = reached.request("submitted")
    with watching() as seen:
        actions.return_to_requester(request, by=reached.cast.principal, reason=f"  {reason}\n")
    assert request.last_comment == reason
    assert seen.comments == {reason}


def test_the_buttons_of_a_page_are_exactly_the_acts_that_succeed(reached: Reached) -> None:
    """What `allowed_moves` offers is allowed, and what it does not offer is refused, for every person and state."""
    cast = reached.cast
    people = [cast.teacher, cast.principal, cast.communications, cast.director, cast.charlie]
    for state in ("draft", "submitted", "endorsed", "approved"):
        for person in people:
            offered = {m.name for m in queries.allowed_moves(person, reached.request(state))}
            for move in set(MOVES) - {"lapse"}:
                done = True
                with taken_back():
                    try:
                        ACTS[move](reached.request(state), by=person, reason=REASON)
                    except (NotAllowed, WrongState):
                        done = False
                assert done == (move in offered), (state, move, person.name)


def test_what_was_decided_before_a_return_counts_no_more_when_the_request_is_sent_again(cast: Cast) -> None:
    request = endorsed(cast)
    actions.return_to_requester(request, by=cast.communications, reason="Say which class.")
    assert request.endorsed_by == cast.principal
    actions.submit(request, by=cast.teacher)
    assert (request.endorsed_by, request.endorsed_at, request.last_comment) == (None, None, "")
    with nothing_changes(), pytest.raises(WrongState):
        actions.approve(request, by=cast.communications)


def test_an_ended_approval_takes_its_registration_form_with_it(reached: Reached) -> None:
    for end in ("withdraw", "lapse"):
        registration = Registration.objects.get(request=reached.request("approved"))
        with taken_back():
            ACTS[end](registration.request, by=reached.cast.teacher)
            registration.refresh_from_db()
            assert registration.state == "dropped"


def test_nobody_endorses_what_was_changed_since_they_read_it(cast: Cast) -> None:
    """Sent, returned and sent again: the state is the same as in the old copy, the request is not."""
    request = submitted(cast)
    old = AccountRequest.objects.get(pk=request.pk)
    actions.return_to_requester(request, by=cast.principal, reason="Another purpose.")
    actions.save_draft(request, {"purpose": ["Something else."]}, by=cast.teacher)
    actions.submit(request, by=cast.teacher)
    with nothing_changes(), pytest.raises(Overtaken):
        actions.endorse(old, by=cast.principal)
    with nothing_changes(), pytest.raises(Overtaken):
        actions.endorse(AccountRequest.objects.get(pk=request.pk), by=cast.principal, seen=old.version)
