"""Who leads the schools that accounts speak for, and who keeps the register: found for any number of accounts at once."""

from __future__ import annotations

from collections.abc import Iterable

from rostrum.people.models import Person, Role, Unit
from rostrum.people.queries import Roster
from rostrum.registry.turns import UPWARD

LEADS = frozenset({Role.ADMINISTRATOR.value, Role.SUPERVISOR.value})
KEEPS = frozenset({Role.COMMUNICATIONS.value})


class Leaders:
    """The administrators and the Communications people of any number of units, stand-ins counted. Three queries."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._roster = Roster(units)

    def of(self, unit: Unit) -> tuple[Person, ...]:
        """The nearest administrator or supervisor at or above a unit, the stand-in where they are away, else upward."""
        return self._roster.turn(unit, (LEADS, UPWARD)).people

    def communications(self, unit: Unit) -> tuple[Person, ...]:
        """Communications; the Director where nobody holds that role."""
        return self._roster.turn(self._roster.root(unit), (KEEPS, UPWARD)).people
