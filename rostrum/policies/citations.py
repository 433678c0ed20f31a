"""The grammar of a citation, `ap-193@2015-09#3.1`: procedure, edition, clause."""

from __future__ import annotations

import re
from typing import NamedTuple

_GRAMMAR = re.compile(
    r"(?P<procedure>[a-z0-9]+(?:-[a-z0-9]+)*)@(?P<edition>\d{4}(?:-\d{2}){0,2}[a-z]?)"
    r"#(?P<clause>[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*)"
)


class Citation(NamedTuple):
    """The three parts of a citation; as text it reads `ap-193@2015-09#3.1`."""

    procedure: str
    edition: str
    clause: str

    def __str__(self) -> str:
        return f"{self.procedure}@{self.edition}#{self.clause}"


def parse(text: str) -> Citation | None:
    """The parts of a citation, or None for anything else. ASCII only: a look-alike digit is no citation."""
    found = _GRAMMAR.fullmatch(text) if text.isascii() else None
    return Citation(found["procedure"], found["edition"], found["clause"]) if found else None
