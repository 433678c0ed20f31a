"""Two deciders of one appeal at once, with real threads: one answer holds, the other is told, the account says one thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rostrum.audit.models import Event
from rostrum.cases import appealing, deciding
from rostrum.cases.appeal_models import Appeal
from rostrum.cases.decision_models import Decision
from rostrum.cases.models import Case
from rostrum.core.errors import Overtaken, Refusal, WrongState
from rostrum.notices.models import Notice
from rostrum.people.actions import add_person, appoint
from rostrum.people.models import Person
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from tests.cases.reach import appealed, decided, opened, ruling, vary
from tests.cast import Cast, build_cast
from tests.workflow.test_races import together, won_and_lost

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[Appeal, Person], Any]
ACTS: dict[str, Act] = {
    "uphold": lambda it, by: appealing.uphold(it, by=by, reason="It stands."),
    "overturn": lambda it, by: appealing.overturn(it, by=by, reason="It falls."),
    "vary": lambda it, by: vary(it, by),
}


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast in a database that several threads share."""
    return build_cast()


def second_director(cast: Cast) -> Person:
    """For the weeks in which one Director follows another, two people may decide."""
    found = add_person(email="e.lund@lpsd.ca", name="Eva Lund", home_unit=cast.division, by=None)
    appoint(found, role="director", unit=cast.division, by=None)
    return found


def mine(it: Appeal) -> Appeal:
    return Appeal.objects.select_related("decision__account__unit", "decision__case", "lodged_by").get(pk=it.pk)


@pytest.mark.parametrize("other", ["uphold", "overturn", "vary"])
@pytest.mark.parametrize("one", ["uphold", "overturn"])
def test_two_deciders_answer_one_appeal_at_once(cast: Cast, one: str, other: str) -> None:
    eva = second_director(cast)
    appeal = appealed(cast, "suspend")
    first, second = mine(appeal), mine(appeal)
    won, refused = won_and_lost(
        together(lambda: ACTS[one](first, cast.director), lambda: ACTS[other](second, eva))
    )
    assert (won, len(refused)) == (1, 1)
    assert isinstance(refused[0], Overtaken | WrongState)
    appeal.refresh_from_db()
    decision = Decision.objects.get(pk=appeal.decision_id)
    account = Account.objects.get(pk=decision.account_id)
    assert appeal.state in {"upheld", "overturned", "varied"}
    assert account.state == ("suspended" if appeal.state == "upheld" else "recognised")
    assert Event.objects.filter(subject_type="appeal", act__in=[f"appeal:{name}" for name in ACTS]).count() == 1
    assert Notice.objects.filter(kind="appeal.answered", person=cast.teacher).count() == 1
    assert appeal.decided_by in {cast.director, eva}


def test_an_appeal_is_withdrawn_while_it_is_decided(cast: Cast) -> None:
    appeal = appealed(cast, "suspend")
    first, second = mine(appeal), mine(appeal)
    won, refused = won_and_lost(
        together(
            lambda: appealing.withdraw(first, by=cast.teacher, reason="Never mind."),
            lambda: appealing.overturn(second, by=cast.director, reason="It falls."),
        )
    )
    assert (won, len(refused)) == (1, 1)
    appeal.refresh_from_db()
    state = Account.objects.get(pk=appeal.decision.account_id).state
    assert (appeal.state, state) in {("withdrawn", "suspended"), ("overturned", "recognised")}


def test_one_decision_is_appealed_twice_at_once(cast: Cast) -> None:
    decision = decided(cast, "suspend")
    one, two = (Decision.objects.select_related("account__unit", "case").get(pk=decision.pk) for _n in range(2))
    won, refused = won_and_lost(
        together(
            lambda: appealing.lodge(one, by=cast.teacher, reasons="It was a joke."),
            lambda: appealing.lodge(two, by=cast.colleague, reasons="It was a joke among friends."),
        )
    )
    assert won == 1
    assert isinstance(refused[0], Overtaken | WrongState)
    assert Appeal.objects.count() == 1


def test_two_people_decide_one_case_at_once(cast: Cast) -> None:
    case = opened(cast)
    said = ruling(case, "suspend")
    one, two = (Case.objects.select_related("account__unit").get(pk=case.pk) for _n in range(2))
    won, refused = won_and_lost(
        together(
            lambda: deciding.decide(one, by=cast.communications, ruling=said),
            lambda: deciding.decide(two, by=cast.communications2, ruling=said),
        )
    )
    assert (won, len(refused)) == (1, 1)
    assert Decision.objects.count() == 1


def test_an_account_is_retired_while_its_case_is_decided(cast: Cast) -> None:
    case = opened(cast)
    said = ruling(case, "suspend")
    it, account = Case.objects.select_related("account__unit").get(pk=case.pk), Account.objects.get(pk=case.account_id)
    results = together(
        lambda: deciding.decide(it, by=cast.communications, ruling=said),
        lambda: change_standing(account, "close", by=cast.communications2, reason="Over."),
    )
    assert isinstance(results[1], Refusal), "an open case or a decision that may be appealed holds the account"
    assert Account.objects.get(pk=account.pk).state == "suspended"
