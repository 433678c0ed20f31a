"""Owns bringing lists in from elsewhere: reading files safely, comparing them with the division, applying them whole."""
