"""Keeps the world of everything between files of tests: building it takes as long as a hundred tests."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest

from tests.cast import build_cast
from tests.registry.conftest import taken_back
from tests.web.everywhere import World, build_world

ASKS = "whole_world"  # the fixture by which a test asks for it


class Kept:
    """The one world of a process, in a transaction that is taken back once no next test asks for it."""

    def __init__(self) -> None:
        self._world: World | None = None
        self._open = ExitStack()

    def taken(self, blocker: Any) -> World:
        """The world; built at the first question."""
        if self._world is None:
            self._open.enter_context(blocker.unblock())
            self._open.enter_context(taken_back())
            self._world = build_world(build_cast())
        return self._world

    def drop_before(self, item: pytest.Item, after: pytest.Item | None) -> None:
        """Take it back, unless the next test asks for it or stands in the same file."""
        if self._world is None or (after is not None and (asks(after) or after.path == item.path)):
            return
        self._world = None
        self._open.close()


def asks(item: pytest.Item) -> bool:
    """Whether a test asks for the world of everything."""
    return ASKS in getattr(item, "fixturenames", ())


KEPT = Kept()
