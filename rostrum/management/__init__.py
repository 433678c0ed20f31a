"""The command line: `rostrum …` and Django's own management commands."""
