"""The environment of every test run, set before Django reads its settings: no test touches real data or the network."""

from __future__ import annotations

import os
import tempfile

from hypothesis import settings

os.environ["ROSTRUM_MODE"] = "test"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.config.settings")
for name in [
    name
    for name in os.environ
    if name.startswith("ROSTRUM_") and name not in {"ROSTRUM_MODE", "ROSTRUM_CHROMIUM", "ROSTRUM_SHOTS"}
]:
    del os.environ[name]
# Each worker of a parallel run has its own folder, gone when the run ends.
_folder = tempfile.TemporaryDirectory(prefix="rostrum-test-")
os.environ["ROSTRUM_DATA_DIR"] = _folder.name

# The suite repeats itself: what passed here passes on the next machine. `make fuzz` looks for what it does not know yet.
settings.register_profile("repeatable", max_examples=300, derandomize=True, deadline=None)
settings.register_profile("wide", max_examples=int(os.environ.get("EXAMPLES", "5000")), deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
