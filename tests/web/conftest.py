"""The world of everything, built once for all files of tests that ask for it; what each does to it is undone."""

from __future__ import annotations

import copy
import shutil
from typing import Any

import pytest
from django.conf import settings

from tests.registry.conftest import fresh
from tests.web.everywhere import World
from tests.web.kept import KEPT

KEPT_FILES = settings.DATA_DIR  # before any test has its own
FOLDERS = ("evidence", "imports")  # what acts of that world put there


@pytest.fixture(scope="module")
def _everything(django_db_setup: None, django_db_blocker: Any) -> World:
    return KEPT.taken(django_db_blocker)


@pytest.fixture
def whole_world(_everything: World, db: None) -> World:
    """One thing of every kind and state, as separate objects that remember nothing of an earlier test."""
    twin = copy.deepcopy(_everything)
    twin.cast = fresh(twin.cast)
    # Each test has a data folder of its own; what the world's acts put into theirs comes along.
    for folder in FOLDERS:
        if (KEPT_FILES / folder).is_dir():
            shutil.copytree(KEPT_FILES / folder, settings.DATA_DIR / folder, dirs_exist_ok=True)
    return twin
