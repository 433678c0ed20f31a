"""Searching the register in spite of one slip: what is mended, what never is, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rostrum.registry import directory
from rostrum.registry.models import Account
from rostrum.registry.search import WORDS_OF, nearest, search
from rostrum.registry.standing import change_standing
from tests.cast import Cast, official


@pytest.fixture
def account(cast: Cast) -> Account:
    """An official account of Grade 4 at Rendell Park School."""
    return official(cast, name="Rendell Park School Chess Grade 4 LPSD", handle="https://rendellknights.wordpress.com")


def instead(typed: str) -> str:
    return nearest(typed, lambda words: search(Account.objects.all(), words).exists())


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("rendall chess", "rendell chess"),
        ("redell", "rendell"),
        ("rnedell park", "rendell park"),
        ("rendelll", "rendell"),
        ("endell", "rendell"),
        ("Réndall", "rendell"),
        ("rendellkinghts", "rendellknights"),
        ("park rendellknig", ""),  # the beginning of a word that is right is no slip
        ("rendellknihgt", "rendellknights"),  # a slip in a word that is still being typed
    ],
)
def test_one_slip_is_mended(typed: str, read: str, account: Account) -> None:
    assert instead(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "", "lpds", "lspd", "prak", "chss",  # short words mean what they say
        "rendoll puirk",  # two words mistyped, one of them short
        "rendall chees",  # two slips
        "randall",  # two slips in one word
        "rendell7", "7rendell", "rendell2026",  # a number is meant as typed
        "rendell", "rendell winston",  # nothing is mistyped
        "zzzzzz", "'; DROP TABLE registry_word; --", "%", '"', "\\\\\\\\\\", "rend\"ll",
    ],
)  # fmt: skip
def test_traps_are_left_alone(typed: str, account: Account) -> None:
    assert instead(typed) == ""


def test_an_old_word_that_nothing_holds_any_more_is_not_offered(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(search_text="winston park")
    assert instead("rendall") == ""
    assert instead("winstom") == "winston"


def test_what_the_filters_leave_out_is_not_offered(cast: Cast, account: Account) -> None:
    assert directory.near("rendall") == "rendell"
    assert directory.near("rendall", platform="facebook") == directory.near("rendall", unit=cast.other_school) == ""
    change_standing(account, "close", by=cast.communications, reason="The club has ended.")
    assert directory.near("rendall") == ""
    assert directory.near("rendall", retired=True) == "rendell"


def test_words_of_one_list_are_not_offered_in_another(account: Account) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT kind FROM registry_word ORDER BY kind")
        assert {kind for (kind,) in cursor.fetchall()} <= set(WORDS_OF)
    assert nearest("rendall", lambda _words: True, of="known") == ""
    assert nearest("petorva", lambda _words: True, also={"petrova"}) == "petrova"


def test_more_accounts_cost_no_more_queries(cast: Cast, account: Account, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):
        assert instead("rendall")
    with django_assert_max_num_queries(0):
        assert instead("lpds") == ""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_is_taken(account: Account, typed: str) -> None:
    found = instead(typed)
    assert found == "" or search(Account.objects.all(), found).exists()


def test_the_directory_says_what_it_looked_for(account: Account) -> None:
    page = Client().get("/", {"q": "rendall"}).content.decode()
    assert "Nothing holds “rendall”" in page
    assert "<strong>rendell</strong>" in page
    assert account.name in page
    assert "?q=rendall&amp;exact=1" in page
    exact = Client().get("/", {"q": "rendall", "exact": "1"}).content.decode()
    assert account.name not in exact
    assert "No account fits" in exact
    assert "Nothing holds" not in Client().get("/", {"q": "rendell"}).content.decode()


def test_what_was_typed_comes_first_even_when_retired(cast: Cast, account: Account) -> None:
    other = official(cast, name="Rendall Visit School Grade 4", handle="https://visitours.wordpress.com")
    change_standing(other, "close", by=cast.communications, reason="The visit is over.")
    page = Client().get("/", {"q": "rendall"}).content.decode()
    assert "One" in page or "1 retired account fits." in page
    assert "Nothing holds" not in page
