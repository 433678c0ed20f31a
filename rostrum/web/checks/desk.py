"""What stands on a person's desk of checking a text before it is posted, and the rules."""

from __future__ import annotations

from rostrum.people.models import Person
from rostrum.web.shapes import DeskCard


def cards(person: Person) -> list[DeskCard]:
    """What waits for this person to act, oldest first. In a number of queries that does not grow."""
    return []
