"""The one Django app of Rostrum; its packages are layered inside (see .importlinter)."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

# Packages that declare timed work (jobs.py) or the words of their acts (words.py), from the bottom up.
PACKAGES = (
    "audit", "jobs", "policies", "people", "schoolyear", "workflow", "tokens", "notices", "guidance", "registry",
    "keys", "custody", "reviews", "upkeep", "orders", "archive", "monitoring", "cases",
    "intake", "hooks", "web", "directory", "api", "demo",
)  # fmt: skip


class RostrumConfig(AppConfig):
    """Mounts the app under the label `rostrum`, so that one word names one model everywhere."""

    name = "rostrum"
    label = "rostrum"

    def ready(self) -> None:
        """Imports what is declared beside the code that it concerns: jobs, letters, and the words of acts."""
        from rostrum.audit.words import register_words

        for package in PACKAGES:
            for module in ("words", "jobs", "letters"):
                name = f"rostrum.{package}.{module}"
                if find_spec(name) is not None:
                    found = import_module(name)
                    register_words(getattr(found, "WORDS", {}))
