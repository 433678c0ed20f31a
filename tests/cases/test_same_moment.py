"""An act happens in one moment: what a decision did to the standing is told apart by order, not by the clock."""

from __future__ import annotations

import pytest

from rostrum.cases import appealing
from rostrum.core import clock
from rostrum.registry.models import AccountStanding
from tests.cast import Cast, official

from .reach import appealed, decided, opened

pytestmark = pytest.mark.django_db


def test_a_review_that_ended_in_the_moment_of_the_decision_does_not_keep_the_account_suspended(cast: Cast) -> None:
    account = official(cast)
    case = opened(cast, account, review=True)
    with clock.standing_at(clock.now()):
        decision = decided(cast, "suspend", case=case)
    moments = AccountStanding.objects.filter(account=account).order_by("pk").values_list("since", flat=True)
    assert moments[2] == moments[3]
    appealing.overturn(appealed(cast, decision=decision), by=cast.director, reason="It falls.")
    account.refresh_from_db()
    assert account.state == "recognised"
