"""Rules over the facts of an account. Pure: no framework, no clock, no database. A rule points; a person decides."""

from __future__ import annotations

from rostrum.monitoring.rules.accounts import RULES, AccountFacts, AccountRule, check_account

__all__ = ["RULES", "AccountFacts", "AccountRule", "check_account"]
