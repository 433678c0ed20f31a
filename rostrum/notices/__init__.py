"""Messages owed to people, and the attempts to deliver them."""
