"""Rostrum's tests; see CONTRIBUTING.md."""
