"""What a reader does with a list: columns, kept filters, tables to take away, and a slip of the finger forgiven."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from rostrum.audit.models import Event
from rostrum.people.list_models import SavedFilter
from rostrum.people.models import Person
from rostrum.registry.standing import change_standing
from rostrum.web.lists.catalogue import LISTINGS
from rostrum.web.lists.keeping import lists
from tests.cast import Cast, official, submitted
from tests.web.everywhere import a_known_account

pytestmark = pytest.mark.django_db
KEYS = sorted(LISTINGS)


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def table(client: Client, key: str, kind: str = "csv", query: str = "") -> list[list[object]]:
    answer = client.get(reverse("web:list_table", args=[key, kind]) + query)
    assert answer.status_code == 200
    body = answer.getvalue()  # it is streamed
    if kind == "csv":
        return [list(row) for row in csv.reader(io.StringIO(body.decode().removeprefix("\ufeff")))]
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()


def filled(cast: Cast) -> None:
    official(cast)
    submitted(cast)
    a_known_account(cast)


@pytest.mark.parametrize("key", KEYS)
def test_a_look_without_taking_leaves_no_entry(cast: Cast, key: str) -> None:
    assert as_(cast.communications).head(reverse("web:list_table", args=[key, "csv"])).status_code == 200
    assert not Event.objects.filter(act="list:export").exists()


def test_a_table_holds_what_its_reader_may_see_and_the_filter_leaves(cast: Cast) -> None:
    kept, other = official(cast), official(cast)
    change_standing(other, "suspend", by=cast.communications, reason="A look.")
    rows = table(as_(cast.communications), "accounts", query="?state=suspended")
    assert [row[0] for row in rows[1:]] == [other.name]
    assert len(table(as_(cast.communications), "accounts")) == 3
    assert table(as_(cast.charlie), "accounts", query="?tab=all")[1:] == []
    assert kept.name in {row[0] for row in table(as_(cast.teacher), "accounts")}


def test_no_column_at_all_leaves_the_name(cast: Cast) -> None:
    official(cast)
    client = as_(cast.communications)
    client.post(reverse("web:list_columns", args=["accounts"]), {})
    assert table(client, "accounts")[0] == ["Name", "Handle"]
    assert client.get(reverse("web:accounts")).status_code == 200


@pytest.mark.parametrize("key", KEYS)
def test_a_filter_is_kept_applied_renamed_and_deleted(cast: Cast, key: str) -> None:
    filled(cast)
    client, listing = as_(cast.communications), LISTINGS[key]
    said = client.get(listing.address("q=rendell")).content.decode()
    keep = reverse("web:list_filter_keep", args=[key])
    assert keep in said
    assert keep not in client.get(listing.address()).content.decode(), "nothing to keep"
    said = client.post(keep, {"name": "Rendell only", "query": "q=rendell&page=2"}, follow=True).content.decode()
    assert "is kept above the list" in said
    it = SavedFilter.objects.get()
    assert (it.query, it.listing, it.person) == ("q=rendell", key, cast.communications)
    assert "chip-on" in said
    assert "Rendell only" not in as_(cast.teacher).get(listing.address()).content.decode()
    said = client.post(reverse("web:list_filter", args=[it.pk]), {"name": "Our school"}, follow=True).content.decode()
    assert "Our school" in said
    drop = reverse("web:list_filter_drop", args=[it.pk])
    assert "You are about to delete the filter “Our school”" in client.get(drop).content.decode()
    assert SavedFilter.objects.exists(), "looking deletes nothing"
    said = client.post(drop, follow=True).content.decode()
    assert "is deleted" in said
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("name", "query", "field"),
    [("", "q=a", "name"), ("x" * 61, "q=a", "name"), ("A\u202eb", "q=a", "name"), ("Mine", "q=b", "name"),
     ("New", "", None), ("New", "sort=name", None), ("New", "nothing=1", None)],
)  # fmt: skip
def test_a_filter_that_cannot_be_kept_says_why_and_loses_nothing(
    cast: Cast, name: str, query: str, field: str | None
) -> None:
    lists.keep_filter(cast.teacher, "accounts", "mine", "q=a")
    answer = as_(cast.teacher).post(reverse("web:list_filter_keep", args=["accounts"]), {"name": name, "query": query})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field or "__all__"]
    assert SavedFilter.objects.count() == 1
    if name and "\u202e" not in name:
        assert name in answer.content.decode()


def test_too_many_filters_are_refused_with_the_way_on(cast: Cast) -> None:
    for number in range(lists.MOST):
        lists.keep_filter(cast.teacher, "accounts", f"Filter {number}", "q=a")
    answer = as_(cast.teacher).post(reverse("web:list_filter_keep", args=["accounts"]), {"name": "One", "query": "q=a"})
    assert answer.status_code == 409
    assert "Delete one first" in answer.content.decode()


def test_a_filter_is_nobody_elses(cast: Cast) -> None:
    it = lists.keep_filter(cast.teacher, "accounts", "Mine", "q=a")
    for name in ("list_filter", "list_filter_drop"):
        assert as_(cast.communications).get(reverse(f"web:{name}", args=[it.pk])).status_code == 404
        assert as_(cast.communications).post(reverse(f"web:{name}", args=[it.pk]), {"name": "x"}).status_code == 404
    assert SavedFilter.objects.get().name == "Mine"


def test_a_filter_whose_school_is_gone_still_opens_and_says_so(cast: Cast) -> None:
    official(cast)
    said = as_(cast.communications).get(reverse("web:accounts"), {"school": "closed-school"}).content.decode()
    assert "it narrows nothing: School." in said


@pytest.mark.parametrize("key", ["nothing", "accounts2"])
def test_no_other_list_is_there(cast: Cast, key: str) -> None:
    client = as_(cast.communications)
    assert client.get(reverse("web:list_table", args=[key, "csv"])).status_code == 404
    assert client.post(reverse("web:list_columns", args=[key])).status_code == 404
    assert client.get(reverse("web:list_table", args=["accounts", "pdf"])).status_code == 404


@pytest.mark.parametrize(
    ("page", "typed", "meant"),
    [
        ("web:accounts", "Rendlel", "rendell"),
        ("web:requests", "Ngyuen", "nguyen"),
        ("web:people", "Petorva", "petrova"),
        ("web:known_list", "rendellparkmascto", "rendellparkmascot"),
    ],
)
def test_one_slip_is_forgiven_and_said(cast: Cast, page: str, typed: str, meant: str) -> None:
    filled(cast)
    client = as_(cast.communications)
    said = client.get(reverse(page), {"q": typed}).content.decode()
    assert f"<strong>{meant}</strong>" in said
    assert "data-row" in said
    assert "data-row" not in client.get(reverse(page), {"q": typed, "exact": "1"}).content.decode()
    assert "data-row" not in client.get(reverse(page), {"q": "zzzzqqqqq"}).content.decode()


def test_accents_and_case_do_not_matter_in_requests(cast: Cast) -> None:
    it = submitted(cast, name="Rendell Park École de Noël")
    client = as_(cast.communications)
    for typed in ("ecole noel", "ÉCOLE", "noël", it.ref or ""):
        assert it.ref in client.get(reverse("web:requests"), {"q": typed}).content.decode()
