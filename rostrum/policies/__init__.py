"""Procedures as data: their editions, clauses, forms and settings, and what was in force on a day."""
