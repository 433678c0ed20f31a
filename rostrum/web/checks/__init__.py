"""Staff pages: checking a text before it is posted, and the rules."""
