"""The one public answer: each of the five, its near misses, and never a yes for what is not registered.

The public registry that went before answered "verified" to everything, because an empty list counted as found.
"""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rostrum.connectors import resolve
from rostrum.registry.directory import verify
from rostrum.registry.models import Account
from rostrum.registry.standing import change_standing
from tests.cast import Cast, approved, sent_registration, submitted
from tests.directory.conftest import Accounts, on

ANSWERS = {"official", "retired", "not_ours", "look_alike", "unreadable"}
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed",
    [
        "https://www.instagram.com/rendellpark_gr4/", "instagram.com/RendellPark_Gr4", "http://instagram.com/rendellpark_gr4?igsh=abc",
        "  https://m.instagram.com/rendellpark_gr4#x ", "Instagram: rendellpark_gr4",
        "Look at https://www.instagram.com/rendellpark_gr4/ today", "https://facebook.com/rendell.park.school",
        "https://m.facebook.com/RendellParkSchool/?ref=x", "https://youtube.com/@RendellParkMedia",
        "rendellparkreaders.wordpress.com", "https://rendellparkreaders.wordpress.com/about",
    ],
)  # fmt: skip
def test_official_however_the_registered_address_is_written(accounts: Accounts, typed: str) -> None:
    answer = verify(typed)
    assert answer.result == "official", answer
    assert answer.account is not None
    assert answer.resembles is None
    assert answer.account.state == "recognised"


def test_a_bare_name_is_official_only_with_its_platform_said(accounts: Accounts) -> None:
    for typed in ("rendellpark_gr4", "@RENDELLPARK_GR4"):
        answer = verify(typed)
        assert (answer.result, answer.account) == ("official", accounts.insta)
        assert "On Instagram only: https://www.instagram.com/rendellpark_gr4/" in answer.explanation


def test_a_bare_name_of_two_accounts_is_asked_back(accounts: Accounts, cast: Cast) -> None:
    on(cast, "tiktok", "https://www.tiktok.com/@rendellpark_gr4", "Rendell Park School Grade 4 Clips")
    answer = verify("@rendellpark_gr4")
    assert answer.result == "unreadable"
    assert "Instagram, TikTok" in answer.explanation
    assert verify("https://www.tiktok.com/@rendellpark_gr4").result == "official"


@pytest.mark.parametrize(
    "typed",
    ["https://www.flickr.com/photos/rendellalbums/", "rendellalbums", "https://flickr.com/people/rendellalbums"],
)
def test_retired_is_said_first(accounts: Accounts, typed: str) -> None:
    answer = verify(typed)
    assert (answer.result, answer.account) == ("retired", accounts.retired)
    assert answer.headline == "Retired: do not rely on it"


def test_suspended_is_not_to_be_relied_on_and_its_reason_stays_inside(accounts: Accounts) -> None:
    answer = verify("https://twitter.com/RendellHockey")
    assert (answer.result, answer.headline) == ("retired", "Do not rely on it for now")
    assert answer.as_dict()["account"]["standing"] == "suspended"
    assert "stolen" not in json.dumps(answer.as_dict())


def test_a_review_is_the_divisions_own_affair(accounts: Accounts, cast: Cast) -> None:
    change_standing(accounts.insta, "review", by=cast.communications, reason="Someone complained.")
    answer = verify(accounts.insta.address)
    assert answer.result == "official"
    assert answer.as_dict()["account"]["standing"] == "official"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("https://www.instagram.com/rendellparkgr4", "the same letters, other separators"),
        ("https://www.instagram.com/rende11park_gr4", "digits for letters"),
        ("https://www.instagram.com/rendeIlpark_gr4", "a capital i for an l"),
        ("https://www.instagram.com/rеndellpark_gr4", "a Cyrillic letter"),
        ("rеndellpark_gr4", "a Cyrillic letter in a bare name"),
        ("https://www.instagram.com/rendelpark_gr4", "one letter left out"),
        ("https://www.instagram.com/rendellparks_gr4", "one letter more"),
        ("https://www.instagram.com/rednellpark_gr4", "two letters swapped"),
        ("https://www.instagram.com/official_rendellpark_gr4", "a word in front"),
        ("https://www.instagram.com/therealrendellpark_gr4", "two words in front"),
        ("https://www.tiktok.com/@rendellpark_gr4", "the same name on another platform"),
        ("https://snapchat.com/add/rendellpark_gr4", "the same name where no school is"),
        ("https://www.instagram.com.example.net/rendellpark_gr4", "a copied website"),
        ("https://www.facebook.com/groups/rendellparkschool", "a group under the name of a page"),
        ("https://www.youtube.com/c/rendellparkmedia", "an older kind of name on the same platform"),
        ("https://rendellparkreaders.blogspot.com", "the same blog name at another service"),
        ("https://rendellparkreaders.tumblr.com", "the same blog name at a third service"),
    ],
)
def test_look_alikes_of_each_kind(accounts: Accounts, typed: str, kind: str) -> None:
    answer = verify(typed)
    assert answer.result == "look_alike", (kind, answer)
    assert answer.account is None, "whoever tests `account` for truth must not read a look-alike as ours"
    assert answer.resembles is not None
    assert answer.resembles.name in answer.explanation


