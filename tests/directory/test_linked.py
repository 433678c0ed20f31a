"""What search engines and Mastodon servers read, by readers that nobody here wrote: pyld and mf2py."""

from __future__ import annotations

import json
import re
from typing import Any

import mf2py
import pytest
from django.conf import settings
from django.test import Client
from pyld import jsonld

from rostrum.registry.models import Account
from tests.cast import Cast
from tests.directory.conftest import Accounts

pytestmark = pytest.mark.django_db
SCHEMA = "https://schema.org/"
# The part of schema.org's published context that these pages use: names are its own, addresses are addresses.
CONTEXT = {
    "@context": {"@vocab": SCHEMA, **{name: {"@id": f"{SCHEMA}{name}", "@type": "@id"} for name in ("sameAs", "url")}}
}


def load(address: str, _options: Any) -> dict[str, Any]:
    assert address == "https://schema.org", "no other context is needed"
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address, "document": CONTEXT}


def linked(page: str) -> dict[str, Any]:
    """The one JSON-LD block of a page, expanded."""
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    (expanded,) = jsonld.expand(json.loads(found), {"documentLoader": load})
    assert isinstance(expanded, dict)
    return expanded


def addresses(data: dict[str, Any], name: str) -> list[str]:
    return [value["@id"] for value in data.get(SCHEMA + name, [])]


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_an_official_account_is_the_schools_own(accounts: Accounts, client: Client) -> None:
    data = linked(page_of(client, f"/accounts/{accounts.insta.public_id}"))
    assert addresses(data, "sameAs") == [accounts.insta.address]
    assert data["@type"] == [f"{SCHEMA}EducationalOrganization"]
    (above,) = data[f"{SCHEMA}parentOrganization"]
    assert above["@type"] == [f"{SCHEMA}School"]


def test_what_may_not_be_relied_on_is_nobodys_own(accounts: Accounts, client: Client) -> None:
    for account in (accounts.suspended, accounts.retired):
        page = page_of(client, f"/accounts/{account.public_id}")
        assert addresses(linked(page), "sameAs") == []
        assert mf2py.parse(doc=page)["rels"].get("me", []) == []


def test_a_mastodon_server_finds_the_link_back(accounts: Accounts, client: Client) -> None:
    # Mastodon reads the page that a profile names and looks for a rel="me" link to exactly that profile.
    Account.objects.filter(pk=accounts.blog.pk).update(
        platform="mastodon", address="https://mastodon.social/@rendellpark", handle="rendellpark@mastodon.social"
    )
    for address in (f"/accounts/{accounts.blog.public_id}", "/units/rendell"):
        page = page_of(client, address)
        assert len(page.encode()) < 1_000_000
        assert "https://mastodon.social/@rendellpark" in mf2py.parse(doc=page)["rels"]["me"]


def test_a_schools_page_names_its_accounts_and_those_beneath(accounts: Accounts, cast: Cast, client: Client) -> None:
    Account.objects.filter(pk=accounts.facebook.pk).update(unit=cast.school)
    data = linked(page_of(client, "/units/rendell"))
    assert data["@type"] == [f"{SCHEMA}School"]
    assert data["@id"] == f"{settings.SITE_URL}/units/rendell"
    assert addresses(data, "sameAs") == [accounts.facebook.address]
    (below,) = data[f"{SCHEMA}subOrganization"]
    assert sorted(addresses(below, "sameAs")) == sorted(
        account.address for account in (accounts.insta, accounts.youtube, accounts.blog)
    )
    assert linked(page_of(client, "/units/lpsd"))["@type"] == [f"{SCHEMA}GovernmentOrganization"]


def test_the_directory_lists_pages(accounts: Accounts, client: Client) -> None:
    data = linked(page_of(client, "/"))
    items = data[f"{SCHEMA}itemListElement"]
    assert [item[f"{SCHEMA}position"][0]["@value"] for item in items] == [1, 2, 3, 4, 5]
    assert {address for item in items for address in addresses(item, "url")} == {
        f"{settings.SITE_URL}/accounts/{account.public_id}" for account in Account.objects.exclude(state="retired")
    }


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "<!--<script>", "a & b ]]> \u2028"])
def test_no_name_ends_the_block(accounts: Accounts, client: Client, name: str) -> None:
    Account.objects.filter(pk=accounts.insta.pk).update(name=name)
    accounts.insta.unit.name = name
    accounts.insta.unit.save()
    for address in ("/", "/units/rendell", f"/accounts/{accounts.insta.public_id}", "/embed/rendell"):
        page = page_of(client, address)
        assert "<script>alert" not in page
        assert "<!--<script" not in page
        if not address.startswith("/embed"):
            linked(page)
