"""The append-only log: who did which act, on what, under which clauses."""
