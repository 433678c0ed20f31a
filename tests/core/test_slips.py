"""One slip of the finger: what counts as one, what never does, and finding rows in spite of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.core import slips
from rostrum.core.finding import among

ROWS = [(1, ("Ana Petrova", "a.petrova@lpsd.ca")), (2, ("Zoé Côté", "z.cote@lpsd.ca")), (3, ("Owen Clarke", "LPSD"))]
WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=20)


@given(WORDS, st.data())
def test_every_slip_is_one_step_away_and_mends_back(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    slipped = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    )
    assert slipped == word or word in slips.one_off(slipped)


@given(st.text(max_size=40))
def test_any_text_is_taken_and_no_word_is_its_own_slip(word: str) -> None:
    assert word not in slips.one_off(word)
    assert bool(slips.one_off(word)) == slips.possible(word)


@pytest.mark.parametrize("word", ["lpsd", "band", "", "grade4", "2026", "x" * 31, "o'brien"])
def test_short_words_numbers_and_initials_hold_no_slip(word: str) -> None:
    assert slips.one_off(word) == []


@pytest.mark.parametrize(
    ("typed", "ids", "instead"),
    [
        ("petrova", [1], ""),
        ("petorva", [1], "petrova"),
        ("ana petrva", [1], "ana petrova"),
        ("clrake owen", [3], "clarke owen"),
        ("petrav", [1], "petrova"),  # still being typed
        ("cote", [2], ""),
        ("LPDS", [], ""),
        ("petrvoo", [], ""),  # two slips
        ("petorva clrake", [], ""),
        ("petorva owen", [], ""),  # nobody is both
        ("petrova owen", [], ""),  # nothing is mistyped
    ],
)
def test_rows_are_found_in_spite_of_one_slip(typed: str, ids: list[int], instead: str) -> None:
    found = among(ROWS, typed)
    assert (found.ids, found.instead) == (ids, instead)


def test_the_exact_words_find_only_themselves() -> None:
    assert among(ROWS, "petorva", exact=True).ids == []
