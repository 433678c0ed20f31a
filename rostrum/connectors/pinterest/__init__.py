"""Pinterest: reading an account or a board out of an address."""
