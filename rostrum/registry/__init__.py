"""Account requests, registrations, official accounts and their managers."""
