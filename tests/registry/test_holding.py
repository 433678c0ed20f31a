"""Holds on accounts: what is open about an account forbids retiring it, and lifting the mark allows it again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rostrum.audit.models import Event
from rostrum.core.errors import NotAllowed, WrongState
from rostrum.registry import holding
from rostrum.registry.hold_models import AccountHold
from rostrum.registry.holding import held, holds, lift_hold, place_hold, refuse_when_held, words_of
from rostrum.registry.models import AccountStanding
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_kind() -> Iterator[None]:
    holding.declare("test_matter", "A matter about it is open (%(ref)s).")
    yield
    del holding.KINDS["test_matter"]


def test_1_10_an_account_that_is_looked_into_cannot_be_retired(cast: Cast) -> None:
    account = official(cast)
    mark = place_hold(account, kind="test_matter", ref="7", by=cast.communications)
    events = Event.objects.count()
    with pytest.raises(WrongState) as refused:
        change_standing(account, "close", by=cast.communications, reason="It is over.")
    assert "A matter about it is open (7)." in refused.value.message
    assert Event.objects.count() == events
    assert AccountStanding.objects.get(account=account, until=None).state == "recognised"
    change_standing(account, "suspend", by=cast.communications, reason="Odd posts."), "only retiring is forbidden"
    assert lift_hold(account, kind="test_matter", ref="7", by=cast.communications)
    change_standing(account, "close", by=cast.communications, reason="It is over.")
    mark.refresh_from_db()
    assert (mark.set_by, mark.lifted_by) == (cast.communications, cast.communications)
    assert mark.until is not None


def test_whoever_may_not_retire_it_is_told_so_before_what_holds_it(cast: Cast) -> None:
    account = official(cast)
    place_hold(account, kind="test_matter", ref="7", by=cast.communications)
    with pytest.raises(NotAllowed):
        change_standing(account, "close", by=cast.charlie, reason="It is over.")


def test_each_thing_holds_once_and_lifts_its_own_mark(cast: Cast) -> None:
    account, other = official(cast), official(cast)
    first = place_hold(account, kind="test_matter", ref="1", by=cast.communications)
    events = Event.objects.count()
    assert place_hold(account, kind="test_matter", ref="1", by=cast.communications2).pk == first.pk
    assert Event.objects.count() == events, "holding it again is no act"
    place_hold(account, kind="test_matter", ref="2", by=cast.communications)
    assert [words_of(one) for one in holds(account)] == [
        "A matter about it is open (1).", "A matter about it is open (2).",
    ]  # fmt: skip
    assert not lift_hold(other, kind="test_matter", ref="1", by=cast.communications)
    assert lift_hold(account, kind="test_matter", ref="1", by=cast.communications)
    assert not lift_hold(account, kind="test_matter", ref="1", by=cast.communications)
    assert [one.ref for one in holds(account)] == ["2"]
    assert held([account.pk, other.pk]) == {account.pk}
    with pytest.raises(WrongState):
        refuse_when_held(account)
    refuse_when_held(other)
    assert [e.act for e in Event.objects.order_by("-seq")[:2]] == ["account:unhold", "account:hold"]


def test_an_unknown_kind_holds_nothing_and_a_retired_account_is_kept_from_purging(cast: Cast) -> None:
    account = official(cast)
    with pytest.raises(KeyError):
        place_hold(account, kind="nobody_knows", ref="1", by=None)
    assert AccountHold.objects.count() == 0
    change_standing(account, "close", by=cast.communications, reason="It is over.")
    place_hold(account, kind="test_matter", ref="1", by=cast.communications)
    assert held([account.pk]) == {account.pk}


def test_two_sentences_for_one_kind_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="twice"):
        holding.declare("test_matter", "Another sentence.")


def test_only_an_appeal_takes_a_retirement_back(cast: Cast) -> None:
    account = change_standing(official(cast), "close", by=cast.communications, reason="It is over.")
    for who in (cast.communications, cast.director, cast.principal, cast.teacher):
        with pytest.raises(NotAllowed):
            change_standing(account, "reinstate", by=who, reason="It lives.")
    change_standing(account, "reinstate", by=cast.director, reason="It lives.", relations={"appeal_decider"})
    assert account.state == "recognised"
    assert [s.state for s in AccountStanding.objects.filter(account=account)] == ["recognised", "retired", "recognised"]


def test_a_retirement_is_not_taken_back_onto_an_address_that_is_registered_again(cast: Cast) -> None:
    account = official(cast)
    change_standing(account, "close", by=cast.communications, reason="It is over.")
    official(cast, handle=account.address)
    with pytest.raises(WrongState, match="registered at this address"):
        change_standing(account, "reinstate", by=cast.director, reason="It lives.", relations={"appeal_decider"})
    account.refresh_from_db()
    assert account.state == "retired"
