"""Merges at once, with real threads: one wins, the other is told why, and no account is merged into a dead one."""

from __future__ import annotations

import pytest

from rostrum.audit.models import Event
from rostrum.core.errors import Overtaken, WrongState
from rostrum.registry import changing
from rostrum.registry.change_models import AccountChange
from rostrum.registry.closing_models import Closing
from rostrum.registry.merging import propose_merge
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from tests.cast import Cast, build_cast, official
from tests.workflow.test_races import together, won_and_lost

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "One account is enough."


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast in a database that several threads share."""
    return build_cast()


def agreed(cast: Cast) -> AccountChange:
    return changing.agree(propose_merge(official(cast), official(cast), by=cast.teacher, reason=WHY), by=cast.principal)


def copy_of(it: AccountChange) -> AccountChange:
    return AccountChange.objects.get(pk=it.pk)


def account(pk: int) -> Account:
    return Account.objects.get(pk=pk)


def test_two_people_approve_a_merge_at_once(cast: Cast) -> None:
    it = agreed(cast)
    one, two = copy_of(it), copy_of(it)
    won, refused = won_and_lost(
        together(
            lambda: changing.merge(one, by=cast.communications),
            lambda: changing.merge(two, by=cast.communications2),
        )
    )
    assert won == 1
    assert {type(r) for r in refused} <= {Overtaken, WrongState}
    assert Event.objects.filter(act="accountchange:merge").count() == 1
    assert Closing.objects.filter(account=it.account_id).count() == 1
    assert account(it.account_id).standings.filter(state="retired").count() == 1


def test_of_two_merges_in_a_row_proposed_at_once_one_is_on_its_way(cast: Cast) -> None:
    first, second, third = official(cast), official(cast), official(cast)
    won, refused = won_and_lost(
        together(
            lambda: propose_merge(account(first.pk), account(second.pk), by=cast.teacher, reason=WHY),
            lambda: propose_merge(account(second.pk), account(third.pk), by=cast.colleague, reason=WHY),
        )
    )
    assert (won, [type(r) for r in refused]) == (1, [WrongState])
    assert AccountChange.objects.count() == 1


def test_an_account_that_closes_while_another_is_merged_into_it(cast: Cast) -> None:
    it = agreed(cast)
    assert it.into is not None
    mine, closes = copy_of(it), account(it.into.pk)
    merge, closed = together(
        lambda: changing.merge(mine, by=cast.communications),
        lambda: change_standing(closes, "close", by=cast.communications2, reason="It is over."),
    )
    gone, stays = account(it.account_id), account(closes.pk)
    assert stays.state == "retired"
    assert closed is closes
    if isinstance(merge, WrongState | Overtaken):
        assert (gone.state, gone.merged_into, copy_of(it).state) == ("recognised", None, "agreed")
    else:
        assert (gone.merged_into, copy_of(it).state) == (stays, "approved")
        acts = list(Event.objects.order_by("-seq").values_list("act", flat=True)[:2])
        assert acts == ["account:close", "accountchange:merge"], "it was merged while the other one was live"
