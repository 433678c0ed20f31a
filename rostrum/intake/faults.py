"""Owns what is said about a file that was brought in: where, which value, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

SHOWN_VALUE = 80

# "file": nothing of the file can be used. "row": this row can't. "note": it can, but someone should know.
Weight = Literal["file", "row", "note"]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a file. `row` is the row a spreadsheet shows (1 is the first), 0 for the file.

    `message` says what is wrong and `remedy` what to do, each a whole sentence in the reader's language. `file`
    names the file where several came together (a OneRoster folder).
    """

    code: str
    message: str
    remedy: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    weight: Weight = "row"
    file: str = ""


def shown(value: object) -> str:
    """A value as it may stand in a report: one short line, nothing invisible."""
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)[: 4 * SHOWN_VALUE]).split())
    return text if len(text) <= SHOWN_VALUE else text[: SHOWN_VALUE - 1] + "…"


class Faults:
    """Collects faults, at most so many: past the cap they are only counted, so that a bad file stays small."""

    def __init__(self, kept: Iterable[Fault] = (), *, cap: int = 5_000) -> None:
        self._kept = list(kept)
        self._cap = cap
        self.dropped = 0

    def add(self, fault: Fault) -> None:
        """Keep a fault; one about the whole file is always kept."""
        if len(self._kept) < self._cap or fault.weight == "file":
            self._kept.append(fault)
        else:
            self.dropped += 1

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept) + self.dropped

    @property
    def stopping(self) -> bool:
        """Whether nothing of the file can be used."""
        return any(fault.weight == "file" for fault in self._kept)
