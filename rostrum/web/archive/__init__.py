"""Staff pages: captured posts."""
