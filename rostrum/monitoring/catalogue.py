"""Every rule there is, in words: those over texts, those over accounts, and the division's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.utils import translation
from django.utils.translation import gettext as _

from rostrum.checks import own_rules
from rostrum.checks.rule import Words
from rostrum.monitoring.models import OwnRule
from rostrum.monitoring.own import PREFIX
from rostrum.monitoring.rules import RULES


@dataclass(frozen=True)
class RuleWords:
    """What a rule is called, what it says, what to do, for a person."""

    id: str
    title: str
    message: str
    advice: str
    clauses: tuple[str, ...]
    severity: str
    suggests: bool
    of: str  # text, account, own


@cache
def _shipped() -> dict[str, tuple[Words, Words, Words, tuple[str, ...], str, bool, str]]:
    texts = {
        one.id: (one.title, one.message, one.advice, one.clauses, str(one.severity), one.effect == "suggests", "text")
        for one in own_rules()
    }
    accounts = {
        one.id: (one.title, one.message, one.advice, one.clauses, one.severity, False, "account") for one in RULES
    }
    return {**accounts, **texts}


def about_accounts(rule: str) -> bool:
    """Whether a rule looks at accounts; all others look at texts."""
    return any(one.id == rule for one in RULES)


def _own(one: OwnRule) -> RuleWords:
    message = _("A rule that the division wrote.")
    return RuleWords(f"{PREFIX}{one.pk}", one.title, message, one.advice, (one.clause,), one.severity, True, "own")


def words_for(rules: Iterable[str]) -> dict[str, RuleWords]:
    """The words of any number of rules, in the reader's language. One query where rules of the division's own are asked."""
    french = (translation.get_language() or "").startswith("fr")
    wanted, out = set(rules), {}
    for rule in wanted:
        if rule in (shipped := _shipped()):
            title, message, advice, *rest = shipped[rule]
            said = [words.fr if french else words.en for words in (title, message, advice)]
            out[rule] = RuleWords(rule, *said, *rest)  # type: ignore[arg-type]  # the rest stands in its order
    own = [int(rule[len(PREFIX) :]) for rule in wanted if rule.startswith(PREFIX) and rule[len(PREFIX) :].isdigit()]
    if own:
        out |= {f"{PREFIX}{one.pk}": _own(one) for one in OwnRule.objects.filter(pk__in=own)}
    for rule in wanted - set(out):
        out[rule] = RuleWords(rule, rule, _("This rule no longer exists."), "", (), "note", True, "gone")
    return out


def every_rule() -> list[RuleWords]:
    """All rules there are, the division's own last."""
    known = words_for(_shipped())
    return [*(known[rule] for rule in _shipped()), *(_own(one) for one in OwnRule.objects.order_by("title", "pk"))]
