"""`rostrum procedure`: the administrative procedure as data: check a file, publish an edition."""

from __future__ import annotations

import argparse
from typing import Any

from rostrum.management.out import DONE, NO, emit, existing_file, say, start_django, warn


def declare(commands: Any) -> None:
    """Adds `procedure check` and `procedure load`."""
    group = commands.add_parser("procedure", help="the procedure as data").add_subparsers(
        required=True, metavar="ACT"
    )
    for name, body, words in (
        ("check", check, "say what is wrong with a file, line by line"),
        ("load", load, "publish an edition, once"),
    ):
        command = group.add_parser(name, help=words)
        command.add_argument("file", metavar="FILE")
        command.add_argument("--json", action="store_true", help="write JSON only")
        command.set_defaults(run=body)


def _problems(args: argparse.Namespace) -> int:
    """Writes each problem of the file on a line of its own; says how many."""
    from rostrum.policies.check import check_file

    found = check_file(existing_file(args.file))
    for problem in found:
        if args.json:
            emit({"line": problem.line, "path": problem.path, "message": str(problem.message)})
        else:
            warn(f"{args.file}:{problem.line}: {problem.message}")
    return len(found)


def check(args: argparse.Namespace) -> int:
    """With --json, one object per problem, and nothing for a clean file. Needs no settings or database."""
    if _problems(args):
        return NO
    if not args.json:
        say(f"{args.file} is in order.")
    return DONE


def load(args: argparse.Namespace) -> int:
    """Publishes the edition and puts it in force; the same file again changes nothing."""
    start_django()
    if _problems(args):
        return NO
    from rostrum.policies.actions import load_edition

    edition = load_edition(existing_file(args.file))
    answer = {"procedure": edition.procedure.key, "edition": edition.label, "sha256": edition.sha256}
    if args.json:
        emit(answer)
    else:
        say(f"{edition.procedure.key} {edition.label} is published.")
    return DONE
