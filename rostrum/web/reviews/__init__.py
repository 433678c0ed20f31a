"""Staff pages: reviews of accounts."""
