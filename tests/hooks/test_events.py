"""What other systems hear of: each kind from the act that makes it, public facts only, nothing of what was taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction

from rostrum.hooks.events import KINDS
from rostrum.hooks.models import HookDelivery
from rostrum.hooks.sending import gather
from rostrum.people.actions import change_unit
from rostrum.registry import actions, changing
from rostrum.registry.standing import change_standing
from tests.cast import Cast, approved, official, submitted
from tests.hooks.conftest import Adding

pytestmark = pytest.mark.django_db
# Nothing of these may stand in any message: who asked, who decided, what was typed.
PRIVATE = ("Sofia Nguyen", "Ana Petrova", "Marc Laurent", "s.nguyen", "grade4.rendellpark@lpsd.ca", "A private reason")


def heard() -> list[tuple[str, dict[str, Any]]]:
    """Every message that is owed by now, oldest first, after the log was read on."""
    gather()
    return [(one.kind, one.payload) for one in HookDelivery.objects.order_by("pk")]


def test_each_act_on_an_account_is_told_once_with_the_standing_of_its_moment(cast: Cast, listening: Adding) -> None:
    listening(*(kind for kind in KINDS if kind.startswith("account.")))
    account = official(cast)
    for move in ("review", "clear", "suspend", "restore", "close"):
        change_standing(account, move, by=cast.communications, reason="A private reason.")
    told = heard()
    assert [kind for kind, _said in told] == [
        "account.official", "account.suspended", "account.restored", "account.retired",
    ], "a review and its end are the division's own affair"  # fmt: skip
    assert [said["data"]["standing"] for _kind, said in told] == ["official", "suspended", "official", "retired"]
    assert heard() == told, "reading on tells nothing twice"


def test_another_name_or_address_of_an_account_is_told(cast: Cast, listening: Adding) -> None:
    listening("account.changed")
    account = official(cast)
    it = changing.propose(
        account, by=cast.principal, name="Rendell Park School Choir", address=account.address, unit=account.unit,
        reason="A private reason.",
    )  # fmt: skip
    assert heard() == [], "nothing changed before the last yes"
    changing.approve(it, by=cast.communications)
    [(kind, said)] = heard()
    assert (kind, said["data"]["name"]) == ("account.changed", "Rendell Park School Choir")


def test_another_name_of_a_school_is_told_for_each_of_its_live_accounts(cast: Cast, listening: Adding) -> None:
    listening("account.changed")
    live, gone = official(cast), official(cast)
    change_standing(gone, "close", by=cast.communications, reason="A private reason.")
    change_unit(cast.classroom, by=cast.sysadmin, name="Grade 4 and 5", town="", phone="", email="", website="")
    told = heard()
    assert [(kind, said["data"]["id"], said["data"]["unit"]) for kind, said in told] == [
        ("account.changed", live.public_id, "Grade 4 and 5")
    ]


def test_a_request_tells_its_number_and_state_and_nothing_else(cast: Cast, listening: Adding) -> None:
    listening("request.moved")
    request = submitted(cast)
    actions.endorse(request, by=cast.principal, reason="A private reason.")
    actions.decline(request, by=cast.communications, reason="A private reason.")
    told = heard()
    assert [said["data"] for _kind, said in told] == [
        {"ref": request.ref, "state": state} for state in ("submitted", "endorsed", "declined")
    ]


def test_no_message_of_any_kind_holds_a_person_or_a_reason(cast: Cast, listening: Adding) -> None:
    listening()
    account = official(cast)
    approved(cast)
    change_standing(account, "suspend", by=cast.communications, reason="A private reason.")
    told = json.dumps(heard())
    assert len(told) > 1000
    assert [word for word in PRIVATE if word in told] == []


def test_what_was_taken_back_is_never_told(cast: Cast, listening: Adding) -> None:
    listening()
    account = official(cast)
    before = heard()
    with transaction.atomic():
        change_standing(account, "suspend", by=cast.communications, reason="A private reason.")
        transaction.set_rollback(True)
    assert heard() == before


def test_an_endpoint_hears_only_what_it_asked_for(cast: Cast, listening: Adding) -> None:
    listening("account.suspended")
    account = official(cast)
    change_standing(account, "suspend", by=cast.communications, reason="A private reason.")
    assert [kind for kind, _said in heard()] == ["account.suspended"]
