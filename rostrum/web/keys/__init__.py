"""Staff pages: resets of an account's access, and campaigns of them."""
