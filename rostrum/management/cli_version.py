"""`rostrum version`: what runs here."""

from __future__ import annotations

import argparse
import platform
import sqlite3
from typing import Any

from rostrum import __version__
from rostrum.management.out import DONE, emit, say


def declare(commands: Any) -> None:
    """Adds `version`."""
    command = commands.add_parser("version", help="what runs here")
    command.add_argument("--json", action="store_true", help="write JSON only")
    command.set_defaults(run=version)


def version(args: argparse.Namespace) -> int:
    """Versions of everything whose version matters in a fault report."""
    import django
    import tzdata

    found = {
        "rostrum": __version__,
        "python": platform.python_version(),
        "django": django.get_version(),
        "sqlite": sqlite3.sqlite_version,
        "tzdata": tzdata.IANA_VERSION,
    }
    if args.json:
        emit(found)
    else:
        for name, value in found.items():
            say(f"{name} {value}")
    return DONE
