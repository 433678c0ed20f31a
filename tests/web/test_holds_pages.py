"""The pages of crisis holds: found at once, confirmed with numbers, one tap for a manager, nothing typed lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from rostrum.core import clock
from rostrum.orders import holds
from rostrum.orders.hold_models import CrisisHold
from rostrum.people.models import Person
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official
from tests.orders.test_holds import placed

pytestmark = pytest.mark.django_db
NEW = "/staff/holds/new/"


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def soon() -> dict[str, Any]:
    """A hold until tomorrow, as it is typed."""
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    return {"kind": "freeze", "scope": "all", "ends_on": tomorrow, "ends_time": "12:00", "reason": "A threat."}


def test_it_is_one_click_from_today_for_those_who_may_and_for_nobody_else(cast: Cast) -> None:
    assert NEW in as_(cast.communications).get("/staff/").content.decode()
    assert NEW in as_(cast.director).get("/staff/").content.decode()
    assert NEW not in as_(cast.principal).get("/staff/").content.decode()
    assert reverse("web:holds") in as_(cast.communications).get("/staff/oversight/").content.decode()
    assert reverse("web:holds") not in as_(cast.charlie).get("/staff/oversight/").content.decode()


def test_1_5_it_is_placed_only_from_the_page_with_the_numbers(cast: Cast, soon: dict[str, Any]) -> None:
    account, client = official(cast), as_(cast.communications)
    page = client.post(NEW, {**soon, "act": "look"})
    said = page.content.decode()
    assert page.status_code == 200
    assert "Stop one account?" in said
    assert "2 people who can post there get a letter" in said
    assert "Grade 4" not in said
    assert "Rendell Park School: 1" in said
    assert not CrisisHold.objects.exists(), "looking places nothing"
    back = client.post(NEW, {**soon, "act": "change"}).content.decode()
    assert "A threat." in back
    assert not CrisisHold.objects.exists()
    sent = {**soon, "act": "place", "expected": "1", "_key": "once"}
    done = client.post(NEW, sent, follow=True).content.decode()
    it = CrisisHold.objects.get()
    assert "The hold stands." in done
    assert "0 of 2 people have stopped." in done
    client.post(NEW, sent)
    assert CrisisHold.objects.count() == 1, "sent twice, placed once"
    again = client.post(NEW, {**soon, "act": "look"})
    assert again["Location"] == reverse("web:hold", args=[it.pk])
    record = client.get(reverse("web:account", args=[account.public_id])).content.decode()
    assert "Crisis hold: nobody posts here until it is lifted." in record
    assert record.index("Crisis hold: nobody posts") < record.index("Content managers")


def test_the_numbers_changed_meanwhile_so_one_looks_again(cast: Cast, soon: dict[str, Any]) -> None:
    official(cast)
    answer = as_(cast.communications).post(NEW, {**soon, "act": "place", "expected": "7"})
    assert answer.status_code == 409
    assert "A threat." in answer.content.decode()
    assert not CrisisHold.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"ends_on": "2027-02-29"}, "ends_on"),
        ({"ends_time": "25:00"}, "ends_time"),
        ({"reason": ""}, "reason"),
        ({"scope": "chosen", "accounts": ""}, "accounts"),
        ({"scope": "chosen", "accounts": "https://x.com/nobody"}, "accounts"),
        ({"scope": "unit", "unit": ""}, "unit"),
        ({"scope": "platform", "platform": "x"}, "scope"),
        ({"kind": "panic"}, "kind"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    cast: Cast, soon: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    official(cast)
    for act in ("look", "place"):
        answer = as_(cast.communications).post(NEW, {**soon, **changes, "act": act})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert "Error:" in answer.content.decode()
    assert not CrisisHold.objects.exists()


def test_an_unknown_field_or_a_state_is_no_field(cast: Cast, soon: dict[str, Any]) -> None:
    official(cast)
    assert as_(cast.communications).post(NEW, {**soon, "act": "place", "state": "lifted"}).status_code == 422
    assert not CrisisHold.objects.exists()


def test_from_an_accounts_record_the_hold_is_on_that_account(cast: Cast, soon: dict[str, Any]) -> None:
    one, _other = official(cast), official(cast)
    client = as_(cast.communications)
    assert f"{NEW}?account={one.public_id}" in client.get(reverse("web:account", args=[one.public_id])).content.decode()
    assert one.public_id in client.get(f"{NEW}?account={one.public_id}").content.decode()
    chosen = {**soon, "scope": "chosen", "accounts": f"{one.public_id}\n{one.address}", "act": "look"}
    assert "Stop one account?" in client.post(NEW, chosen).content.decode()


def test_a_manager_says_with_one_tap_that_they_have_stopped(cast: Cast) -> None:
    it = placed(cast)
    url, client = reverse("web:hold", args=[it.pk]), as_(cast.teacher)
    today = client.get("/staff/").content.decode()
    assert today.index("I have stopped posting") < today.index("Accounts you look after")
    assert "I have stopped posting" in client.get(url).content.decode()
    said = client.post(reverse("web:hold_stopped", args=[it.pk]), {"_key": "a"}, follow=True).content.decode()
    assert "It is noted that you have stopped." in said
    assert "1 of 2 people have stopped." in said
    assert "I have stopped posting" not in client.get("/staff/").content.decode()
    assert client.get(reverse("web:hold_stopped", args=[it.pk])).status_code == 405
    progress = as_(cast.communications).get(reverse("web:hold_progress", args=[it.pk])).content.decode()
    assert "<html" not in progress
    assert "1 of 2 people have stopped." in progress
    assert "Owen Clarke" in progress


def test_communications_extends_says_and_lifts_and_the_rest_is_told(cast: Cast) -> None:
    account = official(cast)
    it, client = placed(cast), as_(cast.communications)

    def send(move: str, **data: Any) -> str:
        it.refresh_from_db()
        url = reverse("web:hold_move", args=[it.pk, move])
        assert client.get(url).status_code == 200
        return client.post(url, {"seen": it.version, "_key": move, **data}, follow=True).content.decode()

    public = f"/accounts/{account.public_id}"
    assert "This account is paused." not in Client().get(public).content.decode()
    assert "The public pages say so now." in send("say", line_en="This account is paused.", line_fr="")
    assert "This account is paused." in Client().get(public).content.decode()
    assert "new end" in send("extend", ends_on=str(it.ends_at.date()), ends_time="23:58", reason="Not over.")
    url = reverse("web:hold_move", args=[it.pk, "extend"])
    old = client.post(url, {"seen": it.version + 1, "ends_on": "2020-01-01", "ends_time": "10:00", "reason": "x"})
    assert old.status_code == 422
    assert "The hold is lifted." in send("lift", reason="All clear.")
    assert "This account is paused." not in Client().get(public).content.decode()
    late = client.get(reverse("web:hold_move", args=[it.pk, "lift"]))
    assert late.status_code == 409
    assert "Marc Laurent" in late.content.decode()
    assert client.get(reverse("web:hold_move", args=[it.pk, "freeze"])).status_code == 404


def test_whoever_takes_over_sees_where_the_keys_are_and_nobody_else_does(cast: Cast) -> None:
    it = placed(cast, kind="takeover")
    url = reverse("web:hold", args=[it.pk])
    assert "Office vault, entry 14" in as_(cast.communications).get(url).content.decode()
    assert "Office vault, entry 14" not in as_(cast.teacher).get(url).content.decode()


def test_an_account_under_a_hold_says_not_now_and_how_it_goes_on(cast: Cast) -> None:
    account = official(cast)
    placed(cast)
    close = reverse("web:account_move", args=[account.public_id, "close"])
    answer = as_(cast.communications).post(close, {"reason": "Over.", "seen": account.version})
    assert answer.status_code == 409
    assert "A crisis hold stands on it until somebody lifts it" in answer.content.decode()
    change = reverse("web:account_change_new", args=[account.public_id])
    wanted = {"name": "Other", "address": account.address, "unit": "rendell", "reason": "New."}
    assert as_(cast.teacher).post(change, {**wanted, "seen": account.version}).status_code == 409


def test_who_was_not_told_finds_nothing(cast: Cast) -> None:
    it = placed(cast)
    assert as_(cast.charlie).get(reverse("web:hold", args=[it.pk])).status_code == 404
    assert as_(cast.charlie).get("/staff/holds/99999999999999999999/").status_code == 404
    assert "No crisis hold was ever placed" in as_(cast.charlie).get("/staff/holds/").content.decode()


def test_a_retired_account_has_no_line(cast: Cast) -> None:
    account = official(cast)
    it = placed(cast, line_en="This account is paused.")
    holds.lift(it, by=cast.communications, reason="Over.")
    change_standing(account, "close", by=cast.communications, reason="Over.")
    assert "paused" not in Client().get(f"/accounts/{account.public_id}").content.decode()


def test_a_hold_costs_the_same_however_many_it_is_about(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _n in range(3):
        official(cast)
    it, client = placed(cast), as_(cast.communications)
    with django_assert_max_num_queries(32):
        client.get(reverse("web:hold", args=[it.pk]))
    with django_assert_max_num_queries(14):
        client.get(reverse("web:hold_progress", args=[it.pk]))
    with django_assert_max_num_queries(18):
        client.get(reverse("web:holds"))
