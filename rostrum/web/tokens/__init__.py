"""A person's own access tokens: the list, making one, ending one."""
