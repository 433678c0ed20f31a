"""What a rule returned, before it is a row: the flag, and its fingerprint. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rostrum.checks import Finding as Found

RANKS = {"note": 0, "review": 1, "block": 2}
Plain = str | int | bool | None


@dataclass(frozen=True)
class Flag:
    """One thing that a rule returned about one subject. `evidence` tells this one from another of the same rule.

    `facts` are plain values for the finding's words; they never hold words of a post.
    """

    rule: str
    evidence: str
    clauses: tuple[str, ...]
    severity: str
    suggests: bool = False
    start: int | None = None
    end: int | None = None
    facts: Mapping[str, Plain] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The mark of the evidence: equal marks of one rule on one subject are the same finding."""
        return hashlib.sha256(f"{self.rule}\x1f{self.evidence}".encode("utf-8", "surrogatepass")).hexdigest()


def of_text(text: str, found: Iterable[Found]) -> list[Flag]:
    """Flags of a text's findings. The evidence is what stands there, and the how-manieth time: not where it stands.

    So a post whose beginning is changed keeps its findings, and one whose number is changed gets another.
    """
    times: Counter[tuple[str, str]] = Counter()
    flags = []
    for one in found:
        words = "" if one.start is None or one.end is None else text[one.start : one.end]
        times[one.rule.id, words] += 1
        flags.append(
            Flag(
                rule=one.rule.id, evidence=f"{words}\x1f{times[one.rule.id, words]}", clauses=one.rule.clauses,
                severity=one.rule.severity, suggests=one.rule.effect == "suggests", start=one.start, end=one.end,
            )
        )  # fmt: skip
    return flags
