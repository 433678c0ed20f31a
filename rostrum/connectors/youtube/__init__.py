"""YouTube channels: reading an account out of an address."""
