"""One cast for every test of a file that asks for it: built once, and each test's doings are taken back."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import pytest
from django.db import transaction

from rostrum.people.models import Person
from tests.cast import Cast, build_cast


@contextmanager
def taken_back() -> Iterator[None]:
    """Everything written inside is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fresh(cast: Cast) -> Cast:
    """The same people and units as separate objects that remember nothing of an earlier test."""
    twin = copy.deepcopy(cast)
    for field in fields(twin):
        thing = getattr(twin, field.name)
        if isinstance(thing, Person):
            thing.__dict__.pop("_acting_on", None)
    return twin


@pytest.fixture(scope="module")
def _house(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    with django_db_blocker.unblock(), taken_back():
        yield build_cast()


@pytest.fixture
def cast(_house: Cast, db: None) -> Cast:
    """The fixed cast; what a test does to it is undone when it ends."""
    return fresh(_house)
