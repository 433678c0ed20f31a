"""What a rule is, and reading the rules of this package from their files. A rule is data; it never acts."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

Effect = Literal["decides", "suggests"]
Severity = Literal["block", "review", "note"]
Language = Literal["en", "fr"]

TYPES: Final = frozenset(
    {
        "NAME", "PHONE", "EMAIL", "POSTAL", "ADDRESS", "BIRTHDATE", "SIN", "HEALTH_AB", "HEALTH_SK", "STUDENT_NO",
        "PLATE", "CREDIT_CARD", "URL", "LAND", "HARASSMENT", "PROFANITY", "THREAT", "NAMING", "DEFAMATION", "VENTING",
        "COPYRIGHT", "CONTACT", "SECRET", "SENSITIVE", "TONE", "OWN",
    }
)  # fmt: skip
FILES: Final = ("identifiers", "places", "names", "insults", "conduct", "links", "account")


class RuleError(ValueError):
    """A rule cannot be used; the message says which rule and what. A `code` lets pages say it in their own words."""

    def __init__(self, message: str, code: str = "", what: str = "") -> None:
        super().__init__(message)
        self.code, self.what = code, what


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages."""

    en: str
    fr: str

    def in_(self, language: Language) -> str:
        """The sentence in one language."""
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks for in the folded text, what must stand near it, what it says, and its examples.

    `patterns` and `words` are the detector (none of both: the name list or the scorer finds for it). `near` must be
    found in the `reach` bytes before a hit, or `near_after` right after it; `unless_before` and `unless_after` refuse
    it. `validator` names a function of `validators`. Among overlapping hits of one `family` the highest `priority`
    stays, then the closest context, then the longest.
    """

    id: str
    type: str
    clauses: tuple[str, ...]
    effect: Effect
    severity: Severity
    family: str
    title: Words
    message: Words
    advice: Words
    patterns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    near: str = ""
    near_after: str = ""
    unless_before: str = ""
    unless_after: str = ""
    reach: int = 40
    validator: str = ""
    priority: int = 0
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()  # phrases in which the rule is silent: a division's own names and places


_KNOWN: Final = frozenset(Rule.__dataclass_fields__)
_LISTS: Final = ("clauses", "patterns", "words", "hits", "misses", "traps", "allow")
CLAUSE: Final = re.compile(r"\d\.\d{1,2}")
SEVERITIES: Final = ("note", "review", "block")


def _rule(given: dict[str, Any]) -> Rule:
    """One table of a file as a rule. Raises RuleError."""
    name = given.get("id", "a rule without an id")
    if unknown := set(given) - _KNOWN:
        raise RuleError(f"{name}: unknown {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {**given, **{key: tuple(given.get(key, ())) for key in _LISTS}}
    for key in ("title", "message", "advice"):
        try:
            values[key] = Words(**given[key])
        except (KeyError, TypeError) as error:
            raise RuleError(f"{name}: {key} must be given in English and French") from error
    try:
        rule = Rule(**values)
    except TypeError as error:
        raise RuleError(f"{name}: {error}") from error
    if rule.type not in TYPES or rule.effect not in {"decides", "suggests"}:
        raise RuleError(f"{name}: unknown type {rule.type} or effect {rule.effect}")
    if rule.severity not in SEVERITIES:
        raise RuleError(f"{name}: unknown severity {rule.severity}")
    if not rule.clauses or not all(CLAUSE.fullmatch(clause) for clause in rule.clauses):
        raise RuleError(f"{name}: every rule cites a clause")
    if not (rule.hits and rule.misses and rule.traps):
        raise RuleError(f"{name}: every rule shows hits, near misses and traps")
    for pattern in (*rule.patterns, rule.near, rule.near_after, rule.unless_before, rule.unless_after):
        if not pattern.isascii():
            raise RuleError(f"{name}: patterns are read on the folded text and hold plain letters only")
    return rule


def read_rules(text: str) -> tuple[Rule, ...]:
    """The rules of one file. Raises RuleError for the first that is wrong."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(str(error)) from error
    rules = tuple(_rule(table) for table in given.get("rule", ()))
    ids = [rule.id for rule in rules]
    if len(set(ids)) != len(ids):
        raise RuleError("two rules have one id")
    return rules


@cache
def own_rules() -> tuple[Rule, ...]:
    """The rules that come with Rostrum, in the order of their files."""
    folder = resources.files("rostrum.checks") / "rules"
    return tuple(rule for name in FILES for rule in read_rules((folder / f"{name}.toml").read_text("utf-8")))


def fingerprint(*parts: object) -> str:
    """A short mark of rules and whatever else decides: equal marks give the same findings."""
    return hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]
