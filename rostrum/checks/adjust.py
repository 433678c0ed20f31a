"""What a division adds to our rules and changes about them, as plain values: read, refused with a reason, or applied.

Nothing is known here of where such values are kept, or of who decided: see docs/checks.md for their shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from rostrum.checks.folding import fold_word
from rostrum.checks.patterns import QUICK, UNUSABLE, compiled
from rostrum.checks.rule import CLAUSE, SEVERITIES, Rule, RuleError, Words

OWN_TYPE: Final = "OWN"
LONGEST: Final = 500  # letters of one pattern
MOST: Final = 2000  # words and phrases of one rule
LONGEST_WORD: Final = 120  # letters of one word or phrase
SHORTEST: Final = 3  # letters of a word: a shorter one stands everywhere
_TEXTS: Final = ("title", "message", "advice")
_KEYS: Final = {"id", "clauses", "severity", "words", "patterns", "allow", *_TEXTS}
_CHANGES: Final = {"off", "severity", "allow"}


def division_rule(values: Mapping[str, Any]) -> Rule:
    """A division's own rule from plain values. It always only suggests.

    Keys: `id`, `clauses` (list), `severity`, `title`, `message`, `advice` (each a text, or `{"en","fr"}`), and `words`
    (words and phrases, `*` at the end lets a word go on), `patterns` (re2, read without capitals or accents) or both;
    `allow`, phrases in which the rule is silent. Raises RuleError, which says what is wrong, for the person who typed it.
    """
    name = values.get("id")
    if not isinstance(name, str) or not name:
        raise RuleError("a rule needs an id")
    if unknown := set(values) - _KEYS:
        raise RuleError(f"{name}: unknown {', '.join(sorted(unknown))}")
    clauses = _texts(name, values, "clauses")
    if not clauses or not all(CLAUSE.fullmatch(clause) for clause in clauses):
        raise RuleError(f"{name}: every rule cites a clause")
    words = tuple(safe_word(word, name) for word in _texts(name, values, "words"))
    patterns = tuple(safe_pattern(pattern, name) for pattern in _texts(name, values, "patterns"))
    if not words and not patterns:
        raise RuleError(f"{name}: a rule needs a word, a phrase or a pattern")
    if len(words) + len(patterns) > MOST:
        raise RuleError(f"{name}: at most {MOST:,} words and patterns")
    title, message, advice = (_sentence(name, values.get(key), key) for key in _TEXTS)
    return Rule(
        id=name, type=OWN_TYPE, clauses=clauses, effect="suggests", severity=_severity(name, values.get("severity", "review")),
        family=name, title=title, message=message, advice=advice, patterns=patterns, words=words,
        validator="worded" if words and not patterns and all(map(_lettered, words)) else "",
        allow=_texts(name, values, "allow"),
    )  # fmt: skip


def division_rules(rows: Iterable[Mapping[str, Any]], taken: Iterable[Rule] = ()) -> tuple[Rule, ...]:
    """Several at once; no id may stand twice, or be one of those that are taken. Raises RuleError for the first wrong."""
    seen = {rule.id for rule in taken}
    made = []
    for row in rows:
        rule = division_rule(row)
        if rule.id in seen:
            raise RuleError(f"{rule.id}: two rules have one id")
        seen.add(rule.id)
        made.append(rule)
    return tuple(made)


def adjusted(rules: Sequence[Rule], changes: Mapping[str, Mapping[str, Any]]) -> tuple[Rule, ...]:
    """The rules as a division wants them: `{rule id: {"off": true}}`, `{"severity": "note"}`, `{"allow": [phrases]}`.

    Raises RuleError for a rule that is not there and for a change that is not known.
    """
    known = {rule.id for rule in rules}
    for name, change in changes.items():
        if name not in known:
            raise RuleError(f"{name}: there is no such rule")
        if unknown := set(change) - _CHANGES:
            raise RuleError(f"{name}: unknown {', '.join(sorted(unknown))}")
    kept = []
    for rule in rules:
        change = changes.get(rule.id, {})
        if change.get("off") is True:
            continue
        kept.append(
            replace(
                rule,
                severity=_severity(rule.id, change.get("severity", rule.severity)),
                allow=(*rule.allow, *_texts(rule.id, change, "allow")),
            )
        )
    return tuple(kept)


def safe_pattern(pattern: str, name: str = "the pattern") -> str:
    """A pattern as the engine reads it, on folded text: capitals and accents in it mean the plain letters.

    Raises RuleError for one that re2 does not take (look-around, references back), that is too large, or that fits an
    empty text and so would be found everywhere. No pattern can make a check slow: re2 reads each byte once.
    """
    if not QUICK:
        raise RuleError(f"{name}: patterns need the package google-re2, which is not installed", "re2", "google-re2")
    if len(pattern) > LONGEST:
        raise RuleError(f"{name}: a pattern has at most {LONGEST} letters", "long_pattern")
    plain = "".join(char if char.isascii() else fold_word(char) for char in pattern)
    if not plain.isascii():
        raise RuleError(f"{name}: a pattern holds letters of the Latin alphabet only", "letters")
    plain = re.sub(r"\\.|[A-Z]", lambda found: found[0] if len(found[0]) > 1 else found[0].lower(), plain, flags=re.S)
    try:
        find = compiled(plain)
    except RuleError as error:
        raise RuleError(f"{name}: {error}", "re2", str(error).removeprefix(UNUSABLE)) from error
    if any(find(bare, 0, len(bare))[0][0] >= 0 for bare in (b"", b" ")):
        raise RuleError(f"{name}: the pattern fits an empty text, so it would be found everywhere", "empty")
    return plain


def _texts(name: str, values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    given = values.get(key, ())
    if isinstance(given, str) or not isinstance(given, Sequence) or not all(isinstance(one, str) for one in given):
        raise RuleError(f"{name}: {key} is a list of texts")
    return tuple(given)


def safe_word(word: str, name: str = "the rule") -> str:
    """A word or phrase that may be looked for, its blanks made single; `*` at its end lets it go on. Raises RuleError."""
    plain = " ".join(word.split())
    letters = sum(char.isalnum() or char >= "\x80" for char in fold_word(plain))
    if len(plain) > LONGEST_WORD:
        raise RuleError(f"{name}: a phrase has at most {LONGEST_WORD} letters", "long", plain[:30])
    if letters < SHORTEST:
        raise RuleError(f"{name}: “{plain}” is too short", "short", plain)
    if "*" in plain[:-1]:
        raise RuleError(f"{name}: * stands at the end of a word only", "star", plain)
    return plain


def _lettered(word: str) -> bool:
    """Whether a word is one of letters: then signs may stand for them, and digits alone are no hit."""
    return any(char.isalpha() for char in fold_word(word))


def _severity(name: str, given: object) -> Any:
    if given not in SEVERITIES:
        raise RuleError(f"{name}: severity is block, review or note")
    return given


def _sentence(name: str, given: object, key: str) -> Words:
    """A sentence in both languages; one language serves for both."""
    if isinstance(given, Mapping):
        en, fr = given.get("en"), given.get("fr")
        if isinstance(en or fr, str):
            return Words(str(en or fr), str(fr or en))
    if isinstance(given, str) and given:
        return Words(given, given)
    raise RuleError(f"{name}: {key} is a text, or one for each language")
