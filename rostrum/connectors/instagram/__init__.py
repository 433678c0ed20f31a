"""Instagram: reading an account out of an address."""
