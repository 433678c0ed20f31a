"""Dates in words, in English and French, in the division's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from rostrum.core import dates

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("language", "words"), [("en-ca", "Thu 12 Nov 2026, 15:40"), ("fr-ca", "jeu. 12 nov. 2026, 15 h 40")]
)
def test_a_moment_is_told_in_the_divisions_zone(language: str, words: str) -> None:
    with translation.override(language):
        assert dates.when(datetime(2026, 11, 12, 21, 40, tzinfo=UTC)) == words


def test_late_evening_belongs_to_the_local_day() -> None:
    with translation.override("en-ca"):
        assert dates.day(datetime(2026, 11, 13, 3, 0, tzinfo=UTC)) == "Thu 12 Nov 2026"


def test_the_first_of_a_month_in_french() -> None:
    with translation.override("fr-ca"):
        assert dates.day(date(2026, 11, 1)) == "dim. 1er nov. 2026"
        assert dates.when(None) == ""


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "yesterday"),
        (5, "5 days ago"),
        (60, "2 months ago"),
        (800, "2 years ago"),
        (-1, "tomorrow"),
    ],
)
def test_how_long_ago(days: int, words: str) -> None:
    with translation.override("en-ca"):
        assert dates.ago_words(TODAY - timedelta(days=days), today=TODAY) == words


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today"), (1, "tomorrow"), (3, "in 3 days"), (-2, "2 days late")]
)
def test_how_far_off(days: int, words: str) -> None:
    with translation.override("en-ca"):
        assert dates.due_words(TODAY + timedelta(days=days), today=TODAY) == words
