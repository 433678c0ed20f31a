"""Every rule with its own examples: what it must find and where, what comes close, and what must be left alone."""

from __future__ import annotations

import pytest

from rostrum.checks import Engine, Rule, own_rules
from rostrum.checks.catalogue import catalogue
from rostrum.checks.catalogue import example as read_example
from tests.checks.sample import engine

RULES = own_rules()


@pytest.fixture(scope="module")
def checks() -> Engine:
    return engine()


def cases(kind: str) -> list[object]:
    return [
        pytest.param(rule, text, id=f"{rule.id}-{n}") for rule in RULES for n, text in enumerate(getattr(rule, kind))
    ]


@pytest.mark.parametrize(("rule", "example"), cases("hits"))
def test_a_rule_finds_its_examples_at_their_very_place(checks: Engine, rule: Rule, example: str) -> None:
    text, spans = read_example(example).text, read_example(example).spans
    found = [(f.start, f.end) for f in checks.check(text) if f.rule.id == rule.id]
    assert spans, "an example of a hit marks its span"
    assert found == list(spans), [(f.rule.id, text[f.start : f.end]) for f in checks.check(text)]


@pytest.mark.parametrize(("rule", "text"), cases("misses"))
def test_a_rule_lets_near_misses_pass(checks: Engine, rule: Rule, text: str) -> None:
    assert [(f.rule.id, text[f.start : f.end]) for f in checks.check(text) if f.rule.id == rule.id] == []


@pytest.mark.parametrize(("rule", "text"), cases("traps"))
def test_nothing_at_all_is_found_in_a_trap(checks: Engine, rule: Rule, text: str) -> None:
    assert [(f.rule.id, text[f.start : f.end]) for f in checks.check(text)] == []


def test_an_entry_of_the_catalogue_shows_what_is_found_in_it() -> None:
    for entry in catalogue(RULES, "fr"):
        assert entry.title
        assert entry.advice
        for one in entry.hits:
            assert "".join(text for text, _ in one.pieces()) == one.text
            assert any(found for _, found in one.pieces())
        assert not any(one.spans for one in (*entry.misses, *entry.traps))
