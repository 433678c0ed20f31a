"""Every list of the house, with something in it: taken away in both formats, its columns chosen and put back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from rostrum.audit.models import Event
from rostrum.people.list_models import ChosenColumns
from rostrum.web.lists.catalogue import LISTINGS
from tests.web.everywhere import World
from tests.web.test_lists import KEYS, as_, table

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", KEYS)
def test_every_list_is_taken_away_in_both_formats_with_the_same_rows(whole_world: World, key: str) -> None:
    cast = whole_world.cast
    client, listing = as_(cast.communications), LISTINGS[key]
    said = client.get(listing.address()).content.decode()
    assert reverse("web:list_table", args=[key, "xlsx"]) in said
    events = Event.objects.count()
    plain, book = table(client, key), table(client, key, "xlsx")
    assert len(plain) == len(book) > 1
    assert plain[0] == book[0] == [str(one.label) for one in listing.shown(cast.communications)]
    assert [row[0] for row in plain] == [row[0] for row in book]
    taken = Event.objects.filter(act="list:export").order_by("seq")
    assert Event.objects.count() == events + 2
    after = taken[0].kept.payload["after"]
    assert (after["list"], after["format"], after["rows"]) == (key, "csv", len(plain) - 1)


@pytest.mark.parametrize("key", KEYS)
def test_columns_are_chosen_kept_and_taken_back(whole_world: World, key: str) -> None:
    cast = whole_world.cast
    client, listing, url = as_(cast.communications), LISTINGS[key], reverse("web:list_columns", args=[key])
    more = next(one for one in listing.columns if not one.usual)
    answer = client.post(url, {"column": [more.key, "no-such"], "query": "q=rendell&page=3&x=1"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == listing.address("q=rendell")
    assert ChosenColumns.objects.get().columns == [more.key]
    always = [one for one in listing.columns if one.always]
    assert {one.key for one in listing.shown(cast.communications)} == {*(one.key for one in always), more.key}
    said = client.get(listing.address()).content.decode()
    assert f'scope="col">{more.label}</th>' in said
    assert str(more.label) in table(client, key)[0]
    assert listing.shown(cast.teacher) == [one for one in listing.columns if one.usual or one.always], "nobody else's"
    client.post(url, {"column": [more.key], "usual": "1"})
    assert not ChosenColumns.objects.exists()
