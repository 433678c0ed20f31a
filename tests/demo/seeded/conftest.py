"""The demonstration, seeded once for all tests about it and rolled back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from rostrum.demo.build import seed


@pytest.fixture(scope="package")
def demonstration(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The seeded division. Tests only read it, or undo what they change (fixture `division`)."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def division(demonstration: None, db: None) -> None:
    """The seeded division; what a test changes in it is undone."""
