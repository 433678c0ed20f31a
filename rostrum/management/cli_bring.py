"""`rostrum people import`: units and people from a OneRoster export or a simple list."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from rostrum.management.out import DONE, NO, USAGE, CommandRefused, emit, say, start_django, warn

WORDS = {"unit": "units", "person": "people", "post": "appointments"}


def declare(commands: Any) -> None:
    """Adds `people import`."""
    group = commands.add_parser("people", help="lists of people").add_subparsers(required=True, metavar="ACT")
    command = group.add_parser(
        "import",
        help="bring units and people in from a OneRoster 1.1/1.2 export (folder or zip) or a simple list",
        description="All of the file or nothing. Leavers are named and stay: a person decides on them, on the pages.",
    )
    command.add_argument("path", metavar="PATH", help="a folder, a zip, a CSV or a workbook")
    command.add_argument("--dry-run", action="store_true", help="only say what would change")
    command.add_argument("--classes", action="store_true", help="bring this year's classes in as classroom units")
    command.add_argument("--schools", action="store_true", help="add schools that a simple list names and that are new")
    command.add_argument(
        "--sheet", default="", help="the sheet of a workbook; the first that holds something if not given"
    )
    command.add_argument("--json", action="store_true", help="write JSON only")
    command.set_defaults(run=bring)


def bring(args: argparse.Namespace) -> int:
    """Reads, compares and, without `--dry-run`, applies. Exit 1 when nothing of the file can be used."""
    path = Path(args.path)
    if not path.exists():
        raise CommandRefused(f"There is no file or folder {args.path}.", code="no-file", status=USAGE)
    start_django()
    from rostrum.intake.actions import bring_in
    from rostrum.intake.plan import Thing, What

    options = {"classes": args.classes, "schools": args.schools, "sheet": args.sheet}
    roll, plan, run = bring_in(path, dry=args.dry_run, options={key: value for key, value in options.items() if value})
    stopped = plan.faults.stopping
    if args.json:
        emit(
            {
                "outcome": "refused" if stopped else "dry-run" if args.dry_run else "applied" if run else "unchanged",
                "source": roll.source,
                "counts": {**roll.counts, **plan.counts},
                "changes": [
                    {"thing": one.thing, "what": one.what, "label": one.label, "detail": one.detail, "row": one.row}
                    for one in plan.changes
                ],
                "faults": [asdict(fault) for fault in plan.faults],
                "run": run.pk if run else None,
            }
        )
        return NO if stopped else DONE
    for fault in plan.faults:
        place = " ".join(part for part in (fault.file, f"row {fault.row}" if fault.row else "", fault.column) if part)
        value = f" [{fault.value}]" if fault.value else ""
        warn(f"{place + ': ' if place else ''}{fault.message}{value} {fault.remedy}")
    if stopped:
        raise CommandRefused("Nothing was brought in.", code="refused")
    for thing in get_args(Thing):
        counted = [f"{len(plan.of(thing, what))} {what}" for what in get_args(What)]
        say(f"{WORDS[thing].capitalize()}: {', '.join(counted)}, {plan.unchanged.get(thing, 0)} unchanged.")
    if roll.counts.get("students") or roll.counts.get("others"):
        say(f"{roll.counts.get('students', 0)} students and {roll.counts.get('others', 0)} others were not looked at.")
    for one in plan.of("person", "gone"):
        say(f"No longer in the file: {one.label}, {one.detail}.")
    say("Nothing was changed: this was a dry run." if args.dry_run else "Done." if run else "Nothing had to change.")
    return DONE
