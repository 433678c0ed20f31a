"""JSON, CSV, Atom, sitemap: what they say and never say, filters, conditional requests, reading from other sites."""

from __future__ import annotations

import csv
import io
import json
import urllib.robotparser
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from rostrum.core import clock
from rostrum.core.tables import FORMULA, safe_cell
from rostrum.directory import machines, rows
from rostrum.directory.asked import Asked
from rostrum.directory.atom import atom_of
from rostrum.directory.rows import json_of
from rostrum.directory.sitemap import sitemap_xml
from rostrum.people.actions import change_unit
from rostrum.people.models import Person
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from tests.cast import Cast, approved, sent_registration
from tests.directory.conftest import Accounts

pytestmark = pytest.mark.django_db
FILES = ("/directory.json", "/directory.csv", "/directory.atom", "/trust.txt", "/sitemap.xml", "/directory.pub")
KEYS = {
    "id", "name", "unit", "unit_id", "school", "kind", "platform", "handle", "address", "standing", "official_since",
    "standing_since", "page", "unit_page", "merged_into",
}  # fmt: skip


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files kept ready between requests, as in a running server."""
    machines.forget()
    monkeypatch.setattr(machines, "KEEP", True)
    yield
    machines.forget()


def told(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"/directory.json?{query}")
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "application/json"
    found: dict[str, Any] = json.loads(response.content)
    return found


def ids(document: dict[str, Any]) -> set[str]:
    return {account["id"] for account in document["accounts"]}


def csv_rows(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/directory.csv?{query}")
    assert response.content.startswith(b"\xef\xbb\xbf"), "without the mark, spreadsheets read É as Ã‰"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_json_tells_what_is_official_and_nothing_of_anyone(accounts: Accounts, cast: Cast, client: Client) -> None:
    sent_registration(cast), approved(cast)
    document = told(client)
    live = {accounts.insta, accounts.facebook, accounts.youtube, accounts.blog, accounts.suspended}
    assert ids(document) == {account.public_id for account in live}
    assert document["total"] == 5
    assert document["next"] is None
    for account in document["accounts"]:
        assert set(account) == KEYS, "keys only ever grow, and by intent"
        assert account["page"] == f"{settings.SITE_URL}/accounts/{account['id']}"
        assert client.get(account["page"].removeprefix(settings.SITE_URL)).status_code == 200
        assert client.get(account["unit_page"].removeprefix(settings.SITE_URL)).status_code == 200
    by_id = {account["id"]: account for account in document["accounts"]}
    assert by_id[accounts.insta.public_id]["standing"] == "official"
    assert by_id[accounts.insta.public_id]["school"] == "Rendell Park School"
    assert by_id[accounts.suspended.public_id]["standing"] == "suspended"
    assert by_id[accounts.suspended.public_id]["standing_since"] == clock.today().isoformat()
    everything = b"".join(client.get(f"{address}?retired=1").content for address in FILES[:4]).decode()
    for person in Person.objects.all():
        assert person.name not in everything
        assert person.email not in everything
    assert "stolen" not in everything, "reasons stay inside"
    assert accounts.insta.mailbox not in everything


def test_a_review_is_not_told(accounts: Accounts, cast: Cast, client: Client) -> None:
    before = {address: client.get(address).content for address in FILES[:4]}
    with clock.standing_at(clock.now() + timedelta(days=3)):
        change_standing(accounts.insta, "review", by=cast.communications, reason="A parent wrote.")
    assert {address: client.get(address).content for address in FILES[:4]} == before
    with clock.standing_at(clock.now() + timedelta(days=4)):
        change_standing(accounts.insta, "clear", by=cast.communications, reason="All in order.")
    assert {address: client.get(address).content for address in FILES[:4]} == before


@pytest.mark.parametrize(
    "query",
    ["", "retired=1", "q=readers", "platform=x", "school=rendell", "school=lpsd", "kind=team", "q=zzz&retired=1"],
)
def test_the_files_list_what_the_page_lists(accounts: Accounts, client: Client, query: str) -> None:
    page = client.get(f"/?{query}").content.decode()
    document = told(client, query)
    assert document["links"]["page"].partition("?")[2] == query
    for account in Account.objects.all():
        listed = f"/accounts/{account.public_id}" in page
        assert (account.public_id in ids(document)) is listed, account.name
    assert [row["id"] for row in csv_rows(client, query)] == [account["id"] for account in document["accounts"]]


@pytest.mark.parametrize(
    ("query", "field"),
    [("platform=myspace", "platform"), ("kind=x", "kind"), ("school=nowhere", "school"), ("school=%00", "school"),
     ("on=2026-13-01", "on"), ("on=yesterday", "on"), ("on=2026-9-1", "on"), ("on=9999-12-31", "on")],
)  # fmt: skip
def test_a_value_that_nobody_offers_is_refused(accounts: Accounts, client: Client, query: str, field: str) -> None:
    for address in ("/directory.json", "/directory.csv", "/directory.atom"):
        response = client.get(f"{address}?{query}")
        assert response.status_code == 400, address
        assert response.headers["Content-Type"] == "application/problem+json"
        assert field in json.loads(response.content)["fields"]


def test_long_lists_have_a_next_page(accounts: Accounts, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [account["id"] for account in told(client, "retired=1")["accounts"]]
    monkeypatch.setattr(rows, "json_of", lambda wanted, last=None: json_of(wanted, last, size=4))
    response = client.get("/directory.json?retired=1")
    first = json.loads(response.content)
    assert response.headers["Link"] == f'<{first["next"]}>; rel="next"'
    second = json.loads(client.get(first["next"].removeprefix(settings.SITE_URL)).content)
    assert [a["id"] for a in first["accounts"] + second["accounts"]] == whole
    assert (first["total"], second["next"]) == (6, None)
    assert client.get("/directory.json?after=NOSUCH").status_code == 400


def test_names_cannot_become_formulas(accounts: Accounts, client: Client) -> None:
    Account.objects.filter(pk=accounts.insta.pk).update(name='=HYPERLINK("http://x.test","Gr 4")')
    name = next(row["name"] for row in csv_rows(client) if row["id"] == accounts.insta.public_id)
    assert name == '\'=HYPERLINK("http://x.test","Gr 4")'
    assert {row["name"] for row in csv_rows(client)} >= {"École Rendell Park School"}


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n \u00a0aé'\"")))
def test_no_cell_starts_a_formula(value: str) -> None:
    shown = safe_cell(value)
    assert not shown.lstrip(" \u00a0").startswith(FORMULA)
    assert shown.removeprefix("'") == value.removeprefix("'") or shown == value


def test_an_atom_reader_takes_the_feed(accounts: Accounts, cast: Cast, client: Client) -> None:
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        change_standing(accounts.suspended, "restore", by=cast.communications, reason="It is safe again.")
    response = client.get("/directory.atom")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    kinds = [entry.tags[0].term for entry in feed.entries]
    assert sorted(kinds) == ["official"] * 6 + ["restored", "retired", "suspended"]
    assert kinds[0] == "restored", "newest first"
    assert len({entry.id for entry in feed.entries}) == 9
    assert all(entry.id.startswith("urn:uuid:") for entry in feed.entries)
    assert feed.feed.updated == max(entry.updated for entry in feed.entries)
    assert feed.entries[0].link == f"{settings.SITE_URL}/accounts/{accounts.suspended.public_id}"
    assert "speaks for" in feed.entries[0].summary
    # Ids outlive later changes, a rename of the school and another language.
    change_unit(cast.school, by=cast.communications, name="École Rendell Park")
    later = feedparser.parse(client.get("/directory.atom?lang=fr").content)
    assert [entry.id for entry in later.entries] == [entry.id for entry in feed.entries]
    assert later.feed.language == "fr-CA"


def test_the_feed_is_paged(accounts: Accounts) -> None:
    pages = [feedparser.parse(atom_of(Asked(), "en", number, size=3)[0]) for number in (1, 2, 3)]
    links = [{link.rel: link.href for link in page.feed.links} for page in pages]
    assert links[0]["next"].endswith("page=2")
    assert (links[1]["previous"], links[1]["first"]) == (links[0]["self"], links[0]["self"])
    assert "next" not in links[2]
    found = [entry.id for page in pages for entry in page.entries]
    assert found == [entry.id for entry in feedparser.parse(atom_of(Asked())[0]).entries]
    assert len({page.feed.id for page in pages}) == 1, "one feed, several pages"


def test_the_feed_is_filtered(accounts: Accounts, client: Client) -> None:
    feed = feedparser.parse(client.get("/directory.atom?platform=flickr").content)
    assert [entry.tags[0].term for entry in feed.entries] == ["retired", "official"]
    assert not feedparser.parse(client.get("/directory.atom?school=winston").content).entries
    assert client.get("/directory.atom?page=0").status_code == 400
    assert client.get("/directory.atom?lang=de").status_code == 400


def test_names_in_the_feed_are_words_not_markup(accounts: Accounts, client: Client) -> None:
    Account.objects.filter(pk=accounts.insta.pk).update(name="<b>Gr & 4</b>]]>")
    feed = feedparser.parse(client.get("/directory.atom?platform=instagram").content)
    assert not feed.bozo
    assert "&lt;b&gt;Gr &amp; 4&lt;/b&gt;]]&gt;" in client.get("/directory.atom?platform=instagram").content.decode()


@pytest.mark.parametrize("address", FILES)
def test_asking_again_costs_nothing(accounts: Accounts, cast: Cast, client: Client, address: str, kept: None) -> None:
    later = clock.now() + timedelta(minutes=5)
    with clock.standing_at(later):
        first = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert first.headers["Cache-Control"] == "public, max-age=60"
        assert "Accept-Encoding" in first.headers["Vary"]
        assert "Set-Cookie" not in first.headers
        with CaptureQueriesContext(connection) as queries:
            again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert len(queries) <= 3, "the log's last entry, and at most the procedure's labels"
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Access-Control-Allow-Origin"] == "*"
        dated = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
        assert dated.status_code == 304
        old = client.get(address, headers={"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"})
        assert (old.status_code, old.content) == (200, client.get(address).content)


def test_a_change_is_seen_at_once(accounts: Accounts, cast: Cast, client: Client, kept: None) -> None:
    first = client.get("/directory.json")
    change_standing(accounts.insta, "close", by=cast.communications, reason="The class is over.")
    after = client.get("/directory.json", headers={"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200
    assert accounts.insta.public_id not in ids(json.loads(after.content))
    # Something done elsewhere makes the file be looked at again, but neither its tag nor its date change.
    with clock.standing_at(clock.now() + timedelta(minutes=5)):
        before = client.get("/directory.json")
        approved(cast)
        same = client.get("/directory.json")
        assert same.headers["ETag"] == before.headers["ETag"]
        assert same.headers["Last-Modified"] == before.headers["Last-Modified"]
    change_unit(cast.school, by=cast.communications, name="École Rendell Park")
    renamed = client.get("/directory.json", headers={"If-None-Match": same.headers["ETag"]})
    assert b"\xc3\x89cole Rendell Park" in renamed.content


@pytest.mark.parametrize("address", FILES)
def test_scripts_of_other_sites_may_read_and_only_read(accounts: Accounts, client: Client, address: str) -> None:
    asked = client.options(address, headers={"Origin": "https://school.test", "Access-Control-Request-Method": "GET"})
    assert (asked.status_code, asked.content) == (204, b"")
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert client.get(address).headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in client.get(address).headers
    assert client.post(address).status_code == 405
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")


def test_the_same_for_whoever_is_signed_in(accounts: Accounts, cast: Cast, client: Client) -> None:
    plain = {address: client.get(address).content for address in FILES}
    client.force_login(cast.communications)
    for address in FILES:
        response = client.get(address, headers={"Accept-Language": "fr"})
        assert response.content == plain[address]
        assert response.headers["Cache-Control"] == "private, no-cache", "a renewed session must not be kept"


def read(file: bytes | str) -> ET.Element:
    return ET.fromstring(file)  # noqa: S314 - our own file


def test_sitemap_and_robots(accounts: Accounts, client: Client) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    found = [loc.text or "" for loc in read(client.get("/sitemap.xml").content).iter(f"{space}loc")]
    for account in Account.objects.all():
        assert f"{settings.SITE_URL}/accounts/{account.public_id}" in found
    assert f"{settings.SITE_URL}/units/rendell" in found
    robots = urllib.robotparser.RobotFileParser()
    robots.parse(client.get("/robots.txt").content.decode().splitlines())
    assert robots.site_maps() == [f"{settings.SITE_URL}/sitemap.xml"]
    for address in found:
        path = address.removeprefix(settings.SITE_URL)
        assert client.get(path).status_code == 200
        assert robots.can_fetch("*", path)
    index = read(sitemap_xml(most=4))
    assert index.tag == f"{space}sitemapindex"
    parts = [read(sitemap_xml(n, most=4)) for n in range(1, len(index) + 1)]
    assert [loc.text for part in parts for loc in part.iter(f"{space}loc")] == found
    assert client.get("/sitemap.xml?part=9").status_code == 404
