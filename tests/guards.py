"""Emptying the database after a test with real transactions, although the database refuses to forget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLUpdateCompiler
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


@pytest.fixture(scope="session", autouse=True)
def _conditions_stand_in_the_update() -> Iterator[None]:
    """An update whose conditions reach into another table chooses its rows by a query of its own, before it writes.

    Two at once would then both choose a row, and both write it: a conditional update guards nothing any more. Such a
    condition is written as `other__in=Other.objects.filter(...)`, which leaves those of the row itself in the update.
    """
    prepare = SQLUpdateCompiler.pre_sql_setup

    def refused(self: SQLUpdateCompiler) -> None:
        self.query.get_initial_alias()
        if self.query.count_active_tables() > 1:
            raise AssertionError("The conditions of this update reach into another table: see tests/guards.py.")
        prepare(self)

    patch = pytest.MonkeyPatch()
    patch.setattr(SQLUpdateCompiler, "pre_sql_setup", refused)
    yield
    patch.undo()
