"""`rostrum audit`: re-compute the log's chain, and export the log for an auditor."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rostrum.management.out import (
    DONE,
    NO,
    USAGE,
    CommandRefused,
    emit,
    existing_file,
    say,
    start_django,
    warn,
)


def declare(commands: Any) -> None:
    """Adds `audit verify` and `audit export`."""
    group = commands.add_parser("audit", help="the log").add_subparsers(required=True, metavar="ACT")
    command = group.add_parser(
        "verify",
        help="re-compute the whole chain",
        description="Exit code 0: every entry stands; 1: one does not; 2: the evidence cannot be read.",
    )
    command.add_argument("--checkpoints", metavar="DIR", help="signed checkpoints, best from elsewhere")
    command.add_argument("--public-key", metavar="FILE", help="the key that the checkpoints were signed with")
    command.add_argument("--file", metavar="EXPORT", help="check an export instead of the database")
    command.add_argument("--json", action="store_true", help="write JSON only")
    command.set_defaults(run=verify)
    command = group.add_parser("export", help="write the log as JSON Lines")
    command.add_argument("file", metavar="FILE", help="where to, or - for standard output")
    command.set_defaults(run=export)


def _checkpoints(args: argparse.Namespace) -> list[Any]:
    """The checkpoints to compare with. Those of this machine are used when none are named."""
    from rostrum.audit import chain

    if args.checkpoints or args.public_key:
        folder = Path(args.checkpoints or Path(args.public_key).parent / "checkpoints")
        key = Path(args.public_key or folder.parent / "checkpoint.pub")
    elif args.file:
        return []
    else:
        from rostrum.audit.checkpoints import places

        folder, key = places().notes, places().public_key
        if not key.exists():
            return []
    try:
        notes = chain.read_notes(folder, key)
    except (OSError, chain.BadNote) as error:
        raise CommandRefused(str(error), code="evidence", status=USAGE) from error
    if args.checkpoints and not notes:
        raise CommandRefused(f"There are no checkpoints in {folder}.", code="evidence", status=USAGE)
    return notes


def verify(args: argparse.Namespace) -> int:
    """Names the first bad entry.

    Without checkpoints kept elsewhere, a rewritten log can look whole: it says so.
    """
    from rostrum.audit import chain

    entries: Iterable[Mapping[str, Any]]
    if args.file:
        entries = chain.read_export(existing_file(args.file))
    else:
        start_django()
        from rostrum.audit import queries

        entries = queries.entries()
    try:
        report = chain.verify(entries, _checkpoints(args))
    except chain.BadNote as error:
        raise CommandRefused(str(error), code="evidence", status=USAGE) from error
    if args.json:
        emit(report.as_dict())
    elif report.fault:
        warn(f"Entry {report.fault.seq}: {report.fault.what}.")
    else:
        say(f"All {report.entries} entries stand ({report.redacted} redacted). Head: {report.head}")
        if not report.checkpoints:
            say("No signed checkpoint was compared, so a log rewritten as a whole would not be noticed.")
        else:
            say(f"{report.checkpoints} signed checkpoints agree.")
    return NO if report.fault else DONE


def export(args: argparse.Namespace) -> int:
    """The whole log, oldest first, in the form that `audit verify --file` and chain.py read."""
    start_django()
    from rostrum.audit import queries

    lines = (json.dumps(entry, ensure_ascii=False) + "\n" for entry in queries.entries())
    if args.file == "-":
        sys.stdout.writelines(lines)
        return DONE
    count = 0
    try:
        with Path(args.file).open("w", encoding="utf-8") as target:
            for line in lines:
                target.write(line)
                count += 1
    except OSError as error:
        message = f"{args.file} cannot be written: {error.strerror}."
        raise CommandRefused(message, code="no-file", status=USAGE) from error
    say(f"{count} entries written to {args.file}.")
    return DONE
