"""`rostrum resolve`: any pasted address or handle to the account it names, without a database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from rostrum.management.out import DONE, NO, emit, say


def declare(commands: Any) -> None:
    """Adds `resolve`."""
    command = commands.add_parser(
        "resolve",
        help="any pasted URL or handle to its platform and account",
        description="Exit code 1 when a single input is rejected; with lines, each answer says for itself.",
    )
    command.add_argument("input", nargs="+", metavar="INPUT", help="a URL or handle, or - to read lines")
    command.add_argument("--platform", help="the platform, where a bare handle does not say it")
    command.add_argument("--json", action="store_true", help="write JSON only, one object a line")
    command.set_defaults(run=resolve)


def _inputs(given: list[str]) -> Iterator[str]:
    for one in given:
        if one == "-":
            for line in sys.stdin.buffer:
                yield line.decode("utf-8", "replace").rstrip("\r\n")
        else:
            yield one


def resolve(args: argparse.Namespace) -> int:
    """Answers each input on its own line."""
    from rostrum.connectors import resolve as answer

    rejected = 0
    for text in _inputs(args.input):
        found = answer(text, platform=args.platform)
        rejected += found.status == "reject"
        if args.json:
            emit(found.as_dict())
        else:
            parts = (found.status, found.platform, found.kind, found.canonical_url or found.reason)
            say(f"{text}\t" + "\t".join(str(part or "-") for part in parts))
    return NO if rejected and args.input != ["-"] and len(args.input) == 1 else DONE
