"""Declares the register's letters about known accounts wherever Rostrum runs: a worker sends them, too."""

from __future__ import annotations

from rostrum.registry import known_notices

__all__ = ["known_notices"]
