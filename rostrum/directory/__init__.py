"""Public pages: the directory, an account's page, verify, the procedure."""
