"""Rules that the division wrote: what was typed, as the checks take it, and refused in the reader’s language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.utils.translation import gettext as _

from rostrum.checks import Rule, RuleError, division_rule, safe_pattern, safe_word
from rostrum.checks.adjust import LONGEST, LONGEST_WORD, SHORTEST
from rostrum.core.errors import Invalid
from rostrum.monitoring.models import OwnRule, OwnRuleKind, OwnRuleState

PREFIX = "own."
MOST_LINES = 200


def rule_id(own: OwnRule) -> str:
    """The name of a division's rule among all rules."""
    return f"{PREFIX}{own.pk}"


def _wrong(message: str) -> Invalid:
    return Invalid(message, fields={"looks_for": [message]})


def _said(error: RuleError) -> str:
    """Why a word or pattern is not taken, for the person who typed it."""
    values = {"line": error.what, "why": error.what[:120], "most": LONGEST_WORD, "longest": LONGEST, "least": SHORTEST}
    sentences = {
        "short": _("“%(line)s” is too short: it would be found everywhere. Write at least %(least)d letters."),
        "long": _("“%(line)s…” is too long. A line has at most %(most)d characters."),
        "star": _("In “%(line)s” a star stands inside. At the end it lets the word go on; elsewhere it cannot stand."),
        "long_pattern": _("Write a pattern of at most %(longest)d characters."),
        "letters": _("A pattern is written in plain letters; accents in a text are seen through."),
        "empty": _("This pattern fits an empty text: it would be found everywhere."),
    }
    return sentences.get(error.code, _("This pattern cannot be used: %(why)s.")) % values


def lines_of(typed: str) -> list[str]:
    """The words and phrases of a rule, one a line, each once. Raises Invalid for too many, too long, too short."""
    lines = list(dict.fromkeys(filter(None, (" ".join(line.split()) for line in typed.splitlines()))))
    if not lines:
        raise _wrong(_("Write at least one word or phrase."))
    if len(lines) > MOST_LINES:
        raise _wrong(
            _("That is %(count)d lines. A rule takes at most %(most)d.") % {"count": len(lines), "most": MOST_LINES}
        )
    try:
        return [safe_word(line) for line in lines]
    except RuleError as error:
        raise _wrong(_said(error)) from None


def pattern_of(typed: str) -> str:
    """A pattern as the engine runs it. Raises Invalid for one that cannot be used; none can hold the checks up."""
    try:
        return safe_pattern(typed.strip())
    except RuleError as error:
        raise _wrong(_said(error)) from None


def cleaned(kind: str, typed: str) -> str:
    """What a rule looks for, as it is kept. Raises Invalid, beside `looks_for`."""
    if kind == OwnRuleKind.PATTERN:
        pattern_of(typed)
        return typed.strip()
    return "\n".join(lines_of(typed))


def fingerprint_of(own: OwnRule) -> str:
    """The mark of what a rule looks for: a trial counts for this mark only."""
    return hashlib.sha256(f"{own.kind}\x1f{own.looks_for}".encode()).hexdigest()


def as_rule(own: OwnRule) -> Rule:
    """A division's rule as the engine takes it. It only ever suggests: what the words mean here, a person decides."""
    looks_for = (
        {"patterns": [own.looks_for]} if own.kind == OwnRuleKind.PATTERN else {"words": own.looks_for.splitlines()}
    )
    return division_rule(
        {
            "id": rule_id(own), "clauses": [own.clause], "severity": own.severity, "title": own.title,
            "message": own.title, "advice": own.advice, **looks_for,
        }
    )  # fmt: skip


def in_use() -> list[OwnRule]:
    """The rules of the division's own that look at texts now."""
    return list(OwnRule.objects.filter(state=OwnRuleState.LIVE).order_by("pk"))


def as_rules(owns: Iterable[OwnRule]) -> list[Rule]:
    """Several at once."""
    return [as_rule(one) for one in owns]
