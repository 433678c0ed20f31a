"""Every (state, move) pair and who may make it."""
