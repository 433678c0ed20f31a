"""How a command speaks.

JSON alone on standard output, sentences for people, refusals in one line on standard error.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DONE = 0
NO = 1  # the answer is "no", or something was refused
USAGE = 2  # wrong usage: an option, a file or a folder that cannot be used


class CommandRefused(Exception):
    """Ends a command with one sentence on standard error (or in the JSON) and an exit code."""

    def __init__(self, message: str, *, code: str = "refused", status: int = NO) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status


def emit(value: Mapping[str, Any]) -> None:
    """One JSON object on a line of its own."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def say(sentence: str) -> None:
    """A sentence for a person."""
    sys.stdout.write(sentence + "\n")


def warn(sentence: str) -> None:
    """A sentence for a person that must not mix with the answer."""
    sys.stderr.write(" ".join(str(sentence).split()) + "\n")


def existing_file(path: str) -> Path:
    """The file that an argument names. Raises CommandRefused (wrong usage) when there is none to read."""
    found = Path(path)
    if not found.is_file():
        raise CommandRefused(f"There is no file {path}.", code="no-file", status=USAGE)
    return found


def start_django() -> None:
    """Settings and models, for commands that need them; others stay quick."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.config.settings")
    import django

    django.setup()
