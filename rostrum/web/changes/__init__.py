"""Pages of changes to live accounts: propose one, see it side by side with the register, decide on it."""
