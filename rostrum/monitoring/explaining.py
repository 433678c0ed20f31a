"""Why a finding stands, or why none does: the facts that the rules saw, what each rule said of them, under which clause.

The words that were found are never told: places and evidence are, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from rostrum.archive.models import Post
from rostrum.core import clock
from rostrum.core.errors import WrongState
from rostrum.monitoring.catalogue import words_for
from rostrum.monitoring.engine import engine
from rostrum.monitoring.facts import gather
from rostrum.monitoring.flags import Flag, of_text
from rostrum.monitoring.models import Finding, RuleChoice
from rostrum.monitoring.queries import findings
from rostrum.monitoring.rules import RULES, check_account
from rostrum.monitoring.scanning import Subject, choices, posting_for
from rostrum.monitoring.states import HOLDING
from rostrum.policies.queries import current
from rostrum.registry.models import Account


def explain(asked: str) -> dict[str, Any]:
    """Facts, rules and clauses of one thing: `12` or `finding:12`, `post:12`, `account:PUBLIC-ID` or the id alone.

    The rules are asked again, as of now: what stands in the register or the archive counts, not what was seen then.
    Raises WrongState where there is nothing of this name.
    """
    kind, _sep, name = asked.rpartition(":")
    if kind in {"", "finding"} and name.isdecimal() and name.isascii():
        if found := findings().filter(pk=int(name[:12])).first():
            told = _post(found.post) if found.post else _account(found.account)
            return told | {"finding": _row(found), "rules": [one for one in told["rules"] if one["rule"] == found.rule]}
    elif kind == "post" and name.isdecimal() and name.isascii():
        if post := Post.objects.select_related("account__unit").filter(pk=int(name[:12])).first():
            return _post(post)
    elif kind in {"", "account"}:
        live = Account.objects.select_related("unit", "registration__request__edition__procedure")
        if account := live.filter(public_id=name).first():
            return _account(account)
    raise WrongState(_("There is no finding, post or account “%(name)s”.") % {"name": asked[:80]})


def _row(found: Finding) -> dict[str, Any]:
    """How a finding stands, and what a person decided."""
    return {
        "number": found.pk, "rule": found.rule, "state": found.state, "severity": found.severity, "clauses": found.clauses,
        "found_at": found.found_at, "decided_at": found.decided_at, "ground": found.ground, "task": found.task,
        "due_on": found.due_on,
    }  # fmt: skip


def _rule(
    name: str, said: Iterable[Flag], chosen: Mapping[str, RuleChoice], standing: Mapping[Any, Finding]
) -> dict[str, Any]:
    """One rule: what it said here, what the division decided about it, and the findings that stand of it."""
    words, choice = words_for([name])[name], chosen.get(name)
    edition, french = current(), (translation.get_language() or "").startswith("fr")
    clauses = []
    for number in words.clauses:
        clause = edition.clause(number)
        clauses.append({"number": number, "title": (clause.title.fr if french else clause.title.en) if clause else ""})
    policy = None
    if choice is not None:
        policy = {
            "silenced": choice.silenced,
            "severity": choice.severity,
            "reason": choice.reason,
            "since": choice.since,
        }
    return {
        "rule": name, "title": words.title, "message": words.message, "advice": words.advice, "clauses": clauses,
        "severity": words.severity, "effect": "suggests" if words.suggests else "decides", "policy": policy,
        "said": [
            {
                "start": flag.start, "end": flag.end, "facts": dict(flag.facts),
                "finding": row.pk if (row := standing.get((flag.rule, flag.fingerprint))) else None,
                "state": row.state if row else None,
            }
            for flag in said
        ],
    }  # fmt: skip


def _told(subject: Subject, flags: list[Flag], silent: Iterable[str], facts: dict[str, Any]) -> dict[str, Any]:
    rows = Finding.objects.filter(subject=subject.key, state__in=HOLDING)
    standing = {(one.rule, one.fingerprint): one for one in rows}
    names = list(dict.fromkeys([*(flag.rule for flag in flags), *(rule for rule, _mark in standing), *silent]))
    chosen = choices()
    return {
        "subject": subject.key, "account": subject.account.public_id, "name": subject.account.name, "facts": facts,
        "rules": [_rule(name, [flag for flag in flags if flag.rule == name], chosen, standing) for name in names],
    }  # fmt: skip


def _account(account: Account) -> dict[str, Any]:
    day = clock.today()
    ((_same, facts),) = gather([account], day)
    return _told(Subject(account), check_account(facts, day), (rule.id for rule in RULES), {"day": day, **vars(facts)})


def _post(post: Post) -> dict[str, Any]:
    version = post.versions.order_by("-number").first()
    if version is None:
        raise WrongState(_("Nothing was kept of this post."))
    ready, posting = engine(), posting_for(post.account)
    found = ready.check(version.text, posting)
    facts = {
        "version": version.number, "characters": len(version.text), "platform": posting.channel,
        "speaks_for_division": posting.scope == "division", "rule_set": ready.fingerprint,
        "evidence": [{"rule": one.rule.id, "start": one.start, "end": one.end, "why": list(one.evidence)} for one in found],
    }  # fmt: skip
    return _told(Subject(post.account, version), of_text(version.text, found), (), facts)
