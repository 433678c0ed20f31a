"""How a demonstration's database is told from a real one: by the entry that its seeding left in the log."""

from __future__ import annotations

from rostrum.audit.queries import search

SEEDED = "demo:seed"


def is_demonstration() -> bool:
    """Whether the demonstration seeded this database. One small read of the log."""
    return bool(search(act=SEEDED, size=1).entries)
