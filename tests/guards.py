"""Emptying the database after a test with real transactions, although the database refuses to forget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import TransactionTestCase

from rostrum.audit import triggers as log
from rostrum.policies import triggers as editions


@contextmanager
def lifted() -> Iterator[None]:
    """Takes the append-only triggers away for a moment, as only the database's owner could."""
    parts = (log, editions)
    with connection.cursor() as cursor:
        for part in parts:
            for statement in part.REVERSE[connection.vendor]:
                cursor.execute(statement)
        yield
        for part in parts:
            for statement in part.STATEMENTS[connection.vendor]:
                cursor.execute(statement)


@pytest.fixture(scope="session", autouse=True)
def _flush_in_spite_of_guards() -> Iterator[None]:
    """Django empties the tables after such a test; the log's and the editions' triggers would refuse that."""
    flush = TransactionTestCase._fixture_teardown

    def lifted_flush(self: TransactionTestCase) -> None:
        with lifted():
            flush(self)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lifted_flush)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _own_data_folder(settings: Any) -> None:
    """The witness of one test's log must not remember another test's: each has its own data folder."""
    settings.DATA_DIR = settings.DATA_DIR / uuid4().hex
