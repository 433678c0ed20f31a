"""Management commands of Rostrum."""
