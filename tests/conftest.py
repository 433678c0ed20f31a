"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_socket import enable_socket, socket_allow_hosts

from tests.cast import Cast, build_cast
from tests.guards import _flush_in_spite_of_guards, _own_data_folder  # noqa: F401 - fixtures for every test


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Every connection beyond this machine raises."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    yield
    enable_socket()


@pytest.fixture
def cast(db: None) -> Cast:
    """The fixed cast in a small division under AP 193."""
    return build_cast()
