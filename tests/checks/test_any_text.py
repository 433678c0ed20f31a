"""Any text at all: no exception, spans inside the text, one answer however it is asked, time in proportion to length."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from rostrum.checks.folding import fold
from tests.checks.sample import engine

CHECKS = engine()
PIECES = st.sampled_from(
    ["Emma Larsson", "780 871 2231",
     "\u200d", "\ud800", "é", "e\u0301", "ᑭᐦᐁᐤ", "😀", "  ", "\n", "146 454 285", "#", "@", "SIN"]
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=200), st.lists(PIECES, max_size=30).map("".join)
)


@given(TEXTS)
def test_any_text_is_checked_and_every_span_lies_inside_it(text: str) -> None:
    for finding in CHECKS.check(text):
        assert finding.start is not None
        assert finding.end is not None
        assert 0 <= finding.start < finding.end <= len(text)


@given(TEXTS)
def test_every_byte_of_a_folded_text_stands_for_a_character(text: str) -> None:
    folded = fold(text)
    assert b"\0" not in folded.data
    if folded.starts is None:
        assert len(folded.data) == len(text)
    else:
        assert len(folded.starts) == len(folded.data)
        assert folded.starts == sorted(folded.starts)


@given(st.lists(TEXTS, max_size=5))
def test_many_at_once_get_the_answers_that_each_gets_alone(texts: list[str]) -> None:
    assert list(CHECKS.check_many(texts)) == [CHECKS.check(text) for text in texts]


def test_a_very_long_text_takes_its_time_but_no_more() -> None:
    for piece in ("a", "1", "1 ", "é\u0301", "Emma Larsson ", "7-8", "@a.", "a b ", "😀", "!!1"):
        began = time.process_time()
        CHECKS.check(piece * (200_000 // len(piece)))
        assert time.process_time() - began < 10, piece