@pytest.mark.parametrize(
    "typed",
    [
        "https://www.instagram.com/rendellpark_gr5", "https://www.instagram.com/somebody.else", "https://x.com/lpsd",
        "https://www.youtube.com/@quite_another_channel", "https://example.org/blog", "https://mastodon.social/@someone",
        "https://snapchat.com/add/unrelated", "https://plus.google.com/+someone",
        "https://www.linkedin.com/in/someone", "https://bsky.app/profile/someone.bsky.social",
    ],
)  # fmt: skip
def test_not_ours(accounts: Accounts, typed: str) -> None:
    answer = verify(typed)
    assert (answer.result, answer.account, answer.resembles) == ("not_ours", None, None), answer


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "\x00", "https://www.instagram.com/rendellpark_gr4\x00", "\u202ehttps://www.instagram.com/rendellpark_gr4",
        "https://www.instagram.com/rendell\u202epark_gr4", "x" * 10_000, "https://www.instagram.com/" + "a" * 9_000,
        "https://www.instagram.com/p/Cabc123/", "https://bit.ly/3abcdef", "mailto:office@lpsd.ca", "office@lpsd.ca",
        "javascript:alert(1)", "data:text/html,x", "https://[::1]/x", "http://127.0.0.1/rendellpark_gr4", "two words",
        "@", "🙂", "'; DROP TABLE registry_account; --", "%00", "\ud800", "https://x.com/i/user/12345",
        "https://www.instagram.com/", "unknownname", "https://www.facebook.com/100012345678901", "https://a.b https://c.d",
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_so_and_harms_nothing(accounts: Accounts, typed: str) -> None:
    answer = verify(typed)
    assert answer.result == "unreadable", answer
    assert answer.account is None
    assert answer.explanation


def test_user_info_that_hides_the_real_host_is_never_ours(accounts: Accounts) -> None:
    answer = verify("https://www.instagram.com@example.net/rendellpark_gr4")
    assert answer.result == "look_alike"
    assert answer.account is None


def test_requests_on_their_way_are_told_to_nobody(cast: Cast) -> None:
    requests = [submitted(cast), approved(cast), sent_registration(cast).request]
    for request in requests:
        address = f"https://{request.handle}/"
        answer = verify(address)
        assert answer.result == "not_ours"
        assert str(request.ref) not in json.dumps(answer.as_dict())
        assert "Rendell" not in answer.explanation


def test_a_retired_address_registered_again_is_official(accounts: Accounts, cast: Cast) -> None:
    again = on(cast, "flickr", accounts.retired.address, "Rendell Park School Albums Again")
    assert verify(accounts.retired.address).account == again


def test_the_permanent_number_counts_only_where_it_is_registered(accounts: Accounts) -> None:
    number = "UC" + "a1B2" * 5 + "zz"
    assert verify(f"https://www.youtube.com/channel/{number}").result == "unreadable", "we know the channel by its name"
    assert verify("https://www.linkedin.com/company/12345/").result == "not_ours", "we have nothing there"
    Account.objects.filter(pk=accounts.youtube.pk).update(platform_id=number)
    answer = verify(f"https://www.youtube.com/channel/{number}")
    assert (answer.result, answer.account) == ("official", accounts.youtube)
    assert verify(f"https://www.youtube.com/channel/{number[:-1]}y").result == "not_ours"
    Account.objects.filter(pk=accounts.insta.pk).update(platform_id="12345")
    assert verify("https://x.com/i/user/12345").result != "official", "a number of another platform"


