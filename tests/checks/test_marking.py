"""Cutting a text into marked pieces: nothing lost, nothing doubled, overlaps shared."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rostrum.checks import Finding, own_rules
from rostrum.checks.marking import pieces, utf16

RULES = own_rules()
BLOCK = next(rule for rule in RULES if rule.severity == "block")
NOTE = next(rule for rule in RULES if rule.severity != "block")


def test_pieces_together_are_the_text_and_overlaps_carry_both_numbers() -> None:
    text = "Call Kim at 306-967-3058 today."
    found = pieces(text, [Finding(NOTE, 5, 24), Finding(BLOCK, 12, 24), Finding(NOTE, None, None)])
    assert [(one.text, one.numbers, one.severity) for one in found] == [
        ("Call ", (), ""), ("Kim at ", (1,), NOTE.severity), ("306-967-3058", (1, 2), "block"), (" today.", (), ""),
    ]  # fmt: skip


def test_a_text_without_findings_is_one_piece_and_an_empty_one_none() -> None:
    assert [one.text for one in pieces("Quiet.", [])] == ["Quiet."]
    assert pieces("", []) == []


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8))
def test_any_spans_lose_nothing(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(min(a, b, len(text)), min(max(a, b), len(text))) for a, b in spans]
    found = pieces(text, [Finding(NOTE, start, end) for start, end in inside])
    assert "".join(one.text for one in found) == text
    for number, (start, end) in enumerate(inside, start=1):
        assert "".join(one.text for one in found if number in one.numbers) == text[start:end]


def test_places_are_counted_as_a_browser_counts_them() -> None:
    assert utf16("😀 abc", 2) == 3
    assert utf16("abc", 2) == 2
