"""Rostrum: who may speak for a school in public, under which rule, and is it in order today."""

__version__ = "0.1.0"
