"""Students and consents as plain values, and whether a consent covers a posting. Nothing here is kept or shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from rostrum.checks.division import DEFAULT_NAMES, Division

Form = Literal["full", "first"]


class RosterError(ValueError):
    """A roster cannot be read; the message says where, and never quotes a name."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Where and when a text goes up. The engine has no clock: without `on`, dates of consents are not looked at."""

    purpose: str = "name"
    channel: str = ""
    on: date | None = None
    scope: Literal["school", "division"] = "school"


ANYWHERE = Posting()


@dataclass(frozen=True, slots=True)
class Consent:
    """What was allowed in writing: for what (`name`, `photo`, `work`), where, in which form of the name, how long."""

    purpose: str = "name"
    form: Form = "full"
    channels: frozenset[str] | None = None
    starts: date | None = None
    ends: date | None = None

    def covers(self, posting: Posting, *, given_alone: bool = False) -> bool:
        """Whether this consent allows the full name, or the given name alone, in this posting."""
        if (self.form != "full" and not given_alone) or self.purpose != posting.purpose:
            return False
        if self.channels is not None and posting.channel and posting.channel not in self.channels:
            return False
        if posting.on is None:
            return True
        return (self.starts is None or self.starts <= posting.on) and (self.ends is None or posting.on <= self.ends)


@dataclass(frozen=True, slots=True)
class Student:
    """One student of the list. The number is matched exactly where the list has one."""

    id: str
    first: str
    last: str
    preferred: str = ""
    middle: str = ""
    consents: tuple[Consent, ...] = ()
    number: str = ""

    def may_be_called(self, posting: Posting) -> bool:
        """Whether any consent covers the given name alone in this posting: a full name covers it too."""
        return any(consent.covers(posting, given_alone=True) for consent in self.consents)

    def may_be_named(self, posting: Posting) -> bool:
        """Whether any consent covers the full name in this posting."""
        for consent in self.consents:  # noqa: SIM110 - read for every name found, and a generator costs more than the answer
            if consent.covers(posting):
                return True
        return False


ALL_CONSENTS = (Consent(), Consent("photo"), Consent("work"))


def _day(value: object) -> date | None:
    if value in (None, ""):
        return None
    return date.fromisoformat(str(value))


def _consents(value: object, place: int) -> tuple[Consent, ...]:
    """`true` allows all, `false` nothing; a list names each consent."""
    if value is True:
        return ALL_CONSENTS
    if value in (False, None):
        return ()
    if not isinstance(value, list):
        raise RosterError(f"Student {place}: consent is true, false or a list.")
    found = []
    for given in value:
        try:
            channels = given.get("channels")
            found.append(
                Consent(
                    purpose=str(given.get("purpose", "name")),
                    form="first" if given.get("form") == "first" else "full",
                    channels=None if channels is None else frozenset(map(str, channels)),
                    starts=_day(given.get("from")),
                    ends=_day(given.get("until")),
                )
            )
        except (AttributeError, TypeError, ValueError) as error:
            raise RosterError(f"Student {place}: a consent cannot be read.") from error
    return tuple(found)


def _texts(given: Mapping[str, Any], key: str) -> Sequence[str]:
    value = given.get(key, ())
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise RosterError(f"{key} is a list of texts.")
    return value


def read_students(rows: Iterable[object]) -> list[Student]:
    """Students from plain rows `{"id","first","last","preferred","middle","number","consent"}`. Raises RosterError."""
    students = []
    for place, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            raise RosterError(f"Student {place} is no object.")
        texts = {key: row.get(key) or "" for key in ("first", "last", "preferred", "middle")}
        number = row.get("number") or ""
        if isinstance(number, bool) or not isinstance(number, str | int):
            raise RosterError(f"Student {place}: a number is digits.")
        if not all(isinstance(text, str) for text in texts.values()):
            raise RosterError(f"Student {place}: names are texts.")
        students.append(
            Student(
                id=str(row.get("id", place)), number=str(number), consents=_consents(row.get("consent"), place), **texts
            )
        )
    return students


def read_roster(given: object) -> tuple[list[Student], Division]:
    """Students and the division's public values from the JSON that `rostrum check --roster` takes.

    Keys: `roster` (students), `public_phones`, `division_domains`; further, where wanted, `addresses`, `schools`,
    `staff` and `division_names`. Raises RosterError.
    """
    if not isinstance(given, Mapping):
        raise RosterError("A roster is a JSON object with a list `roster`.")
    rows = given.get("roster", [])
    if not isinstance(rows, list):
        raise RosterError("roster is a list of students.")
    division = Division(
        public_phones=_texts(given, "public_phones"),
        domains=_texts(given, "division_domains"),
        addresses=_texts(given, "addresses"),
        schools=_texts(given, "schools"),
        staff=_texts(given, "staff"),
        names=_texts(given, "division_names") or DEFAULT_NAMES,
    )
    return read_students(rows), division
