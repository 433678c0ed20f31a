"""Staff pages: certification, last posts, quiet accounts."""
