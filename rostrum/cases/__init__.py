"""Decisions that cite clauses and evidence, their graduated effects, and the one appeal against each."""
