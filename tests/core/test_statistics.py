"""SQLite knows how many rows it has, by which it chooses in what order to look things up."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from rostrum.core import statistics
from rostrum.people.models import Person

pytestmark = pytest.mark.django_db


def _counted(table: str) -> int:
    """How many rows SQLite takes a table to have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(CAST(stat AS integer)) FROM sqlite_stat1 WHERE tbl = %s", [table])
        found = cursor.fetchone()
    return int(found[0])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself")
def test_what_came_in_since_is_counted_again() -> None:
    Person.objects.create(email="first@example.ca", name="First", password="!")
    statistics.refresh()
    assert _counted("people_person") == 1
    Person.objects.bulk_create(Person(email=f"p{n}@example.ca", name=f"P {n}", password="!") for n in range(400))
    assert _counted("people_person") == 1
    statistics.refresh()
    assert _counted("people_person") == 401


def test_postgresql_is_left_alone(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2 if connection.vendor == "sqlite" else 0):
        statistics.refresh()
    assert not Person.objects.exists()  # and the connection still answers
