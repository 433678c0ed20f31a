"""Declares the register’s letters beside its own notices wherever Rostrum runs: a worker sends them, too."""

from __future__ import annotations

from rostrum.registry import change_notices, closing_notices, known_notices

__all__ = ["change_notices", "closing_notices", "known_notices"]
