"""Things in every state, built once for all files of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import Cast, build_cast
from tests.registry.conftest import fresh, taken_back
from tests.registry.reached import Reached


@pytest.fixture(scope="package")
def _every_state(django_db_setup: None, django_db_blocker: Any) -> Iterator[Reached]:
    with django_db_blocker.unblock(), taken_back():
        built = Reached(build_cast())
        built.build_all()
        yield built


@pytest.fixture
def reached(_every_state: Reached, db: None) -> Reached:
    """A division in which a thing in any state can be had by name; what a test does to it is undone."""
    return Reached(fresh(_every_state.cast), _every_state.built)


@pytest.fixture
def cast(reached: Reached) -> Cast:
    """The cast of that division."""
    return reached.cast
