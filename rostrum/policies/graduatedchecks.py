"""What must agree inside a table of graduated actions, in a procedure's file or written down by the division."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rostrum.policies.formchecks import Finding, repeated
from rostrum.policies.schema import Document, Graduated


def check_graduated(document: Document) -> Iterator[Finding]:
    """What contradicts itself in the table of graduated actions of a file; nothing where it has none."""
    if document.graduated is not None:
        for path, message in contradictions(document.graduated):
            yield ("graduated", *path), message


def contradictions(table: Graduated) -> Iterator[Finding]:
    """The same for any such table, with places inside it."""
    known = [one.key for one in table.severities]
    yield from repeated((("severities", at, "key"), key) for at, key in enumerate(known))
    yield from repeated(
        (("steps", at, "occurrence"), (one.severity, one.occurrence, one.clauses)) for at, one in enumerate(table.steps)
    )
    for at, step in enumerate(table.steps):
        if step.severity not in known:
            yield (
                ("steps", at, "severity"),
                _("“%(severity)s” is no severity of this table.") % {"severity": step.severity},
            )
        yield from repeated((("steps", at, "measures", i), one) for i, one in enumerate(step.measures))
        wrong = wrong_together(step.measures)
        if wrong:
            yield ("steps", at, "measures"), wrong


def wrong_together(measures: tuple[str, ...] | list[str]) -> str:
    """Why these measures cannot stand in one decision, in a sentence; empty where they can."""
    if "guidance" in measures and len(measures) > 1:
        return _("Guidance is no measure: it stands alone.")
    if {"suspend", "close"} <= set(measures):
        return _("An account is suspended or closed, not both.")
    return ""
