"""Timed and queued work: declaring it, taking a turn, logging a run."""
