"""The frame, the badge and the code to paste: light, without scripts or cookies, framable only where meant."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from tests.cast import Cast
from tests.directory.conftest import Accounts

pytestmark = pytest.mark.django_db


class Tags(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def test_the_frame_shows_what_may_be_relied_on(accounts: Accounts, client: Client) -> None:
    response = client.get("/embed/rendell")
    page = response.content.decode()
    links = {attributes["href"] for attributes in Tags(page).all("a")}
    for account in (accounts.insta, accounts.facebook, accounts.youtube, accounts.blog):
        assert {account.address, f"{settings.SITE_URL}/accounts/{account.public_id}"} <= links
    for account in (accounts.suspended, accounts.retired):
        assert account.name not in page
    assert f"{settings.SITE_URL}/units/rendell" in links
    assert len(response.content) < 10_000


def test_the_frame_has_no_script_no_cookie_and_nothing_to_sign_in(
    accounts: Accounts, cast: Cast, client: Client
) -> None:
    plain = client.get("/embed/rendell?lang=fr")
    tags = Tags(plain.content.decode())
    assert not tags.all("script")
    assert not tags.all("form")
    assert 'lang="fr-CA"' in plain.content.decode()
    assert all("/me/" not in (a["href"] or "") and "/staff/" not in (a["href"] or "") for a in tags.all("a"))
    assert all(a["target"] == "_blank" and "noopener" in (a["rel"] or "") for a in tags.all("a"))
    assert "Set-Cookie" not in plain.headers
    client.force_login(cast.teacher)
    own = client.get("/embed/rendell?lang=fr", headers={"Accept-Language": "en"})
    assert own.content == plain.content
    assert own.headers["Cache-Control"] == "private, no-cache"


def test_only_the_frame_may_be_framed(accounts: Accounts, client: Client) -> None:
    frame = client.get("/embed/rendell")
    assert "X-Frame-Options" not in frame.headers
    policy = frame.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'none'" in policy
    for name, arguments in (
        ("home", []), ("account", [accounts.insta.public_id]), ("unit", ["rendell"]), ("website", ["rendell"]),
        ("verify", []), ("json", []),
    ):  # fmt: skip
        other = client.get(reverse(f"directory:{name}", args=arguments))
        assert other.headers["X-Frame-Options"] == "DENY", name
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"], name
    assert client.get("/embed/nowhere").status_code == 404
    assert client.get("/embed/rendell?lang=de").status_code == 404


def test_the_page_hands_out_what_works(accounts: Accounts, client: Client) -> None:
    page = client.get("/units/rendell/website")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    tags = Tags(page.content.decode())
    (frame,) = tags.all("iframe")
    assert frame["src"] == "/embed/rendell?lang=en"  # the preview, from whichever address the page was opened
    assert frame["title"]
    codes = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page.content.decode(), re.S)
    assert len(codes) == 2
    assert f"&lt;iframe src=&quot;{settings.SITE_URL}/embed/rendell?lang=en&quot;" in codes[0]
    assert f"{settings.SITE_URL}/badge/" in codes[1]
    for picture in (a for a in tags.all("img") if "/badge/" in (a["src"] or "")):
        path = (picture["src"] or "").removeprefix(settings.SITE_URL)
        assert client.get(path).status_code == 200
        assert picture["alt"]
    french = Tags(client.get("/units/rendell/website?lang=fr").content.decode())
    assert french.all("iframe")[0]["src"] == "/embed/rendell?lang=fr"


def test_a_school_without_accounts_gets_the_frame_only(accounts: Accounts, client: Client) -> None:
    page = client.get("/units/winston/website").content.decode()
    assert page.count("<textarea") == 1
    assert "no account is official" in page
    assert "We have no official social media account" in client.get("/embed/winston").content.decode()


@pytest.mark.parametrize("name", ['"><img src=x onerror=alert(1)>', "</textarea><script>alert(1)</script>", "a & b's"])
def test_no_name_leaves_its_place(accounts: Accounts, client: Client, name: str) -> None:
    Account.objects.filter(pk=accounts.insta.pk).update(name=name)
    for address in (
        "/units/rendell/website",
        "/embed/rendell",
        "/units/rendell",
        f"/badge/{accounts.insta.public_id}.svg",
    ):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_badge_tells_how_the_account_stands(accounts: Accounts, cast: Cast, client: Client) -> None:
    def said(account: Account, lang: str = "en") -> str:
        response = client.get(f"/badge/{account.public_id}.svg?lang={lang}")
        assert response.headers["Content-Type"] == "image/svg+xml"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        drawn = ET.fromstring(response.content)  # noqa: S314 - our own file
        title = drawn.find("{http://www.w3.org/2000/svg}title")
        assert title is not None
        assert drawn.get("aria-label") == title.text
        return title.text or ""

    assert said(accounts.insta).endswith(": Official account")
    assert said(accounts.suspended).endswith(": Suspended account")
    assert said(accounts.retired).endswith(": Retired account")
    change_standing(accounts.insta, "close", by=cast.communications, reason="The class is over.")
    assert said(accounts.insta).endswith(": Retired account")
    assert client.get("/badge/NOSUCH.svg").status_code == 404
    assert client.get(f"/badge/{accounts.insta.public_id.lower()}.svg").status_code == 301


def test_the_unit_page_leads_to_all_of_it(accounts: Accounts, client: Client) -> None:
    page = client.get("/units/rendell").content.decode()
    for address in re.findall(r'href="(/(?:units|directory|embed)[^"]*)"', page):
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address
    school = json.loads(client.get("/directory.json?school=rendell").content)
    assert all(f"/accounts/{one['id']}" in page for one in school["accounts"])
    assert "Only what is listed here speaks for this school" in page
    empty = client.get("/units/winston").content.decode()
    assert "No official account today" in empty
    assert client.get("/units/nowhere").status_code == 404
    assert client.get("/units/%00").status_code == 404
