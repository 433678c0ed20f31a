"""One slip of the finger: what counts as one, what never does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.core import slips

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
