"""Google+, which closed in 2019: recognised so that an old address gets a straight answer."""
