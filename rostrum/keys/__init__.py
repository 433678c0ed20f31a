"""Keys without secrets: witnessed resets of an account's access, what calls for one, campaigns and how far they are."""
