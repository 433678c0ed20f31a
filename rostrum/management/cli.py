"""The `rostrum` command: one parser, one small module per group of commands.

Exit codes: 0 done, 1 the answer is "no" or something was refused (one line on standard error, or in the
JSON), 2 wrong usage. With `--json` only JSON is written to standard output.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from rostrum.management import (
    cli_accounts,
    cli_audit,
    cli_bring,
    cli_check,
    cli_directory,
    cli_jobs,
    cli_monitor,
    cli_people,
    cli_procedure,
    cli_resolve,
    cli_serve,
    cli_setup,
    cli_verify,
    cli_version,
)
from rostrum.management.out import NO, CommandRefused, emit, warn

GROUPS = (
    cli_serve,
    cli_setup,
    cli_jobs,
    cli_procedure,
    cli_resolve,
    cli_check,
    cli_monitor,
    cli_verify,
    cli_audit,
    cli_directory,
    cli_people,
    cli_bring,
    cli_accounts,
    cli_version,
)
WORDS = "Who may speak for a school in public, under which rule, and is it in order today?"


def parser() -> argparse.ArgumentParser:
    """The whole command line, as `rostrum --help` shows it."""
    top = argparse.ArgumentParser(prog="rostrum", description=WORDS)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in GROUPS:
        group.declare(commands)
    return top


def _refuse(args: argparse.Namespace, message: str, code: str) -> None:
    if getattr(args, "json", False):
        emit({"error": code, "message": message})
    else:
        warn(message)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code. Wrong usage ends in argparse's own exit with code 2."""
    args = parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = args.run
    try:
        return command(args)
    except CommandRefused as refusal:
        _refuse(args, refusal.message, refusal.code)
        return refusal.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away (`| head`): not our failure. Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        known = _known(error)
        if known is None:
            raise
        _refuse(args, *known)
        return NO


def _known(error: Exception) -> tuple[str, str] | None:
    """The sentence and code of a refusal; None for a bug, which must show its whole trace."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from rostrum.core.errors import Refusal

    if isinstance(error, Refusal):
        return str(error.message), error.code
    if isinstance(error, ImproperlyConfigured):
        return str(error), "settings"
    if isinstance(error, DatabaseError):
        return f"The database did not answer as expected: {error}. Try: rostrum setup", "database"
    return None
