"""Checking what a text says before anybody posts it: identifiers, names without consent, hurtful words. Pure.

`Engine(students, division).check(text)` gives findings; each is advice to a person and no rule ever acts.
"""

from __future__ import annotations

from rostrum.checks.adjust import adjusted, division_rule, division_rules, safe_pattern, safe_word
from rostrum.checks.division import Division
from rostrum.checks.engine import Engine
from rostrum.checks.findings import Finding
from rostrum.checks.roster import Consent, Posting, RosterError, Student, read_roster, read_students
from rostrum.checks.rule import Rule, RuleError, own_rules, read_rules

__all__ = [
    "Consent",
    "Division",
    "Engine",
    "Finding",
    "Posting",
    "RosterError",
    "Rule",
    "RuleError",
    "Student",
    "adjusted",
    "division_rule",
    "division_rules",
    "own_rules",
    "read_roster",
    "read_rules",
    "read_students",
    "safe_pattern",
    "safe_word",
]
