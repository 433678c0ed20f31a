"""Staff pages: the whole record of one account, composed of what every area knows of it."""
