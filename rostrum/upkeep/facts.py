"""What a manager certifies: each fact as it was approved and as the register has it today, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rostrum.people.models import Person
from rostrum.registry.listing import speaks_for
from rostrum.registry.models import Account
from rostrum.upkeep.looking_after import managers_of
from rostrum.upkeep.models import Fact

# The clause that each fact stands on, and whether the register's own change (two yeses) puts it right.
CLAUSES: dict[str, str] = {
    Fact.NAME: "1.3", Fact.ADDRESS: "3.2", Fact.UNIT: "1.2", Fact.PURPOSE: "1.2", Fact.MAILBOX: "1.6",
    Fact.MANAGERS: "1.7", Fact.CUSTODY: "3.4",
}  # fmt: skip
BY_CHANGE = (Fact.NAME.value, Fact.ADDRESS.value, Fact.UNIT.value)
IN_REGISTER = (Fact.PURPOSE.value, Fact.MAILBOX.value, Fact.CUSTODY.value)


@dataclass(frozen=True)
class FactRow:
    """One fact: what was approved, what the register says today (both as people read them)."""

    fact: str
    approved: str
    register: str
    clause: str

    @property
    def differs(self) -> bool:
        """Whether the register has moved on from what was approved (a change was approved since)."""
        return bool(self.approved) and self.approved != self.register

    @property
    def label(self) -> str:
        """What the fact is called."""
        return str(Fact(self.fact).label)


def rows_of(account: Account, managers: Iterable[Person] | None = None) -> list[FactRow]:
    """Every fact of one account, in the order of the page."""
    registration, request = account.registration, account.registration.request
    named = ", ".join(one.name for one in (managers_of(account) if managers is None else managers))
    unit = request.unit.name if request.unit is not None else ""
    said = {
        Fact.NAME: (request.name, account.name),
        Fact.ADDRESS: (registration.address, account.address),
        Fact.UNIT: ("" if request.unit_id == account.unit_id else unit, speaks_for(account)),
        Fact.PURPOSE: (request.purpose, account.purpose),
        Fact.MAILBOX: (registration.mailbox, account.mailbox),
        Fact.MANAGERS: ("", named),
        Fact.CUSTODY: ("", registration.custody),
    }
    return [FactRow(fact.value, approved, register, CLAUSES[fact.value]) for fact, (approved, register) in said.items()]
