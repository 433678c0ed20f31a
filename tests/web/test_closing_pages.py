"""The pages of closing an account: the checklist kept as one goes, retired or in a hurry, the parked name used again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from rostrum.core import clock
from rostrum.people.models import Person
from rostrum.registry.closing_models import Closing, ClosingAnswer, ParkedHandle
from rostrum.registry.models import Account, AccountRequest, AccountStanding
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official
from tests.registry.test_closing import SAID, filled, in_a_hurry, ready, renewal, retired, started

pytestmark = pytest.mark.django_db


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_1_10_closing_with_its_checklist_from_the_record_to_the_public_page(cast: Cast) -> None:
    account, manager, keeper = official(cast), as_(cast.teacher), as_(cast.communications)
    new = reverse("web:closing_new", args=[account.public_id])
    assert new in manager.get(reverse("web:account", args=[account.public_id])).content.decode()
    assert "Who was told" in manager.get(new).content.decode()
    manager.post(new, {"reason": "The class has ended.", "seen": account.version, "_key": "a"})
    it = Closing.objects.get()
    page = reverse("web:closing", args=[it.pk])
    assert manager.get(new)["Location"] == page
    assert "0 of 5 answered" in manager.get(page).content.decode()
    for item, said in SAID.items():
        data = {**said, **({"day": renewal().isoformat()} if item == "handle" else {}), "_key": item}
        answer = manager.post(reverse("web:closing_answer", args=[it.pk, item]), data)
        assert answer["Location"] == f"{page}#{item}", item
    said = manager.get(page).content.decode()
    assert "5 of 5 answered" in said
    assert "Office drive, folder Grade 4." in said
    hand_in = reverse("web:closing_move", args=[it.pk, "hand_in"])
    assert hand_in in said
    it.refresh_from_db()
    manager.post(hand_in, {"reason": "", "seen": it.version})
    assert page in keeper.get("/staff/").content.decode()
    retire = reverse("web:closing_move", args=[it.pk, "retire"])
    assert "The class has ended." in keeper.get(retire).content.decode(), "the reason is filled in"
    it.refresh_from_db()
    said = keeper.post(retire, {"reason": "The class has ended.", "seen": it.version}, follow=True).content.decode()
    assert "Nothing is owed." in said
    public = Client().get(f"/accounts/{account.public_id}").content.decode()
    assert "Thank you for a good year." in public
    assert "We keep its name" in public
    assert "Office vault" not in public
    record = manager.get(reverse("web:account", args=[account.public_id])).content.decode()
    assert "Retired and parked." in record
    assert "started to close the account" in record


@pytest.mark.parametrize(
    ("item", "said", "field"),
    [
        ("keys", {"answer": "recovered", "detail": "pin: 4711"}, "detail"),
        ("told", {"answer": "told", "detail": ""}, "detail"),
        ("told", {"detail": "Families"}, "answer"),
        ("handle", {"answer": "parked", "day": "2027-02-29"}, "day"),
        ("handle", {"answer": "parked", "day": "2020-01-01"}, "day"),
        ("handle", {"answer": "parked"}, "day"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    cast: Cast, item: str, said: dict[str, str], field: str
) -> None:
    it = started(cast)
    answer = as_(cast.teacher).post(reverse("web:closing_answer", args=[it.pk, item]), said)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Error:" in page
    assert list(answer.context["form"].errors) == [field]
    for value in said.values():
        assert value in page or value in {"parked", "told", "recovered"}
    assert not ClosingAnswer.objects.exists()


def test_a_state_is_no_field_and_an_unknown_item_is_nothing(cast: Cast) -> None:
    it = started(cast)
    url = reverse("web:closing_answer", args=[it.pk, "told"])
    assert as_(cast.teacher).post(url, {**SAID["told"], "state": "done"}).status_code == 422
    assert as_(cast.teacher).post(reverse("web:closing_answer", args=[it.pk, "crest"]), SAID["told"]).status_code == 404
    assert as_(cast.teacher).get(url).status_code == 405


def test_in_a_hurry_it_is_retired_first(cast: Cast) -> None:
    account, keeper = official(cast), as_(cast.communications)
    hurry = reverse("web:account_move", args=[account.public_id, "close"])
    assert hurry in keeper.get(reverse("web:closing_new", args=[account.public_id])).content.decode()
    assert hurry not in as_(cast.teacher).get(reverse("web:closing_new", args=[account.public_id])).content.decode()
    old = {"reason": "Stolen.", "checklist_due": "2020-01-01", "seen": account.version}
    answer = keeper.post(hurry, old)
    assert answer.status_code == 422
    assert "Stolen." in answer.content.decode()
    due = clock.today() + timedelta(days=10)
    said = keeper.post(hurry, {**old, "checklist_due": due.isoformat()}, follow=True).content.decode()
    assert "5 items are open" in said
    it = Closing.objects.get()
    assert (it.state, it.due_on) == ("owed", due)
    page = reverse("web:closing", args=[it.pk])
    for who in (cast.communications, cast.teacher, cast.principal):
        assert page in as_(who).get("/staff/").content.decode()
    assert page not in as_(cast.charlie).get("/staff/").content.decode()


def test_a_suspension_says_until_when_and_goes_on(cast: Cast) -> None:
    account, keeper = official(cast), as_(cast.communications)
    end = clock.today() + timedelta(days=10)
    url = reverse("web:account_move", args=[account.public_id, "suspend"])
    data = {"reason": "Odd posts.", "ends_on": end.isoformat(), "condition": "Change the sign-in.", "seen": account.version}
    said = keeper.post(url, data, follow=True).content.decode()
    assert "To get the mark back:" in said
    account.refresh_from_db()
    extend = reverse("web:account_move", args=[account.public_id, "extend"])
    assert extend in said
    later = {"reason": "Not yet.", "ends_on": (end + timedelta(days=9)).isoformat(), "seen": account.version}
    assert keeper.get(extend).status_code == 200
    assert "The suspension goes on as you said." in keeper.post(extend, later, follow=True).content.decode()
    assert AccountStanding.objects.get(account=account, until=None).ends_on == end + timedelta(days=9)
    public = Client().get(f"/accounts/{account.public_id}").content.decode()
    assert "Change the sign-in" not in public, "what must be done is the division's own affair"
    with clock.standing_at(clock.now() + timedelta(days=40)):
        assert "Restore or extend" in as_(cast.communications).get("/staff/").content.decode()


def test_a_parked_name_is_looked_after_given_up_and_used_again(cast: Cast) -> None:
    it = ParkedHandle.objects.get(account=retired(cast).account)
    page, keeper = reverse("web:parked", args=[it.pk]), as_(cast.communications)
    assert page in keeper.get(reverse("web:parked_list")).content.decode()
    with clock.standing_at(clock.now() + timedelta(days=300)):
        later = as_(cast.communications)
        assert page in later.get("/staff/").content.decode()
        assert "It was to be looked after on" in later.get(page).content.decode()
        assert page in later.get(reverse("web:parked_list"), {"state": "due"}).content.decode()
    renew = reverse("web:parked_move", args=[it.pk, "renew"])
    assert keeper.post(renew, {"day": "", "reason": "", "seen": 1}).status_code == 422
    new = (clock.today() + timedelta(days=400)).isoformat()
    assert "It is noted." in keeper.post(renew, {"day": new, "reason": "All quiet.", "seen": 1}, follow=True).content.decode()
    table = keeper.get("/staff/lists/parked/table.csv").getvalue().decode()
    assert it.account.handle in table
    again = reverse("web:parked_again", args=[it.pk])
    answer = as_(cast.colleague).post(again, {"_key": "x"})
    request = AccountRequest.objects.get(requester=cast.colleague)
    assert answer["Location"] == reverse("web:request_form", args=[request.ref])
    give_up = reverse("web:parked_move", args=[it.pk, "give_up"])
    assert as_(cast.teacher).get(give_up).status_code == 403
    assert "anyone" in keeper.get(give_up).content.decode().lower()
    said = keeper.post(give_up, {"reason": "Nobody wants it.", "seen": 2}, follow=True).content.decode()
    assert "The public is warned of it." in said
    assert keeper.get(renew).status_code == 409


def test_what_is_over_is_not_done_again(cast: Cast) -> None:
    it = retired(cast)
    for move in ("hand_in", "return", "retire", "finish", "abandon"):
        url = reverse("web:closing_move", args=[it.pk, move])
        assert as_(cast.communications).get(url).status_code == 409
        assert as_(cast.communications).post(url, {"seen": it.version, "reason": "x"}).status_code == 409
    assert as_(cast.communications).get(reverse("web:closing_move", args=[it.pk, "burn"])).status_code == 404
    assert as_(cast.teacher).get(reverse("web:closing_new", args=[it.account.public_id]))["Location"].endswith(f"/{it.pk}/")


def test_an_older_page_is_too_late_and_an_incomplete_checklist_is_not_handed_in(cast: Cast) -> None:
    it = filled(cast)
    change_standing(Account.objects.get(pk=it.account_id), "close", by=cast.communications, reason="Stolen.")
    answer = as_(cast.teacher).post(
        reverse("web:closing_move", args=[it.pk, "hand_in"]), {"seen": it.version, "reason": "My words"}
    )
    assert answer.status_code == 409
    assert "My words" in answer.content.decode()
    other = started(cast)
    assert as_(cast.teacher).get(reverse("web:closing_move", args=[other.pk, "hand_in"])).status_code == 409


def test_who_has_no_part_in_it_finds_nothing(cast: Cast) -> None:
    it = ready(cast)
    assert as_(cast.charlie).get(reverse("web:closing", args=[it.pk])).status_code == 404
    assert "No account is being closed" in as_(cast.charlie).get(reverse("web:closings")).content.decode()
    assert "No name is parked" in as_(cast.charlie).get(reverse("web:parked_list")).content.decode()


def test_pages_cost_the_same_however_many_there_are(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    it, hurried, client = ready(cast), in_a_hurry(cast), as_(cast.communications)
    with django_assert_max_num_queries(45):
        client.get(reverse("web:closing", args=[it.pk]))
    with django_assert_max_num_queries(20):
        client.get(reverse("web:closings"))
    assert hurried.state == "owed"
