"""The main job, end to end through the actions: AP 193 1.2, 3.1, 3.2."""

from __future__ import annotations

from rostrum.audit.queries import history_many
from rostrum.registry import directory, queries
from rostrum.registry.models import AccountRequest
from rostrum.registry.states import RequestState
from tests.cast import Cast, official, submitted


def test_ap193_3_1_and_3_2_a_request_becomes_official_only_after_both_approvals_and_registration(cast: Cast) -> None:
    account = official(cast)
    request = account.registration.request
    assert request.state == RequestState.REGISTERED
    assert request.endorsed_by == cast.principal
    assert request.approved_by == cast.communications
    assert directory.verify(account.address).result == "official"
    acts = [entry.act for entry in history_many([request, account.registration, account])]
    for act in ("accountrequest:submit", "accountrequest:endorse", "accountrequest:approve", "registration:send",
                "registration:confirm", "account:open"):
        assert acts.count(act) == 1


def test_a_submitted_request_waits_for_the_principal_and_nobody_else(cast: Cast) -> None:
    request = submitted(cast)
    assert [w.act for w in queries.waiting_for(cast.principal)] == ["endorse"]
    assert queries.waiting_for(cast.communications) == []
    assert queries.status_of(request, cast.teacher).word == "Waiting for A. Petrova"
    assert AccountRequest.objects.get(pk=request.pk).endorsed_by is None
