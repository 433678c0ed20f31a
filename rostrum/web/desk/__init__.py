"""Pages of the desk: what waits for me, my notices, my preferences, the one search box."""
