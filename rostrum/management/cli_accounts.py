"""`rostrum accounts import`: today's accounts from a file, each bad row named with its reason."""

from __future__ import annotations

import argparse
from typing import Any

from rostrum.management.out import DONE, NO, emit, existing_file, say, start_django, warn


def declare(commands: Any) -> None:
    """Adds `accounts import`."""
    group = commands.add_parser("accounts", help="existing accounts").add_subparsers(required=True, metavar="ACT")
    command = group.add_parser(
        "import",
        help="take a list of today's accounts in as known, not official",
        description="CSV, XLSX, XLS or ODS. All of it or nothing: while a row cannot be used, nothing is taken in. The "
        "same list twice changes nothing. To mend rows one by one, use the page “Bring a list in”.",
    )
    command.add_argument("file", metavar="FILE")
    command.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
    command.add_argument(
        "--sheet", default="", help="the sheet of a workbook; the first that holds something if not given"
    )
    command.add_argument(
        "--json", action="store_true", help="write JSON Lines only: each row that needs a look, then the sum"
    )
    command.set_defaults(run=bring_in)


def bring_in(args: argparse.Namespace) -> int:
    """Exit code 0 when the list is (or could be) taken in, 1 while a row cannot be used."""
    path = existing_file(args.file)
    start_django()
    from django.db import transaction

    from rostrum.intake import accounts, accounts_reading, storing

    with transaction.atomic(), path.open("rb") as file:
        batch = accounts_reading.stage(path.name, file, by=None, sheet=args.sheet)
        rows = list(batch.rows.all())
        found = accounts.judged(rows, batch)
        unread = [note for note in batch.notes if note["weight"] == "row"]
        levels = [found[row.number].level() for row in rows]
        stuck = levels.count("problem")
        for note in unread:
            _tell(args, {"row": note["row"], "level": "unread", "field": note["column"], "message": note["message"]})
        for row in rows:
            for one in found[row.number].findings:
                if one.level != "hint":
                    _tell(args, {"row": row.number, "level": one.level, "field": one.field, "message": one.message,
                                 "clause": one.clause or None, "suggestions": list(one.suggestions)})  # fmt: skip
        taken = 0
        if not stuck and not args.dry_run:
            taken = len(accounts.bring_in(batch, by=None))
        else:
            transaction.set_rollback(True)
    storing.forget(batch.kept_in)
    total = {
        "file": path.name, "rows": len(rows), "taken": taken, "ready": levels.count("fine") + levels.count("look"),
        "look": levels.count("look"), "held": levels.count("held"), "problems": stuck, "unread": len(unread),
        "dry_run": args.dry_run,
    }  # fmt: skip
    if args.json:
        emit(total)
    else:
        say(f"{total['rows']} rows: {total['ready']} can be taken in ({total['look']} want a look), "
            f"{total['held']} nothing to do, {stuck} cannot be used.")  # fmt: skip
        say(f"{taken} taken in." if taken or not (stuck or args.dry_run) else "Nothing was changed.")
        if stuck:
            warn("Mend the rows that cannot be used, or bring the list in on the page, where each can be skipped.")
    return NO if stuck else DONE


def _tell(args: argparse.Namespace, line: dict[str, Any]) -> None:
    if args.json:
        emit(line)
    else:
        say(f"Row {line['row']}, {line['field'] or '-'}: {line['message']}")
