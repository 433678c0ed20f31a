"""Staff pages: the queue of findings."""
