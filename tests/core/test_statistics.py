"""The database knows how many rows it has, and looks things up accordingly."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from rostrum.core import statistics
from rostrum.custody.queries import LIVING
from rostrum.people.models import Person
from rostrum.registry.models import Designation

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself")
def test_the_managers_of_some_accounts_are_not_sought_among_all_people() -> None:
    Person.objects.bulk_create(Person(email=f"p{n}@example.ca", name=f"P {n}", password="!") for n in range(2_000))
    statistics.refresh()
    asked = Designation.objects.filter(LIVING, registration__in=range(1, 200), accepted_at__lte=timezone.now())
    assert "SCAN people_person" not in asked.select_related("person").explain()


def test_twice_is_as_good_as_once_and_postgresql_is_left_alone(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4 if connection.vendor == "sqlite" else 0):
        statistics.refresh()
        statistics.refresh()
    assert Person.objects.count() == 0  # and the connection still answers
