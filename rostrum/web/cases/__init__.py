"""Staff pages: decisions and appeals."""
