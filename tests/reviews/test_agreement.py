"""How far two reviewers agree: counted by hand, in words, and only where there is enough to say it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.reviews.agreement import ENOUGH, agreement
from rostrum.reviews.comparing import compare, pairs_for
from rostrum.reviews.reviewing import Said
from tests.cast import Cast
from tests.reviews.made import end, pair

ANSWERS = st.sampled_from(["in_order", "not_in_order", "not_applicable", "could_not_see"])


def test_the_textbook_case() -> None:
    """Cohen's own kind of table: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no gives kappa 0.40."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    found = agreement(pairs)
    assert (found.pairs, found.same, found.percent) == (50, 35, 70)
    assert found.kappa is not None
    assert math.isclose(found.kappa, 0.4, abs_tol=1e-9)
    assert "35 times out of 50 (70%)" in found.words
    assert "By chance alone it would be about 25." in found.words
    assert "somewhat more than by chance" in found.words


def test_too_little_says_so_and_gives_no_kappa() -> None:
    assert agreement([]).words == "Nobody has answered this twice yet."
    few = agreement([("y", "y")] * (ENOUGH - 1))
    assert few.kappa is None
    assert "too little to say more" in few.words
    same = agreement([("y", "y")] * ENOUGH)
    assert same.kappa is None
    assert "nothing can be said about chance" in same.words


def test_well_and_hardly() -> None:
    assert "They agree well" in agreement([("y", "y"), ("n", "n")] * ENOUGH).words
    assert "hardly agree" in agreement([("y", "n"), ("n", "y")] * ENOUGH).words


@given(st.lists(st.tuples(ANSWERS, ANSWERS), max_size=60))
def test_it_does_not_matter_who_is_called_first(pairs: list[tuple[str, str]]) -> None:
    one, other = agreement(pairs), agreement((b, a) for a, b in pairs)
    assert (one.same, one.percent) == (other.same, other.percent)
    assert (one.kappa is None) == (other.kappa is None)
    if one.kappa is not None and other.kappa is not None:
        assert math.isclose(one.kappa, other.kappa, abs_tol=1e-9)
        assert -1 <= one.kappa <= 1 + 1e-9


@pytest.mark.django_db
def test_pairs_are_compared_question_by_question(cast: Cast) -> None:
    first, second = pair(cast)
    end(first, ["name"])
    assert not pairs_for(cast.director).exists(), "one of the two has not ended"
    end(second, ["name"], avatar=Said(answer="could_not_see"))
    compared = compare(pairs_for(cast.auditor))
    assert (compared.overall.pairs, compared.overall.same) == (12, 11)
    assert compared.by_question["avatar"].same == 0
    assert compared.by_question["name"].percent == 100
    for who in (cast.communications, cast.communications2, cast.director):
        assert pairs_for(who).count() == 1
    for who in (cast.teacher, cast.principal, cast.privacy, cast.charlie):
        assert pairs_for(who).count() == 0
