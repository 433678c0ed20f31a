"""Accounts that are known and not official: lists of them, whose they are, approving them together."""
