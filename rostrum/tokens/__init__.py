"""Access tokens: what a person's own program may do in their name, until when, and what ended it."""
