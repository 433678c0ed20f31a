"""Searching the register: accents, case, beginnings, any typed text, and the same answer on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rostrum.core.text import fold
from rostrum.people.actions import add_unit
from rostrum.registry import directory
from rostrum.registry.models import Account
from rostrum.registry.search import MOST_WORDS, search, search_text
from tests.cast import Cast, official
from tests.registry.reached import accepted_registration

HOSTILE = [
    "'",
    '"',
    "''",
    '""',
    "(",
    ")",
    "()",
    "*",
    "**",
    ":*",
    "a:*",
    "'a':*",
    "a & b",
    "a | b",
    "!a",
    "a <-> b",
    "NOT",
    "AND",
    "OR",
    "NEAR(a b)",
    "name:blog",
    "^blog",
    "-blog",
    "+blog",
    "{a b}",
    "\\",
    "\\'",
    "%",
    "_",
    ";",
    "--",
    "/*",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e",
    "\u200b",
    "é\u0301",
    "🙂",
    "ᓀᐦᐃᔭᐍᐏᐣ",
    "Київ",
    "学校",
    "١٢٣",
    "1e5",
    "0x1F",
    "1.5",
    "a@b.ca",
    "http://x.y/z",
    "x" * 10_000,
    "é" * 10_000,
    "word " * 2_500,
    "' OR 1=1 --",
    "'; DROP TABLE registry_account; --",
    "\n\t\r",
    "ﬁ",
    "ß",
    "İ",
]


@pytest.fixture(scope="module")
def _french(_house: Cast, django_db_blocker: Any) -> int:
    """The number of an account of a French club, with accents, an apostrophe and a ligature."""
    with django_db_blocker.unblock():
        club = add_unit(kind="club", name="Club d’été Œuvre Noël", code="ete", parent=_house.school, by=None)
        return official(_house, unit=club.code, entity_kind="club", name="L’Œuvre de l’École Noël",
                        handle="https://oeuvre-noel-quiz.wordpress.com").pk


@pytest.fixture
def french(_french: int, db: None) -> Account:
    """That account, freshly read."""
    return Account.objects.get(pk=_french)


def found(typed: str) -> list[str]:
    return [account.name for account in directory.directory(text=typed)]


@pytest.mark.parametrize(
    "typed",
    [
        "ecole",
        "ÉCOLE",
        "École",
        "e\u0301cole",
        "oeuvre",
        "ŒUVRE",
        "noel",
        "Noël",
        "NOE",
        "noël oeuvre",
        "OEUVRE  noe",
        "l'ecole",
        "rendell ecole",
        "ete",
        "oeuvre-noel-quiz",
        "quiz",
        "Rendell",
    ],
)
def test_accents_case_beginnings_and_the_school_find_it(typed: str, french: Account) -> None:
    assert found(typed) == [french.name]


@pytest.mark.parametrize(
    "typed", ["cole", "churchill", "oeuvre churchill", "noelle", "quizz", "private", "nguyen", "lpsd.ca"]
)
def test_other_words_do_not(typed: str, french: Account) -> None:
    assert found(typed) == []


def test_the_public_id_finds_it_in_any_case(french: Account) -> None:
    assert found(french.public_id.lower()) == [french.name] == found(french.public_id[:4])


def test_no_word_finds_everything_in_order_of_name(cast: Cast, french: Account) -> None:
    for name in ("Zebra Club Rendell", "Alpha Club Rendell"):
        official(cast, name=name)
    assert found("") == sorted(found("")) == ["Alpha Club Rendell", "L’Œuvre de l’École Noël", "Zebra Club Rendell"]
    assert found("rendell") == found("")


def test_hostile_text_is_only_text(french: Account) -> None:
    for typed in HOSTILE:
        assert set(found(typed)) <= {french.name}, typed[:40]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=80))
def test_any_text_may_be_searched_for(typed: str, french: Account) -> None:
    assert set(found(typed)) <= {french.name}


def test_every_word_of_its_own_name_finds_an_account(cast: Cast) -> None:
    """Whatever alphabet a name is written in: Cree syllabics, digits, mixed."""
    for n, name in enumerate(["Rendell ᓀᐦᐃᔭᐍᐏᐣ ᐁᑎᔕᐣ", "Rendell 4A 2026", "Rendell Сова", "Rendell x2y 10km"]):
        account = official(cast, name=name)
        for word in fold(name).split():
            assert account in search(Account.objects.all(), word), (n, word)


def test_only_so_many_words_count(french: Account) -> None:
    assert found(" ".join(["noel"] * MOST_WORDS + ["absent"])) == [french.name]


def test_the_index_follows_every_change_of_the_table(french: Account) -> None:
    Account.objects.filter(pk=french.pk).update(name="Renamed", search_text="renamed")
    assert found("ecole") == []
    assert found("renam") == ["Renamed"]


def test_what_is_searched_holds_no_private_word(cast: Cast, french: Account) -> None:
    words = search_text(french).split()
    for private in ("s.nguyen", "sofia", "nguyen", "grade4", "vault"):
        assert private not in words


def test_requests_are_never_found(cast: Cast) -> None:
    registration = accepted_registration(cast)
    assert registration.request.name not in found(registration.request.name)
    assert registration.request.name not in found("")
