"""What a check says: one finding is a rule, a place in the text, and why. Never the words that were found."""

from __future__ import annotations

from typing import Any, NamedTuple

from rostrum.checks.rule import Language, Rule


class Finding(NamedTuple):
    """One thing a person should look at. `start` and `end` are characters of the text; None: the text as a whole.

    `students` are the ids of those who may be meant, for a page that may show them; they are not written out.
    """

    rule: Rule
    start: int | None
    end: int | None
    evidence: tuple[str, ...] = ()
    students: tuple[str, ...] = ()
    weight: float = 1.0

    def as_dict(self, language: Language = "en", *, explain: bool = False) -> dict[str, Any]:
        """The finding as the command writes it; with `explain` also why, and what to do."""
        rule = self.rule
        answer: dict[str, Any] = {
            "rule": rule.id, "type": rule.type, "clauses": list(rule.clauses), "effect": rule.effect,
            "start": self.start, "end": self.end, "severity": rule.severity, "message": rule.message.in_(language),
        }  # fmt: skip
        if explain:
            answer |= {
                "title": rule.title.in_(language), "advice": rule.advice.in_(language), "evidence": list(self.evidence),
                "students": len(self.students),
            }  # fmt: skip
        return answer
