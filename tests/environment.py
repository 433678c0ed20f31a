"""The environment of every test run, set before Django reads its settings: no test touches real data or the network."""

from __future__ import annotations

import os
import tempfile

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
