"""The catalogue of rules: what each looks for, under which clause, with texts that it finds and texts that it must not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rostrum.checks import Rule, own_rules
from rostrum.core.text import fold
from rostrum.monitoring.models import SEVERITIES
from rostrum.monitoring.rules import RULES, AccountFacts, AccountRule
from rostrum.monitoring.rules.showing import in_words, rule_of
from rostrum.people.queries import may
from rostrum.web.access import StaffRequest, signed_in
from rostrum.web.checks.showing import BADGES
from rostrum.web.findings.wording import LEVELS

MARK = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


def language() -> Any:
    """The reader's language as the rules know it."""
    return "fr" if (translation.get_language() or "").startswith("fr") else "en"


def _row(rule: Rule | AccountRule) -> dict[str, Any]:
    tone, word, icon = BADGES[rule.severity]
    if isinstance(rule, AccountRule):  # "do not post this" is said of texts
        (tone, icon), word = LEVELS[rule.severity], dict(SEVERITIES)[rule.severity]
    return {
        "id": rule.id, "title": rule.title.in_(language()), "message": rule.message.in_(language()),
        "advice": rule.advice.in_(language()), "clauses": rule.clauses,
        "suggests": isinstance(rule, Rule) and rule.effect == "suggests",
        "of": "text" if isinstance(rule, Rule) else "account",
        "badge": {"tone": tone, "word": word, **icon}, "url": reverse("web:rule", args=[rule.id]),
    }  # fmt: skip


def marked(example: str) -> list[tuple[str, bool]]:
    """An example as pieces, those in [[ ]] marked: what the rule finds in it."""
    return [(piece, at % 2 == 1) for at, piece in enumerate(MARK.split(example)) if piece]


def _examples(given: Iterable[str | AccountFacts]) -> list[list[tuple[str, bool]]]:
    """The examples of a rule as pieces; the facts of an account in words, none of them marked."""
    return [marked(one) if isinstance(one, str) else [(in_words(one).in_(language()), False)] for one in given]


@require_safe
@signed_in
def catalogue(request: StaffRequest) -> HttpResponse:
    """Every rule that comes with Rostrum, over texts and over accounts, searched by words and filtered by clause."""
    typed, number = request.GET.get("q", "")[:80], request.GET.get("clause", "")[:8]
    rules: list[Rule | AccountRule] = [*own_rules(), *RULES]
    rows = [_row(rule) for rule in rules]
    numbers = sorted({n for row in rows for n in row["clauses"]}, key=lambda n: [int(part) for part in n.split(".")])
    words = fold(typed).split()
    found = [
        row for row in rows
        if (not number or number in row["clauses"])
        and all(word in fold(f"{row['title']} {row['message']} {row['id']}") for word in words)
    ]  # fmt: skip
    context = {"rows": found, "q": typed, "clause": number, "clauses": numbers, "total": len(rows),
               "may_own": may(request.user, "rule:own")}  # fmt: skip
    return render(request, "web/checks/rules.html", context)


@require_safe
@signed_in
def rule(request: StaffRequest, rule_id: str) -> HttpResponse:
    """One rule with its examples: these are its tests, so the page cannot promise what the rule does not do."""
    found = next((one for one in own_rules() if one.id == rule_id), None) or rule_of(rule_id)
    if found is None:
        raise Http404
    traps = _("Looks alarming and is not") if isinstance(found, Rule) else _("Not this rule’s matter")
    context = {
        "it": _row(found),
        "examples": [
            (_("It finds"), _examples(found.hits)),
            (_("Close, and rightly left alone"), _examples(found.misses)),
            (traps, _examples(found.traps)),
        ],
        "crumbs": [(_("Check a text"), reverse("web:check")), (_("Rules"), reverse("web:rules"))],
    }
    return render(request, "web/checks/rule.html", context)