def test_a_page_below_a_registered_website_belongs_to_it_and_its_neighbours_do_not(cast: Cast) -> None:
    site = on(cast, "blog", "https://rendell.lpsd.ca/readers", "Rendell Park School Readers Club")
    for typed in ("https://rendell.lpsd.ca/readers/2026/a-post", "http://www.rendell.lpsd.ca/readers"):
        assert verify(typed).account == site, typed
    for typed in ("https://rendell.lpsd.ca/", "https://rendell.lpsd.ca/readersclub", "https://evil.rendell.lpsd.ca/readers",
                  "https://rendell.lpsd.ca.example.net/readers"):  # fmt: skip
        assert verify(typed).result != "official", typed


MUTATIONS = st.sampled_from([*"abcdefghijklmnopqrstuvwxyz0123456789._-/@?#%:&= еаο\u200b\u202e\x00"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_never_official_unless_the_very_address_is_registered(accounts: Accounts, data: st.DataObject) -> None:
    """Mutated official addresses: whatever reads as another place is never called official."""
    registered = [accounts.insta, accounts.facebook, accounts.youtube, accounts.blog]
    known = {_place(account.address) for account in registered}
    text = data.draw(st.sampled_from([account.address for account in registered]))
    for _n in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 2))
        text = text[:at] + data.draw(st.one_of(st.just(""), MUTATIONS)) + text[at + cut :]
    answer = verify(text)
    assert answer.result in ANSWERS
    if answer.result == "official":
        bare = text.strip().lstrip("@").casefold()
        assert _place(text) in known or bare in {account.handle.casefold() for account in registered}, text


def _place(address: str) -> tuple[str, str, str]:
    found = resolve(address)
    return (found.platform, found.kind, found.canonical_id)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_any_text_gets_one_of_the_five_answers(accounts: Accounts, text: str) -> None:
    answer = verify(text)
    assert answer.result in ANSWERS
    assert answer.result != "official"
    json.dumps(answer.as_dict())


def test_query_count_does_not_grow(accounts: Accounts) -> None:
    verify(accounts.insta.address)
    for typed, most in (
        (accounts.insta.address, 2),
        ("https://x.com/unknown_name", 4),
        ("https://x.com/rendellpark_gr4", 5),
    ):
        with CaptureQueriesContext(connection) as queries:
            verify(typed)
        assert len(queries) <= most, (typed, [q["sql"][:80] for q in queries])


def test_the_page_says_it_in_words(accounts: Accounts, client: Client) -> None:
    page = client.get("/verify", {"url": "https://www.instagram.com/rendelpark_gr4"}).content.decode()
    assert "Not ours, though it looks like one of ours" in page
    assert "Report it" in page
    assert accounts.insta.public_id in page
    asked = client.get("/verify").content.decode()
    assert "What the answers mean" in asked


def test_json_is_the_same_answer(accounts: Accounts, client: Client) -> None:
    response = client.get("/verify", {"url": accounts.insta.address}, headers={"Accept": "application/json"})
    assert response.headers["Content-Type"] == "application/json"
    body = response.json()
    assert body == verify(accounts.insta.address).as_dict("http://127.0.0.1:8193")
    assert (body["result"], body["account"]["id"]) == ("official", accounts.insta.public_id)
    assert "Accept" in response.headers["Vary"]
    assert response.headers["Cache-Control"] == "no-store"
    nothing = client.get("/verify", headers={"Accept": "application/json"})
    assert (nothing.status_code, nothing.headers["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"), ("*/*", "text/html"),
     ("application/json;q=0.9, text/html", "text/html"),
     ("application/json, text/html;q=0.5", "application/json")],
)  # fmt: skip
def test_whoever_prefers_a_page_gets_one(cast: Cast, client: Client, accept: str, kind: str) -> None:
    response = client.get("/verify", {"url": "x"}, headers={"Accept": accept})
    assert response.headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "\u202eevil", "\x1ea\x1fb\x1ec\x1ed", "a" * 5000, "\x00", '" onload="x']
)
def test_hostile_text_is_shown_harmless(cast: Cast, client: Client, typed: str) -> None:
    page = client.get("/verify", {"url": typed})
    text = page.content.decode()
    assert page.status_code == 200
    assert "<script>alert" not in text
    assert ' onload="' not in text
    assert not {"\u202e", "\x1e", "\x1f", "\x00"} & set(text)
    assert text.count("</html>") == 1


def test_answers_are_never_kept(accounts: Accounts, client: Client) -> None:
    for typed in (accounts.insta.address, "nothing known"):
        response = client.get("/verify", {"url": typed})
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers
