"""`rostrum check`: posts in, findings out, without a database. The words that were found are never written."""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rostrum.management.out import DONE, NO, USAGE, CommandRefused, existing_file

if TYPE_CHECKING:
    from rostrum.checks import Engine, Finding

BATCH = 200


def declare(commands: Any) -> None:
    """Adds `check`."""
    command = commands.add_parser(
        "check",
        help="what a person should look at before a post goes up",
        description=(
            'Reads posts as JSON Lines {"id","text"} and answers each with a JSON object on a line of its own; with '
            "--plain it reads one text and answers in words. Exit code 1 when a line could not be read, or, with "
            "--plain, when something in the text wants a person's eye."
        ),
    )
    command.add_argument("file", nargs="?", default="-", metavar="FILE", help="posts to read; - (default): standard input")
    command.add_argument("--roster", metavar="FILE", help="students, public phones and division domains, as JSON")
    command.add_argument("--plain", action="store_true", help="the input is one text, not JSON Lines")
    command.add_argument("--explain", action="store_true", help="say also why, and what to do")
    command.add_argument("--language", choices=("en", "fr"), default="en", help="the language of the sentences")
    command.add_argument("--division-account", action="store_true", help="the account may speak for the division (1.3)")
    command.add_argument("--json", action="store_true", help="write JSON only; without --plain that is so anyway")
    command.set_defaults(run=check)


def _engine(roster: str | None) -> Engine:
    from rostrum.checks import Engine, RosterError, read_roster

    if roster is None:
        return Engine()
    try:
        given = json.loads(existing_file(roster).read_bytes())
        students, division = read_roster(given)
    except RosterError as error:
        raise CommandRefused(f"The roster cannot be used. {error}", code="roster", status=USAGE) from error
    except ValueError as error:  # JSON or UTF-8: its own words would quote the file
        raise CommandRefused("The roster is not JSON in UTF-8.", code="roster", status=USAGE) from error
    return Engine(students, division)


def _lines(name: str) -> Iterator[bytes]:
    if name == "-":
        yield from sys.stdin.buffer
        return
    with Path(existing_file(name)).open("rb") as source:
        yield from source


def _post(line: bytes) -> tuple[object, str] | None:
    """The id and text of one line; None where it is no post."""
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        return None
    return given.get("id"), given["text"]


def _write(value: dict[str, object]) -> None:
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:  # an id with half a character: written as the escape it came as
        line = json.dumps(value)
    sys.stdout.write(line + "\n")


def _told(found: Iterable[Finding], args: argparse.Namespace) -> Iterator[str]:
    for one in found:
        clauses = ", ".join(one.rule.clauses)
        where = "text" if one.start is None else f"{one.start}-{one.end}"
        line = f"{where}\t{one.rule.severity}\t{one.rule.type}\t{clauses}\t{one.rule.message.in_(args.language)}"
        if args.explain:
            line += f"\t{one.rule.advice.in_(args.language)}\t[{one.rule.id}: {'; '.join(one.evidence) or 'its words'}]"
        yield line


def _answer(shown: object, found: list[Finding], args: argparse.Namespace) -> None:
    if args.json or not args.plain:
        findings = [one.as_dict(args.language, explain=args.explain) for one in found]
        _write({"id": shown, "findings": findings})
        return
    sys.stdout.writelines(f"{line}\n" for line in list(_told(found, args)) or ["-\tnothing found"])


def check(args: argparse.Namespace) -> int:
    """Answers each post on its own line, in the order they came; what is no post is answered too, and counted."""
    from rostrum.checks import Posting

    engine = _engine(args.roster)
    gc.freeze()  # what was built stays until the end: nobody need look through a hundred thousand students again
    posting = Posting(scope="division" if args.division_account else "school")
    lines = _lines(args.file)
    if args.plain:
        found = engine.check(b"".join(lines).decode("utf-8", "replace").rstrip("\r\n"), posting)
        _answer(None, found, args)
        return NO if any(one.rule.severity != "note" for one in found) else DONE
    bad = 0
    number = 0
    waiting = (line for line in lines if line.strip())
    while batch := list(islice(waiting, BATCH)):
        posts = [_post(line) for line in batch]
        answers = engine.check_many((post[1] for post in posts if post is not None), posting)
        for post in posts:
            number += 1
            if post is not None:
                _answer(post[0], next(answers), args)
                continue
            bad += 1
            said = f'Post {number} cannot be read: it must be a JSON object with a "text".'
            _write({"id": None, "error": "post", "message": said})
        sys.stdout.flush()
    if bad:
        sys.stderr.write(f"{bad} of {number} lines could not be read.\n")
    return NO if bad else DONE
