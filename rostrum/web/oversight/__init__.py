"""Staff pages: the one door to everything that keeps accounts in order."""
