"""What a file says about a division, whatever its format: units, persons, appointments. Never a student.

A roll is what is kept between looking and confirming; it is made by a reader and compared with the division.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rostrum.core.text import fold
from rostrum.intake.faults import Fault, Faults

# Words for who is not staff, in English and French, folded. Such a row is counted and forgotten.
OUTSIDERS = frozenset(
    {"student", "pupil", "learner", "parent", "guardian", "relative", "family", "sibling", "mother", "father", "eleve",
     "etudiant", "etudiante", "tuteur", "tutrice", "mere", "pere", "famille", "apprenant", "apprenante"}
)  # fmt: skip


@dataclass(frozen=True)
class UnitEntry:
    """A unit as the file gives it. An empty `parent` means directly under the division."""

    key: str
    kind: str
    name: str
    code: str = ""
    parent: str = ""
    row: int = 0


@dataclass(frozen=True)
class PersonEntry:
    """A person as the file gives them. None: the file does not say, what is kept stays."""

    key: str
    email: str
    name: str
    title: str | None = None
    kind: str | None = None
    home: str = ""
    row: int = 0


@dataclass(frozen=True)
class PostEntry:
    """An appointment as the file gives it, by the keys of its person and unit."""

    person: str
    unit: str
    role: str
    starts_on: date | None = None
    ends_on: date | None = None
    row: int = 0


@dataclass
class Roll:
    """All that a file says, what is wrong with it, and how it was understood.

    `mapping` are (what stands in the file, what Rostrum makes of it, how many times). `counts` hold what was only
    counted: students, guardians, rows marked as deleted.
    """

    source: str
    units: list[UnitEntry] = field(default_factory=list)
    persons: list[PersonEntry] = field(default_factory=list)
    posts: list[PostEntry] = field(default_factory=list)
    classes: list[UnitEntry] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    mapping: list[tuple[str, str, int]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    sheet: str = ""
    complete: bool = True
    removed: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)

    def count(self, what: str, n: int = 1) -> None:
        """Count something that is not kept."""
        self.counts[what] = self.counts.get(what, 0) + n

    def save(self, path: Path) -> None:
        """Write the roll as JSON."""
        value = {
            "source": self.source,
            "units": [asdict(one) for one in self.units],
            "persons": [asdict(one) for one in self.persons],
            "posts": [
                {**asdict(one), "starts_on": _iso(one.starts_on), "ends_on": _iso(one.ends_on)} for one in self.posts
            ],
            "classes": [asdict(one) for one in self.classes],
            "faults": [asdict(one) for one in self.faults],
            "dropped": self.faults.dropped,
            "mapping": self.mapping,
            "counts": self.counts,
            "sheets": self.sheets,
            "sheet": self.sheet,
            "complete": self.complete,
            "removed": self.removed,
            "present": self.present,
        }
        path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def load(path: Path) -> Roll:
    """The roll that was saved. Raises OSError when it is gone."""
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    faults = Faults(Fault(**one) for one in value["faults"])
    faults.dropped = value["dropped"]
    return Roll(
        source=value["source"],
        units=[UnitEntry(**one) for one in value["units"]],
        persons=[PersonEntry(**one) for one in value["persons"]],
        posts=[
            PostEntry(**{**one, "starts_on": _date(one["starts_on"]), "ends_on": _date(one["ends_on"])})
            for one in value["posts"]
        ],
        classes=[UnitEntry(**one) for one in value["classes"]],
        faults=faults,
        mapping=[(a, b, n) for a, b, n in value["mapping"]],
        counts=value["counts"],
        sheets=value["sheets"],
        sheet=value["sheet"],
        complete=value["complete"],
        removed=value["removed"],
        present=value["present"],
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def is_outsider(role: str) -> bool:
    """Whether a role is a student's or a family member's: "Student", "Parent/Guardian", "Élèves"; not "Student services"."""
    words = "".join(char if char.isalpha() else " " for char in fold(role)).split()
    return bool(words) and all(word in OUTSIDERS or word.removesuffix("s") in OUTSIDERS for word in words)


def tally(counted: Mapping[tuple[str, str], int]) -> list[tuple[str, str, int]]:
    """Counted pairs as lines of a mapping, the most frequent first."""
    return sorted(((a, b, n) for (a, b), n in counted.items()), key=lambda line: (-line[2], line[0]))
