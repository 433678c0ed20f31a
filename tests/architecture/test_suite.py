"""The suite itself: what one worker builds for many tests is built by one worker."""

from __future__ import annotations

import os

import pytest


@pytest.mark.xdist_group("architecture")
def test_tests_of_a_group_go_to_one_worker(request: pytest.FixtureRequest) -> None:
    """Where the runner did not understand the mark, each worker would live its own year and seed its own division."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("only where tests are dealt out to several workers")
    assert request.node.nodeid.endswith("@architecture")
