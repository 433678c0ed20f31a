"""Flickr: reading an account or a group out of an address."""
