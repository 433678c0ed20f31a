"""Pages of the log, the mail and the background work."""
