"""Declares the letters about orders and holds wherever Rostrum runs: a worker sends them, too."""

from __future__ import annotations

from rostrum.orders import hold_notices, notices

__all__ = ["hold_notices", "notices"]
