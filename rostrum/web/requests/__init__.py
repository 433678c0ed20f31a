"""Pages of Form 193-1 and the Registration Form: filling in, where it is, deciding."""
