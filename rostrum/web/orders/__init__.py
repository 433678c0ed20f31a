"""Staff pages: orders of Communications, and crisis holds."""
