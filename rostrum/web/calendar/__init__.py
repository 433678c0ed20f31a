"""Staff pages: the school years of the division."""
