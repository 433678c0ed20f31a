"""Every state of the Registration Form, and of an account's standing, with every move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.registry import registering
from rostrum.registry.models import Account, AccountRequest, AccountStanding, Registration
from rostrum.registry.standing import change_standing
from rostrum.registry.states import (
    ACCOUNT_MOVES,
    REGISTRATION_MOVES,
    RegistrationState,
    RequestState,
    Standing,
)
from tests.registry.reached import Reached
from tests.registry.seeing import cited, nothing_changes, watching

REASON = "Checked against the profile."
ACTS: dict[str, Callable[..., Any]] = {
    "send": lambda g, by, reason, seen=None: registering.send(g, by=by, seen=seen),
    "confirm": registering.confirm,
    "return": registering.send_back,
}
MOVES = {move.name: move for move in REGISTRATION_MOVES}
ACTORS = {"send": "teacher", "confirm": "communications", "return": "communications"}
PAIRS = [(state, move) for state in RegistrationState.values for move in MOVES]
LEGAL = [(state, move) for state, move in PAIRS if state in MOVES[move].sources]
REFUSED = [pair for pair in PAIRS if pair not in LEGAL]
STANDING_MOVES = {move.name: move for move in ACCOUNT_MOVES}
STANDING_PAIRS = [(state, move) for state in Standing.values for move in STANDING_MOVES]
STANDING_LEGAL = [(state, move) for state, move in STANDING_PAIRS if state in STANDING_MOVES[move].sources]
STANDING_REFUSED = [pair for pair in STANDING_PAIRS if pair not in STANDING_LEGAL]


def change(account: Account, move: str, **how: Any) -> Account:
    """A move on a standing; a retirement is taken back by whoever decides on an appeal only."""
    return change_standing(account, move, relations={"appeal_decider"} if move == "reinstate" else (), **how)


def test_every_move_of_the_tables_is_tried_here() -> None:
    assert set(ACTS) == set(MOVES)
    assert len(LEGAL) == 4
    assert len(STANDING_LEGAL) == 9


@pytest.mark.parametrize(("state", "move"), REFUSED)
def test_a_form_in_another_state_is_refused_and_stays(state: str, move: str, reached: Reached) -> None:
    registration = reached.registration(state)
    with nothing_changes(), pytest.raises(WrongState):
        ACTS[move](registration, by=getattr(reached.cast, ACTORS[move]), reason=REASON)


@pytest.mark.parametrize(("state", "move"), REFUSED)
def test_a_reader_of_an_older_version_is_too_late(state: str, move: str, reached: Reached) -> None:
    registration = reached.registration(state)
    with nothing_changes(), pytest.raises(Overtaken):
        ACTS[move](registration, by=getattr(reached.cast, ACTORS[move]), reason=REASON, seen=registration.version - 1)


@pytest.mark.parametrize(("state", "move"), LEGAL)
def test_a_stale_copy_of_the_form_loses(state: str, move: str, reached: Reached) -> None:
    first, second = reached.registration(state), reached.registration(state)
    who = getattr(reached.cast, ACTORS[move])
    ACTS[move](first, by=who, reason=REASON)
    with nothing_changes(), pytest.raises(Overtaken):
        ACTS[move](second, by=who, reason=REASON)


def test_sending_names_the_managers_and_asks_them(reached: Reached) -> None:
    cast, registration = reached.cast, reached.registration("draft")
    with watching() as seen:
        registering.send(registration, by=cast.teacher, seen=registration.version)
    assert registration.state == RegistrationState.SENT
    named = ("designation:name", cast.teacher.pk, "requester", cited("1.7", "3.4"), "")
    assert seen.events == [("registration:send", cast.teacher.pk, "requester", cited("3.2", "3.4"), ""), named, named]
    # One accepted manager is the minimum of 3.4, and the teacher accepted by sending: so both can go on.
    assert seen.told(cast) == {
        "colleague": "registration.designated",
        "communications": "registration.confirm_asked",
        "communications2": "registration.confirm_asked",
    }
    assert {(d.person, d.kind, bool(d.accepted_at)) for d in registration.designations.all()} == {
        (cast.teacher, "primary", True),
        (cast.colleague, "second", False),
    }


def test_confirming_opens_one_account_with_one_standing_and_tells_everyone(reached: Reached) -> None:
    cast, registration = reached.cast, reached.registration("sent")
    with watching() as seen:
        account = registering.confirm(registration, by=cast.communications, reason=REASON)
    role, clauses = "communications", cited("1.2", "3.2")
    assert seen.events == [
        (act, cast.communications.pk, role, clauses, note)
        for act, note in (("registration:confirm", REASON), ("accountrequest:register", ""), ("account:open", ""))
    ]
    assert seen.told(cast) == dict.fromkeys(("teacher", "colleague", "principal"), "account.official")
    assert (seen.comments, seen.doubled) == ({REASON}, 0)
    assert registration.request.state == RequestState.REGISTERED
    assert account.state == Standing.RECOGNISED
    assert [(s.state, s.until, s.by, s.reason) for s in account.standings.all()] == [
        (Standing.RECOGNISED, None, cast.communications, REASON)
    ]


def test_a_form_sent_back_tells_the_requester_and_everyone_who_has_a_part(reached: Reached) -> None:
    cast, registration = reached.cast, reached.registration("sent")
    with watching() as seen:
        registering.send_back(registration, by=cast.communications2, reason=REASON)
    assert seen.events == [("registration:return", cast.communications2.pk, "communications", cited("3.2"), REASON)]
    assert seen.told(cast) == {
        "teacher": "registration.returned",
        "principal": "registration.returned_told",
        "colleague": "registration.returned_told",
        "communications": "registration.returned_told",
    }
    assert seen.comments == {REASON}
    assert (registration.state, registration.last_comment) == (RegistrationState.RETURNED, REASON)


def test_register_is_reached_only_through_confirming(reached: Reached) -> None:
    """Of all requests, only an approved one whose form was sent has anything to confirm (AP 193 3.2)."""
    for state in RequestState.values:
        request = reached.request(state)
        registration = Registration.objects.filter(request=request).first()
        assert (registration is not None) == (state in {"approved", "registered", "lapsed"})
        if registration is not None:
            with nothing_changes(), pytest.raises(WrongState):
                registering.confirm(registration, by=reached.cast.communications)


@pytest.mark.parametrize(
    "who",
    ["teacher", "colleague", "principal", "superintendent", "privacy", "director", "auditor", "sysadmin", "charlie"],
)
@pytest.mark.parametrize("move", ["confirm", "return"])
def test_only_communications_confirms_or_sends_back(who: str, move: str, reached: Reached) -> None:
    registration = reached.registration("sent")
    with nothing_changes(), pytest.raises(NotAllowed) as refused:
        ACTS[move](registration, by=getattr(reached.cast, who), reason=REASON)
    assert "Communications" in refused.value.message
    if move == "confirm":
        assert "M. Laurent, J. Gagnon" in refused.value.message


@pytest.mark.parametrize("who", ["colleague", "principal", "communications", "director", "sysadmin", "charlie"])
def test_only_the_requester_fills_in_and_sends_the_form(who: str, reached: Reached) -> None:
    registration = reached.registration("draft")
    with nothing_changes(), pytest.raises(NotAllowed) as refused:
        registering.send(registration, by=getattr(reached.cast, who))
    assert "Sofia Nguyen" in refused.value.message
    with nothing_changes(), pytest.raises(NotAllowed):
        registering.save(registration, {"custody": ["Vault 1"]}, by=getattr(reached.cast, who))


@pytest.mark.parametrize(("state", "move"), STANDING_LEGAL)
def test_a_standing_changes_once_with_its_stretches_and_letters(state: str, move: str, reached: Reached) -> None:
    cast, account = reached.cast, reached.account(state)
    version, stretches = account.version, account.standings.count()
    with watching() as seen:
        change(account, move, by=cast.communications, reason=REASON, seen=version)
    cites = cited(*STANDING_MOVES[move].cites)
    assert (account.state, account.version) == (STANDING_MOVES[move].target, version + 1)
    assert seen.events == [(f"account:{move}", cast.communications.pk, "communications", cites, REASON)]
    assert seen.told(cast) == dict.fromkeys(("teacher", "colleague", "principal"), "account.standing")
    assert (seen.comments, seen.doubled) == ({REASON}, 0)
    rows = list(AccountStanding.objects.filter(account=account))
    assert len(rows) == stretches + 1
    assert [row.until is None for row in rows] == [False] * stretches + [True]
    assert rows[-2].until == rows[-1].since == account.standing_since
    assert (rows[-1].state, rows[-1].reason, rows[-1].citations) == (account.state, REASON, cites)


@pytest.mark.parametrize(("state", "move"), STANDING_REFUSED)
def test_a_standing_that_a_move_does_not_start_from_stays(state: str, move: str, reached: Reached) -> None:
    with nothing_changes(), pytest.raises(WrongState):
        change(reached.account(state), move, by=reached.cast.communications, reason=REASON)


@pytest.mark.parametrize("move", STANDING_MOVES)
def test_a_standing_changes_only_by_communications_with_a_reason_and_once(move: str, reached: Reached) -> None:
    cast, state = reached.cast, min(STANDING_MOVES[move].sources)
    for who in (
        cast.teacher,
        cast.principal,
        cast.superintendent,
        cast.director,
        cast.privacy,
        cast.auditor,
        cast.sysadmin,
        cast.charlie,
    ):
        with nothing_changes(), pytest.raises(NotAllowed) as refused:
            change_standing(reached.account(state), move, by=who, reason=REASON)
        assert ("an appeal" if move == "reinstate" else "Communications") in refused.value.message
    with nothing_changes(), pytest.raises(Invalid):
        change(reached.account(state), move, by=cast.communications, reason=" ")
    first, second = reached.account(state), reached.account(state)
    change(first, move, by=cast.communications, reason=REASON)
    with nothing_changes(), pytest.raises(Overtaken):
        change(second, move, by=cast.communications2, reason=REASON)


def test_an_unknown_move_is_no_move(reached: Reached) -> None:
    with nothing_changes(), pytest.raises(KeyError):
        change_standing(reached.account("recognised"), "delete", by=reached.cast.communications, reason=REASON)


def test_nothing_official_is_deleted(reached: Reached) -> None:
    """Retiring keeps the row, its history and its public id."""
    account = reached.account("retired")
    assert Account.objects.get(public_id=account.public_id) == account
    assert AccountRequest.objects.get(pk=account.registration.request_id).state == RequestState.REGISTERED
    assert [s.state for s in account.standings.all()] == ["recognised", "retired"]
