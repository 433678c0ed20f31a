"""The pages of orders: given from an account's record, answered from Today, confirmed, found in a list, taken away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from rostrum.core import clock
from rostrum.orders import giving
from rostrum.orders.models import AccountOrder
from rostrum.people.models import Person
from rostrum.policies.actions import set_setting
from rostrum.registry.standing import change_standing
from rostrum.web.orders.desk import SHOWN, cards
from tests.cast import Cast, official
from tests.orders.test_orders import done, given
from tests.web.everywhere import A_PICTURE

pytestmark = pytest.mark.django_db


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def typed(**changes: Any) -> dict[str, Any]:
    usual = {
        "kind": "content", "what": "Take the bus times of last year down.", "clause": "1.7", "reason": "They mislead.",
        "due_on": (clock.today() + timedelta(days=5)).isoformat(),
    }  # fmt: skip
    return {**usual, **changes}


def test_1_5_an_order_goes_from_the_record_to_today_and_back(cast: Cast) -> None:
    account, keeper = official(cast), as_(cast.communications)
    new = reverse("web:order_new", args=[account.public_id])
    assert new in keeper.get(reverse("web:account", args=[account.public_id])).content.decode()
    assert new not in as_(cast.principal).get(reverse("web:account", args=[account.public_id])).content.decode()
    page = keeper.get(new).content.decode()
    assert "Sofia Nguyen" in page
    assert "The division has set no usual time for this" in page
    said = keeper.post(new, {**typed(), "seen": account.version, "_key": "a"}, follow=True).content.decode()
    assert "The order is given." in said
    it = AccountOrder.objects.get()
    url = reverse("web:order", args=[it.pk])
    manager = as_(cast.teacher)
    assert url in manager.get("/staff/").content.decode()
    assert url not in as_(cast.principal).get("/staff/").content.decode()
    assert "Take the bus times" in manager.get(reverse("web:account", args=[account.public_id])).content.decode()
    act = reverse("web:order_move", args=[it.pk, "fulfil"])
    assert 'enctype="multipart/form-data"' in manager.get(act).content.decode()
    picture = SimpleUploadedFile("after.png", A_PICTURE, "image/png")
    said = manager.post(act, {"reason": "Gone.", "seen": 1, "screenshot": picture}, follow=True).content.decode()
    assert "You said that it is done." in said
    shot = reverse("web:order_screenshot", args=[it.pk])
    assert shot in said
    assert keeper.get(shot).getvalue() == A_PICTURE
    assert url in keeper.get("/staff/").content.decode()
    said = keeper.post(reverse("web:order_move", args=[it.pk, "confirm"]), {"seen": 2, "reason": ""}, follow=True)
    assert "The order is over." in said.content.decode()
    record = keeper.get(reverse("web:account", args=[account.public_id])).content.decode()
    assert "ordered a change" in record
    assert "confirmed that the change is done" in record


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"due_on": "2020-01-01"}, "due_on"), ({"due_on": "2027-02-29"}, "due_on"), ({"what": ""}, "what"),
     ({"clause": "2.1"}, "clause"), ({"kind": ""}, "kind"), ({"reason": "pin: 4711"}, "reason")],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    cast: Cast, changes: dict[str, str], field: str
) -> None:
    account = official(cast)
    answer = as_(cast.communications).post(reverse("web:order_new", args=[account.public_id]), typed(**changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert ("They mislead." in answer.content.decode()) == ("reason" not in changes)
    assert not AccountOrder.objects.exists()


def test_a_file_that_is_no_picture_is_refused_and_the_line_stays(cast: Cast) -> None:
    it = given(cast)
    url = reverse("web:order_move", args=[it.pk, "fulfil"])
    fake = SimpleUploadedFile("x.png", b"MZ not a picture", "image/png")
    answer = as_(cast.teacher).post(url, {"reason": "The line I typed", "seen": 1, "screenshot": fake})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["screenshot"]
    assert "The line I typed" in answer.content.decode()


def test_a_retired_account_takes_no_order_and_an_open_one_says_that_it_ends(cast: Cast) -> None:
    it = given(cast)
    change_standing(it.account, "close", by=cast.communications, reason="Over.")
    assert as_(cast.communications).get(reverse("web:order_new", args=[it.account.public_id])).status_code == 409
    assert "retired meanwhile" in as_(cast.teacher).get(reverse("web:order", args=[it.pk])).content.decode()
    answer = as_(cast.teacher).post(reverse("web:order_move", args=[it.pk, "fulfil"]), {"reason": "Done.", "seen": 1})
    assert answer.status_code == 409
    assert "Done." in answer.content.decode()


def test_what_is_missing_is_said_with_another_day(cast: Cast) -> None:
    it = done(cast)
    url, later = reverse("web:order_move", args=[it.pk, "send_back"]), clock.today() + timedelta(days=20)
    assert as_(cast.communications).get(url).status_code == 200
    data = {"reason": "The French is missing.", "due_on": later.isoformat(), "seen": it.version}
    said = as_(cast.communications).post(url, data, follow=True).content.decode()
    assert "The French is missing." in said
    it.refresh_from_db()
    assert (it.state, it.due_on) == ("given", later)


def test_the_list_is_filtered_searched_and_taken_away(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    open_one, over = given(cast, what="Change the crest."), giving.confirm(done(cast), by=cast.communications)
    keeper = as_(cast.communications)
    with django_assert_max_num_queries(22):
        page = keeper.get(reverse("web:orders")).content.decode()
    assert "2 orders" in page
    assert page.index(f"/staff/orders/{open_one.pk}/") < page.index(f"/staff/orders/{over.pk}/")
    assert "One order" in keeper.get(reverse("web:orders"), {"state": "open"}).content.decode()
    assert "One order" in keeper.get(reverse("web:orders"), {"q": "crest"}).content.decode()
    assert "No order fits" in keeper.get(reverse("web:orders"), {"state": "late"}).content.decode()
    with clock.standing_at(clock.now() + timedelta(days=30)):
        later = as_(cast.communications)
        assert "One order" in later.get(reverse("web:orders"), {"state": "late"}).content.decode()
        assert "An order of Communications is late: Change the crest." in later.get(
            reverse("web:account", args=[open_one.account.public_id])
        ).content.decode()
    table = keeper.get("/staff/lists/orders/table.csv?state=open").getvalue().decode()
    assert "Change the crest." in table
    assert table.count("\n") == 2
    assert "No change was ordered yet" in as_(cast.charlie).get(reverse("web:orders")).content.decode()


def test_the_usual_time_fills_the_day_in(cast: Cast) -> None:
    set_setting("order_days", 10, by_name="M", reason="Two weeks.", by=cast.communications, role="communications")
    account = official(cast)
    page = as_(cast.communications).get(reverse("web:order_new", args=[account.public_id]))
    assert page.context["form"].initial["due_on"] == clock.today() + timedelta(days=10)


def test_an_order_costs_the_same_however_many_there_are(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    it, client = given(cast), as_(cast.teacher)
    with django_assert_max_num_queries(40):
        client.get(reverse("web:order", args=[it.pk]))


def test_today_names_the_most_pressing_orders_and_counts_the_rest(cast: Cast) -> None:
    first = done(cast)
    for n in range(SHOWN + 1):
        first.pk, first.moved_at = None, first.moved_at + timedelta(minutes=n + 1)
        first.save(force_insert=True)
    found = cards(cast.communications)
    assert len(found) == SHOWN + 1
    assert [str(one.title) for one in found[:-1]] == [first.account.name] * SHOWN
    assert str(found[-1].title) == "2 more orders"
    assert found[-1].url == reverse("web:orders")
    assert [one.since for one in found[:-1]] == sorted(one.since for one in found[:-1]), "the longest waiting first"
