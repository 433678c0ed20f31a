"""Facebook pages and groups: reading an account out of an address."""
