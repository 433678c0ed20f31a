"""Any text at all: no exception, spans inside the text, one answer however it is asked, time in proportion to length."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.checks import Student
from rostrum.checks.folding import fold
from rostrum.checks.names import NameList
from tests.checks.sample import engine

CHECKS = engine()
PIECES = st.sampled_from(
    [
        "Emma Larsson",
        "780 871 2231",
        "\u200d",
        "\ud800",
        "é",
        "e\u0301",
        "ᑭᐦᐁᐤ",
        "😀",
        "  ",
        "\n",
        "146 454 285",
        "#",
        "@",
        "SIN",
    ]
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


LONG = (
    "a", "1", "1 ", "é\u0301", "Emma Larsson ", "7-8", "@a.", "a b ", "😀", "!!1", "306-967-3058 ", "a@gmail.com ",
    "you are so ", "shit ", "5017 46 Street ", "\u200d", "\ud800", "ᑭᐦᐁᐤ ", "#EmmaLarsson", "Larsson, ",
    "146 454 285 ", "born 2017-06-22 ",
)  # fmt: skip


@pytest.mark.parametrize("piece", LONG)
def test_a_very_long_text_takes_its_time_but_no_more(piece: str) -> None:
    """Eight times the text takes about eight times as long, never the sixty-four of time squared; machines are busy."""
    took = []
    for size in (50_000, 400_000):
        text = piece * (size // len(piece))
        began = time.process_time()
        found = CHECKS.check(text)
        took.append(time.process_time() - began)
        assert all(0 <= (one.start or 0) < (one.end or 0) <= len(text) for one in found)
    assert took[1] < 30 * took[0] + 2, took


@given(
    st.lists(
        st.sampled_from(["", " ", "A", "Bo", "ᑭ", "\ud800", "Ng", "Emma", "O'Brien", "-", "'", "\u200d", "99"]),
        max_size=16,
    )
)
def test_any_roster_is_taken_and_any_text_checked_with_it(names: list[str]) -> None:
    students = [Student(str(n), first, last) for n, (first, last) in enumerate(pairwise(names))]
    held = NameList([*students, *students])
    for text in ("A Bo and Emma O'Brien met Ng, Emma", "#EmmaOBrien ᑭ ᑭ", " ".join(names)):
        data = fold(text).data
        for hit in held.find(data, held.spots(data)):
            assert 0 <= hit.start < hit.end <= len(data)


def test_a_name_with_joiners_and_accents_inside_is_found_where_it_stands() -> None:
    for name in (
        "Em\u200dma Lar\u00adsson",
        "Ｅｍｍａ Ｌａｒｓｓｏｎ",
        "E\u0301mma Larsson",
        "Еmmа Lаrssоn",
        "𝐄𝐦𝐦𝐚 𝐋𝐚𝐫𝐬𝐬𝐨𝐧",
    ):
        text = f"😀 שלום {name}, bravo"
        (one,) = CHECKS.check(text)
        assert text[one.start : one.end] == name, name
