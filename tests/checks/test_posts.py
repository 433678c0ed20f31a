"""Posts marked by hand: what is found in them, and the silence in those that hold nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.checks.sample import engine

MARK = re.compile(r"\[\[([A-Z_]+)\|(.+?)\]\]")
LINES = Path(__file__).with_name("posts.txt").read_text("utf-8").splitlines()
POSTS = [line for line in LINES if line and not line.startswith("#")]


def read(line: str) -> tuple[str, list[tuple[str, int, int]]]:
    """A post without its marks, and (type, start, end) of each."""
    text, spans, at = "", [], 0
    for found in MARK.finditer(line):
        text += line[at : found.start()]
        spans.append((found[1], len(text), len(text) + len(found[2])))
        text += found[2]
        at = found.end()
    return text + line[at:], spans


def answers() -> list[tuple[str, list[tuple[str, int, int]], list[tuple[str, int, int]]]]:
    checks = engine()
    told = []
    for line in POSTS:
        text, wanted = read(line)
        found = [
            (f.rule.type, f.start or 0, f.end or 0) for f in checks.check(text) if f.rule.severity != "note" or wanted
        ]
        told.append((text, wanted, found))
    return told


@pytest.fixture(scope="module")
def told() -> list[tuple[str, list[tuple[str, int, int]], list[tuple[str, int, int]]]]:
    return answers()


def test_nearly_every_mark_is_found_and_nearly_nothing_else(told: list[tuple[str, list[object], list[object]]]) -> None:
    met = sum(span in found for _, wanted, found in told for span in wanted)
    over = sum(span not in wanted for _, wanted, found in told for span in found)
    under = sum(span not in found for _, wanted, found in told for span in wanted)
    unlike = [(text, wanted, found) for text, wanted, found in told if wanted != found]
    assert 2 * met / (2 * met + over + under) >= 0.98, unlike


def test_posts_that_hold_nothing_are_left_alone(told: list[tuple[str, list[object], list[object]]]) -> None:
    silent = [(text, found) for text, wanted, found in told if not wanted]
    loud = [one for one in silent if one[1]]
    assert len(silent) > 80
    assert len(loud) <= len(silent) // 100, loud
