"""trust.txt against the published grammar; no parser of it is on the Python index, so the grammar stands here.

JournalList's reference document: UTF-8, lines of `variable=value`, ten variables, `#` starts a comment, the value is
an absolute address but for `contact` (anything that reaches) and `datatrainingallowed` (yes or no, once).
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from tests.cast import Cast
from tests.directory.conftest import Accounts

pytestmark = pytest.mark.django_db
VARIABLES = {"member", "belongto", "control", "controlledby", "social", "vendor", "customer", "disclosure", "contact",
             "datatrainingallowed"}  # fmt: skip
LINE = re.compile(r"([a-z]+)=([^\s#]+)")


def read(text: str) -> list[tuple[str, str]]:
    """The file's records, or an AssertionError at the first line that the grammar does not know."""
    records = []
    assert text.endswith("\n")
    assert "\r" not in text
    for line in text.splitlines():
        kept = line.partition("#")[0].strip()
        if not kept:
            continue
        found = LINE.fullmatch(kept)
        assert found, f"no record: {line!r}"
        name, value = found.groups()
        assert name in VARIABLES, line
        if name == "datatrainingallowed":
            assert value in {"yes", "no"}
        elif name != "contact":
            parts = urlsplit(value)
            assert parts.scheme in {"http", "https"}, line
            assert parts.hostname, line
        records.append((name, value))
    assert sum(name == "datatrainingallowed" for name, _value in records) <= 1
    return records


def test_it_names_every_account_that_may_be_relied_on(accounts: Accounts, cast: Cast, client: Client) -> None:
    change_standing(accounts.blog, "review", by=cast.communications, reason="A look at it.")
    response = client.get("/trust.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    records = read(response.content.decode())
    live = {accounts.insta.address, accounts.facebook.address, accounts.youtube.address, accounts.blog.address}
    assert {value for name, value in records if name == "social"} == live
    assert client.get("/.well-known/trust.txt").content == response.content


def test_the_division_says_how_to_reach_it_and_where_it_belongs(
    accounts: Accounts, client: Client, settings: Any
) -> None:
    settings.CONTACT_EMAIL = "communications@lpsd.ca"
    settings.TRUST = {"belongto": ["https://saskschoolboards.ca/"], "datatrainingallowed": ["no"]}
    records = read(client.get("/trust.txt").content.decode())
    assert ("contact", "mailto:communications@lpsd.ca") in records
    assert ("belongto", "https://saskschoolboards.ca/") in records
    assert ("datatrainingallowed", "no") in records


def test_nothing_typed_can_write_a_line_of_its_own(accounts: Accounts, client: Client, settings: Any) -> None:
    settings.TRUST = {"member": ["https://x.test/a#b\nsocial=https://evil.test/"]}
    settings.DIVISION_NAME = "Division\nsocial=https://evil.test/"
    Account.objects.filter(pk=accounts.insta.pk).update(
        address="https://www.instagram.com/a#b\ncontrol=https://evil.test"
    )
    records = read(client.get("/trust.txt").content.decode())
    assert not [value for _name, value in records if value.startswith("https://evil")]
