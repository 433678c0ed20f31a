"""The engine finds what a slow engine finds that says the same rules plainly: on the examples, and on any text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.checks_reference import Reference, Told
from rostrum.checks import own_rules
from rostrum.checks.catalogue import example
from tests.checks.sample import DIVISION, STUDENTS, engine

CHECKS, SLOW = engine(), Reference(list(STUDENTS), DIVISION)
EXAMPLES = [example(text).text for rule in own_rules() for text in (*rule.hits, *rule.misses, *rule.traps)]
BITS = st.sampled_from([piece for text in EXAMPLES for piece in text.split(" ")])
MIXED = st.lists(BITS, min_size=1, max_size=24).map(" ".join)


def told(text: str) -> list[Told]:
    return [(one.rule.id, one.start, one.end) for one in CHECKS.check(text)]


def test_every_example_of_every_rule_gets_the_slow_answer() -> None:
    for text in EXAMPLES:
        assert told(text) == SLOW.check(text), text


@given(MIXED)
@settings(max_examples=150, deadline=None)
def test_words_of_the_examples_in_any_order_get_the_slow_answer(text: str) -> None:
    assert told(text) == SLOW.check(text)


@given(st.lists(MIXED, min_size=1, max_size=6).map("".join))
@settings(max_examples=60, deadline=None)
def test_words_run_together_get_the_slow_answer(text: str) -> None:
    assert told(text) == SLOW.check(text)
