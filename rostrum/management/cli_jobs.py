"""`rostrum jobs`: background work from the command line."""

from __future__ import annotations

import argparse
from typing import Any

from rostrum.management.out import DONE, NO, USAGE, CommandRefused, emit, say, start_django


def declare(commands: Any) -> None:
    """Adds `jobs run`."""
    group = commands.add_parser("jobs", help="background work").add_subparsers(required=True, metavar="ACT")
    command = group.add_parser(
        "run", help="run what is due", description="Exit code 1 when a job failed; it will be tried again."
    )
    command.add_argument("--once", action="store_true", help="run everything that is due now, then exit")
    command.add_argument("--json", action="store_true", help="write JSON only")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Everything due now, periodic work included, each once."""
    if not args.once:
        raise CommandRefused("Say --once. To keep running, use: rostrum worker", code="usage", status=USAGE)
    start_django()
    from rostrum.jobs.actions import run_due

    counts = run_due()
    if args.json:
        emit(counts.as_dict())
    else:
        say(f"Done: {counts.done}. Failed, to be tried again: {counts.failed}. Stopped: {counts.dead}.")
    return NO if counts.failed or counts.dead else DONE
