"""Checking a text on a page: marks, advice and clauses; nothing kept; the same findings as the library's."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from rostrum.checks import Engine, own_rules
from rostrum.monitoring.engine import division_values
from rostrum.monitoring.rules import RULES
from rostrum.monitoring.rules.showing import in_words
from rostrum.people.actions import change_unit
from rostrum.web.checks.showing import LIMIT
from tests.cast import Cast, official

pytestmark = pytest.mark.django_db
TEXT = "Text Coach Kim at 306-967-3058 😀\nYou are such a loser."


def post(client: Client, path: str, **typed: str) -> Any:
    return client.post(path, typed)


def told(answer: Any) -> list[tuple[str, str]]:
    """Each finding's title and the words shown beside it."""
    page = " ".join(re.findall(r'<p class="ck-head">.*?</p>', answer.content.decode(), re.DOTALL))
    rows = re.findall(r"<strong>([^<]+)</strong>(?: <bdi class=\"ck-words\">([^<]*)</bdi>)?", page)
    return [(unescape(title), unescape(words)) for title, words in rows]


def test_1_1_and_2_10_a_teacher_sees_what_to_change_and_why(client: Client, cast: Cast) -> None:
    client.force_login(cast.teacher)
    page = post(client, "/staff/check/", text=TEXT)
    assert page.status_code == 200
    assert told(page) == [("Private telephone number", "306-967-3058"), ("Insult", "You are such a loser")]
    body = page.content.decode()
    assert body.count("<mark ") == 2
    assert 'id="text"' in body
    assert "306-967-3058" in body.split("<textarea", 1)[1].split("</textarea>")[0], "what was typed is still there"
    for number in ("1.1", "3.3", "2.10", "3.5"):
        assert f"AP 193, {number}" in body


def test_the_page_the_live_answer_and_the_library_find_the_same(client: Client, cast: Cast) -> None:
    client.force_login(cast.teacher)
    found = Engine((), division_values()).check(TEXT.replace("\r\n", "\n"))
    spans = [TEXT[one.start : one.end] for one in found if one.start is not None]
    for path in ("/staff/check/", "/staff/check/marks"):
        assert [words for _title, words in told(post(client, path, text=TEXT.replace("\n", "\r\n")))] == spans
    assert [words for _title, words in told(post(client, "/check/marks", text=TEXT))] == spans
    places = re.findall(r'data-from="(\d+)" data-to="(\d+)"', post(client, "/staff/check/marks", text=TEXT).content.decode())
    raw = TEXT.encode("utf-16-le")
    assert [raw[2 * int(a) : 2 * int(b)].decode("utf-16-le") for a, b in places] == spans


def test_nothing_of_the_text_is_kept_or_logged(client: Client, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    client.force_login(cast.teacher)
    post(client, "/staff/check/", text="zzqy secret plan 306-967-3058")
    post(client, "/staff/check/marks", text="zzqy secret plan 306-967-3058")
    post(client, "/check", text="zzqy secret plan 306-967-3058")
    for model in apps.get_models():
        assert "zzqy" not in str(list(model._default_manager.values())), model
    assert "zzqy" not in caplog.text
    assert "no-store" in post(client, "/check", text="zzqy")["Cache-Control"]


def test_offices_staff_and_schools_of_the_division_are_public_anyway(client: Client, cast: Cast) -> None:
    change_unit(cast.school, by=None, street="4812 56 Avenue", town="Lloydminster")
    client.force_login(cast.teacher)
    text = "Register at the office, 4812 56 Avenue, 780-555-0110, office.rendell@lpsd.ca."
    assert told(post(client, "/staff/check/marks", text=text)) == []
    assert "Nothing was found" in post(client, "/staff/check/marks", text=text).content.decode()
    assert told(post(client, "/staff/check/marks", text="Party at 4911 57 Avenue tonight."))


def test_1_3_the_division_s_own_account_may_speak_for_the_division(client: Client, cast: Cast) -> None:
    account = official(cast)
    client.force_login(cast.teacher)
    text = "LPSD announces new bus routes for all families."
    assert told(post(client, "/staff/check/marks", text=text, account=account.public_id))
    account.unit = cast.division
    type(account).objects.filter(pk=account.pk).update(unit=cast.division)
    client.force_login(cast.communications)
    assert told(post(client, "/staff/check/marks", text=text, account=account.public_id)) == []


@pytest.mark.parametrize("path", ["/staff/check/", "/check"])
def test_a_text_that_is_too_long_is_named_and_stays_typed(client: Client, cast: Cast, path: str) -> None:
    client.force_login(cast.teacher)
    answer = post(client, path, text="a" * (LIMIT + 1))
    assert answer.status_code == 422
    assert "20000" in answer.content.decode()
    assert "a" * (LIMIT + 1) in answer.content.decode()


@pytest.mark.parametrize("text", ["<script>alert(1)</script> 306-967-3058", "\u202e306-967-3058", "\x00\x01", "🧑‍🏫" * 500])
def test_hostile_text_is_shown_as_text(client: Client, cast: Cast, text: str) -> None:
    client.force_login(cast.teacher)
    answer = post(client, "/staff/check/", text=text)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_the_public_page_needs_no_sign_in_no_cookie_and_no_token(db: None, cast: Cast) -> None:
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get("/check")
    assert page.status_code == 200
    assert not visitor.cookies
    answer = visitor.post("/check", {"text": TEXT})
    assert [words for _title, words in told(answer)] == ["306-967-3058", "You are such a loser"]
    assert not visitor.cookies


def test_every_rule_has_its_page_with_examples(client: Client, cast: Cast, django_assert_max_num_queries: Any) -> None:
    client.force_login(cast.teacher)
    listed = client.get("/staff/check/rules/").content.decode()
    for rule in own_rules():
        assert f"/staff/check/rules/{rule.id}/" in listed
    with django_assert_max_num_queries(8):
        page = client.get("/staff/check/rules/person.phone/").content.decode()
    assert "<mark" in page
    assert "It finds" in page
    assert client.get("/staff/check/rules/no.such/").status_code == 404
    for one in RULES:
        assert f"/staff/check/rules/{one.id}/" in listed
        page = client.get(f"/staff/check/rules/{one.id}/").content.decode()
        for facts in (*one.hits, *one.misses, *one.traps):
            assert escape(in_words(facts).en) in page
    assert client.get("/staff/check/rules/?clause=2.10&q=insult").content.decode().count('class="queue-title"') == 1
    assert "No rule fits" in client.get("/staff/check/rules/?q=zzqy").content.decode()


def test_the_page_asks_the_database_little_however_many_accounts(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for _n in range(3):
        official(cast)
    client.force_login(cast.communications)
    with django_assert_max_num_queries(19):
        post(client, "/staff/check/", text=TEXT)
    with django_assert_max_num_queries(12):
        post(client, "/staff/check/marks", text=TEXT)
