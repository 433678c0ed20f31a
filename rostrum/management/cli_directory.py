"""`rostrum directory`: write the signed copy of the public directory, and check one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rostrum.management.out import DONE, NO, USAGE, CommandRefused, emit, existing_file, say, start_django, warn


def declare(commands: Any) -> None:
    """Adds `directory export`, `directory check` and `directory key`."""
    group = commands.add_parser("directory", help="the public directory as signed files").add_subparsers(
        required=True, metavar="ACT"
    )
    command = group.add_parser(
        "export",
        help="write the whole public directory, signed",
        description="A folder must be new, empty or an earlier export, which is replaced as a whole.",
    )
    command.add_argument("target", metavar="FOLDER|FILE.zip", help="where to")
    command.add_argument("--json", action="store_true", help="write JSON only")
    command.set_defaults(run=export)
    command = group.add_parser(
        "check",
        help="is a copy whole and signed?",
        description="Exit code 0: it is; 1: something was changed, added or left out; 2: it cannot be read.",
    )
    command.add_argument("copy", metavar="FOLDER|FILE.zip", help="the copy")
    command.add_argument("--public-key", metavar="FILE", required=True, help="the division's key (directory.pub)")
    command.add_argument("--json", action="store_true", help="write JSON only")
    command.set_defaults(run=check)
    command = group.add_parser("key", help="print the public key of the copies")
    command.set_defaults(run=key)


def export(args: argparse.Namespace) -> int:
    """Writes all or nothing."""
    start_django()
    from rostrum.directory.export import Occupied, files, write_folder, write_zip

    target, made = Path(args.target), files()
    try:
        if target.suffix.lower() == ".zip":
            write_zip(made, target)
        else:
            write_folder(made, target)
    except Occupied:
        message = f"{target} holds something else and is left alone. Name a new or empty folder."
        raise CommandRefused(message, code="occupied", status=USAGE) from None
    except OSError as error:
        message = f"{target} cannot be written: {error.strerror}."
        raise CommandRefused(message, code="no-file", status=USAGE) from error
    if args.json:
        emit({"target": str(target), "files": len(made)})
    else:
        say(f"{len(made)} files written to {target}.")
    return DONE


def check(args: argparse.Namespace) -> int:
    """Names every file that is not as the division signed it. Needs no database."""
    from rostrum.directory.checking import Unreadable, open_copy, read_key
    from rostrum.directory.checking import check as examine

    try:
        report = examine(open_copy(Path(args.copy)), read_key(existing_file(args.public_key)))
    except Unreadable as error:
        raise CommandRefused(str(error), code="unreadable", status=USAGE) from error
    if args.json:
        faults = [{"what": fault.what, "path": fault.path, "message": fault.words} for fault in report.faults]
        emit({"ok": not faults, "files": report.files, "faults": faults})
    elif report.faults:
        for fault in report.faults:
            warn(fault.words)
    else:
        say(f"All {report.files} files are as the division signed them.")
    return NO if report.faults else DONE


def key(args: argparse.Namespace) -> int:
    """For the division's website, or whoever checks copies."""
    start_django()
    from rostrum.directory.signing import public_pem

    say(public_pem().decode().rstrip())
    return DONE
