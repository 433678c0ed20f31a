"""What others may ask about the reading of the procedure: who has read the edition in force, and who must."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from rostrum.guidance.models import Acknowledgement
from rostrum.people.models import Person
from rostrum.policies.models import Edition
from rostrum.policies.queries import in_force, setting


def acknowledgement(person: Person, edition: Edition | None = None) -> Acknowledgement | None:
    """What a person said of an edition (the one in force if none is given); None while they have not."""
    return Acknowledgement.objects.filter(person=person, edition=edition or in_force()).first()


def has_read(person: Person, edition: Edition | None = None) -> bool:
    """Whether a person said that they have read an edition; by default the one in force."""
    return acknowledgement(person, edition) is not None


def gate_is_set() -> bool:
    """Whether the division lets nobody become a content manager before they have read the edition in force."""
    return setting("manager_reading") == "required"


def must_read(person: Person) -> bool:
    """Whether a person has to read the edition in force before they can accept being a content manager.

    The procedure does not ask for it: it is so only where the division has set it.
    """
    return gate_is_set() and not has_read(person)


def read_at(people: Collection[int], edition: Edition | None = None) -> dict[int, datetime]:
    """When each of these people said that they have read an edition; those who have not are left out. One query."""
    found = Acknowledgement.objects.filter(person__in=people, edition=edition or in_force())
    return dict(found.values_list("person_id", "given_at"))


def given_by(person: Person) -> QuerySet[Acknowledgement]:
    """Everything that a person acknowledged, newest first."""
    return Acknowledgement.objects.filter(person=person).select_related("edition__procedure").defer("edition__source")
