"""Staff pages: who holds an account and can get in."""
