"""Bluesky and the AT Protocol: reading an account out of an address, a handle or a DID."""
