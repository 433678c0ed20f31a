"""Staff pages: the reading of the procedure and its acknowledgement."""
