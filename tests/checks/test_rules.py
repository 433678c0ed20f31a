"""Every rule with its own examples: what it must find and where, what comes close, and what must be left alone."""

from __future__ import annotations

import re

import pytest

from rostrum.checks import Engine, Rule, own_rules
from tests.checks.sample import engine

RULES = own_rules()
SPAN = re.compile(r"\[\[(.+?)\]\](?!\])", re.S)


@pytest.fixture(scope="module")
def checks() -> Engine:
    return engine()


def marked(example: str) -> tuple[str, list[tuple[int, int]]]:
    """The text of an example without its marks, and the spans that they marked."""
    text, spans, at = "", [], 0
    for found in SPAN.finditer(example):
        text += example[at : found.start()]
        spans.append((len(text), len(text) + len(found[1])))
        text += found[1]
        at = found.end()
    return text + example[at:], spans


def cases(kind: str) -> list[object]:
    return [pytest.param(rule, text, id=f"{rule.id}-{n}") for rule in RULES for n, text in enumerate(getattr(rule, kind))]


@pytest.mark.parametrize(("rule", "example"), cases("hits"))
def test_a_rule_finds_its_examples_at_their_very_place(checks: Engine, rule: Rule, example: str) -> None:
    text, spans = marked(example)
    found = [(f.start, f.end) for f in checks.check(text) if f.rule.id == rule.id]
    assert spans, "an example of a hit marks its span"
    assert found == spans, [(f.rule.id, text[f.start : f.end]) for f in checks.check(text)]


@pytest.mark.parametrize(("rule", "text"), cases("misses"))
def test_a_rule_lets_near_misses_pass(checks: Engine, rule: Rule, text: str) -> None:
    assert [(f.rule.id, text[f.start : f.end]) for f in checks.check(text) if f.rule.id == rule.id] == []


@pytest.mark.parametrize(("rule", "text"), cases("traps"))
def test_nothing_at_all_is_found_in_a_trap(checks: Engine, rule: Rule, text: str) -> None:
    assert [(f.rule.id, text[f.start : f.end]) for f in checks.check(text)] == []
