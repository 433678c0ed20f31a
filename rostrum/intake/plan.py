"""What an import would do, before it does anything: the changes, in words and in rows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from rostrum.intake.faults import Fault, Faults

Thing = Literal["unit", "person", "post"]
What = Literal["new", "changed", "gone"]


@dataclass(frozen=True)
class Change:
    """One line of a preview. `key` is the file's id, `pk` the row here; `fields` what an apply writes."""

    thing: Thing
    what: What
    label: str
    detail: str = ""
    key: str = ""
    pk: int = 0
    row: int = 0
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass
class Plan:
    """All changes of one import. `links` are things that are here already and that the file calls by a key.

    A "unit" or "person" link is remembered for the next time; a "place" is only a school that a simple list names.
    """

    changes: list[Change] = field(default_factory=list)
    links: list[tuple[str, str, int]] = field(default_factory=list)
    unchanged: dict[str, int] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    withheld: int = 0

    def of(self, thing: Thing, what: What) -> list[Change]:
        """The changes of one kind, in the file's order."""
        return [one for one in self.changes if one.thing == thing and one.what == what]

    def same(self, thing: Thing) -> None:
        """Count something that is as the file says."""
        self.unchanged[thing] = self.unchanged.get(thing, 0) + 1

    @property
    def counts(self) -> dict[str, int]:
        """`{"person_new": 3, "person_unchanged": 40, …}`, everything that is not zero, and what is wrong."""
        counts: dict[str, int] = {}
        for one in self.changes:
            counts[f"{one.thing}_{one.what}"] = counts.get(f"{one.thing}_{one.what}", 0) + 1
        counts |= {f"{thing}_unchanged": n for thing, n in self.unchanged.items() if n}
        if self.withheld:
            counts["post_withheld"] = self.withheld
        rows = sum(fault.weight == "row" for fault in self.faults)
        notes = sum(fault.weight == "note" for fault in self.faults)
        return counts | ({"faults": rows + self.faults.dropped} if rows else {}) | ({"notes": notes} if notes else {})

    @property
    def does_something(self) -> bool:
        """Whether applying it would change anything besides what has to be ticked."""
        return any(one.what != "gone" for one in self.changes) or any(link[0] != "place" for link in self.links)

    @property
    def digest(self) -> str:
        """A mark of what would be written: the same plan has the same mark."""
        lines = [(one.thing, one.what, one.key, one.pk, one.fields) for one in self.changes]
        text = json.dumps([lines, self.links], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def save(self, path: Path) -> None:
        """Write the plan as JSON, for the pages that show it."""
        value = {
            "changes": [asdict(one) for one in self.changes],
            "links": self.links,
            "unchanged": self.unchanged,
            "faults": [asdict(one) for one in self.faults],
            "dropped": self.faults.dropped,
            "withheld": self.withheld,
        }
        path.write_text(json.dumps(value, ensure_ascii=False, default=str), encoding="utf-8")


def load(path: Path) -> Plan:
    """The plan that was saved. Raises OSError when it is gone."""
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    faults = Faults(Fault(**one) for one in value["faults"])
    faults.dropped = value["dropped"]
    return Plan(
        changes=[Change(**one) for one in value["changes"]],
        links=[(thing, key, pk) for thing, key, pk in value["links"]],
        unchanged=value["unchanged"],
        faults=faults,
        withheld=value["withheld"],
    )
