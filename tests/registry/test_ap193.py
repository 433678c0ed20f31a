"""The acceptance tests of AP 193, each named after the clause that it keeps."""

from __future__ import annotations

import pytest

from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.policies.queries import form
from rostrum.registry import actions, directory, queries, registering
from rostrum.registry import answers as reading
from rostrum.registry.checks import notes_for
from rostrum.registry.models import Account, AccountRequest, Registration
from rostrum.registry.states import RequestState
from tests.cast import Cast, approved, drafted, endorsed, official, sent_registration, submitted
from tests.registry.reached import filled
from tests.registry.seeing import nothing_changes


def flags(request: AccountRequest, field: str) -> list[tuple[str, str]]:
    """(level, clause) of what the form says about a field."""
    result = reading.read(form(request.edition, actions.FORM), request.answers)
    return [(note.level, note.clause) for note in notes_for(request, result) if note.field == field]


def test_ap193_1_2_nobody_speaks_for_a_school_before_approval_and_registration(cast: Cast) -> None:
    """At every step before the last, the address is not official and the directory does not show it."""
    for build in (drafted, submitted, endorsed, approved, sent_registration):
        thing = build(cast)
        request = thing.request if isinstance(thing, Registration) else thing
        assert directory.verify(request.answers["handle"][0]).result == "not_ours"
        assert not directory.directory(text=request.name).exists()
    account = official(cast)
    assert directory.verify(account.address).result == "official"
    assert list(directory.directory()) == [account]


@pytest.mark.parametrize(
    "name",
    [
        "LPSD",
        "lpsd",
        "L.P.S.D.",
        "L P S D",
        "ＬＰＳＤ",
        "LРSD",
        "L\u0405PD LPSD",
        "Lloydminster Public School Division",
        "LPSD Official",
        "The LPSD News",
    ],
)
def test_ap193_1_3_a_general_name_is_flagged_in_every_disguise_and_never_blocked(name: str, cast: Cast) -> None:
    request = drafted(cast, name=name)
    assert ("flag", "1.3") in flags(request, "name")
    assert actions.submit(request, by=cast.teacher).state == RequestState.SUBMITTED


@pytest.mark.parametrize("name", ["Rendell Park School", "LPSD Rendell Park School", "Rendell Park School Grade 4"])
def test_ap193_1_3_a_name_that_says_who_speaks_passes(name: str, cast: Cast) -> None:
    assert ("flag", "1.3") not in flags(drafted(cast, name=name), "name")


def test_ap193_1_4_a_classroom_account_takes_the_same_two_approvals(cast: Cast) -> None:
    request = submitted(cast, unit=cast.classroom.code, entity_kind="classroom")
    assert [w.act for w in queries.waiting_for(cast.principal)] == ["endorse"]
    with nothing_changes(), pytest.raises(WrongState):
        actions.approve(request, by=cast.communications)


@pytest.mark.parametrize(
    "mailbox",
    [
        "sofia.nguyen@gmail.com",
        "s.nguyen@outlook.com",
        "grade4@lpsd.ca.gmail.com",
        "grade4@lpsd.co",
        "grade4@1psd.ca",
        "x@lpsd",
    ],
)
def test_ap193_1_6_a_personal_mailbox_is_refused(mailbox: str, cast: Cast) -> None:
    request = drafted(cast, mailbox=mailbox)
    with nothing_changes(), pytest.raises(Invalid) as refused:
        actions.submit(request, by=cast.teacher)
    assert list(refused.value.fields) == ["mailbox"]


@pytest.mark.parametrize("mailbox", ["grade4@lpsd.ca", "Grade4@LPSD.CA", "blog@rendellpark.lpsd.ca"])
def test_ap193_1_6_a_division_mailbox_is_accepted(mailbox: str, cast: Cast) -> None:
    assert actions.submit(drafted(cast, mailbox=mailbox), by=cast.teacher).state == RequestState.SUBMITTED


def test_ap193_1_7_and_3_4_no_account_without_a_manager_who_accepted(cast: Cast) -> None:
    request = drafted(cast, primary_manager="")
    with pytest.raises(Invalid) as refused:
        actions.submit(request, by=cast.teacher)
    assert list(refused.value.fields) == ["primary_manager"]
    registration = filled(cast, managers=[cast.colleague.email])
    registering.send(registration, by=cast.teacher)
    with nothing_changes(), pytest.raises(WrongState):
        registering.confirm(registration, by=cast.communications)
    designation = registration.designations.get(person=cast.colleague)
    registering.answer_designation(designation, by=cast.colleague, accept=True)
    account = registering.confirm(registration, by=cast.communications)
    assert [d.person for d in account.registration.designations.filter(accepted_at__isnull=False)] == [cast.colleague]


def test_ap193_3_1_two_different_people_approve_and_neither_is_the_requester(cast: Cast) -> None:
    account = official(cast)
    request = account.registration.request
    three = {request.requester_id, request.endorsed_by_id, request.approved_by_id}
    assert len(three) == 3
    assert None not in three


def test_ap193_3_1_approval_before_endorsement_is_refused(cast: Cast) -> None:
    request = submitted(cast)
    with nothing_changes(), pytest.raises(NotAllowed) as refused:
        actions.approve(request, by=cast.teacher)
    assert "A. Petrova" in refused.value.message
    with nothing_changes(), pytest.raises(WrongState):
        actions.approve(request, by=cast.communications)


def test_ap193_3_2_an_approved_account_that_is_not_registered_is_never_official(cast: Cast) -> None:
    request = approved(cast)
    assert not Account.objects.exists()
    assert queries.status_of(request, cast.teacher).word == "Approved, register it now"
    assert queries.status_of(request, cast.principal).word == "Approved, not registered yet"
    assert list(queries.unregistered()) == [request]
    assert [w.act for w in queries.waiting_for(cast.teacher)] == ["register"]


def test_ap193_3_3_and_3_5_the_promises_are_asked_for_before_anything_is_sent(cast: Cast) -> None:
    for promise in ("permission_promise", "terms_read", "rules_accepted"):
        for said in ("", "no", "on", "true"):
            request = drafted(cast, **{promise: said})
            with nothing_changes(), pytest.raises(Invalid) as refused:
                actions.submit(request, by=cast.teacher)
            assert list(refused.value.fields) == [promise]
