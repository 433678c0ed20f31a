"""The HTTP API: the directory for anybody's machine, requests and records for a person's own."""
