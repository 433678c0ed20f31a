"""`rostrum verify`: is this account ours? The same answer as the public page."""

from __future__ import annotations

import argparse
from typing import Any

from rostrum.management.out import DONE, NO, emit, say, start_django


def declare(commands: Any) -> None:
    """Adds `verify`."""
    command = commands.add_parser(
        "verify",
        help="is this account ours?",
        description="Exit code 0 when the account is official, 1 for every other answer.",
    )
    command.add_argument("url", metavar="URL", help="a profile's address or handle")
    command.add_argument("--json", action="store_true", help="write JSON only")
    command.set_defaults(run=verify)


def verify(args: argparse.Namespace) -> int:
    """official, retired, not_ours, look_alike or unreadable."""
    start_django()
    from django.conf import settings

    from rostrum.registry import directory

    answer = directory.verify(args.url).as_dict(settings.SITE_URL)
    if args.json:
        emit(answer)
    else:
        say(f"{answer['result']}: {answer['headline']}")
        say(str(answer["explanation"]))
    return DONE if answer["result"] == "official" else NO
