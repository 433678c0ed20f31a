"""Pages of accounts: lists, the full record, changing an account's standing."""
