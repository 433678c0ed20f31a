"""Makes sure that a Chromium is here for the browser tests, and says where."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"  # the same browser without windows of its own, which cost half of a test's time
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find() -> str | None:
    """The path of a Chromium on this machine, or None. ROSTRUM_CHROMIUM names one outright."""
    named = os.environ.get("ROSTRUM_CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next((path for path in map(shutil.which, NAMES) if path), None)


def install() -> bool:
    """Install the system's own Chromium where the package manager is apt and may be used; else Playwright's."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        run(["apt-get", "update", "-q"])
        if any(run(["apt-get", "install", "-q", "-y", name]) for name in (SHELL, "chromium")):
            return True
    return run([sys.executable, "-m", "playwright", "install", "chromium"])


def run(command: list[str]) -> bool:
    """Whether a command ended well; what it prints is of no use to whoever runs the tests."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, check=False, capture_output=True, env=env).returncode == 0


def main() -> int:
    """Exit 0 when a browser is here (or came); 1 with one line when none can be had."""
    if find() or install():
        return 0
    print("No Chromium for the browser tests: install the package `chromium`, or set ROSTRUM_CHROMIUM to one, "
          "then run the same command again.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
