"""LinkedIn pages: reading an account out of an address."""
