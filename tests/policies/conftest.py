"""Files and texts that the tests of procedures read."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostrum.policies.models import Edition

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "procedures" / "ap-193" / "2015-09.toml"
OTHER = Path(__file__).parent / "data" / "other-division.toml"


@pytest.fixture(scope="session")
def shipped_text() -> str:
    """The text of AP 193 as shipped."""
    return SHIPPED.read_text(encoding="utf-8")


@pytest.fixture
def edition(db: None) -> Edition:
    """AP 193, loaded as `rostrum procedure load` does it."""
    from rostrum.policies.actions import load_edition

    return load_edition(SHIPPED)
