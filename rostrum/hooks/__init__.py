"""Outgoing webhooks: who wants to hear of which public changes, what was sent to them, what came back."""
