"""X, the former Twitter: reading an account out of an address."""
