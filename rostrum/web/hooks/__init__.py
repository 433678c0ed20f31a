"""Pages of the webhooks: which systems hear of changes, and the log of what was sent to them."""
