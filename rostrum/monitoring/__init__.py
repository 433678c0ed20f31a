"""Findings on posts and accounts: rules over facts, the queue, what people decided, how exact each rule is."""
