"""One cast for every test of a file: built once, and each test's doings are taken back."""

from __future__ import annotations

from tests.registry.conftest import _house, cast  # noqa: F401 - fixtures for every test of this folder
