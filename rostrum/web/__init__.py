"""Staff screens: get what this person may see, call one action, answer."""
