"""What the web server's start built is set aside before the first page, so that no page is held up by it."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
import gc
import rostrum.config.wsgi
from django.urls import get_resolver
from rostrum.config.steady import AT_ONCE
assert "url_patterns" in get_resolver().__dict__, "the addresses are read before"
print(gc.get_freeze_count(), gc.get_threshold()[0] == AT_ONCE, callable(rostrum.config.wsgi.application))
"""


def test_the_server_begins_with_everything_set_aside() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**os.environ, "ROSTRUM_MODE": "test"}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    frozen, threshold, application = done.stdout.split()
    assert int(frozen) > 100_000
    assert (threshold, application) == ("True", "True")
