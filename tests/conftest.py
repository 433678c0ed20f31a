"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from pytest_socket import enable_socket, socket_allow_hosts

from tests.cast import Cast, build_cast
from tests.guards import (  # noqa: F401 - fixtures for every test
    _conditions_stand_in_the_update,
    _flush_in_spite_of_guards,
    _own_data_folder,
)
from tests.web.kept import KEPT, asks

DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}  # fixtures that bring one


def pytest_itemcollected(item: pytest.Item) -> None:
    """One worker builds the world of everything, once, and runs all tests that ask for it."""
    if asks(item):
        item.add_marker(pytest.mark.xdist_group("world"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks a database runs: the rest cannot come out otherwise there, and has run on SQLite.

    Nor what a browser shows, nor pages again as everybody: the tests of the pages ask PostgreSQL the same questions.
    """
    if connection.vendor != "postgresql":
        return
    run: list[pytest.Item] = []
    rest: list[pytest.Item] = []
    for one in items:
        needs = one.get_closest_marker("django_db") or DATABASE & set(getattr(one, "fixturenames", ()))
        again = one.get_closest_marker("browser") or one.get_closest_marker("pages_again")
        (run if needs and not again else rest).append(one)
    config.hook.pytest_deselected(items=rest)
    items[:] = run


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """The world of everything goes when no next test asks for it."""
    yield
    KEPT.drop_before(item, nextitem)


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Every connection beyond this machine raises."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    yield
    enable_socket()


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    """How often somebody asked is counted in the cache: no test pays for what the one before it asked."""
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """The fixed cast in a small division under AP 193."""
    return build_cast()
