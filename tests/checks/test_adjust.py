"""A division's own rules and its changes to ours: what is taken, what is refused and why, and what it does to a check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from rostrum.checks import Engine, RuleError, adjusted, division_rule, division_rules, own_rules, safe_pattern

RAFFLE: Mapping[str, Any] = {
    "id": "own.raffle", "clauses": ["3.5"], "severity": "review", "title": "Raffle",
    "message": {"en": "A raffle needs a licence number.", "fr": "Un tirage exige un numéro de licence."},
    "advice": "Add the licence number.", "words": ["raffle*", "50/50", "tirage au sort"],
}  # fmt: skip


def found(engine: Engine, text: str) -> list[tuple[str, str]]:
    return [(one.rule.id, text[one.start : one.end]) for one in engine.check(text)]


def test_a_divisions_words_are_found_as_whole_words_in_any_case_and_with_accents() -> None:
    engine = Engine(rules=[*own_rules(), division_rule(RAFFLE)])
    assert found(engine, "Meat RAFFLES on Friday, 50/50 too") == [("own.raffle", "RAFFLES"), ("own.raffle", "50/50")]
    assert found(engine, "Tirage au Sort à midi") == [("own.raffle", "Tirage au Sort")]
    assert found(engine, "A scraffle and 150/500") == []


def test_a_divisions_words_are_seen_through_signs_and_line_ends_but_digits_alone_are_none() -> None:
    engine = Engine(rules=[division_rule({**RAFFLE, "words": ["site", "bake sale"]})])
    assert found(engine, "our $1te, a BAKE\nSALE and a bake-sale") == [
        ("own.raffle", "$1te"), ("own.raffle", "BAKE\nSALE"), ("own.raffle", "bake-sale"),
    ]  # fmt: skip
    assert found(engine, "code 5173, opposite, bake, sale") == []


def test_a_divisions_rule_only_suggests_and_says_what_to_do_in_both_languages() -> None:
    rule = division_rule(RAFFLE)
    assert rule.effect == "suggests"
    assert rule.type == "OWN"
    assert rule.message.fr == "Un tirage exige un numéro de licence."
    assert rule.advice.fr == rule.advice.en == "Add the licence number."


def test_a_pattern_is_read_without_capitals_and_accents() -> None:
    engine = Engine(rules=[division_rule({**RAFFLE, "words": [], "patterns": [r"\bÉcole \W+ (?:Été|Hiver)\b"]})])
    assert found(engine, "l'école du soir, été") == []
    assert found(engine, "L'ÉCOLE — ete") == [("own.raffle", "ÉCOLE — ete")]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "missing"), (r"(?=a)b", "invalid"), (r"(a)\1", "invalid"), ("a*", "empty text"), ("", "empty text"),
        ("(?:a{1000}){100}", "repetition"), ("x" * 501, "at most 500"), ("ᑭ", "Latin"),
        ("(?:(?:(?:[ab]{30}){30}){30})", "repetition|too large"),
    ],
)  # fmt: skip
def test_a_pattern_that_cannot_be_used_is_refused_with_the_reason(pattern: str, reason: str) -> None:
    with pytest.raises(RuleError, match=f"(?i){reason}"):
        safe_pattern(pattern)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": ""}, "needs an id"), ({"clauses": []}, "cites a clause"), ({"clauses": ["three"]}, "cites a clause"),
        ({"words": []}, "needs a word"), ({"words": "raffle"}, "list of texts"), ({"words": ["!"]}, "too short"),
        ({"words": ["ab*cd"]}, "at the end"), ({"severity": "high"}, "severity is"), ({"advice": ""}, "advice is a text"),
        ({"colour": "red"}, "unknown colour"), ({"words": ["x" * 121]}, "at most"), ({"patterns": [3]}, "list of texts"),
        ({"words": [f"word{n}" for n in range(2001)]}, "at most"), ({"title": {"de": "Tombola"}}, "title is a text"),
    ],
)  # fmt: skip
def test_a_rule_that_is_wrong_is_refused_with_the_reason(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(RuleError, match=reason):
        division_rule({**RAFFLE, **change})


def test_two_rules_never_have_one_id() -> None:
    with pytest.raises(RuleError, match="two rules"):
        division_rules([RAFFLE, RAFFLE])
    with pytest.raises(RuleError, match="two rules"):
        division_rules([{**RAFFLE, "id": "person.phone"}], own_rules())


def test_a_rule_is_switched_off_and_another_told_more_quietly() -> None:
    text = "Sign up: https://bit.ly/3xYz12 or text me at 306-967-3058. This is the worst school."
    usual = dict(told(Engine(), text))
    assert usual == {"conduct.link": "review", "person.phone": "block", "conduct.defamation": "review"}
    rules = adjusted(own_rules(), {"conduct.link": {"off": True}, "conduct.defamation": {"severity": "note"}})
    assert told(Engine(rules=rules), text) == [("person.phone", "block"), ("conduct.defamation", "note")]


def told(engine: Engine, text: str) -> list[tuple[str, str]]:
    return [(one.rule.id, one.rule.severity) for one in engine.check(text)]


def test_a_rule_is_silent_inside_the_phrases_that_a_division_allows() -> None:
    rules = adjusted(own_rules(), {"words.slur": {"allow": ["Squaw Rapids", "Café Pute"]}})
    engine = Engine(rules=rules)
    assert found(engine, "Grade 5 went to SQUAW RAPIDS on Friday.") == []
    assert found(engine, "Grade 5 went to a squaw rapids-free lake: squaw lake") == [("words.slur", "squaw")]


@pytest.mark.parametrize(
    "changes", [{"no.rule": {"off": True}}, {"person.sin": {"loud": True}}, {"person.sin": {"severity": "x"}}]
)
def test_a_change_that_is_not_known_is_refused(changes: dict[str, dict[str, Any]]) -> None:
    with pytest.raises(RuleError):
        adjusted(own_rules(), changes)


def test_the_mark_of_an_engine_changes_with_rules_division_and_model() -> None:
    usual = Engine().fingerprint
    assert usual == Engine().fingerprint
    assert usual != Engine(scorer=None).fingerprint
    assert usual != Engine(rules=adjusted(own_rules(), {"words.mild": {"off": True}})).fingerprint
