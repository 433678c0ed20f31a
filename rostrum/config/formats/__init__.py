"""How dates and numbers are written by Django itself; words for people come from core/dates.py."""
