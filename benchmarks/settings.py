"""The real settings with the bare pages added, on a throw-away database and folder (the environment names both)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rostrum.config import settings as real
from rostrum.config.settings import *  # noqa: F403 - the benchmark measures exactly what runs

ROOT_URLCONF = "benchmarks.urls"
STATIC_ROOT = real.DATA_DIR / "static"
TEMPLATES: list[dict[str, Any]] = real.TEMPLATES
TEMPLATES[0]["DIRS"].append(Path(__file__).resolve().parent / "templates")
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
