"""The directory of a past day: read from the dated standings, at the end of that day in the division's time zone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from rostrum.core import clock
from rostrum.registry.dated import end_of
from rostrum.registry.models import Account, AccountStanding
from tests.cast import Cast
from tests.directory.conftest import Accounts

pytestmark = pytest.mark.django_db
Standings = Callable[[str], dict[str, str]]


def at(day: str, hour: int, minute: int = 0) -> datetime:
    """A moment by the clock of the schools: Alberta's time, seven hours behind in winter, six in summer."""
    return datetime.fromisoformat(f"{day}T{hour:02}:{minute:02}:00").replace(tzinfo=end_of(date(2026, 1, 1)).tzinfo)


@pytest.fixture
def life(accounts: Accounts) -> Account:
    """An account official on 1 May, reviewed on 1 June, suspended on 1 July, restored 10 July, retired 1 September."""
    account = accounts.retired
    AccountStanding.objects.filter(account=account).delete()
    steps = [("recognised", "2026-05-01"), ("review", "2026-06-01"), ("suspended", "2026-07-01"),
             ("recognised", "2026-07-10"), ("retired", "2026-09-01")]  # fmt: skip
    moments = [at(day, 23, 30) for _state, day in steps]  # half past eleven at night: already tomorrow in UTC
    for (state, _day), since, until in zip(steps, moments, [*moments[1:], None], strict=True):
        AccountStanding.objects.create(account=account, state=state, since=since, until=until)
    Account.objects.filter(pk=account.pk).update(official_since=moments[0], standing_since=moments[-1])
    account.refresh_from_db()
    return account


def test_the_end_of_a_day_is_midnight_by_the_schools_clock() -> None:
    assert end_of(date(2026, 1, 15)).astimezone(UTC) == datetime(2026, 1, 16, 7, tzinfo=UTC)
    assert end_of(date(2026, 7, 15)).astimezone(UTC) == datetime(2026, 7, 16, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "standing"),
    [("2026-04-30", None), ("2026-05-01", "official"), ("2026-06-02", "official"), ("2026-06-30", "official"),
     ("2026-07-01", "suspended"), ("2026-07-09", "suspended"), ("2026-07-10", "official"),
     ("2026-08-31", "official"), ("2026-09-01", "retired"), ("2026-11-01", "retired")],
)  # fmt: skip
def test_every_reader_gets_the_standing_of_that_day(
    life: Account, client: Client, day: str, standing: str | None
) -> None:
    page = client.get(f"/?on={day}&platform=flickr&retired=1")
    assert page.status_code == 200
    listed = re.findall(r'class="acct-name" href="/accounts/(\w+)"', page.content.decode())
    rows = json.loads(client.get(f"/directory.json?on={day}&platform=flickr&retired=1").content)["accounts"]
    table = client.get(f"/directory.csv?on={day}&platform=flickr&retired=1").content.decode()
    assert [row["standing"] for row in rows] == ([standing] if standing else [])
    assert listed == [row["id"] for row in rows]
    assert (f'"{standing}"' in table) is bool(standing)
    word = {"official": ">Official<", "suspended": "Do not rely on it for now", "retired": ">Retired<"}
    if standing:
        assert word[standing] in page.content.decode()
    hidden = json.loads(client.get(f"/directory.json?on={day}&platform=flickr").content)
    assert hidden["total"] == (1 if standing in {"official", "suspended"} else 0)
    assert hidden["on"] == day


def test_the_day_it_was_suspended_is_told_and_a_review_is_not(life: Account, client: Client) -> None:
    since = [
        json.loads(client.get(f"/directory.json?on={day}&platform=flickr").content)["accounts"][0]["standing_since"]
        for day in ("2026-06-15", "2026-07-05")
    ]
    assert since == [None, "2026-07-01"]


def test_the_banner_says_which_day_and_leads_back_to_today(life: Account, client: Client) -> None:
    page = client.get("/?on=2026-07-05&platform=flickr&q=albums").content.decode()
    assert "This is the directory as it was at the end of Sun 5 Jul 2026" in page
    assert 'href="/?q=albums&amp;platform=flickr#results"' in page
    assert '<input type="hidden" name="on" value="2026-07-05" form="find">' in page, "a new search stays on that day"
    assert 'name="robots" content="noindex"' in page
    assert "This is the directory as it was" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    "typed",
    ["2026-02-30", "2026-13-01", "1 May", "2026-9-1", "20260901", "2026-W10-1", "９９９９-01-01", "\x00", "9999-12-31"],
)
def test_a_day_that_cannot_be_shown_is_refused_and_the_filters_stay(
    accounts: Accounts, client: Client, typed: str
) -> None:
    response = client.get("/", {"on": typed, "q": "rendell", "platform": "youtube"})
    page = response.content.decode()
    assert response.status_code == 400
    assert "cannot be shown" in page
    assert 'value="rendell"' in page
    assert '<option value="youtube" selected>' in page
    assert accounts.youtube.name in page
    assert accounts.facebook.name not in page


def test_today_is_a_day_and_tomorrow_is_not(accounts: Accounts, cast: Cast, client: Client) -> None:
    today = json.loads(client.get(f"/directory.json?on={clock.today().isoformat()}&retired=1").content)
    plain = json.loads(client.get("/directory.json?retired=1").content)
    assert today["accounts"] == plain["accounts"]
    assert client.get("/?on=0001-01-01").status_code == 200
    assert "No account was official on that day" in client.get("/?on=0001-01-01").content.decode()
