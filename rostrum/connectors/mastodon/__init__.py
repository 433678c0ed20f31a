"""Mastodon and its kin: reading an account out of an address or a fediverse name."""
