"""Owns the pages that bring people and schools in: choose a file, look at what it would change, confirm."""
