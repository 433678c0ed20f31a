"""A clause as its own procedure calls and numbers it, for people: "AP 193" and "3.1", or "Policy 7" and "A"."""

from __future__ import annotations

from dataclasses import dataclass

from rostrum.core.errors import WrongState
from rostrum.policies import citations, schema
from rostrum.policies.queries import content, edition, in_force, text

# By procedure and edition: a published edition never changes, so what it calls itself stays true in every process.
_names: dict[tuple[str, str], schema.Words | None] = {}
_KEPT = 64


@dataclass(frozen=True)
class Named:
    """What a procedure calls itself in short, and its own number of a clause."""

    procedure: str
    number: str


def named(number: str, current: schema.Document | None = None) -> Named | None:
    """The short name and the own number of a clause, in the reader's language.

    Takes a clause of AP 193, as code names it ("3.1"), a number of the procedure in force itself ("#A"), or a whole
    citation ("ap-193@2015-09#3.1"), which keeps the name of its own edition. `current` is what is in force, where
    the caller has read it. None where the procedure in force says that it has no such clause (see Document.own_number).
    """
    cited = citations.parse(number)
    if cited is not None:
        return Named(_short(cited), cited.clause)
    document = current or _in_force()
    own = number.removeprefix("#")
    if document is None:
        return Named("AP 193", own)
    found = own if number.startswith("#") else document.own_number(number)
    return Named(text(document.procedure.short), found) if found else None


def _in_force() -> schema.Document | None:
    try:
        return content(in_force())
    except WrongState:
        return None


def _short(cited: citations.Citation) -> str:
    key = (cited.procedure, cited.edition)
    if key not in _names:
        if len(_names) >= _KEPT:
            _names.clear()
        found = edition(*key)
        if found is None:
            return cited.procedure.upper()
        _names[key] = content(found).procedure.short
    return text(_names[key])
