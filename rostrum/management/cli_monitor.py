"""`rostrum monitor explain`: why a finding stands, or why none does."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from rostrum.management.out import DONE, emit, say, start_django


def declare(commands: Any) -> None:
    """Adds `monitor explain`."""
    group = commands.add_parser("monitor", help="what the rules say").add_subparsers(required=True, metavar="ACT")
    command = group.add_parser(
        "explain",
        help="the facts, rules and clauses of one finding, post or account",
        description=(
            "Asks the rules again, as of now, and tells what each saw, what it said, under which clause, and what the "
            "division and people decided about it. The words that were found are never written."
        ),
    )
    command.add_argument("subject", metavar="SUBJECT", help="12 (a finding), post:12, or an account’s public id")
    command.add_argument("--language", choices=("en", "fr"), default="en", help="the language of the sentences")
    command.add_argument("--json", action="store_true", help="write JSON only")
    command.set_defaults(run=explain)


def explain(args: argparse.Namespace) -> int:
    """Facts first, then every rule with its clauses."""
    start_django()
    from django.utils import translation

    from rostrum.monitoring.explaining import explain as explained

    with translation.override("fr-ca" if args.language == "fr" else "en-ca"):
        told = explained(args.subject)
        if args.json:
            emit(told)
        else:
            for line in _lines(told):
                say(line)
    return DONE


def _lines(told: dict[str, Any]) -> Iterator[str]:
    yield f"{told['name']} ({told['account']}), {told['subject']}"
    if found := told.get("finding"):
        decided = f", {found['ground'] or found['task']}" if found["ground"] or found["task"] else ""
        yield f"Finding {found['number']}: {found['state']}{decided}"
    yield "Facts:"
    for name, value in told["facts"].items():
        if name != "evidence":
            yield f"  {name}: {value}"
    why = {(one["rule"], one["start"]): "; ".join(one["why"]) for one in told["facts"].get("evidence", ())}
    yield "Rules:"
    for rule in told["rules"]:
        yield f"  {rule['rule']} ({rule['severity']}, {rule['effect']}): {rule['title']}"
        for clause in rule["clauses"]:
            yield f"    AP 193 {clause['number']}  {clause['title']}"
        if rule["policy"]:
            kept = "silenced" if rule["policy"]["silenced"] else f"told as {rule['policy']['severity']}"
            yield f"    here {kept}: {rule['policy']['reason']}"
        for one in rule["said"]:
            place = "the whole" if one["start"] is None else f"characters {one['start']} to {one['end']}"
            reason = why.get((rule["rule"], one["start"]), "") or ", ".join(f"{k} {v}" for k, v in one["facts"].items())
            standing = f"finding {one['finding']}, {one['state']}" if one["finding"] else "no finding stands"
            yield f"    said: {place}{f' ({reason})' if reason else ''}; {standing}"
        if not rule["said"]:
            yield "    said nothing"
