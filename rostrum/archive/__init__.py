"""Posts of registered accounts, as somebody captured them, with their evidence."""
