"""The public files of a register that holds nothing yet."""

from __future__ import annotations

import json

import feedparser
import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_an_empty_register_answers_too(client: Client) -> None:
    for address in ("/directory.csv", "/trust.txt", "/sitemap.xml", "/directory.pub", "/?on=2020-01-01"):
        assert client.get(address).status_code == 200, address
    document = json.loads(client.get("/directory.json").content)
    assert (document["accounts"], document["total"], document["changed"]) == ([], 0, None)
    feed = feedparser.parse(client.get("/directory.atom").content)
    assert (bool(feed.bozo), feed.entries, feed.feed.updated) == (False, [], "1970-01-01T00:00:00+00:00")
